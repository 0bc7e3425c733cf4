import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { downloadFile } from "@web/core/network/download";
import { useService } from "@web/core/utils/hooks";

const MIN_REASON = 5;
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
        this.state = useState({ reason: "", error: "", shown: null, busy: false });
    }

    get reasons() {
        return [
            _t("Call the sender back"),
            _t("Verify who sent it"),
            _t("Ask for a supplement"),
            _t("Tell the sender the result"),
            _t("Correct the contact details"),
        ];
    }

    get rows() {
        const shown = this.state.shown;
        return [
            { label: _t("Name"), value: shown.name },
            { label: _t("Telephone"), value: shown.phone_text, href: `tel:${shown.phone}` },
            { label: _t("E-mail"), value: shown.email_from, href: `mailto:${shown.email_from}` },
            { label: _t("Address"), value: shown.address },
            { label: _t("Citizen identity number"), value: shown.citizen_id },
            { label: _t("Account"), value: shown.account },
        ].filter((row) => row.value);
    }

    choose(reason) {
        this.state.reason = reason;
        return this.show();
    }

    async show() {
        const reason = this.state.reason.trim();
        if (reason.length < MIN_REASON) {
            this.state.error = _t("Say in a few words why you need to know.");
            return;
        }
        await this.attempt(async () => {
            const args = [[this.props.reporterId], reason, this.props.reportId || null];
            [this.state.shown] = await this.orm.call("civic.reporter", "show", args);
        });
    }

    async fetchFile(file) {
        await this.attempt(async () => {
            const body = new FormData();
            body.append("attachment_id", file.id);
            body.append("reason", this.state.reason);
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
