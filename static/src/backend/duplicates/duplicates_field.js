import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Reports that may be about the same matter: one click opens, one click ends this one. */
export class CivicDuplicatesField extends Component {
    static template = "civic_report.DuplicatesField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    get mayMark() {
        return this.props.record.data.allowed_verbs.includes("join");
    }

    facts(row) {
        return [
            row.distance === null ? "" : _t("%s m away", row.distance),
            _t("words %s % alike", row.similarity),
            row.same_picture ? _t("the same picture") : "",
            row.received_at,
            row.state,
        ]
            .filter(Boolean)
            .join(" · ");
    }

    open(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "civic.report",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    mark(row) {
        const { resId, resModel } = this.props.record;
        return this.action.doAction("civic_report.civic_wizard_mark_duplicate_action", {
            additionalContext: {
                active_model: resModel,
                active_id: resId,
                active_ids: [resId],
                default_of_id: row.id,
            },
            onClose: () => this.props.record.load(),
        });
    }
}

export const civicDuplicatesField = {
    component: CivicDuplicatesField,
    displayName: _t("Likely duplicates"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("civic_duplicates", civicDuplicatesField);
