from odoo import fields, models


class CivicEvent(models.Model):
    """Mails that were put beside a report, with their files."""

    _inherit = "civic.event"

    attachment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        "Files",
        domain=[("res_model", "=", "civic.event")],
        readonly=True,
    )
