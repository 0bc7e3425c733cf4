from odoo import api, models
from odoo.exceptions import UserError

from ...tools.matching import VERY_LIKELY
from ...tools.text import clean
from ..report.form import is_id
from ..report.report import MAX_SUBJECT

# As much of a text is read for suggestions.
MAX_SKETCH = 2000
# Fewer letters tell nothing yet.
MIN_SKETCH = 4


class DuplicatesOffered(UserError):
    """Reports that a citizen may follow instead of sending the same again.

    :param rows: list of `Offer`
    """

    def __init__(self, message, rows):
        super().__init__(message)
        self.rows = rows


class CivicForm(models.AbstractModel):
    """What the form says while a report is being written; nothing is kept of it."""

    _inherit = "civic.form"

    @api.model
    def _sketch_suggestion_sudo(self, company, sketch):
        """A category for what has been written so far.

        :param sketch: dict as a form's script sent it
        :return: see `_suggest_category_sudo`
        """
        values = self._read_sketch_sudo(company, sketch)
        if len(values["subject"]) + len(values["description"]) < MIN_SKETCH:
            return {}
        return self.env["civic.matching"]._suggest_category_sudo(company, values)

    @api.model
    def _sketch_duplicates_sudo(self, company, sketch):
        """Published reports of what may be the same matter as what is being written.

        :param sketch: dict as a form's script sent it
        :return: list of `Offer`
        """
        values = self._read_sketch_sudo(company, sketch)
        if len(values["subject"]) + len(values["description"]) < MIN_SKETCH:
            return []
        return [
            self._offer_values(row)
            for row in self.env["civic.matching"]._similar_published_sudo(
                company, values
            )
        ]

    @api.model
    def _offer_values(self, row):
        """What the form shows of a report that may be the same matter.

        :param row: `Near`
        :return: `Offer`
        """
        return {
            "path": row["path"],
            "code": row["code"],
            "subject": row["subject"],
            "place": row["address"] or row["ward"],
            "state": row["state_label"],
            "picture": next(iter(row["pictures"]), ""),
            "distance": ""
            if row["distance"] is None
            else self.env._("about %s m away", round(row["distance"])),
        }

    @api.model
    def _check_offers_sudo(self, values, company):
        """Offer what is very likely the same matter, once, before a report is made.

        :raises DuplicatesOffered: when there is any
        """
        # What is not shown to the public is not told to a sender either.
        rows = self.env["civic.matching"]._similar_published_sudo(
            company, values, at_least=VERY_LIKELY
        )
        if rows:
            raise DuplicatesOffered(
                self.env._("Somebody may have reported this already."),
                [self._offer_values(row) for row in rows],
            )

    @api.model
    def _form_questions_sudo(self, company, category_id):
        """What the form asks about a category that it offers.

        :param category_id: as the browser sent it
        :return: list of questions, see `civic.category._questions`
        """
        # sudo: what is asked is public, whatever the visitor's account may read
        model = self.sudo().with_company(company)
        found = model._read_link("civic.category", {"id": category_id or ""}, "id", {})
        return model.env["civic.category"].browse(found or [])._questions()

    @api.model
    def _read_sketch_sudo(self, company, sketch):
        """What is known so far; what makes no sense is left out."""
        # sudo: only to look up whether a choice is offered
        model = self.sudo().with_company(company)
        sketch = {
            name: str(value)
            for name, value in sketch.items()
            if value not in (None, "")
        }
        values = {
            "subject": clean(sketch.get("subject", "")[:MAX_SUBJECT], multiline=False),
            "description": clean(sketch.get("description", "")[:MAX_SKETCH]),
            "address": clean(sketch.get("address", "")[:300], multiline=False),
            **model._read_position(sketch, {}),
        }
        for name, kind in (
            ("category_id", "civic.category"),
            ("ward_id", "civic.ward"),
        ):
            known = is_id(sketch.get(name, ""))
            values[name] = known and model._read_link(kind, sketch, name, {})
        return values
