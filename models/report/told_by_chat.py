from odoo import models

from ..ground.words_field import whole_words


class CivicReport(models.Model):
    """What the sender of an emergency goes on telling, unasked."""

    _inherit = "civic.report"

    def _add_said(self, draft, read_files):
        """Add to the report what its sender has told since; its state stays.

        :param draft: `chat.Draft`
        :param read_files: files as `_civic_read` gives them
        """
        self.ensure_one()
        report = self._elevated()
        if draft.text:
            parts = (whole_words(report).supplied_text, draft.text)
            report.supplied_text = "\n\n".join(filter(None, parts))
        if draft.latitude is not None and not (report.latitude or report.longitude):
            report.write({"latitude": draft.latitude, "longitude": draft.longitude})
        attachments = self.env["ir.attachment"].with_env(report.env)
        attachments._civic_attach(report, read_files, report.reporter_id)
        report._log_note("add", draft.text)
        report._flush_as_citizen()
