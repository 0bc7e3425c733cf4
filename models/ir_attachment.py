import base64

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..tools import media

# Records whose files come from citizens and officers.
CIVIC_MODELS = ("civic.report", "civic.assignment")
# The originals, as they came in, hang on the reporter: the Centre alone may see them.
ORIGINAL_MODEL = "civic.reporter"
# What was sent is evidence: never deleted.
KEPT_MODELS = ("civic.report", ORIGINAL_MODEL)
MAX_FILES = 10
CONTENT = frozenset({"raw", "datas", "db_datas", "store_fname", "url", "mimetype"})
MOVE = frozenset({"res_model", "res_id", "res_field"})

# Says that the files were read by this module; RPC cannot send it.
_CLEANED = object()


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # Reading uploads
    # ------------------------------------------------------------------

    @api.model
    def _civic_read(self, files):
        """Check and clean the files that a citizen sends.

        :param files: list of bytes
        :return: list of dicts: name, mimetype, data (cleaned), original, metadata
        :raises ValidationError: in words for the person who uploads, every file at once
        """
        if len(files) > MAX_FILES:
            raise ValidationError(self.env._("Send at most %s files.", MAX_FILES))
        read, errors = [], []
        for index, data in enumerate(files, start=1):
            try:
                read.append(self._civic_read_one(data, index))
            except media.MediaError as error:
                errors.append(self._civic_media_message(error, index))
        if errors:
            raise ValidationError("\n".join(errors))
        return read

    @api.model
    def _civic_read_one(self, data, index, filename=None, officer=False):
        """One file, known by its content, without what it tells besides.

        :param officer: office documents are accepted too
        :raises MediaError: see :mod:`..tools.media`
        """
        found = media.inspect(data, filename, documents=officer)
        cleaned, mimetype, metadata = data, found.mimetype, {}
        if found.kind == "picture":
            cleaned, mimetype, metadata = media.clean_picture(data)
        elif found.kind in ("video", "audio"):
            cleaned = media.clean_recording(data, mimetype)
        return {
            "name": media.safe_name(found.kind, mimetype, index),
            "mimetype": mimetype,
            "data": cleaned,
            "original": data,
            "metadata": metadata,
        }

    @api.model
    def _civic_media_message(self, error, index):
        _ = self.env._
        if error.code == "too_large":
            return _(
                "File %(index)s is larger than %(size)s MB: send a smaller one.",
                index=index,
                size=error.limit // 1024**2,
            )
        messages = {
            "empty": _("File %s is empty: choose it again.", index),
            "broken": _("File %s is damaged: take the picture again.", index),
            "too_many_pixels": _("Picture %s is too large: send a smaller one.", index),
            "too_many_frames": _(
                "Picture %s is an animation: send a still one.", index
            ),
        }
        return messages.get(error.code) or _(
            "File %s is not of a kind that is accepted: a picture (JPEG, PNG, WEBP), a "
            "video (MP4, MOV, WEBM), a sound recording or a PDF.",
            index,
        )

    @api.model
    def _civic_attach(self, report, read_files, reporter):
        """Hang the cleaned files on the report and the originals on its reporter.

        The position in a picture becomes the report's where the citizen gave none.

        :param report: civic.report, elevated
        :param read_files: what `_civic_read` gave
        :param reporter: civic.reporter
        :return: the report's attachments, in the order of the files
        """
        if not read_files:
            return self.browse()
        vals_list = [
            {
                "name": file["name"],
                "raw": file["data"],
                "mimetype": file["mimetype"],
                "res_model": report._name,
                "res_id": report.id,
            }
            for file in read_files
        ]
        originals = [
            {
                "name": f"{report.name}-{file['name']}",
                "raw": file["original"],
                "res_model": ORIGINAL_MODEL,
                "res_id": reporter.id,
            }
            for file in read_files
            if file["original"] != file["data"]
        ]
        # No postprocessing: originals stay as they came, to the byte.
        made = self.with_context(
            civic_cleaned=_CLEANED, image_no_postprocess=True
        ).create(vals_list + originals)
        attachments = made[: len(vals_list)]
        values = {"attachment_ids": [Command.link(id_) for id_ in attachments.ids]}
        if not (report.latitude or report.longitude):
            values.update(self._civic_position(read_files))
        report.write(values)
        return attachments

    @api.model
    def _civic_position(self, read_files):
        """The first position that a picture carries, as values of a report."""
        for file in read_files:
            if file["metadata"].get("latitude") is not None:
                return {
                    "latitude": file["metadata"]["latitude"],
                    "longitude": file["metadata"]["longitude"],
                }
        return {}

    # ------------------------------------------------------------------
    # Files of officers
    # ------------------------------------------------------------------

    def _civic_trusted(self):
        return self.env.context.get("civic_cleaned") is _CLEANED

    @api.model_create_multi
    def create(self, vals_list):
        if not self._civic_trusted():
            vals_list = [self._civic_cleaned(vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self._civic_trusted():
            self._civic_check_write(vals)
        return super().write(vals)

    @api.model
    def _civic_cleaned(self, vals):
        """Whoever uploads to a report: known content, pictures without metadata.

        :raises ValidationError: for a file that is not accepted, and for a link
        """
        if vals.get("res_model") not in CIVIC_MODELS or vals.get("res_field"):
            return vals
        data = vals.get("raw") or base64.b64decode(vals.get("datas") or b"")
        if isinstance(data, str):
            data = data.encode()
        try:
            read = self._civic_read_one(data, 1, vals.get("name"), officer=True)
        except media.MediaError as error:
            raise ValidationError(self._civic_media_message(error, 1)) from error
        kept = {key: value for key, value in vals.items() if key not in CONTENT}
        return {
            **kept,
            "type": "binary",
            "raw": read["data"],
            "mimetype": read["mimetype"],
        }

    def _civic_check_write(self, vals):
        """Files of reports keep their content and their place; others don't move in.

        :raises UserError: in words for the officer
        """
        changed = vals.keys() & (CONTENT | MOVE)
        files = self.sudo()
        if changed == {"res_id"} and not any(file.res_id for file in files):
            # Uploaded before the record was saved, and claimed by it now.
            return
        moved_in = vals.get("res_model") in CIVIC_MODELS
        known = set(files.mapped("res_model")) & {*CIVIC_MODELS, ORIGINAL_MODEL}
        if changed and (moved_in or known):
            raise UserError(
                self.env._(
                    "The files of a report stay as they came in: upload another one "
                    "instead."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_civic(self):
        for attachment in self.sudo():
            if attachment.res_model in KEPT_MODELS and attachment.res_id:
                raise UserError(
                    self.env._("What citizens sent is kept for the record.")
                )

    # ------------------------------------------------------------------
    # Access
    # ------------------------------------------------------------------

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Citizens get files by the pages of their report, never by number.

        Who may read a published report may not therefore read what was sent with it:
        the Centre chooses what the public sees.
        """
        if self.env.su or self.env.user._is_internal():
            yield from super()._inaccessible_comodel_records(model_and_ids, operation)
            return
        hidden = {*CIVIC_MODELS, ORIGINAL_MODEL}
        for model in hidden & set(model_and_ids):
            yield from ((model, res_id) for res_id in model_and_ids[model])
        others = {
            model: ids for model, ids in model_and_ids.items() if model not in hidden
        }
        yield from super()._inaccessible_comodel_records(others, operation)
