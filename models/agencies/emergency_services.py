from odoo import fields, models

# Emergency services to which calls are put through.
SERVICES = [
    ("113", "Police 113"),
    ("114", "Fire brigade 114"),
    ("115", "Ambulance 115"),
]


class CivicAgency(models.Model):
    _inherit = "civic.agency"

    emergency_service = fields.Selection(
        SERVICES,
        help="Of grave cases that are put through to this service, the duty telephone "
        "is told at once (BP Điều 6.2).",
    )
