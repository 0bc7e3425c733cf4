from odoo import api, models


class CivicInbox(models.Model):
    _inherit = "civic.inbox"

    @api.model
    def _forget(self, reports):
        """Delete the sealed mails that these reports came from, and who sent them.

        :param reports: civic.report, elevated
        """
        self.sudo().search([("report_id", "in", reports.ids)]).write(
            {"raw": False, "size": 0, "sender": False}
        )
