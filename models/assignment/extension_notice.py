from odoo import fields, models
from odoo.exceptions import UserError


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


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def _notice_files(self, attachment_ids):
        """The files of a notice, as files that a verb is given.

        :param attachment_ids: ids of files that the user has uploaded
        :raises UserError: where there is none: the citizen is owed it
        """
        files = self._taken_files(attachment_ids)
        if not files:
            raise UserError(
                self.env._(
                    "Attach the written notice of the extension as a file: whoever "
                    "sent the report gets it (%s).",
                    "ST Điều 14.3",
                )
            )
        return files


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _own_notices(self):
        """Notices of the extensions that were granted, for the sender."""
        granted = self.assignment_ids.extension_ids.filtered(
            lambda row: row.state == "granted"
        )
        files = granted.attachment_ids
        return (files - files._civic_quarantined()).sorted("id")
