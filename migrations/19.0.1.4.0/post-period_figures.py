"""Copies of regulations get what the shipped ones say of periods, where they say
nothing: their reports are due before a calendar month ends. Until when agencies had
time is told by the history."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.sql import column_exists

CUTOFF = 14
CLOSED_IN_THE_MONTH = ("HUE", "QN", "BP")
LIFTED = ("HUE", "BG")
FORMER = "month_due_day"


def migrate(cr, version):
    cr.execute(
        SQL(
            """
            UPDATE civic_procedure SET period_cutoff_day = %s
             WHERE COALESCE(period_cutoff_day, 0) = 0 AND %s AND %s
            """,
            CUTOFF,
            _of_regulations(CLOSED_IN_THE_MONTH),
            _due_after_it(cr),
        )
    )
    cr.execute(
        SQL(
            """
            UPDATE civic_procedure SET penalty_lifts_agency_deadline = TRUE
             WHERE penalty_lifts_limit AND %s
            """,
            _of_regulations(LIFTED),
        )
    )
    api.Environment(cr, SUPERUSER_ID, {})["civic.agency.deadline"]._fill_all()


def _of_regulations(codes):
    """The shipped procedures and, by the decision behind them, their copies."""
    return SQL(
        """
        (code IN %(codes)s
         OR decision_number IN (SELECT shipped.decision_number
                                  FROM civic_procedure shipped
                                 WHERE shipped.code IN %(codes)s
                                   AND shipped.company_id IS NULL))
        """,
        codes=codes,
    )


def _due_after_it(cr):
    """Whose report of a month was due before the cut-off keeps the calendar's months.
    The column is dropped only after the migrations."""
    if not column_exists(cr, "civic_procedure", FORMER):
        return SQL("TRUE")
    return SQL("COALESCE(%s, 0) NOT BETWEEN 1 AND %s", SQL.identifier(FORMER), CUTOFF)
