from odoo import api, fields, models

# Emergency services to which calls are put through.
SERVICES = [
    ("113", "Police 113"),
    ("114", "Fire brigade 114"),
    ("115", "Ambulance 115"),
]
# What the duty commander of an emergency service is told of.
GRAVE = "grave"


class CivicAgency(models.Model):
    _inherit = "civic.agency"

    emergency_service = fields.Selection(
        SERVICES,
        help="Of grave cases that are put through to this service, the duty telephone "
        "is told at once (BP Điều 6.2).",
    )


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
