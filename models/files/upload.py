import base64
import errno
import logging
from contextlib import contextmanager
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...tools import media
from .media import MEDIA_MODEL
from .names import _CLEANED, CIVIC_MODELS, CONTENT, ORIGINAL_MODEL

_logger = logging.getLogger(__name__)

# What was sent is evidence, what was published too: never deleted.
KEPT_MODELS = ("civic.report", "civic.event", ORIGINAL_MODEL, MEDIA_MODEL)
MOVE = frozenset({"res_model", "res_id", "res_field"})
# Would give a file to everybody, past the pages that choose what is shown.
OPEN = frozenset({"public", "access_token"})
MB = 1024 * 1024

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class InfectedFile(ValidationError):
    """A file that the virus scanner does not let in.

    :param virus: what the scanner calls it
    """

    def __init__(self, message, virus):
        super().__init__(message)
        self.virus = virus


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    civic_vault_ref = fields.Char(groups=fields.NO_ACCESS, copy=False)
    civic_vault_key = fields.Char(
        groups=fields.NO_ACCESS, copy=False, index="btree_not_null"
    )

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
        limits = self.env.company._civic_upload_limits()
        if len(files) > limits.files:
            raise ValidationError(self.env._("Send at most %s files.", limits.files))
        if sum(map(len, files)) > limits.total:
            raise ValidationError(
                self.env._(
                    "The files are larger than %s MB in all: choose fewer or smaller "
                    "ones.",
                    limits.total // MB,
                )
            )
        read, errors, virus = [], [], None
        for index, data in enumerate(files, start=1):
            try:
                read.append(self._civic_read_one(data, index))
            except media.MediaError as error:
                errors.append(self._civic_media_message(error, index))
                virus = virus or error.virus
        self._civic_refuse(errors, virus)
        return read

    @api.model
    def _civic_refuse(self, errors, virus):
        """:raises ValidationError: if there are errors"""
        if virus:
            raise InfectedFile("\n".join(errors), virus)
        if errors:
            raise ValidationError("\n".join(errors))

    @api.model
    def _civic_read_one(self, data, index, filename=None, officer=False):
        """One file, known by its content, without what it tells besides.

        :param officer: office documents are accepted too
        :return: dict: name, mimetype, data (cleaned), original, metadata; withheld, why
            there is no cleaned version of a citizen's file (a code), or None
        :raises MediaError: see :mod:`..tools.media`
        """
        limits = self.env.company._civic_upload_limits()
        found = media.inspect(
            data,
            filename,
            documents=officer,
            max_bytes=max(limits.picture, limits.recording),
        )
        is_recording = found.kind in ("video", "audio")
        limit = limits.recording if is_recording else limits.picture
        if len(data) > limit:
            raise media.MediaError("too_large", found.mimetype, limit)
        scan_state = self._civic_scan_state(data)
        cleaned, mimetype, metadata, withheld = self._civic_clean(data, found, officer)
        return {
            "scan_state": scan_state,
            "withheld": withheld,
            "name": media.safe_name(found.kind, mimetype, index),
            "mimetype": mimetype,
            "data": cleaned,
            "original": data,
            "original_name": media.safe_name(found.kind, found.mimetype, index),
            "metadata": metadata,
        }

    @api.model
    def _civic_media_message(self, error, index):
        _ = self.env._
        if error.code == "infected":
            return _(
                "File %(index)s holds a virus (%(virus)s) and is not taken. Check your "
                "device.",
                index=index,
                virus=error.virus,
            )
        if error.code == "too_large":
            return _(
                "File %(index)s is larger than %(size)s MB: send a smaller one.",
                index=index,
                size=error.limit // MB,
            )
        messages = {
            "empty": _("File %s is empty: choose it again.", index),
            "broken": _("File %s is damaged: take the picture again.", index),
            "too_many_pixels": _("Picture %s is too large: send a smaller one.", index),
            "too_many_frames": _(
                "Picture %s is an animation: send a still one.", index
            ),
            **self._civic_withheld_messages(index),
        }
        return messages.get(error.code) or _(
            "File %s is not of a kind that is accepted: a picture (JPEG, PNG, HEIC…), "
            "a video (MP4, MOV, WEBM…), a sound recording or a PDF.",
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
        shown = [
            {
                "name": file["name"],
                "raw": file["data"],
                "mimetype": file["mimetype"],
                "res_model": report._name,
                "res_id": report.id,
            }
            for file in read_files
        ]
        # No postprocessing: what was cleaned is what is kept.
        trusted = self.with_context(civic_cleaned=_CLEANED, image_no_postprocess=True)
        attachments = trusted.create(shown)
        for vals in self._civic_originals(report, read_files, reporter):
            # One by one: only one is held sealed and unsealed.
            trusted.create(vals)
        rows = self.env[MEDIA_MODEL]._record(attachments, read_files)
        for row, file in zip(rows, read_files, strict=True):
            row._note_frames(file["metadata"].get("frames"))
        values = {"attachment_ids": [Command.link(id_) for id_ in attachments.ids]}
        if not (report.latitude or report.longitude):
            values.update(self._civic_position(read_files))
        report.write(values)
        return attachments

    @api.model
    def _civic_originals(self, report, read_files, reporter):
        """Values of the files as they came in, where cleaning changed them."""
        return [
            {
                "name": f"{report.name}-{file['original_name']}",
                "raw": file["original"],
                "res_model": ORIGINAL_MODEL,
                "res_id": reporter.id,
            }
            for file in read_files
            if file["original"] != file["data"]
        ]

    @api.model
    def _civic_attach_to(self, event, read_files):
        """Hang cleaned files on an event: what was put beside a report.

        :param event: civic.event, elevated
        :param read_files: what `_civic_read` gave
        """
        # No postprocessing: what was cleaned is what is kept.
        trusted = self.with_env(event.env).with_context(
            civic_cleaned=_CLEANED, image_no_postprocess=True
        )
        attachments = trusted.create(
            [
                {
                    "name": file["name"],
                    "raw": file["data"],
                    "mimetype": file["mimetype"],
                    "res_model": event._name,
                    "res_id": event.id,
                }
                for file in read_files
            ]
        )
        self.env[MEDIA_MODEL]._record(attachments, read_files)

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
        reads = [None] * len(vals_list)
        if not self._civic_trusted():
            reads = [self._civic_read_officer(vals) for vals in vals_list]
            vals_list = [
                self._civic_cleaned(vals, read) if read else vals
                for vals, read in zip(vals_list, reads, strict=True)
            ]
        model, rows = self._civic_sealing(vals_list)
        if self._civic_trusted() or any(reads) or model is not self:
            model = model.with_context(civic_stored=_CLEANED)
        with model._civic_disk_full():
            attachments = super(IrAttachment, model).create(rows).with_env(self.env)
        ours = [pair for pair in zip(attachments, reads, strict=True) if pair[1]]
        if ours:
            self.env[MEDIA_MODEL]._record(*zip(*ours, strict=True))
        return attachments

    @api.model
    def _civic_sealing(self, vals_list):
        """What came from a citizen as it was is sealed.

        :return: (this model to create with, values)
        """
        if not any(vals.get("res_model") == ORIGINAL_MODEL for vals in vals_list):
            return self, vals_list
        # No postprocessing: what is sealed stays so to the byte. The key lets the
        # names of its key be written.
        keyed = self.with_context(civic_cleaned=_CLEANED, image_no_postprocess=True)
        return keyed, [self._civic_sealed(vals) for vals in vals_list]

    @api.model
    @contextmanager
    def _civic_disk_full(self):
        """
        :raises UserError: when there is no room for a file of ours, in words for
            whoever uploads
        """
        try:
            yield
        except OSError as error:
            if error.errno not in DISK_FULL or not self._civic_stores():
                raise
            _logger.critical("A file could not be stored: %s", error.strerror)
            raise UserError(
                self.env._(
                    "The files cannot be stored at the moment: the system has no room "
                    "left. Tell the administrator, or send without files."
                )
            ) from error

    @api.model
    def _civic_stores(self):
        """Whether a file of this module is being stored, not one of another app."""
        return self.env.context.get("civic_stored") is _CLEANED

    @api.model
    def _file_write(self, bin_value, checksum):
        """A file that was cut off must not be taken for the whole next time."""
        try:
            return super()._file_write(bin_value, checksum)
        except OSError:
            if not self._civic_stores():
                raise
            path = Path(self._get_path(bin_value, checksum)[1])
            if path.exists() and path.stat().st_size != len(bin_value):
                path.unlink()
            raise

    def write(self, vals):
        if not self._civic_trusted():
            self._civic_check_write(vals)
        result = super().write(vals)
        if vals.get("res_id"):
            self._civic_claimed()
        return result

    @api.model
    def _civic_make(self, vals):
        """A file of the module's own making, stored as it is."""
        # sudo: the verb that makes it has checked its user
        trusted = self.sudo().with_context(
            civic_cleaned=_CLEANED, image_no_postprocess=True
        )
        return trusted.create(vals)

    @api.model
    def _civic_read_officer(self, vals):
        """Whoever uploads to a report: known content, pictures without metadata.

        :return: what `_civic_read_one` gives, None for files that are none of ours
        :raises ValidationError: for a file that is not accepted, and for a link
        """
        if vals.get("res_model") not in CIVIC_MODELS or vals.get("res_field"):
            return None
        data = vals.get("raw") or base64.b64decode(vals.get("datas") or b"")
        if isinstance(data, str):
            data = data.encode()
        try:
            return self._civic_read_one(data, 1, vals.get("name"), officer=True)
        except media.MediaError as error:
            self._civic_refuse([self._civic_media_message(error, 1)], error.virus)

    @api.model
    def _civic_cleaned(self, vals, read):
        """Values of an officer's file, with the content that was cleaned."""
        kept = {key: vals[key] for key in vals if key not in CONTENT | OPEN}
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
        changed = vals.keys() & (CONTENT | MOVE | OPEN)
        if not changed:
            return
        files = self.sudo()
        if changed == {"res_id"} and not any(file.res_id for file in files):
            # Uploaded before the record was saved, and claimed by it now.
            return
        moved_in = vals.get("res_model") in (*CIVIC_MODELS, *KEPT_MODELS)
        known = set(files.mapped("res_model")) & {*CIVIC_MODELS, *KEPT_MODELS}
        if moved_in or known:
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
        the Centre chooses what the public sees. Originals are nobody's by number.
        """
        if self.env.su:
            return
        hidden = {ORIGINAL_MODEL}
        if not self.env.user._is_internal():
            hidden |= {*CIVIC_MODELS, MEDIA_MODEL}
        for model in hidden & set(model_and_ids):
            yield from ((model, res_id) for res_id in model_and_ids[model])
        others = {
            model: ids for model, ids in model_and_ids.items() if model not in hidden
        }
        yield from super()._inaccessible_comodel_records(others, operation)
