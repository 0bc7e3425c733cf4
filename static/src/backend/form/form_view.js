import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

// The one thing to do now and the two most usual besides; the rest is in a menu.
const SHOWN_BUTTONS = 3;

export class CivicStatusBarButtons extends StatusBarButtons {
    static template = "civic_report.StatusBarButtons";

    get shownCount() {
        return this.env.isSmall ? 1 : SHOWN_BUTTONS;
    }

    get shownSlots() {
        return this.visibleSlotNames.slice(0, this.shownCount);
    }

    get menuSlots() {
        return this.visibleSlotNames.slice(this.shownCount);
    }
}

export class CivicFormRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, StatusBarButtons: CivicStatusBarButtons };
}

export class CivicFormController extends FormController {
    /** @override A draft names the version that was on the screen. */
    async onWillSaveRecord(record, changes) {
        if ("result" in changes && "draft_version" in record.data) {
            changes.draft_version = record.data.draft_version;
        }
        return super.onWillSaveRecord(...arguments);
    }

    /** @override Of two drafts both are shown, one below the other. */
    async onSaveError() {
        let hasLeft = false;
        try {
            hasLeft = await super.onSaveError(...arguments);
            return hasLeft;
        } finally {
            if (!hasLeft) {
                // Not awaited: the save that failed holds the record until this ends.
                this.showOtherDraft();
            }
        }
    }

    /** @override A button saves before it acts, without `onSaveError`. */
    async beforeExecuteActionButton() {
        try {
            return await super.beforeExecuteActionButton(...arguments);
        } catch (error) {
            this.showOtherDraft();
            throw error;
        }
    }

    /** @override So does a page that is put away. */
    async beforeVisibilityChange() {
        try {
            return await super.beforeVisibilityChange();
        } catch (error) {
            this.showOtherDraft();
            throw error;
        }
    }

    async showOtherDraft() {
        const { resId, resModel, data } = this.model.root;
        if (!resId || !("draft_version" in data)) {
            return;
        }
        const fields = ["draft_version", "result"];
        const [saved] = await this.orm.read(resModel, [resId], fields);
        if (saved && saved.draft_version !== data.draft_version) {
            const other = [_t("--- The other draft:"), saved.result || ""].join("\n");
            await this.model.root.update({
                draft_version: saved.draft_version,
                result: [data.result || "", other].join("\n\n"),
            });
        }
    }

    /** @override After an approval the next of the list opens by itself. */
    async afterExecuteActionButton(clickParams) {
        await super.afterExecuteActionButton(clickParams);
        const { resId, resIds, data } = this.model.root;
        const next = resIds[resIds.indexOf(resId) + 1];
        if (clickParams.name === "approve" && data.state === "approved" && next) {
            await this.model.load({ resId: next });
        }
    }
}

export const civicFormView = {
    ...formView,
    Controller: CivicFormController,
    Renderer: CivicFormRenderer,
};

registry.category("views").add("civic_form", civicFormView);
