from odoo import fields, models
from odoo.exceptions import MissingError


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
        """The files of a notice, cleaned as all files of agencies are, on this
        assignment.

        :param attachment_ids: ids of files that the user has uploaded
        :raises MissingError: for files that are not the user's to see
        """
        ids = [getattr(file, "id", file) for file in _listed(attachment_ids)]
        # RPC may send anything in their place.
        known = [id_ for id_ in ids if type(id_) is int]
        files = self.env["ir.attachment"].browse(known).exists()
        if (
            len(known) != len(ids)
            or len(files) != len(set(ids))
            or files._filtered_access("read") != files
        ):
            raise MissingError(self.env._("Not found: choose the files again."))
        return files.create(
            [
                {
                    "name": file.name,
                    "raw": file.raw,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for file in files
            ]
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


def _listed(value):
    """Ids or records as callers give them; nothing for what holds none."""
    return value if isinstance(value, list | tuple | models.BaseModel) else ()
