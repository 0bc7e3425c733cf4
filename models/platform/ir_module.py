from odoo import models
from odoo.exceptions import UserError

MODULE = "civic_report"
# Set to the name of the database by whoever has made a backup of it.
MAY_GO = "civic_report.uninstall_after_backup"


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def button_uninstall(self):
        """Refuse to drop every report, identity and history at once by a few clicks.

        :raises UserError: saying what to do first
        """
        gone = self + self.downstream_dependencies()
        if MODULE in gone.mapped("name") and self._civic_has_reports():
            parameters = self.env["ir.config_parameter"].sudo()  # of the system
            if parameters.get_param(MAY_GO) != self.env.cr.dbname:
                raise UserError(
                    self.env._(
                        "Uninstalling deletes all reports, identities and histories, "
                        "and cannot be undone. Back up the database, its files and the "
                        "keys of the vault, export what must be kept, then set the "
                        "system parameter %(name)s to %(database)s and try again.",
                        name=MAY_GO,
                        database=self.env.cr.dbname,
                    )
                )
        return super().button_uninstall()

    def _civic_has_reports(self):
        # sudo: who may uninstall need not be one of the Centre
        return bool(self.env["civic.report"].sudo().search_count([], limit=1))
