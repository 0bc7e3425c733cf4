import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { buildM2OFieldDescription, Many2OneField } from "@web/views/fields/many2one/many2one_field";
import { IdentityDialog } from "./identity_dialog";

/**
 * Who sent a report, masked, and shown when a reason is given. Reports carry no identity,
 * and whoever may not read reporters gets nothing.
 */
export class CivicReporterField extends Many2OneField {
    static template = "civic_report.ReporterField";

    setup() {
        super.setup();
        this.action = useService("action");
        this.dialog = useService("dialog");
    }

    get reporter() {
        return this.props.record.data[this.props.name];
    }

    open() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: this.props.record.fields[this.props.name].relation,
            res_id: this.reporter.id,
            views: [[false, "form"]],
        });
    }

    show() {
        this.dialog.add(IdentityDialog, {
            reporterId: this.reporter.id,
            reportId: this.props.record.resId,
        });
    }
}

export const civicReporterField = {
    ...buildM2OFieldDescription(CivicReporterField),
    displayName: _t("Reporter"),
    relatedFields: [
        { name: "display_name", type: "char" },
        { name: "name", type: "char" },
        { name: "email_from", type: "char" },
        { name: "verified", type: "boolean" },
    ],
};

registry.category("fields").add("civic_reporter", civicReporterField);
