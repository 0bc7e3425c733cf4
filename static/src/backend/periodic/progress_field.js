import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export const BUS = "civic_periodic";
const DONE = 100;

/**
 * How far the worker is with a report: its shares come by the bus; when it is done the
 * form is read anew, by itself.
 */
export class CivicProgressField extends Component {
    static template = "civic_report.ProgressField";
    static props = { ...standardFieldProps };

    setup() {
        this.bus = useService("bus_service");
        this.state = useState({ share: null });
        this.onShare = this.onShare.bind(this);
        this.bus.subscribe(BUS, this.onShare);
        onWillUnmount(() => this.bus.unsubscribe(BUS, this.onShare));
    }

    get job() {
        return this.props.record.data.job;
    }

    get share() {
        return this.state.share ?? this.props.record.data[this.props.name] ?? 0;
    }

    get words() {
        return this.job === "print" ? _t("Files are being made") : _t("Being counted");
    }

    async onShare({ id, progress }) {
        if (id !== this.props.record.resId) {
            return;
        }
        if (progress < DONE) {
            this.state.share = progress;
        } else {
            this.state.share = null;
            await this.props.record.load();
        }
    }
}

export const civicProgressField = {
    component: CivicProgressField,
    displayName: _t("Progress"),
    supportedTypes: ["integer"],
    fieldDependencies: [{ name: "job", type: "selection" }],
};

registry.category("fields").add("civic_progress", civicProgressField);
