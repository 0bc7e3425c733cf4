import logging

from odoo import api, fields, models
from odoo.exceptions import MissingError

from ...tools import clamd, media
from .media import MEDIA_MODEL
from .names import CIVIC_MODELS

_logger = logging.getLogger(__name__)
# Documents may hold names on every page: they are not published.
PUBLIC_KINDS = ("image/", "video/", "audio/")


class IrAttachment(models.Model):
    """What is known of the files of reports, and what is shown of them."""

    _inherit = "ir.attachment"

    civic_media_ids = fields.One2many(
        MEDIA_MODEL, "attachment_id", groups="base.group_system"
    )

    # ------------------------------------------------------------------
    # The virus scanner
    # ------------------------------------------------------------------

    @api.model
    def _civic_scan(self, data):
        """Ask the virus scanner about a file, if there is one.

        :return: what infects it, None for nothing, "" where there is no scanner
        :raises clamd.Unreachable: when it gives no verdict
        """
        # sudo: citizens and officers upload; where the scanner listens is a setting
        address = self.env["ir.config_parameter"].sudo().get_param("civic_report.clamd")
        if not address:
            return ""
        try:
            return clamd.scan(clamd.parse_address(address), data)
        except ValueError as error:
            raise clamd.Unreachable(str(error)) from error

    @api.model
    def _civic_scan_state(self, data):
        """What the scanner says of an upload; without an answer it waits.

        :raises MediaError: infected
        """
        try:
            virus = self._civic_scan(data)
        except clamd.Unreachable as error:
            _logger.warning("The virus scanner gives no answer: %s", error)
            return "waiting"
        if virus:
            _logger.warning("An upload was refused: %s", virus)
            raise media.MediaError("infected", virus=virus)
        return "clean" if virus is None else "off"

    # ------------------------------------------------------------------
    # What they tell besides
    # ------------------------------------------------------------------

    @api.model
    def _civic_clean(self, data, found, officer):
        """A file without its makers, places and dates.

        One of a citizen that cannot be rewritten without harm is not lost: the original
        stays sealed, the Centre sees why, nobody else gets anything of it.

        :param found: :class:`..tools.media.Media`
        :return: (cleaned, mimetype, metadata, why there is nothing cleaned or None)
        :raises MediaError: see :mod:`..tools.media`; Withheld to officers, who can save
            the file anew
        """
        metadata = {}
        try:
            if found.kind == "picture":
                return *media.clean_picture(data), None
            if found.mimetype == media.PDF:
                cleaned = media.clean_pdf(data)
            else:
                metadata = media.recording_notes(data, found.mimetype)
                cleaned = media.clean_recording(data, found.mimetype)
        except media.Withheld as error:
            if officer:
                raise
            return b"", found.mimetype, metadata, error.code
        return cleaned, found.mimetype, metadata, None

    @api.model
    def _civic_withheld_messages(self, index):
        """Why a file that cannot be rewritten is refused: dict of code → words."""
        _ = self.env._
        return {
            "locked": _(
                "File %s is locked with a password: send one that is not.", index
            ),
            "changed": _(
                "File %s cannot be cleaned of names and places without harming it: "
                "save it anew in another format.",
                index,
            ),
            "too_complex": _("File %s is too complex: print it to a new PDF.", index),
        }

    # ------------------------------------------------------------------
    # What is known of them
    # ------------------------------------------------------------------

    def _civic_claimed(self):
        """What was uploaded before its record was saved belongs to it now."""
        # sudo: whoever may upload may not therefore read what is known of files
        ours = self.sudo().filtered(lambda file: file.res_model in CIVIC_MODELS)
        for row in ours.civic_media_ids._inside_rows():
            row.report_id = row.attachment_id._civic_report_sudo()

    def _civic_report_sudo(self):
        """The report that this file belongs to, by itself or by an assignment."""
        self.ensure_one()
        # sudo: whoever may upload may not therefore read the report
        file = self.sudo()
        if file.res_model not in CIVIC_MODELS or not file.res_id:
            return file.env["civic.report"]
        record = file.env[file.res_model].browse(file.res_id)
        return record if file.res_model == "civic.report" else record.report_id

    def _civic_media_row(self):
        """What is known of this file, with the key of the door to change it."""
        self.ensure_one()
        rows = self.env[MEDIA_MODEL]._inside()
        known = rows.search([("attachment_id", "=", self.id)])
        # Files that came in before they were listed.
        unread = {
            "metadata": {},
            "original": self.sudo().raw,
            "scan_state": "off",
            "withheld": None,
        }
        return known or rows._record(self.sudo(), [unread])

    def _civic_shown(self):
        """What the public and letters get for each file: the Centre's edited version
        where there is one, nothing of a file in quarantine or kept sealed.

        :return: list of (file, what is shown), elevated
        """
        # sudo: visitors and agencies are given pages, not rows
        files = self.sudo()
        nothing = files.civic_media_ids.browse()
        # Iterated, not sliced: slices are read one by one.
        pairs = [(file, next(iter(file.civic_media_ids), nothing)) for file in files]
        return [
            (file, row.redacted_attachment_id or file)
            for file, row in pairs
            if not row._is_kept_back()
        ]

    def _civic_quarantined(self):
        """Those whose content nobody may have now; other apps' files cost no query."""
        # sudo: what a file hangs on and what the scanner said, whoever asks for it
        ours = self.filtered(lambda file: file.sudo().res_model in CIVIC_MODELS)
        return ours.filtered(lambda file: file.sudo().civic_media_ids._is_kept_back())

    def _to_http_stream(self):
        """Serve nothing that waits for the virus scanner, by whatever route."""
        if self._civic_quarantined():
            raise MissingError(
                self.env._(
                    "This file is not given out: it waits for the virus scan, or it is "
                    "kept sealed."
                )
            )
        return super()._to_http_stream()

    def _compute_raw(self):
        quarantined = self.browse() if self.env.su else self._civic_quarantined()
        quarantined.raw = False
        return super(IrAttachment, self - quarantined)._compute_raw()
