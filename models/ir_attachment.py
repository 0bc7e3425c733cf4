import base64

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools import media

# Records whose files come from citizens and officers.
CIVIC_MODELS = ("civic.report", "civic.assignment")
# The originals, as they came in, hang on the reporter: the Centre alone may see them.
ORIGINAL_MODEL = "civic.reporter"
MAX_FILES = 10
MAX_FILE_BYTES = 25 * 1024 * 1024


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # Files of citizens
    # ------------------------------------------------------------------

    @api.model
    def _civic_read(self, files):
        """Check and clean uploaded files.

        :param files: list of bytes
        :return: list of dicts: name, mimetype, data (cleaned), original, metadata
        :raises ValidationError: in words for the person who uploads
        """
        if len(files) > MAX_FILES:
            raise ValidationError(self.env._("At most %s files.", MAX_FILES))
        return [
            self._civic_read_one(data, index)
            for index, data in enumerate(files, start=1)
        ]

    @api.model
    def _civic_read_one(self, data, index, officer=False):
        try:
            found = media.inspect(data, documents=officer)
            cleaned, mimetype, metadata = data, found.mimetype, {}
            if found.kind == "picture":
                cleaned, mimetype, metadata = media.clean_picture(data)
        except media.MediaError as error:
            raise ValidationError(
                self._civic_media_message(error.code, index)
            ) from error
        return {
            "name": media.safe_name(found.kind, mimetype, index),
            "mimetype": mimetype,
            "data": cleaned,
            "original": data,
            "metadata": metadata,
        }

    @api.model
    def _civic_media_message(self, code, index):
        _ = self.env._
        messages = {
            "empty": _("File %s is empty.", index),
            "too_large": _(
                "File %(index)s is larger than %(size)s MB.",
                index=index,
                size=MAX_FILE_BYTES // 1024**2,
            ),
            "broken": _("File %s is damaged: take the picture again.", index),
            "too_many_pixels": _("Picture %s is too large: send a smaller one.", index),
            "too_many_frames": _(
                "Picture %s is an animation: send a still one.", index
            ),
        }
        return messages.get(
            code,
            _(
                "File %s is not a picture (JPEG, PNG, WEBP, HEIC), a video (MP4, MOV, "
                "WEBM), a sound recording or a PDF.",
                index,
            ),
        )

    @api.model
    def _civic_attach(self, report, read_files, reporter):
        """Hang the cleaned files on the report and the originals on its reporter.

        The position in a picture becomes the report's where the citizen gave none.
        """
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
            if file["original"] is not file["data"]
        ]
        made = self.with_context(civic_cleaned=_CLEANED).create(vals_list + originals)
        attachments = made[: len(vals_list)]
        values = {"attachment_ids": [(6, 0, attachments.ids)]}
        position = next(
            (
                file["metadata"]
                for file in read_files
                if file["metadata"].get("latitude") is not None
            ),
            None,
        )
        if position and not (report.latitude or report.longitude):
            values["latitude"] = position["latitude"]
            values["longitude"] = position["longitude"]
        report.write(values)
        return attachments

    # ------------------------------------------------------------------
    # Files of officers
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("civic_cleaned") is not _CLEANED:
            vals_list = [self._civic_cleaned(vals) for vals in vals_list]
        return super().create(vals_list)

    @api.model
    def _civic_cleaned(self, vals):
        """Whoever uploads to a report: known content, pictures without metadata."""
        if vals.get("res_model") not in CIVIC_MODELS or vals.get("res_field"):
            return vals
        data = vals.get("raw") or base64.b64decode(vals.get("datas") or b"")
        if not data:
            return vals
        read = self._civic_read_one(data, 1, officer=True)
        return {
            **{key: value for key, value in vals.items() if key != "datas"},
            "raw": read["data"],
            "mimetype": read["mimetype"],
        }


# Says that the files were read by this module; RPC cannot send it.
_CLEANED = object()
