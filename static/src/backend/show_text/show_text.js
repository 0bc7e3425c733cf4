import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** A text in a dialog, exactly as it is; nothing in it is followed or run. */
export class CivicShowText extends Component {
    static template = "civic_report.ShowText";
    static props = { ...standardActionServiceProps };
}

registry.category("actions").add("civic_report.show_text", CivicShowText);
