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

    def _amend_read_as(self, proof, message, read_files):
        """Add words and files to the own report, see `amend`.

        :param proof: see `_as_sender`
        :param read_files: files as `_civic_read` gives them
        """
        self.ensure_one()
        report = self._as_sender(proof)
        report.amend(message)
        report._attach_sent(read_files)

    def _note_intake(self, note=None, refused_files=None):
        """Keep what the Centre must know besides what was noted before."""
        for name, words in (("intake_note", note), ("refused_files", refused_files)):
            if words:
                self[name] = "\n".join(filter(None, (self[name], words)))
