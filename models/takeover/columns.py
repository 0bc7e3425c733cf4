import io
from base64 import b64encode

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from odoo import api, fields, models

from ...tools.import_table import heading_of

REQUIRED = frozenset(
    {"number", "received_at", "state", "subject", "description", "category"}
)
MOMENTS = (
    *("occurred_at", "received_at", "dispatched_at", "accepted_at", "deadline"),
    *("resolved_at", "published_at", "closed_at", "rated_at"),
)
LANGUAGES = ("vi_VN", "en_US")


class CivicImport(models.Model):
    """The columns of a file of older cases, and the file to be filled in."""

    _inherit = "civic.import"

    template = fields.Binary(compute="_compute_template", string="File to Fill In")

    @api.model
    def _columns(self):
        """The columns in their order: dict of key → heading for the current user."""
        _ = self.env._
        return {
            "number": _("Old number"),
            "received_at": _("Received at"),
            "state": _("State"),
            "channel": _("Channel"),
            "procedure": _("Procedure"),
            "subject": _("Subject"),
            "description": _("What the citizen wrote"),
            "public_text": _("Text for the public"),
            "category": _("Category"),
            "track": _("Track"),
            "visibility": _("Visibility"),
            "occurred_at": _("Happened at"),
            "address": _("Place"),
            "ward": _("Ward or commune"),
            "latitude": _("Latitude"),
            "longitude": _("Longitude"),
            "agency": _("Agency"),
            "dispatched_at": _("Dispatched at"),
            "accepted_at": _("Taken in by the agency at"),
            "deadline": _("Deadline of the agency"),
            "resolved_at": _("Result approved at"),
            "result": _("Result"),
            "published_at": _("Published at"),
            "closed_at": _("Ended at"),
            "reason": _("Ground of refusal or cancellation"),
            "rating": _("Rating"),
            "rating_comment": _("Words of the rating"),
            "rated_at": _("Rated at"),
            "name": _("Sender's name"),
            "phone": _("Sender's telephone"),
            "email": _("Sender's e-mail"),
            "reporter_address": _("Sender's address"),
            "citizen_id": _("Sender's identity number"),
            "is_organisation": _("Organisation"),
            "files": _("Files"),
        }

    @api.model
    def _column_help(self):
        """What is to be written in which column, for the second sheet."""
        _ = self.env._
        moment = _("Day and time, like 25/03/2024 14:30; the day alone will do.")
        return {
            "number": _("The number in the older system: it is taken in only once."),
            "procedure": _("Code of the regulation; empty: the one chosen."),
            "channel": _("Name or code; empty: the one chosen."),
            "category": _("Name or code, as in the configuration."),
            "ward": _("Name or code, as in the configuration; older ones too."),
            "agency": _("Name or code, as in the configuration; older ones too."),
            "state": ", ".join(self._state_names().values()),
            "track": ", ".join(self._labels("civic.report", "track").values()),
            "visibility": _(
                "%s; empty: private, nothing is shown to the public.",
                ", ".join(self._labels("civic.report", "visibility").values()),
            ),
            "public_text": _(
                "The edited text that everybody may read; what the citizen wrote is "
                "never shown."
            ),
            "deadline": _("As it was; empty: counted by the regulation."),
            "rating": _("Level of the regulation's scale."),
            "is_organisation": _("x for an organisation."),
            "files": _(
                "Names within the archive or folder, with ; between them. Files in a "
                "folder called like the old number need not be named."
            ),
            **{key: moment for key in MOMENTS if key != "deadline"},
        }

    @api.model
    def _state_names(self):
        """States in which a case can be taken over: dict of key → label."""
        labels = self._labels("civic.report", "state")
        return {key: labels[key] for key in self._importable_states()}

    @api.model
    def _labels(self, model, name):
        return dict(self.env[model]._fields[name]._description_selection(self.env))

    @api.model
    def _headings(self):
        """What a heading may be called: its key and its words in either language.

        :return: dict as of `import_table.read_table`
        """
        headings = {}
        for lang in LANGUAGES:
            for key, label in self.with_context(lang=lang)._columns().items():
                headings[heading_of(label)] = key
                headings[heading_of(key)] = key
        return headings

    # ------------------------------------------------------------------
    # The file to fill in
    # ------------------------------------------------------------------

    @api.depends_context("lang")
    def _compute_template(self):
        content = b64encode(self._template_file())
        for row in self:
            row.template = content

    @api.model
    def _template_file(self):
        """A workbook with the headings, what they mean, and what may be chosen.

        :return: bytes
        """
        book = Workbook()
        sheet = book.active
        sheet.title = self.env._("Cases")
        for column, (key, label) in enumerate(self._columns().items(), start=1):
            cell = sheet.cell(1, column, f"{label} *" if key in REQUIRED else label)
            cell.font = Font(bold=True)
            if key in REQUIRED:
                cell.fill = PatternFill("solid", fgColor="FFF2CC")
            letter = get_column_letter(column)
            sheet.column_dimensions[letter].width = max(14, len(label) + 4)
            # Text: a spreadsheet would take the nought from numbers.
            sheet.column_dimensions[letter].number_format = "@"
        sheet.freeze_panes = "B2"
        self._add_explanations(book)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    @api.model
    def _add_explanations(self, book):
        sheet = book.create_sheet(self.env._("How to fill in"))
        helps = self._column_help()
        for key, label in self._columns().items():
            needed = self.env._("required") if key in REQUIRED else ""
            sheet.append([label, needed, helps.get(key, "")])
        for letter, width in zip("ABC", (34, 12, 90), strict=True):
            sheet.column_dimensions[letter].width = width
