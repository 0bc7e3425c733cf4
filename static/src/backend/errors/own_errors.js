import { registry } from "@web/core/registry";
import { WarningDialog } from "@web/core/errors/error_dialogs";

/**
 * Errors of this module that speak to the user. The web client knows those of Odoo by
 * name alone: any other one would be shown as a failure of the server.
 */
const OWN = [
    "conduct.reporter.SenderLocked",
    "files.upload.InfectedFile",
    "privacy.look.TooManyLooks",
    "province.throttle.TooMany",
    "report.form.FormError",
    "site.sketch.DuplicatesOffered",
    "vault.vault.VaultError",
];

for (const name of OWN) {
    registry.category("error_dialogs").add(`odoo.addons.civic_report.models.${name}`, WarningDialog);
}
