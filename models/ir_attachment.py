import base64
import errno
import logging
import uuid
from contextlib import contextmanager
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError, ValidationError
from odoo.fields import Command

from ..tools import media
from .civic_media import MEDIA_MODEL
from .civic_vault import VaultError

_logger = logging.getLogger(__name__)

# Records whose files come from citizens and officers.
CIVIC_MODELS = ("civic.report", "civic.assignment")
# The originals, as they came in, hang on the reporter. They tell who took the picture
# and where: the vault seals them, and the Centre fetches them one by one.
ORIGINAL_MODEL = "civic.reporter"
SEALED_TYPE = "application/octet-stream"
# What was sent is evidence, what was published too: never deleted.
KEPT_MODELS = ("civic.report", "civic.event", ORIGINAL_MODEL, MEDIA_MODEL)
CONTENT = frozenset({"raw", "datas", "db_datas", "store_fname", "url", "mimetype"})
MOVE = frozenset({"res_model", "res_id", "res_field"})
# Would give a file to everybody, past the pages that choose what is shown.
OPEN = frozenset({"public", "access_token"})
MB = 1024 * 1024

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

# Says that the files were read by this module; RPC cannot send it.
_CLEANED = object()


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
                "name": f"{report.name}-{file['original_name']}",
                "raw": file["original"],
                "res_model": ORIGINAL_MODEL,
                "res_id": reporter.id,
            }
            for file in read_files
            if file["original"] != file["data"]
        ]
        # No postprocessing: what was cleaned is what is kept.
        trusted = self.with_context(civic_cleaned=_CLEANED, image_no_postprocess=True)
        attachments = trusted.create(vals_list)
        for vals in originals:  # one by one: only one is held sealed and unsealed
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

    # ------------------------------------------------------------------
    # Sealed originals
    # ------------------------------------------------------------------

    @api.model
    def _has_field_access(self, field, operation):
        own = field.name in ("civic_vault_ref", "civic_vault_key")
        if own and self._civic_trusted():
            return True
        return super()._has_field_access(field, operation)

    @api.model
    def _civic_sealed(self, vals):
        """Values of an original, sealed; those of other files as they are."""
        if vals.get("res_model") != ORIGINAL_MODEL:
            return vals
        data = vals.get("raw") or base64.b64decode(vals.get("datas") or b"")
        if isinstance(data, str):
            data = data.encode()
        kept = {key: value for key, value in vals.items() if key not in CONTENT}
        return {**kept, "type": "binary", **self._civic_seal(data, str(uuid.uuid4()))}

    @api.model
    def _civic_seal(self, data, ref):
        vault = self.env["civic.vault"]
        return {
            "raw": vault._seal(data, f"{self._name}:{ref}"),
            "mimetype": SEALED_TYPE,
            "civic_vault_ref": ref,
            "civic_vault_key": vault._active_key(),
        }

    @api.model
    def _civic_seal_plain(self):
        """Seal the originals that came in before there was a vault.

        :return: their number
        """
        plain = self.sudo().search(
            [
                ("res_model", "=", ORIGINAL_MODEL),
                ("res_field", "=", False),
                ("civic_vault_key", "=", False),
            ]
        )
        for original in plain:
            original._civic_reseal(original.raw, str(uuid.uuid4()))
        return len(plain)

    @api.model
    def _vault_counts(self):
        """How many originals each key has sealed: dict of key id → number."""
        sealed = [("civic_vault_key", "!=", False)]
        # sudo: sealed files are nobody's to read
        return dict(self.sudo()._read_group(sealed, ["civic_vault_key"], ["__count"]))

    @api.model
    def _vault_reseal(self, active, last):
        """Seal anew one original that another key has sealed; see the reporter's."""
        # sudo: sealed files are nobody's to read
        original = self.sudo().search(
            [
                ("civic_vault_key", "!=", False),
                ("civic_vault_key", "!=", active),
                ("id", ">", last),
            ],
            order="id",
            limit=1,
        )
        if not original:
            return None
        if original.try_lock_for_update():
            try:
                data = original._civic_opened()
            except VaultError:
                return 1, original.id
            original._civic_reseal(data, original.civic_vault_ref)
        return 1, original.id

    def _civic_reseal(self, data, ref):
        """Write anew what a sealed original holds, and let go of its memory."""
        keyed = self.with_context(civic_cleaned=_CLEANED, image_no_postprocess=True)
        keyed.write({**self._civic_seal(data, ref), "index_content": False})
        self.env.flush_all()
        self.env.invalidate_all()

    def _civic_opened(self):
        """What a sealed original holds, for code that has checked who asks."""
        self.ensure_one()
        row = self.sudo()  # sealed files are nobody's to read
        return self.env["civic.vault"]._open(
            row.raw, f"{self._name}:{row.civic_vault_ref}"
        )

    @api.model
    def _civic_fetch_original(self, attachment_id, reason, words=None):
        """An original as it came in, and the look at it kept on record.

        :param reason, words: why, see `civic.reporter.show`
        :return: (name, content)
        :raises MissingError: when it is not the caller's to see
        :raises AccessError, UserError: as `show` of the reporter
        """
        # sudo: the reporter's own guard follows
        original = self.sudo().browse(attachment_id).exists()
        if original.res_model != ORIGINAL_MODEL or original.res_field:
            raise MissingError(
                self.env._("Not found: it does not exist or is not yours to see.")
            )
        reporter = self.env[ORIGINAL_MODEL].browse(original.res_id)
        reporter._check_show()
        accesses = self.env["civic.access"]
        given = accesses._read_reason(reason, words)
        data = original._civic_opened()
        accesses._log(reporter, "file", shown=[original.name], **given)
        return original.name, data

    def _to_http_stream(self):
        """Sealed originals are not served by number, as if they were not there."""
        if self.res_model == ORIGINAL_MODEL:
            raise MissingError(self.env._("The file does not exist."))
        return super()._to_http_stream()
