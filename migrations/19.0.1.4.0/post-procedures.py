"""Figures of one regulation were the defaults of all: what a text does not say goes
from the procedures that never changed them, and so do the locks that came of it."""

from odoo import SUPERUSER_ID, api

# Sóc Trăng's, whose procedures name the article on conduct.
CONDUCT = {
    "violation_limit": 3,
    "follow_up_violation_limit": 3,
    "follow_up_violation_months": 1,
    "follow_up_lock_months": 1,
    "satisfaction_threshold": 70,
    "recurrence_limit": 3,
    "unanswered_threshold": 30,
    "late_return_threshold": 20,
    "sent_back_threshold": 20,
    "recurring_threshold": 20,
    "directive_limit": 3,
}
# Of the regulations that give a time to replace focal people.
ROSTER = ("HUE", "ST")


def migrate(cr, version):
    _clear_conduct(cr)
    _clear_roster(cr)
    _clear_lapse(cr)
    _let_penalties_lift(cr)
    _copy_grounds(cr)
    _confirm_penalties(cr)
    _say_how_verified(cr)
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.registry.clear_cache()
    _lift_locks(env)


def _clear_conduct(cr):
    """Figures of conduct, where the text names no article on it."""
    for column, figure in CONDUCT.items():
        cr.execute(
            f"""
            UPDATE civic_procedure SET {column} = NULL
             WHERE {column} = %s AND COALESCE(violation_source, '') = ''
            """,
            [figure],
        )


def _clear_roster(cr):
    """The time to replace focal people, where the text gives none."""
    cr.execute(
        """
        UPDATE civic_procedure SET roster_days = NULL
         WHERE roster_days = 7 AND code NOT IN %s
           AND COALESCE(violation_source, '') = ''
        """,
        [ROSTER],
    )


def _clear_lapse(cr):
    """No time to answer a request for a supplement: nothing lapses."""
    cr.execute(
        """
        UPDATE civic_procedure SET supplement_lapse = NULL
         WHERE supplement_lapse = 'cancel'
           AND NOT EXISTS (
                   SELECT FROM civic_procedure_limit
                    WHERE procedure_id = civic_procedure.id AND step = 'supplement')
        """
    )


def _let_penalties_lift(cr):
    """Copies of those whose text lets a penalty lift the limit."""
    cr.execute(
        "UPDATE civic_procedure SET penalty_lifts_limit = TRUE "
        "WHERE code IN ('HUE', 'BG')"
    )


def _copy_grounds(cr):
    """Procedures get the grounds of the regulation that they are a copy of."""
    cr.execute(
        """
        INSERT INTO civic_procedure_reason_rel (procedure_id, reason_id)
        SELECT own.id, rel.reason_id
          FROM civic_procedure own
          JOIN civic_procedure shipped ON shipped.code = own.code
                                      AND shipped.company_id IS NULL
          JOIN civic_procedure_reason_rel rel ON rel.procedure_id = shipped.id
         WHERE own.company_id IS NOT NULL
            ON CONFLICT DO NOTHING
        """
    )


def _confirm_penalties(cr):
    """Penalties so far were marked by the handler alone."""
    cr.execute(
        "UPDATE civic_assignment SET penalty_state = 'confirmed', "
        "penalty_confirmed_at = write_date "
        "WHERE penalty_procedure AND penalty_state IS NULL"
    )


def _say_how_verified(cr):
    """Verified until now by what the procedure took for it."""
    cr.execute(
        "UPDATE civic_reporter SET verified_by = 'other' "
        "WHERE verified AND verified_by IS NULL"
    )


def _lift_locks(env):
    """Locks that the count alone made, where the text knows none."""
    env = env["civic.report"]._elevated().env
    now = env["civic.door"]._now()
    locks = env["civic.lock"].search(
        [("locked_by_id", "=", False), ("ended_at", "=", False), ("until", ">", now)]
    )
    limits = {"account": "violation_limit", "follow_up": "follow_up_violation_limit"}
    for lock in locks:
        reporter = lock.reporter_id
        if not reporter._lock_procedure()[limits[lock.what]]:
            reason = env._("The regulation knows no lock by the number of violations.")
            reporter._unlock(lock, reporter._latest_report(), reason, is_void=True)
