from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from ..ground.numbering import next_number

OFFICIAL_FORMS = ("official", "official_qn")


class CivicAssignment(models.Model):
    """Numbers of official letters: from 01 each year, by agency, without gaps or
    doubles (Nghị định 30/2020/NĐ-CP, Điều 15)."""

    _inherit = "civic.assignment"

    letter_number = fields.Char(readonly=True, copy=False)
    letter_date = fields.Date(readonly=True, copy=False)
    letter_year = fields.Integer(readonly=True, copy=False)
    letter_sequence = fields.Integer(readonly=True, copy=False)

    _letter_once = models.UniqueIndex(
        "(agency_id, letter_year, letter_sequence) WHERE letter_sequence > 0",
        "This letter number is taken.",
    )

    def _react_number_letter(self, act):
        self._number_letters()

    def _number_letters(self):
        """Give approved results that become official letters their number and date.

        A result that was sent back after its approval keeps its number.
        """
        due = self.filtered(
            lambda row: (
                not row.letter_number
                and row.role != "co"
                and row.report_id.procedure_id.letter_form in OFFICIAL_FORMS
            )
        )
        by_agency = defaultdict(self.browse)
        for assignment in due:
            by_agency[assignment.agency_id] |= assignment
        # In the order of ids, so that two batches never wait for each other.
        for agency in sorted(by_agency, key=lambda row: row.id):
            rows = by_agency[agency]
            today = rows[:1].company_id._civic_today()
            first = agency._next_letter(today.year)
            for sequence, assignment in enumerate(rows, start=first):
                assignment.write(
                    {
                        "letter_sequence": sequence,
                        "letter_year": today.year,
                        "letter_date": today,
                        "letter_number": agency._letter_number(sequence),
                    }
                )
            # Written now: a second batch of this transaction counts from here.
            rows.flush_recordset(["letter_sequence", "letter_year"])


class CivicAgency(models.Model):
    _inherit = "civic.agency"

    letter_symbol = fields.Char(
        help="What follows the number of a letter, such as SXD-PAHT; empty: the code."
    )

    def _letter_number(self, sequence):
        """Số: 07/SXD (two digits at least)."""
        return f"{sequence:02d}/{self._letter_mark()}"

    def _letter_mark(self):
        return self.letter_symbol or self.code or "PAHT"

    def _next_letter(self, year):
        """The number after the last one that this agency used in a year."""
        self.ensure_one()
        return next_number(
            self.env, (self.id, year), lambda cr: self._last_letter(cr, year)
        )

    def _last_letter(self, cr, year):
        cr.execute(
            SQL(
                """
                SELECT max(letter_sequence) FROM civic_assignment
                 WHERE agency_id = %s AND letter_year = %s
                """,
                self.id,
                year,
            )
        )
        return cr.fetchone()[0] or 0
