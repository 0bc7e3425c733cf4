from odoo import fields, models

from .door import CitizenGrant


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

    def _note_intake(self, note=None, refused_files=None):
        """Keep what the Centre must know besides what was noted before."""
        for name, words in (("intake_note", note), ("refused_files", refused_files)):
            if words:
                self[name] = "\n".join(filter(None, (self[name], words)))

    def _supply_proved(self, message, read_files):
        """Complete the report as its sender, who proved it by answering our message.

        :param message: what is added
        :param read_files: files as `_civic_read` gives them
        """
        self.ensure_one()
        technical = self.env.ref("civic_report.user_citizen")
        granted = (
            self.with_user(technical)
            .sudo(False)
            .with_context(civic_grant=CitizenGrant(frozenset(self.ids)))
        )
        granted.supply(message)
        report = granted.sudo()  # sudo: the verb has checked the grant
        attachments = self.env["ir.attachment"].with_env(report.env)
        attachments._civic_attach(report, read_files, report.reporter_id)
        report._flush_as_citizen()
