from datetime import datetime

from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.periodic_columns import day_text


class CivicBoard(models.AbstractModel):
    """What is shown, as sheets of a workbook: the same figures, from the same rows."""

    _inherit = "civic.board"

    @api.model
    def _sheets(self, kind, period):
        """The tables of a screen.

        :param kind: see `read_page`, as well for who may have them
        :return: list of (title, head, rows), all plain values
        """
        if kind == "wall":
            raise AccessError(self.env._("A wall only shows."))
        page = self.read_page(kind, period)
        sheets = [self._sheet_figures(page), self._sheet_now(page)]
        sheets.append(self._sheet_agencies(page))
        if kind == "unit":
            sheets.append(self._sheet_people(page))
        else:
            sheets += [self._sheet_wards(page), self._sheet_categories(page)]
        return [*sheets, self._sheet_trend(page), self._sheet_matters(page)]

    @api.model
    def _sheet_figures(self, page):
        _ = self.env._
        first, last = (day_text(page["period"][name]) for name in ("from", "to"))
        about = f"{first} – {last}"
        rows = [
            (
                row["label"],
                row["value"],
                row.get("part"),
                row.get("whole"),
                row["last"],
            )
            for row in page["figures"]
        ]
        return (
            _("Period"),
            (
                f"{page['period']['label']} ({about})",
                page["period"]["label"],
                _("Part"),
                _("Of"),
                page["last"]["label"],
            ),
            rows,
        )

    @api.model
    def _sheet_now(self, page):
        _ = self.env._
        head = (
            *(_("As of now"), self._sheet_moment(page["counted_at"])),
            *(_("Oldest since"), _("Nearest day")),
        )
        rows = [
            (
                *(row["label"], row["value"]),
                self._sheet_moment(row["since"]),
                self._sheet_moment(row["due"], is_deadline=True),
            )
            for row in page["tiles"]
        ]
        return _("Now"), head, rows

    @api.model
    def _sheet_moment(self, text, is_deadline=False):
        """A moment as it is read in the province: a workbook has no reader's clock.

        :param text: of UTC, as pages have it; empty for none
        """
        moment = datetime.fromisoformat(text.removesuffix("Z")) if text else None
        company = self.env.company
        if is_deadline and moment:
            return company._civic_deadline_text(moment)
        return company._civic_moment_text(moment)

    @api.model
    def _sheet_agencies(self, page):
        _ = self.env._
        groups = self._group_labels()
        head = (
            *(_("Group"), _("Rank"), _("Agency"), _("Parts given"), _("Results")),
            *(_("Late"), _("On time (%)"), _("Ratings"), _("Satisfied (%)")),
            *(_("In hand now"), _("Overdue now"), _("Marked for")),
        )
        rows = [
            (
                *(groups.get(row["group"], ""), row["place"], row["name"]),
                *(row["given"], row["done"], row["late"], row["on_time"]["value"]),
                *(row["satisfied"].get("whole", 0), row["satisfied"]["value"]),
                *(row["open"], row["overdue"], "; ".join(row["marks"])),
            )
            for row in page["agencies"]
        ]
        return _("Agencies"), head, rows

    @api.model
    def _sheet_people(self, page):
        _ = self.env._
        names = ("name", "open", "overdue", "due_today", "submitted", "sent_back")
        head = (
            *(_("Person"), _("In hand"), _("Overdue"), _("Due today")),
            *(_("Waiting for approval"), _("Sent back")),
        )
        return (
            _("People"),
            head,
            [tuple(row[name] for name in names) for row in page["people"]],
        )

    @api.model
    def _sheet_wards(self, page):
        _ = self.env._
        names = ("name", "open", "overdue", "received", "done", "on_time")
        head = (
            *(_("Ward or commune"), _("In hand now"), _("Overdue now")),
            *(_("Received"), _("Answered"), _("On time (%)")),
        )
        return (
            _("Wards"),
            head,
            [tuple(row[name] for name in names) for row in page["wards"]],
        )

    @api.model
    def _sheet_categories(self, page):
        _ = self.env._
        names = ("name", "received", "done", "open", "overdue", "on_time")
        head = (
            *(_("Category"), _("Received"), _("Answered")),
            *(_("In hand at the end"), _("Overdue at the end"), _("On time (%)")),
        )
        return (
            _("Categories"),
            head,
            [tuple(row[name] for name in names) for row in page["categories"]],
        )

    @api.model
    def _sheet_trend(self, page):
        _ = self.env._
        trend = page["trend"]
        names = ("labels", "received", "done", "on_time_rate", "satisfied_rate")
        head = (
            *(_("Period"), _("Received"), _("Answered")),
            *(_("On time (%)"), _("Satisfied (%)")),
        )
        rows = list(zip(*(trend[name] for name in names), strict=True))
        return _("Trend"), head, rows

    @api.model
    def _sheet_matters(self, page):
        _ = self.env._
        labels = {
            "emergencies": _("Emergency"),
            "waiting": _("Waiting for the province"),
            "stuck": _("Overdue at an agency"),
            "centre": _("Overdue at the Centre"),
            "directives": _("Directive without an answer"),
        }
        head = (
            *(_("What"), _("Code"), _("Category"), _("Ward or commune")),
            *(_("Agency"), _("Duty"), _("Held by"), _("Since")),
        )
        names = ("code", "category", "ward", "agency", "duty", "holder")
        rows = [
            (
                labels[what],
                *(matter.get(name) or "" for name in names),
                self._sheet_moment(matter.get("since")),
            )
            for what, matters in page["matters"].items()
            for matter in matters
        ]
        return _("What waits"), head, rows
