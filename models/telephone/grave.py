from odoo import api, models

# What the duty commander of an emergency service is told of.
GRAVE = "grave"


class CivicOutbox(models.Model):
    """Grave cases are told to the duty telephone of the service that has them."""

    _inherit = "civic.outbox"

    @api.model
    def _agency_told(self, row, report, assignment):
        if self.env["civic.notice"]._event_of(row["notice_id"]) != GRAVE:
            return super()._agency_told(row, report, assignment)
        # sudo: whoever puts a call through need not read agencies
        return (
            self.env["civic.agency"]
            .sudo()
            .search(
                [
                    ("emergency_service", "=", report.transferred_to),
                    ("company_id", "=", report.company_id.id),
                ],
                limit=1,
            )
        )
