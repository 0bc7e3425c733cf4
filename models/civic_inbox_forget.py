from odoo import api, models
from odoo.fields import Domain


class CivicInbox(models.Model):
    _inherit = "civic.inbox"

    @api.model
    def _forget(self, reports, senders=()):
        """Delete the sealed messages that these reports came from, and who sent them.

        :param reports: civic.report, elevated
        :param senders: keyed hashes of senders whose other messages go, too
        """
        theirs = Domain("report_id", "in", reports.ids)
        theirs |= Domain("sender", "in", [hashed for hashed in senders if hashed])
        self.sudo().search(theirs).write({"raw": False, "size": 0, "sender": False})
