from odoo import fields, models


class CivicExtension(models.Model):
    """The written notice of an extension is a file, which the citizen gets
    (ST Điều 14.3)."""

    _inherit = "civic.extension"

    attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_extension_attachment_rel",
        string="The Notice",
        readonly=True,
        bypass_search_access=True,
    )


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _own_notices(self):
        """Notices of the extensions that were granted, for the sender."""
        granted = self.assignment_ids.extension_ids.filtered(
            lambda row: row.state == "granted"
        )
        files = granted.attachment_ids
        return (files - files._civic_quarantined()).sorted("id")
