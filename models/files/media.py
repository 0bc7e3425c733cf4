import hashlib
import logging
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import clamd, geo, media

_logger = logging.getLogger(__name__)

MEDIA_MODEL = "civic.media"
# Beyond these the Centre is told that a file may not show what the report says.
FAR_METRES = 1000
OLD = timedelta(days=30)
EDITORS = (
    *("photoshop", "lightroom", "gimp", "snapseed", "picsart", "canva", "meitu"),
    *("pixlr", "facetune", "faceapp", "remini", "midjourney", "dall", "firefly"),
)
# Files that one run of the cron asks the scanner about.
SCAN_BATCH = 50
# Files of which nobody may have the content.
QUARANTINED = ("waiting", "infected")


class CivicMedia(models.Model):
    """What a file of a report tells besides what it shows, and the Centre's edited
    version of it. The Centre alone sees it: place and time may give the sender away."""

    _name = MEDIA_MODEL
    _inherit = ["civic.kept"]
    _description = "File of a report"
    _order = "id"

    attachment_id = fields.Many2one(
        "ir.attachment",
        "File",
        required=True,
        readonly=True,
        ondelete="cascade",
        bypass_search_access=True,
    )
    report_id = fields.Many2one(
        "civic.report", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    name = fields.Char(related="attachment_id.name")
    mimetype = fields.Char(related="attachment_id.mimetype")
    kind = fields.Selection(
        [
            ("picture", "Picture"),
            ("video", "Video"),
            ("audio", "Sound"),
            ("document", "Document"),
        ],
        required=True,
        readonly=True,
    )
    taken_at = fields.Datetime("Taken", readonly=True)
    latitude = fields.Float(digits=(10, 7), readonly=True)
    longitude = fields.Float(digits=(10, 7), readonly=True)
    altitude = fields.Float(readonly=True, help="Metres above the sea.")
    direction = fields.Float(readonly=True, help="Degrees from north.")
    software = fields.Char("Saved By", readonly=True)
    width = fields.Integer(readonly=True)
    height = fields.Integer(readonly=True)
    sha256 = fields.Char("Fingerprint", readonly=True, index="btree_not_null")
    likeness = fields.Char(
        readonly=True,
        index="btree_not_null",
        help="Stays the same when a picture is saved anew or shrunk.",
    )
    redactions = fields.Json(
        readonly=True,
        help="Black boxes of the edited version: x, y, width, height in shares of the "
        "picture.",
    )
    redacted_attachment_id = fields.Many2one(
        "ir.attachment",
        "Edited Version",
        readonly=True,
        ondelete="set null",
        bypass_search_access=True,
        help="Shown to the public in place of the picture.",
    )
    scan_state = fields.Selection(
        [
            ("off", "Not scanned"),
            ("waiting", "Waiting for the scanner"),
            ("clean", "Clean"),
            ("infected", "Infected"),
        ],
        "Virus Scan",
        required=True,
        default="off",
        readonly=True,
    )
    withheld = fields.Selection(
        [
            ("locked", "Locked with a password"),
            ("changed", "Cleaning would have harmed it"),
            ("too_complex", "Too complex to be cleaned"),
        ],
        "Kept Sealed",
        readonly=True,
        help="Why there is no version without names and places: nobody gets the file, "
        "the Centre fetches the original with a reason.",
    )
    hints = fields.Json(
        compute="_compute_hints",
        help="What speaks against the file: taken elsewhere, long before, edited, seen "
        "before (grounds for refusal: media that look edited or unrelated).",
    )

    _once = models.UniqueIndex("(attachment_id)", "This file is known already.")
    _to_scan = models.Index("(id) WHERE scan_state = 'waiting'")

    # ------------------------------------------------------------------
    # Recording
    # ------------------------------------------------------------------

    @api.model
    def _inside(self):
        """This model with the key of the door, to write what files tell."""
        return self.with_env(self.env["civic.report"]._elevated().env)

    def _inside_rows(self):
        """These rows with the key of the door."""
        return self._inside().browse(self.ids)

    @api.model
    def _record(self, attachments, read_files):
        """Keep what was read from files before they were cleaned.

        :param attachments: ir.attachment records
        :param read_files: what `ir.attachment._civic_read` gave for each
        """
        rows = self._inside().create(
            [
                self._prepare_record(attachment, read)
                for attachment, read in zip(attachments, read_files, strict=True)
            ]
        )
        for row in rows.filtered(lambda row: row.withheld and row.report_id):
            row.report_id._log_note("withheld", f"{row.name}: {row._withheld_words()}")
        return rows

    def _note_frames(self, frames):
        """Say that of the pages of a scan, or the pictures of an animation, the first
        alone is shown.

        :param frames: number of them, None for what has none
        """
        if frames and frames > 1:
            words = self.env._(
                "%(file)s: of its %(count)s pages or pictures only the first is shown; "
                "fetch the original with a reason.",
                file=self.name,
                count=frames,
            )
            self.report_id._log_note("withheld", words)

    @api.model
    def _prepare_record(self, attachment, read):
        report = attachment._civic_report_sudo()
        company = report.company_id or self.env.company
        metadata = read["metadata"]
        values = {
            name: metadata[name]
            for name in (
                *("latitude", "longitude", "altitude", "direction", "software"),
                *("width", "height", "likeness"),
            )
            if metadata.get(name)
        }
        return {
            **values,
            "attachment_id": attachment.id,
            "report_id": report.id,
            "company_id": company.id,
            "kind": media.TYPES[attachment.mimetype][0],
            "taken_at": self._utc(metadata.get("taken_at"), company),
            "sha256": hashlib.sha256(read["original"]).hexdigest(),
            "scan_state": read["scan_state"],
            "withheld": read["withheld"],
        }

    @api.model
    def _utc(self, moment, company):
        """Naive UTC of a camera's time; one without a zone shows the province's."""
        if not moment:
            return False
        if not moment.tzinfo:
            moment = pytz.timezone(company._civic_calendar()._civic_tz()).localize(
                moment
            )
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    # ------------------------------------------------------------------
    # What is given to nobody
    # ------------------------------------------------------------------

    def _is_kept_back(self):
        """Whether nobody may have the content of this file; no file: no."""
        return any(row.withheld or row.scan_state in QUARANTINED for row in self)

    def _withheld_words(self):
        """Why a file is kept sealed."""
        choices = dict(self._fields["withheld"]._description_selection(self.env))
        return choices[self.withheld]

    # ------------------------------------------------------------------
    # The edited version
    # ------------------------------------------------------------------

    def _redact(self, boxes):
        """Draw the boxes on the picture, or take the edited version off the page.

        Earlier versions are kept: they were what the public saw.

        :param boxes: list of :class:`..tools.media.Box`
        """
        self.ensure_one()
        edited = self.env["ir.attachment"]
        if boxes:
            data, mimetype, _width, _height = media.redact(
                self.attachment_id.raw, boxes
            )
            edited = edited._civic_make(
                {
                    "name": media.safe_name("picture", mimetype, 1),
                    "raw": data,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        self.write(
            {
                "redactions": [list(box) for box in boxes] or False,
                "redacted_attachment_id": edited.id,
            }
        )

    # ------------------------------------------------------------------
    # Hints
    # ------------------------------------------------------------------

    @api.depends("report_id.latitude", "report_id.longitude", "report_id.occurred_at")
    @api.depends_context("uid", "lang")
    def _compute_hints(self):
        same = self._seen_before()
        for row in self:
            row.hints = [
                hint
                for hint in (
                    row._hint_withheld(),
                    row._hint_place(),
                    row._hint_time(),
                    row._hint_software(),
                    row._hint_seen(same.get(row.id)),
                )
                if hint
            ]

    def _hint_withheld(self):
        if not self.withheld:
            return None
        return self.env._(
            "Kept sealed: %s. Nobody gets it; fetch the original with a reason.",
            self._withheld_words(),
        )

    def _hint_place(self):
        report = self.report_id
        here, there = (
            (self.latitude, self.longitude),
            (
                report.latitude,
                report.longitude,
            ),
        )
        if not any(here) or not any(there):
            return None
        metres = geo.distance(*here, *there)
        if metres < FAR_METRES:
            return None
        return self.env._(
            "Taken %s km from the place of the report.", f"{metres / 1000:.1f}"
        )

    def _hint_time(self):
        moment = self.report_id.occurred_at or self.report_id.received_at
        if not self.taken_at or not moment or moment - self.taken_at < OLD:
            return None
        return self.env._(
            "Taken %s days before it is said to have happened.",
            (moment - self.taken_at).days,
        )

    def _hint_software(self):
        software = (self.software or "").casefold()
        if not any(name in software for name in EDITORS):
            return None
        return self.env._("Saved by a program that edits pictures: %s.", self.software)

    def _hint_seen(self, codes):
        if not codes:
            return None
        return self.env._("The same picture came with %s.", ", ".join(codes))

    def _seen_before(self):
        """Codes of other reports that came with the same file or a look-alike.

        Those that the current user may not see stay unnamed.

        :return: dict id → list of codes
        """
        wanted = Domain.OR(
            Domain(name, "in", list(filter(None, self.mapped(name))))
            for name in ("sha256", "likeness")
        )
        others = self.search(wanted & Domain("report_id", "!=", False), limit=200)
        return {
            row.id: sorted(
                {
                    other.report_id.name
                    for other in others
                    if other.report_id != row.report_id
                    and (
                        other.sha256 == row.sha256
                        or (row.likeness and other.likeness == row.likeness)
                    )
                }
            )[:3]
            for row in self
        }

    # ------------------------------------------------------------------
    # The virus scanner
    # ------------------------------------------------------------------

    @api.model
    def _cron_scan(self):
        """Ask about files that came in while the scanner could not be reached."""
        rows = self.search(
            [("scan_state", "=", "waiting")], limit=SCAN_BATCH, order="id"
        )
        for done, row in enumerate(rows, start=1):
            if not row.try_lock_for_update():
                continue
            try:
                virus = self.env["ir.attachment"]._civic_scan(row.attachment_id.raw)
            except clamd.Unreachable as error:
                _logger.warning("The virus scanner gives no answer: %s", error)
                return
            row._scanned(virus)
            self.env["ir.cron"]._commit_progress(1, remaining=len(rows) - done)

    def _scanned(self, virus):
        """Release a clean file; keep an infected one from everybody for good."""
        self.ensure_one()
        self._inside_rows().scan_state = "infected" if virus else "clean"
