import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { downloadFile } from "@web/core/network/download";
import { useService } from "@web/core/utils/hooks";
import { loadGrounds } from "../reveal/grounds";

const FILE_ROUTE = "/civic_report/original";

/**
 * Shows who a reporter is, after a reason was given. What is shown lives in this dialog
 * alone: it is gone when the dialog closes, and stands in no record.
 */
export class IdentityDialog extends Component {
    static template = "civic_report.IdentityDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        reporterId: Number,
        reportId: { type: [Number, Boolean], optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ ground: null, words: "", error: "", shown: null, busy: false });
        onWillStart(async () => {
            this.grounds = await loadGrounds(this.orm);
        });
    }

    get labels() {
        return {
            name: _t("Name"),
            phone: _t("Telephone"),
            email_from: _t("E-mail"),
            address: _t("Address"),
            citizen_id: _t("Citizen identity number"),
            account: _t("Account"),
        };
    }

    get rows() {
        const { shown, labels } = { shown: this.state.shown, labels: this.labels };
        const values = { ...shown, phone: shown.phone_text };
        const hrefs = { phone: `tel:${shown.phone}`, email_from: `mailto:${shown.email_from}` };
        return Object.entries(labels)
            .map(([name, label]) => ({ label, value: values[name], href: hrefs[name] }))
            .filter((row) => row.value);
    }

    /** What the report says of its sender otherwise than is known. */
    get said() {
        const said = this.state.shown.said || {};
        const rows = Object.entries(this.labels).map(([name, label]) => ({ label, value: said[name] }));
        if (said.is_organisation) {
            rows.push({ label: _t("Organisation"), value: _t("Yes") });
        }
        return rows.filter((row) => row.value);
    }

    choose(ground) {
        this.state.ground = ground;
        this.state.error = "";
        return ground.needs_words ? null : this.show();
    }

    async show() {
        if (!this.state.ground) {
            this.state.error = _t("Choose why you need to know.");
            return;
        }
        await this.attempt(async () => {
            const { ground, words } = this.state;
            const args = [[this.props.reporterId], ground.id, this.props.reportId || null, words];
            [this.state.shown] = await this.orm.call("civic.reporter", "show", args);
        });
    }

    async fetchFile(file) {
        await this.attempt(async () => {
            const body = new FormData();
            body.append("attachment_id", file.id);
            body.append("reason", this.state.ground.code);
            body.append("words", this.state.words);
            body.append("csrf_token", odoo.csrf_token);
            const answer = await fetch(FILE_ROUTE, { method: "POST", body });
            if (!answer.ok) {
                throw new Error(await answer.text());
            }
            downloadFile(await answer.blob(), file.name, "application/octet-stream");
        });
    }

    /** What goes wrong is said in the dialog, where the reason stays. */
    async attempt(act) {
        this.state.busy = true;
        this.state.error = "";
        try {
            await act();
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        } finally {
            this.state.busy = false;
        }
    }
}
