import { Component, EventBus, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { chime } from "../board/chime";

const CHANNEL = "civic_report.call";

/**
 * Hears of calls that ring at this operator's telephone. What is heard is an id: what is
 * shown is asked for with the user's own rights.
 */
export const civicDeskService = {
    dependencies: ["bus_service", "orm"],
    start(env, { bus_service, orm }) {
        const bus = new EventBus();
        const calls = new Map();
        const dismissed = new Set();

        const put = (card) => {
            if (card.phase === "ended") {
                calls.delete(card.id);
            } else if (!dismissed.has(card.id)) {
                calls.set(card.id, card);
            }
            bus.trigger("changed");
        };
        const refresh = async (id) => {
            try {
                put(await orm.silent.call("civic.call", "desk_card", [[id]]));
            } catch {
                calls.delete(id); // it is not this user's to see
                bus.trigger("changed");
            }
        };
        return {
            bus,
            calls,
            async load() {
                bus_service.subscribe(CHANNEL, ({ id, phase }) => {
                    if (phase === "ended") {
                        put({ id, phase });
                    } else {
                        refresh(id);
                    }
                });
                bus_service.start();
                const cards = await orm.silent.call("civic.call", "desk_calls", []);
                cards.forEach(put);
            },
            refresh,
            dismiss(id) {
                dismissed.add(id);
                calls.delete(id);
                bus.trigger("changed");
            },
        };
    },
};
registry.category("services").add("civic_desk", civicDeskService);

/** Cards of the calls that go on, in the corner of whatever screen is open. */
export class CivicDesk extends Component {
    static template = "civic_report.Desk";
    static props = {};

    setup() {
        this.desk = useService("civic_desk");
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ cards: [], folded: {} });
        this.known = new Set();
        useBus(this.desk.bus, "changed", () => this.show());
        useExternalListener(window, "keydown", (event) => this.onKeydown(event));
        onWillStart(async () => {
            if (await user.hasGroup("civic_report.group_operator")) {
                this.desk.load().catch(() => {});
            }
        });
    }

    show() {
        this.state.cards = [...this.desk.calls.values()];
        for (const { id, phase } of this.state.cards) {
            if (phase === "ringing" && !this.known.has(id)) {
                chime();
            }
            this.known.add(id);
        }
    }

    /** Alt+T takes down what the first caller reports, wherever the cursor is. */
    onKeydown(event) {
        const [card] = this.state.cards;
        if (card && event.altKey && event.code === "KeyT") {
            event.preventDefault();
            this.takeDown(card);
        }
    }

    title(card) {
        return card.direction === "out"
            ? _t("Outgoing call · %s", card.phase_label)
            : _t("Incoming call · %s", card.phase_label);
    }

    fold(card, folded) {
        this.state.folded[card.id] = folded;
    }

    linkTitle(report) {
        return _t("The caller asks about %s", report.code);
    }

    async takeDown(card) {
        this.fold(card, true); // it would lie over the form
        const action = await this.orm.call("civic.call", "action_take_down", [[card.id]]);
        this.action.doAction(action);
    }

    open(report) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "civic.report",
            res_id: report.id,
            views: [[false, "form"]],
        });
    }

    async link(card, report) {
        await this.orm.call("civic.call", "link_report", [[card.id], report.id]);
        this.notification.add(_t("The call is noted with %s.", report.code), {
            type: "success",
        });
        await this.desk.refresh(card.id);
        this.open(report);
    }
}
registry.category("main_components").add("civic_report.desk", { Component: CivicDesk });
