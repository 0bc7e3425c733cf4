import { onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { utils as uiUtils } from "@web/core/ui/ui_service";
import { useService } from "@web/core/utils/hooks";
import { SearchModel } from "@web/search/search_model";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { chime } from "./chime";

const REFRESH_MS = 30_000;
// States in which nobody has seen to an emergency yet.
const UNSEEN_STATES = ["new", "pending"];

/** Columns side by side need width: a telephone shows one list, what is due first. */
export class CivicBoardSearchModel extends SearchModel {
    load(config) {
        const defaultGroupBy = uiUtils.isSmall() ? undefined : config.defaultGroupBy;
        return super.load({ ...config, defaultGroupBy });
    }
}

/** A board that stays true while it is on screen, and calls out for emergencies. */
export class CivicBoardController extends KanbanController {
    setup() {
        super.setup();
        this.notification = useService("notification");
        let timer;
        onMounted(() => {
            this.seen = new Set(this.unseenEmergencies.map((record) => record.resId));
            timer = browser.setInterval(() => this.refresh(), REFRESH_MS);
        });
        onWillUnmount(() => browser.clearInterval(timer));
    }

    get unseenEmergencies() {
        return this.model.root.records.filter(
            ({ data }) => data.is_emergency && UNSEEN_STATES.includes(data.state)
        );
    }

    async refresh() {
        if (document.hidden || this.hasSelectedRecords) {
            return;
        }
        await this.model.load();
        const fresh = this.unseenEmergencies.filter((record) => !this.seen.has(record.resId));
        for (const record of fresh) {
            this.seen.add(record.resId);
            this.notification.add(_t("Emergency: %s", record.data.subject), {
                type: "danger",
                sticky: true,
            });
        }
        if (fresh.length) {
            chime();
        }
    }
}

export const civicBoardView = {
    ...kanbanView,
    Controller: CivicBoardController,
    SearchModel: CivicBoardSearchModel,
};

registry.category("views").add("civic_board", civicBoardView);
