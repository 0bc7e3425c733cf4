import uuid

from odoo import api, models

from ...assignment.designation import TOLD
from ..outbox import EMERGENCY


class CivicOutbox(models.Model):
    """The province's leaders are told at once, by every way that they have."""

    _inherit = "civic.outbox"

    @api.model
    def _prepare_for_province(self, row, report, assignment):
        # The priority of emergencies: an SMS also to whoever wishes none of them.
        return [
            {
                **row,
                # Each row is one message, with a name of its own.
                "external_id": uuid.uuid4().hex,
                "key": f"{row['key']}:{user.id}",
                "audience": "user",
                "user_id": user.id,
                "priority": EMERGENCY,
            }
            for user in report._province_leaders()
        ]

    def _work_path(self):
        if self.notice_id.event in TOLD:
            return f"/odoo/civic-designations/{self.report_id.id}"
        return super()._work_path()
