import { registry } from "@web/core/registry";
import { WarningDialog } from "@web/core/errors/error_dialogs";

/**
 * Errors of this module that speak to the user. The web client knows those of Odoo by
 * name alone: any other one would be shown as a failure of the server.
 */
const OWN = [
    "civic_look.TooManyLooks",
    "civic_report_sketch.DuplicatesOffered",
    "civic_report_submission.FormError",
    "civic_reporter_conduct.SenderLocked",
    "civic_throttle.TooMany",
    "civic_vault.VaultError",
    "ir_attachment.InfectedFile",
];

for (const name of OWN) {
    registry.category("error_dialogs").add(`odoo.addons.civic_report.models.${name}`, WarningDialog);
}
