from odoo import api, models
from odoo.exceptions import ValidationError

from ..ground.guard import check_visible, ids_of
from ..ground.key import is_inside


class CivicDoor(models.AbstractModel):
    """Files of reports and assignments are those that were uploaded to them."""

    _inherit = "civic.door"

    # Field of the files that come in by this record.
    _files_field = None

    @api.constrains(lambda self: [self._files_field] if self._files_field else [])
    def _check_files(self):
        """Only what was uploaded here has been cleaned, and is the record's to show."""
        if is_inside(self.env):
            return
        for record in self:
            # sudo: files of other records must be seen to be refused
            for file in record.sudo()[self._files_field]:
                if file.res_model != self._name or file.res_id not in (0, record.id):
                    raise ValidationError(
                        self.env._("Upload the file here; it is another record's.")
                    )

    def _taken_files(self, attachment_ids):
        """Files that a verb is given, cleaned as all files of officers are, on this
        record.

        :param attachment_ids: ids of files that the user has uploaded
        :return: ir.attachment, elevated: the verb has checked who puts them there
        :raises MissingError: for files that are not the user's to see
        """
        self.ensure_one()
        files = self.env["ir.attachment"].browse(dict.fromkeys(ids_of(attachment_ids)))
        if files:
            check_visible(files, self.env._("Not found: choose the files again."))
        return (
            self._elevated()
            .env["ir.attachment"]
            .create(
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
        )
