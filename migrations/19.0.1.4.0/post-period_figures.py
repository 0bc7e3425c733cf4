"""Copies of regulations get what the shipped ones say of periods, where they say
nothing: their reports are due before a calendar month ends. Until when agencies had
time is told by the history."""

from odoo import SUPERUSER_ID, api

CUTOFF = 14
CLOSED_IN_THE_MONTH = ("HUE", "QN", "BP")
LIFTED = ("HUE", "BG")


def migrate(cr, version):
    cr.execute(
        """
        UPDATE civic_procedure SET period_cutoff_day = %s
         WHERE COALESCE(period_cutoff_day, 0) = 0 AND code IN %s
           AND COALESCE(month_due_day, 0) NOT BETWEEN 1 AND %s
        """,
        [CUTOFF, CLOSED_IN_THE_MONTH, CUTOFF],
    )
    cr.execute(
        """
        UPDATE civic_procedure SET penalty_lifts_agency_deadline = TRUE
         WHERE penalty_lifts_limit AND code IN %s
        """,
        [LIFTED],
    )
    api.Environment(cr, SUPERUSER_ID, {})["civic.agency.deadline"]._fill_all()
