from odoo import api, models
from odoo.tools import SQL

from ..workflow.step import OPTIONAL_CODES
from ..workflow.transitions import ANSWERING, APPROVING, HANDLING
from .facts_reports import _of
from .facts_sql import COUNTED_AS
from .facts_sql_late import LATE_CENTRE, LATE_PARTS, STUCK
from .facts_sql_reports import LIST_REPORTS

# More than these nobody reads in one list.
MOST = 2000
MOST_COUNTED = 10_000


class CivicFacts(models.AbstractModel):
    """Which matters figures are about; none of them secret."""

    _inherit = "civic.facts"

    @api.model
    def _late_matters(
        self,
        company,
        period,
        *,
        agency_ids=None,
        domain=None,
        assignment_ids=None,
        limit=MOST,
    ):
        """What was open past its deadline at the end of a period, and results in it
        that were late; what is open first, the latest first.

        It is narrowed before it is cut: of what was asked for nothing is missing while
        there is room.

        :param agency_ids: of these agencies alone; by default of all, and of the Centre
        :param domain: what else is asked of the reports, see `_count`
        :param assignment_ids: of these alone, and of no duty of the Centre
        :param limit: how many at most
        :return: list of dicts: assignment_id, report_id, agency_id (0: the Centre),
            code of the report, given_at, deadline, done_at, days_late (of 24 hours),
            extended_to (date), step (the duty open at the end), handler_id, leader_id,
            is_private (its words are told to nobody outside)
        """
        self.env.flush_all()
        domain = {**(domain or {}), **({"agency": agency_ids} if agency_ids else {})}
        scope = {
            **self._scope(company, period, domain, self.env["civic.door"]._now()),
            "roles": ANSWERING,
            "agencies": SQL("TRUE"),
            "optional": tuple(OPTIONAL_CODES),
            "handling": HANDLING,
            "approving": APPROVING,
            "limit": limit,
        }
        scope["agencies"] = self._agency_condition(scope)
        if assignment_ids is not None:
            chosen = SQL("stood.id = ANY(%s)", list(assignment_ids))
            scope["agencies"] = SQL("%s AND %s", scope["agencies"], chosen)
        rows = self._rows(LATE_PARTS, scope)
        if not domain.get("agency") and assignment_ids is None:
            rows += self._rows(LATE_CENTRE, scope)
        for row in rows:
            row["days_late"] = float(row["days_late"] or 0)
        rows.sort(key=lambda row: (bool(row["done_at"]), -row["days_late"]))
        return rows[:limit]

    @api.model
    def _stuck_matters(self, company, period, limit=MOST, *, domain=None):
        """What waited for the province at the end of a period, the eldest first.

        :param domain: what is asked of the reports, see `_count`
        :return: list of dicts: report_id, since, what (designate or disagree), agencies
            (ids of those that had it)
        """
        self.env.flush_all()
        now = self.env["civic.door"]._now()
        scope = {**self._scope(company, period, domain, now), "limit": limit}
        return self._rows(STUCK, _of(STUCK, scope))

    @api.model
    def _counted_reports(self, company, period, figure, limit=MOST_COUNTED):
        """Which reports a figure of the whole counts, the secret ones with them.

        :param figure: one of `COUNTED_AS`
        :return: list of ids
        """
        self.env.flush_all()
        now = self.env["civic.door"]._now()
        scope = {
            **self._scope(company, period, None, now),
            "counted_as": COUNTED_AS[figure],
            "limit": limit,
        }
        return [row["id"] for row in self._rows(LIST_REPORTS, scope)]
