import { onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { TextField, textField } from "@web/views/fields/text/text_field";

const STRUCK = "[…]";

/** A text for the public, with a button that strikes out what names somebody. */
export class CivicPublicTextField extends TextField {
    static template = "civic_report.PublicTextField";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.state = useState({ found: [], nothing: false, before: "" });
        onWillStart(async () => {
            this.mayEdit = await user.hasGroup("civic_report.group_operator");
        });
    }

    get reportId() {
        const { resModel, resId, data } = this.props.record;
        return resModel === "civic.report" ? resId : data.report_id?.id;
    }

    get canFind() {
        return this.mayEdit && !this.props.readonly && Boolean(this.reportId);
    }

    async strike() {
        const text = this.props.record.data[this.props.name] || "";
        const spans = await this.orm.call("civic.report", "find_personal_data", [
            [this.reportId],
            text,
        ]);
        // The server counts characters, not halves of them.
        const letters = Array.from(text);
        for (const { start, end } of spans.toReversed()) {
            letters.splice(start, end - start, STRUCK);
        }
        Object.assign(this.state, {
            before: text,
            found: spans.map(({ label }) => label),
            nothing: !spans.length,
        });
        if (spans.length) {
            await this.props.record.update({ [this.props.name]: letters.join("") });
        }
    }

    async undo() {
        await this.props.record.update({ [this.props.name]: this.state.before });
        Object.assign(this.state, { found: [], nothing: false });
    }
}

registry.category("fields").add("civic_public_text", {
    ...textField,
    component: CivicPublicTextField,
    displayName: _t("Text for the public"),
});
