import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { IdentityDialog } from "./identity_dialog";

/** Asks for a reason, then shows who the reporter of the form is. */
export class IdentityButton extends Component {
    static template = "civic_report.IdentityButton";
    static props = { ...standardWidgetProps };

    setup() {
        this.dialog = useService("dialog");
    }

    get reporterId() {
        return this.props.record.resId;
    }

    open() {
        this.dialog.add(IdentityDialog, { reporterId: this.reporterId });
    }
}

registry.category("view_widgets").add("civic_show_identity", { component: IdentityButton });
