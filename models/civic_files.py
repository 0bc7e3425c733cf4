from odoo import api, models
from odoo.exceptions import ValidationError

from .door import is_inside


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


class CivicReport(models.Model):
    _inherit = "civic.report"

    _files_field = "attachment_ids"


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    _files_field = "result_attachment_ids"
