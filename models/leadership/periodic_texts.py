from odoo import models
from odoo.exceptions import MissingError, UserError

from ...tools.text import clean
from ..ground.guard import check_length, id_of, required_text

# Texts that people write.
WORDS = ("opening", "difficulties", "proposals")
MOST_WORDS = 20_000
# Of one note, and of all that one line bears: they are one cell, of which a spreadsheet
# keeps 32,767 letters and loses the rest unsaid; an emoji is two.
MOST_NOTE, MOST_CELL = 2000, 16_000


class CivicPeriodicReport(models.Model):
    """What people write: the texts of a report, and notes to its lines."""

    _inherit = "civic.periodic.report"

    def save_words(
        self,
        opening=None,
        difficulties=None,
        proposals=None,
        recipients=None,
        copies=None,
    ):
        """Keep the texts that people write; those that are not given stay.

        :param opening, difficulties, proposals: texts
        :param recipients, copies: one a line
        """
        self.ensure_one()
        report = self._enter("save_words")
        given = {
            "opening": opening,
            "difficulties": difficulties,
            "proposals": proposals,
            "recipients": recipients,
            "copies": copies,
        }
        values = {
            name: check_length(self.env, clean(text), MOST_WORDS) or False
            for name, text in given.items()
            if isinstance(text, str)
        }
        report._check_names_nobody([values.get(name) for name in WORDS])
        report._walk("save_words", {**values, "drafted_by_id": self.env.uid})
        return True

    def note_line(self, line_id, text):
        """Add a note to a line; the line itself stays as it was counted.

        :param line_id: id of a line of this report
        """
        self.ensure_one()
        report = self._enter("note_line")
        text = required_text(self.env, text, self.env._("the note"))
        check_length(self.env, text, MOST_NOTE)
        report._check_names_nobody([text])
        line = report.line_ids.filtered(lambda row: row.id == id_of(line_id))
        if not line:
            raise MissingError(self.env._("Not found: choose a line of this report."))
        told = report._notes_by_row().get((line.dimension, line.key), "")
        if len(told) + len(text) > MOST_CELL:
            raise UserError(
                self.env._(
                    "This line has its fill of notes: write the rest into the "
                    "difficulties or proposals."
                )
            )
        self.env["civic.periodic.note"].with_env(report.env).create(
            {
                "report_id": report.id,
                "company_id": report.company_id.id,
                "dimension": line.dimension,
                "key": line.key,
                "text": text,
                "user_id": self.env.uid,
                "at": self._now(),
            }
        )
        report._walk("note_line", {"drafted_by_id": self.env.uid}, note=line.label)
        return True

    def _check_names_nobody(self, texts):
        """Documents of all kinds are without who sent a report."""
        reports = self.env["civic.report"]
        reports._check_words_to_agencies(texts, self.company_id, reports)
