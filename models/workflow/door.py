"""The one door through which reports, assignments and cases change state.

A verb is a public method of a model. It calls :meth:`CivicDoor._enter`, checks its own
arguments, then calls :meth:`CivicDoor._walk`. Both read the table of transitions
(:mod:`.transitions`); nothing else in the module writes a guarded field.
"""

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError

from ..ground.guard import check_visible, missing
from ..ground.key import elevated, is_inside, lock_rows, now_of
from .guards import PERSONAL
from .reactions import Act, Followed, plan, watched
from .transitions import rows_of


class CivicDoor(models.AbstractModel):
    _name = "civic.door"
    _inherit = ["civic.links"]
    _description = "Workflow door"

    # Record rules and the check of companies see to the many2ones of a new record.
    _links_on_create = frozenset({"many2many"})
    # What people may write directly; every other field is written by transitions.
    _editable_fields = frozenset()
    _creatable_fields = frozenset()

    # ------------------------------------------------------------------
    # Time
    # ------------------------------------------------------------------

    def _now(self):
        """The moment at which a transition happens, naive UTC."""
        return now_of(self.env)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def _elevated(self):
        """These records, with the key of the door and rights to write behind it."""
        return elevated(self)

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

    # ------------------------------------------------------------------
    # The door
    # ------------------------------------------------------------------

    @api.model
    def _transition(self, verb):
        return rows_of(self._name)[verb]

    def _enter(self, verb, besides=()):
        """Check that the current user may do `verb` on all of these records now.

        :param verb: name of a transition of this model
        :param besides: guards that are about another matter than what is done here
        :return: the records, locked and elevated
        :raises MissingError: for ids that do not exist or that the user may not see
        :raises AccessError: when the user has no role that may do it
        :raises UserError: when the state or a guard does not allow it, or somebody
            else is at it
        """
        transition = self._transition(verb)
        self._check_found("reporter" in transition.actors)
        self._check_roles(transition)
        # Browsed anew: reading one then reads them all, wherever they came from.
        records = self.browse(self.ids)._as_actor()._elevated()
        records._lock_rows()
        records._check_state(transition)
        records._check_guards(transition, besides)
        return records

    def _check_found(self, as_sender=True):
        """Whoever proved to be the sender need not see it otherwise.

        :param as_sender: whether it is a sender's act; nothing else is open by that
        """
        if not (as_sender and self._has_grant()):
            check_visible(self)
        elif not self or self.exists() != self:
            raise missing(self.env)

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

    def _check_guards(self, transition, besides=()):
        for record in self:
            if refusal := record._refusal(transition, besides):
                raise refusal

    def _refusal(self, transition, besides=()):
        """What the first guard says that does not let this record through.

        :param besides: guards that are not asked
        :return: the error to raise, or None
        """
        self.ensure_one()
        # sudo: guards see what decides, whatever the user may read of it
        record_sudo = self.sudo()
        for name in transition.guards:
            words = name not in besides and getattr(record_sudo, f"_guard_{name}")()
            if words:
                return (AccessError if name in PERSONAL else UserError)(words)
        return None

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

    def _walk(self, verb, values=None, note=None, event_values=None, about=None):
        """Make the transition, with all that follows in the order of :mod:`.reactions`.
        Call it on what `_enter` gave.

        :param verb: name of a transition of this model
        :param values: dict written with the state
        :param note: what the event says (reason, message)
        :param event_values: more values of the event
        :param about: the record that the verb is about, for its reactions
        :return: the records, elevated
        """
        assert is_inside(self.env), "only _enter opens the door"
        transition = self._transition(verb)
        fields_seen = watched(transition)
        act = Act(
            transition,
            dict(values or {}),
            note,
            dict(event_values or {}),
            about,
            {row: {name: row[name] for name in fields_seen} for row in self},
        )
        for name in plan(transition):
            getattr(self, f"_react_{name}")(act)
        return self

    def _react_change(self, act):
        values = act.values
        if act.transition.target:
            values = {**values, "state": act.transition.target}
        if values:
            followed = Followed(frozenset(watched(act.transition)))
            self.with_context(civic_followed=followed).write(values)

    def _is_followed_up(self, name):
        """Whether reactions see to what a change of this field does."""
        followed = self.env.context.get("civic_followed")
        return isinstance(followed, Followed) and name in followed.names

    def _react_end_duties(self, act):
        self.env["civic.step"]._end(self, act.transition.ends, "done")

    def _react_drop_duties(self, act):
        self.env["civic.step"]._end(self, act.transition.drops, "dropped")

    def _react_open_duties(self, act):
        self._open_steps(act.transition.opens)

    def _react_record(self, act):
        now = self._now()
        self.env["civic.event"]._log(
            [
                {
                    "code": act.transition.code,
                    "at": now,
                    "from_state": act.before[record]["state"],
                    "to_state": record.state,
                    "note": act.note,
                    "is_public": act.transition.is_public,
                    **record._event_target(),
                    **act.event_values,
                }
                for record in self
            ]
        )

    def _react_show_clock(self, act):
        self._refresh_clock()

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

    def _event_target(self):
        raise NotImplementedError

    def _refresh_clock(self):
        """Copy the duty in force, the one due first, onto the record."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    @api.model
    def _verb_label(self, verb):
        code = self._transition(verb).code
        return self.env["civic.event"]._code_label(code)

    @api.model
    def _actor_labels(self, actors):
        labels = {
            "operator": self.env._("intake operators"),
            "centre_manager": self.env._("Centre managers"),
            "province_leader": self.env._("province leaders"),
            "coordinator": self.env._("the coordinating agency"),
            "handler": self.env._("handlers of the agency"),
            "leader": self.env._("leaders of the agency"),
            "superior": self.env._("leaders of the agency above"),
            "reporter": self.env._("the citizen who sent it"),
            "system": self.env._("the system"),
            "named": self.env._("the persons named in the request"),
            "asker": self.env._("whoever asked for it"),
        }
        return ", ".join(labels[actor] for actor in labels if actor in actors)
