from odoo import fields, models


class CivicReport(models.Model):
    """What the intake centre must know of a report that came in by mail."""

    _inherit = "civic.report"

    intake_note = fields.Text(
        readonly=True,
        copy=False,
        groups="civic_report.group_operator",
        help="What could not be relied on, or not be read, when it came in.",
    )
    refused_files = fields.Text(
        readonly=True,
        copy=False,
        groups="civic_report.group_operator",
        help="Files that came with it and were not accepted; its sender is told.",
    )
