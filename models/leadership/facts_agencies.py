from odoo import api, models
from odoo.tools import SQL

from ..workflow.transitions import ANSWERING, RETURNING
from .facts_sql_beside import COUNT_BESIDE, COUNT_DIRECTIVES
from .facts_sql_parts import COUNT_PARTS

# What is said of agencies. Balance: carried + given + reopened is returned + dropped +
# done + open.
AGENCY_FIGURES = (
    *("carried", "given", "reopened", "returned", "returned_late", "dropped", "done"),
    *("on_time", "late", "dropped_late", "no_limit", "open", "overdue"),
    *("extended", "extended_open", "fixed", "asked", "unanswered"),
    *("recurred", "recurred_over", "urged", "directives", "directives_open"),
    *("rated", "satisfied", "accepted", "co_given", "co_done"),
)
ROLES = (*ANSWERING, "co")
OF_CO = {"given": "co_given", "done": "co_done"}


def empty_agency():
    return {**dict.fromkeys(AGENCY_FIGURES, 0), "oldest_days": None}


class CivicFacts(models.AbstractModel):
    """What is counted of agencies: matters in which they lead or answer for a part;
    what they do for a lead is counted apart."""

    _inherit = "civic.facts"

    @api.model
    def _agency_at(self, counted, agency_id):
        return counted["agency"].setdefault(agency_id, empty_agency())

    @api.model
    def _count_agencies(self, scope):
        counted = {"agency": {}}
        scope = {
            **scope,
            "roles": ROLES,
            "returning": RETURNING,
            "agencies": self._agency_condition(scope),
        }
        for row in self._rows(COUNT_PARTS, scope):
            figures = self._agency_at(counted, row["agency_id"])
            if row["is_co"]:
                figures.update((to, row[name]) for name, to in OF_CO.items())
                continue
            figures.update((n, int(row[n] or 0)) for n in AGENCY_FIGURES if n in row)
            oldest = row["oldest_days"]
            figures["oldest_days"] = None if oldest is None else float(oldest)
        for row in self._rows(COUNT_BESIDE, scope):
            if self._is_chosen(scope, row["agency_id"]):
                figures = self._agency_at(counted, row["agency_id"])
                figures[row["name"]] += int(row["number"])
        self._add_directives(scope, counted)
        return counted

    @api.model
    def _agency_condition(self, scope):
        ids = scope["agency_ids"]
        return SQL("stood.agency_id IN %s", ids) if ids else SQL("TRUE")

    @api.model
    def _is_chosen(self, scope, agency_id):
        return not scope["agency_ids"] or agency_id in scope["agency_ids"]

    @api.model
    def _add_directives(self, scope, counted):
        """Directives that went to agencies, and those past their day without answer."""
        statement = SQL(
            COUNT_DIRECTIVES,
            company=scope["company"],
            start=scope["start"],
            end=scope["end"],
        )
        for agency_id, issued, unanswered in self.env.execute_query(statement):
            if self._is_chosen(scope, agency_id):
                figures = self._agency_at(counted, agency_id)
                figures["directives"] = issued
                figures["directives_open"] = unanswered
