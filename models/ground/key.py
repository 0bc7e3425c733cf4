"""The key of the door: what shows that the code that runs was let in."""

from dataclasses import dataclass
from datetime import datetime

from odoo import fields
from odoo.exceptions import LockError, UserError

# An object that RPC cannot send: only code of this process can hold it.
_KEY = object()


def elevated(records):
    """These records, with the key of the door and rights to write behind it."""
    # sudo: whoever asks for the key has checked role and state; record rules let nobody
    # write guarded fields directly.
    return records.sudo().with_context(civic_door=_KEY)


def is_inside(env):
    """Whether the code that runs was let in by the door."""
    return env.context.get("civic_door") is _KEY


def check_inside(env):
    """Refuse whoever comes to the history by another way than the door.

    :raises UserError: always the same words
    """
    if not is_inside(env):
        raise UserError(
            env._("The history is written by the workflow alone: use its actions.")
        )


def lock_rows(records):
    """Lock rows until the transaction ends, and read them anew.

    :raises UserError: somebody else is at them
    """
    try:
        records.lock_for_update()
    except LockError as error:
        raise UserError(
            records.env._(
                "Somebody else is acting on this right now. Wait a moment, reload "
                "and look at the new state."
            )
        ) from error
    records.invalidate_recordset()


@dataclass(frozen=True)
class Clock:
    """A moment other than now, for demo data and imports of older cases."""

    at: datetime


@dataclass(frozen=True)
class CitizenGrant:
    """The right of whoever proved to be the sender of these reports."""

    report_ids: frozenset


def now_of(env):
    """The moment at which what is done now happens, naive UTC."""
    clock = env.context.get("civic_clock")
    # A date sent over RPC is no Clock, so nobody can date an act back.
    return clock.at if isinstance(clock, Clock) else fields.Datetime.now()
