"""The one door through which reports and assignments change state.

A verb is a public method of a model. It calls :meth:`CivicDoor._enter`, checks its own
arguments, then calls :meth:`CivicDoor._walk`. Both read the table of transitions
(:mod:`.transitions`); nothing else in the module writes a guarded field.
"""

from dataclasses import dataclass
from datetime import datetime

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, LockError, MissingError, UserError

from .limit import has_passed
from .transitions import TRANSITIONS

# An object that RPC cannot send: only code of this process can hold it.
_KEY = object()


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


class CivicDoor(models.AbstractModel):
    _name = "civic.door"
    _inherit = ["civic.links", "mail.activity.mixin"]
    _description = "Workflow door"

    # Record rules and the check of companies see to the many2ones of a new record.
    _links_on_create = frozenset({"many2many"})
    # What people may write directly; every other field is written by transitions.
    _editable_fields = frozenset()
    _creatable_fields = frozenset()

    deadline = fields.Datetime(
        "Due", readonly=True, copy=False, help="End of the duty in force."
    )
    overdue_from = fields.Datetime(
        readonly=True,
        copy=False,
        help="The deadline and the grace that the procedure grants.",
    )
    clock_started_at = fields.Datetime("Clock Started", readonly=True, copy=False)
    clock_code = fields.Selection(
        selection=lambda self: self.env["civic.step"]._selection_code(),
        string="Duty in Force",
        readonly=True,
        copy=False,
    )
    is_untimed = fields.Boolean(
        "Without a Deadline",
        readonly=True,
        copy=False,
        help="The duty in force has a limit that cannot be counted: its calendar has "
        "no working time.",
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    time_left = fields.Char(compute="_compute_time_left")

    # ------------------------------------------------------------------
    # Time
    # ------------------------------------------------------------------

    def _now(self):
        """The moment at which a transition happens, naive UTC."""
        clock = self.env.context.get("civic_clock")
        # A date sent over RPC is no Clock, so nobody can date an act back.
        return clock.at if isinstance(clock, Clock) else fields.Datetime.now()

    @api.depends("overdue_from")
    def _compute_is_overdue(self):
        now = self._now()
        for record in self:
            record.is_overdue = has_passed(record.overdue_from, now)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Only open duties have a clock on the record, so "not late" is the rest.
        late = [("overdue_from", "<", self._now())]
        on_time = [
            "|",
            ("overdue_from", "=", False),
            ("overdue_from", ">=", self._now()),
        ]
        wanted = set(value)
        if wanted >= {True, False}:
            return [(1, "=", 1)]
        return late if True in wanted else on_time

    @api.depends("deadline")
    @api.depends_context("lang", "tz")
    def _compute_time_left(self):
        now = self._now()
        for record in self:
            record.time_left = self.env["civic.step"]._time_left_words(
                record.deadline, now
            )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def _elevated(self):
        """These records, with the key of the door and rights to write behind it."""
        # sudo: the door has checked role, agency and state; record rules let nobody
        # write guarded fields directly.
        return self.sudo().with_context(civic_door=_KEY)

    def _check_guarded(self, names, allowed):
        """Refuse to write behind the door's back.

        :raises UserError: naming the fields
        """
        guarded = set(names) - allowed
        if guarded and not is_inside(self.env):
            labels = [
                self._fields[name]._description_string(self.env)
                for name in sorted(guarded & set(self._fields))
            ]
            raise UserError(
                self.env._(
                    "%(fields)s changes only through the actions of the workflow: use "
                    "the buttons of the form.",
                    fields=", ".join(labels),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        free = self._editable_fields | self._creatable_fields
        for vals in vals_list:
            self._check_guarded(vals, free)
        # A caller's context gives no defaults to what the workflow writes.
        context = {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_") or key.removeprefix("default_") in free
        }
        clean = self.with_env(self.env(context=context))
        return super(CivicDoor, clean).create(vals_list)

    def write(self, vals):
        self._check_guarded(vals, self._editable_fields)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Reports and assignments are kept for the record and cannot be "
                "deleted. Refuse or cancel the report instead."
            )
        )

    @api.private
    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Nobody follows: followers give away who is concerned."""
        return True

    # ------------------------------------------------------------------
    # The door
    # ------------------------------------------------------------------

    @api.model
    def _transition(self, verb):
        return TRANSITIONS[self._name, verb]

    def _enter(self, verb):
        """Check that the current user may do `verb` on all of these records now.

        :param verb: name of a transition of this model
        :return: the records, locked and elevated
        :raises MissingError: for ids that do not exist or that the user may not see
        :raises AccessError: when the user has no role that may do it
        :raises UserError: when the state does not allow it, or somebody else is at it
        """
        transition = self._transition(verb)
        self._check_found()
        self._check_roles(transition)
        # Browsed anew: reading one then reads them all, wherever they came from.
        records = self.browse(self.ids)._as_actor()._elevated()
        records._lock_rows()
        records._check_state(transition)
        return records

    def _check_found(self):
        visible = self.exists()
        if not self._has_grant():
            visible = visible._filtered_access("read")
        if not self or visible != self:
            raise MissingError(
                self.env._("Not found: it does not exist or is not yours to see.")
            )

    def _has_grant(self):
        """Whether the caller proved to be the sender; see reports."""
        return False

    def _check_roles(self, transition):
        for record, roles in self._door_roles().items():
            if not roles & transition.actors:
                raise AccessError(
                    self.env._(
                        "%(record)s: “%(action)s” is for %(actors)s only.",
                        record=record.sudo().display_name,
                        action=self._verb_label(transition.verb),
                        actors=self._actor_labels(transition.actors),
                    )
                )

    def _door_roles(self):
        """What the current user is to each record.

        :return: dict record → set of role names used by the table of transitions
        """
        user = self.env.user
        common = set()
        if self.env.uid == SUPERUSER_ID:
            common.add("system")
        for role in ("operator", "centre_manager", "province_leader"):
            if user.has_group(f"civic_report.group_{role}"):
                common.add(role)
        own = self._own_roles()
        return {record: common | own.get(record, set()) for record in self}

    def _own_roles(self):
        """Roles that come from the records themselves: their agency, their sender.

        :return: dict record → set of role names
        """
        return {}

    def _as_actor(self):
        """The environment in which the transition writes; see reports."""
        return self

    def _lock_rows(self):
        lock_rows(self)

    def _check_state(self, transition):
        for record in self:
            if record.state not in transition.sources:
                raise UserError(record._state_error(transition))

    def _state_error(self, transition):
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(record)s is “%(state)s”: “%(action)s” is possible only from %(states)s.",
            record=self.display_name,
            state=labels[self.state],
            action=self._verb_label(transition.verb),
            states=", ".join(
                f"“{label}”"
                for key, label in labels.items()
                if key in transition.sources
            ),
        )

    def _walk(self, verb, values=None, note=None, event_values=None):
        """Make the transition: state, steps, event. Call it on what `_enter` gave.

        :param verb: name of a transition of this model
        :param values: dict written with the state
        :param note: what the event says (reason, message)
        :param event_values: more values of the event
        :return: the records, elevated
        """
        assert is_inside(self.env), "only _enter opens the door"
        transition = self._transition(verb)
        before = {record.id: record.state for record in self}
        values = dict(values or {})
        if transition.target:
            values["state"] = transition.target
        if values:
            self.write(values)
        steps = self.env["civic.step"]
        steps._end(self, transition.ends, "done")
        steps._end(self, transition.drops, "dropped")
        self._open_steps(transition.opens)
        self._record_event(transition, before, note, event_values)
        self._refresh_clock()
        return self

    def _open_steps(self, codes):
        """Open the duties of a transition, clocks running from now."""
        if not codes:
            return self.env["civic.step"]
        return self.env["civic.step"]._open(
            [
                record._prepare_step(code)
                for record in self
                for code in record._due_steps(codes)
            ]
        )

    def _due_steps(self, codes):
        """Those of a transition's duties that this record's procedure knows, by the
        names that they have on this record."""
        return codes

    def _prepare_step(self, code):
        """Values of a new step of this record."""
        raise NotImplementedError

    def _record_event(self, transition, before, note, event_values):
        now = self._now()
        self.env["civic.event"]._log(
            [
                {
                    "code": transition.verb,
                    "at": now,
                    "from_state": before[record.id],
                    "to_state": record.state,
                    "note": note,
                    "is_public": transition.is_public,
                    **record._event_target(),
                    **(event_values or {}),
                }
                for record in self
            ]
        )

    def _event_target(self):
        raise NotImplementedError

    def _refresh_clock(self):
        """Copy the duty in force, the one due first, onto the record."""
        raise NotImplementedError

    def _show_clock(self, step):
        """Keep what lists and boards sort and colour by.

        :param step: the open duty due first; empty when none is open
        """
        self.write(
            {
                "clock_code": step.code,
                "clock_started_at": step.started_at,
                "deadline": step.deadline,
                "overdue_from": step.overdue_from,
                "is_untimed": step.is_untimed,
            }
        )

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    @api.model
    def _verb_label(self, verb):
        return self.env["civic.event"]._code_label(verb)

    @api.model
    def _actor_labels(self, actors):
        labels = {
            "operator": self.env._("intake operators"),
            "centre_manager": self.env._("Centre managers"),
            "province_leader": self.env._("province leaders"),
            "coordinator": self.env._("the coordinating agency"),
            "handler": self.env._("handlers of the agency"),
            "leader": self.env._("leaders of the agency"),
            "reporter": self.env._("the citizen who sent it"),
            "system": self.env._("the system"),
            "named": self.env._("the persons named in the request"),
            "asker": self.env._("whoever asked for it"),
        }
        return ", ".join(labels[actor] for actor in labels if actor in actors)
