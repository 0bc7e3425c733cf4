import base64

from odoo import api, models
from odoo.exceptions import UserError

from ...tools import media
from ..files.upload import CONTENT, MOVE, OPEN
from ..ground.guard import check_visible, ids_of
from ..ground.key import is_inside
from .act import ACT_FILES


class IrAttachment(models.Model):
    """Documents of directives and of answers to them: known by their content, looked
    at by the virus scanner, and kept as they are."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        if not self._civic_trusted():
            vals_list = [self._civic_read_act(vals) for vals in vals_list]
        return super().create(vals_list)

    @api.model
    def _civic_read_act(self, vals):
        """Values of a file of an act, its content cleaned; of any other as they are.

        :raises ValidationError, UserError: for a file that is not accepted
        """
        if vals.get("res_model") not in ACT_FILES or vals.get("res_field"):
            return vals
        data = vals.get("raw") or base64.b64decode(vals.get("datas") or b"")
        data = data.encode() if isinstance(data, str) else data
        try:
            read = self._civic_read_one(data, 1, vals.get("name"), officer=True)
        except media.MediaError as error:
            self._civic_refuse([self._civic_media_message(error, 1)], error.virus)
        if read["scan_state"] == "waiting":
            raise UserError(
                self.env._(
                    "The virus scanner gives no answer: attach the file again in some "
                    "minutes."
                )
            )
        return self._civic_cleaned(vals, read)

    def _civic_check_write(self, vals):
        """What was issued or answered stays what it was."""
        result = super()._civic_check_write(vals)
        changed = vals.keys() & (CONTENT | MOVE | OPEN)
        files = self.sudo()  # sudo: only of what they are
        if not changed or is_inside(self.env):
            return result
        if changed == {"res_id"} and not any(file.res_id for file in files):
            return result  # uploaded before the directive was saved
        if vals.get("res_model") in ACT_FILES or any(
            file.res_model in ACT_FILES for file in files
        ):
            raise UserError(
                self.env._("Files of a directive stay as they are: upload another one.")
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_acts(self):
        """Of a draft a file may be taken out; what has left it is kept."""
        files = self.sudo().filtered(lambda file: file.res_model in ACT_FILES)
        for file in files.filtered("res_id"):
            act = self.env[file.res_model].sudo().browse(file.res_id).exists()
            if act and not act._may_lose_files():
                raise UserError(self.env._("What happened is kept for the record."))

    @api.model
    def _civic_take_for(self, record, attachment_ids):
        """Files that a verb is given, as files of the record that keeps them.

        :param record: elevated: the verb has checked who puts them there
        :param attachment_ids: ids of files that the user has uploaded
        :raises MissingError: for files that are not the user's to see
        """
        files = self.browse(dict.fromkeys(ids_of(attachment_ids)))
        if files:
            check_visible(files, self.env._("Not found: choose the files again."))
        return record.env["ir.attachment"].create(
            [
                {
                    "name": file.name,
                    "raw": file.raw,
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for file in files
            ]
        )
