import { Component, onWillDestroy, onWillStart, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

const EVERY = 2 * 60 * 1000;

/** A mark in the top bar, for the intake centre, while a queue is stuck. */
export class QueueAlarm extends Component {
    static template = "civic_report.QueueAlarm";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ late: [], givenUp: 0 });
        onWillStart(async () => {
            if (await user.hasGroup("civic_report.group_operator")) {
                this.refresh();
                this.timer = setInterval(() => this.refresh(), EVERY);
            }
        });
        onWillDestroy(() => clearInterval(this.timer));
        // The top bar makes room for what is in it on resizing alone.
        useEffect(
            () => void window.dispatchEvent(new Event("resize")),
            () => [this.words]
        );
    }

    async refresh() {
        try {
            const alarm = await this.orm.silent.call("civic.queue.state", "alarm", []);
            this.state.late = alarm.late;
            this.state.givenUp = alarm.given_up;
        } catch {
            // Nobody is helped by an error about the alarm: it asks again.
        }
    }

    get words() {
        const words = [];
        if (this.state.late.length) {
            words.push(_t("Stuck: %s", this.state.late.join(", ")));
        }
        if (this.state.givenUp) {
            words.push(_t("Given up: %s", this.state.givenUp));
        }
        return words.join(" · ");
    }

    open() {
        this.action.doAction("civic_report.civic_queue_state_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry
    .category("systray")
    .add("civic_report.queue_alarm", { Component: QueueAlarm }, { sequence: 90 });
