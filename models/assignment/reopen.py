from odoo import models

from ..ground.guard import required_text


class CivicReport(models.Model):
    """Taking up again what had ended."""

    _inherit = "civic.report"

    def reopen(self, reason):
        """Take up again what had ended.

        :param reason: why
        """
        reports = self._enter("reopen")
        reason = required_text(self.env, reason, self.env._("a reason"))
        reports.assignment_ids._drop(reason)
        reports._keep_ratings()
        reports._walk(
            "reopen",
            {
                **self.env["civic.report"]._no_rating(),
                **reports._no_designation(),
                "closed_at": False,
                "resolved_at": False,
                "published_at": False,
                "concurred_at": False,
                "agency_id": False,
                "duplicate_of_id": False,
            },
            note=reason,
        )
        return True
