import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatMoment } from "./moment_field";
import { useNow } from "./now";
import { timeLeftWords } from "./words";

// Shares of the limit at which a duty becomes pressing; the same ones warn by message.
const SOON = 0.5;
const PRESSING = 0.8;

const ICONS = {
    calm: "fa-clock-o",
    soon: "fa-hourglass-half",
    pressing: "fa-hourglass-end",
    late: "fa-exclamation-triangle",
    unlimited: "fa-clock-o",
};

/**
 * The duty in force: what it is, how much time is left in words, and a thin bar that
 * fills as the limit runs out. Words say all; colour and bar repeat it.
 */
export class CivicClockField extends Component {
    static template = "civic_report.ClockField";
    static props = {
        ...standardFieldProps,
        showDuty: { type: Boolean, optional: true },
        showDate: { type: Boolean, optional: true },
    };

    setup() {
        this.clock = useNow();
    }

    get data() {
        return this.props.record.data;
    }

    get deadline() {
        return this.data[this.props.name];
    }

    /** Share of the limit that has passed, from 0 to 1. */
    get share() {
        const start = this.data.clock_started_at;
        const whole = this.deadline - start;
        if (!start || whole <= 0) {
            return 1;
        }
        return Math.min(Math.max((this.clock.now - start) / whole, 0), 1);
    }

    get face() {
        if (!this.data.clock_code && !this.deadline) {
            return null;
        }
        if (!this.deadline) {
            return "unlimited";
        }
        const overdueFrom = this.data.overdue_from || this.deadline;
        if (this.clock.now > overdueFrom) {
            return "late";
        }
        if (this.share >= PRESSING) {
            return "pressing";
        }
        return this.share >= SOON ? "soon" : "calm";
    }

    get icon() {
        return ICONS[this.face];
    }

    get words() {
        if (!this.deadline) {
            return _t("no time limit");
        }
        const started = this.data.clock_started_at;
        const isGrace = this.face !== "late" && this.clock.now > this.deadline;
        if (isGrace || (started && +started === +this.deadline && this.face !== "late")) {
            return _t("at once");
        }
        return timeLeftWords(+this.deadline, this.clock.now);
    }

    get duty() {
        const code = this.data.clock_code;
        const labels = this.props.record.fields.clock_code?.selection || [];
        return labels.find(([key]) => key === code)?.[1] || "";
    }

    get date() {
        return formatMoment(this.deadline);
    }

    get title() {
        return [this.duty, this.date && _t("due %s", this.date)].filter(Boolean).join(": ");
    }

    get width() {
        return `width: ${Math.round(this.share * 100)}%`;
    }
}

export const civicClockField = {
    component: CivicClockField,
    displayName: _t("Time left"),
    supportedTypes: ["datetime"],
    listViewWidth: [165, 200],
    fieldDependencies: [
        { name: "overdue_from", type: "datetime" },
        { name: "clock_started_at", type: "datetime" },
        { name: "clock_code", type: "selection" },
    ],
    extractProps: ({ options }) => ({
        showDuty: Boolean(options.duty),
        showDate: Boolean(options.date),
    }),
};

registry.category("fields").add("civic_clock", civicClockField);
