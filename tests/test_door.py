from contextlib import contextmanager, suppress

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from ..models.transitions import TRANSITIONS
from .common import CivicCase
from .walks import Walks

PENALTY_GOES_ON = (
    *("confirm_penalty", "end_penalty"),
    *("record_penalty_decision", "record_penalty_execution"),
)


@tagged("-at_install", "post_install")
class TestDoor(Walks, CivicCase):
    """Every transition × every state × every role, taken from the table itself."""

    ROLES = (
        "operator",
        "handler",
        "leader",
        "other_handler",
        "other_leader",
        "coordinator",
        "manager",
        "administrator",
        "province_leader",
        "plain",
        "citizen",
        "other_citizen",
    )
    # Which test user holds which role of the table on the case's records.
    HOLDERS = {
        "operator": ("operator", "manager", "administrator"),
        "handler": ("handler",),
        "leader": ("leader",),
        "coordinator": ("coordinator",),
        "province_leader": ("province_leader",),
        "reporter": ("citizen",),
        "system": (),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_walks()

    def reachable(self, model):
        """States of a model to which some transition leads, and its first one."""
        first = {"civic.report": "new", "civic.assignment": "pending"}[model]
        return {first} | {
            row.target
            for row in TRANSITIONS.values()
            if row.model == model and row.target
        }

    def test_every_state_is_reached(self):
        """No state of the selections is dead."""
        for model in ("civic.report", "civic.assignment"):
            states = set(dict(self.env[model]._fields["state"].selection))
            self.assertEqual(states, self.reachable(model))

    def test_every_verb_is_public_and_every_event_has_words(self):
        codes = dict(self.env["civic.event"]._selection_code())
        for row in TRANSITIONS.values():
            self.assertIn(row.verb, codes)
            if row.actors and row.verb != "draft":
                self.assertTrue(callable(getattr(self.env[row.model], row.verb)))

    def test_matrix(self):
        tried = 0
        for model, make in (
            ("civic.report", self.report_in),
            ("civic.assignment", self.assignment_in),
        ):
            rows = [
                row
                for row in TRANSITIONS.values()
                if row.model == model and row.actors and row.verb != "draft"
            ]
            for state in sorted(self.reachable(model)):
                record = make(state)
                for row in rows:
                    tried += self.try_all(row, record, state)
        self.assertGreater(tried, 3000)

    def try_all(self, row, record, state):
        """Try one transition as everybody; the record stays as it was.

        :return: number of those who tried
        """
        allowed = {user for actor in row.actors for user in self.HOLDERS.get(actor, ())}
        report = record if row.model == "civic.report" else record.report_id
        with self.undone():
            arguments = self.arguments(row.verb, report)
            possible = state in row.sources and self.is_possible(
                row.verb, state, report
            )
            for role in self.ROLES:
                with self.subTest(verb=row.verb, state=state, role=role):
                    acting = record.with_user(getattr(self, role))
                    with self.undone():
                        self.try_one(
                            row, acting, state, arguments, role in allowed, possible
                        )
        return len(self.ROLES)

    @contextmanager
    def undone(self):
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_twice_is_once(self):
        """The second of two clicks has no effect, and says so where it is refused."""
        for row in TRANSITIONS.values():
            role = next((self.HOLDERS[key] for key in row.actors), ())[:1]
            if not role or row.verb in ("draft", "redispatch"):
                continue
            with self.subTest(verb=row.verb):
                record = self.record_for(row)
                report = record if row.model == "civic.report" else record.report_id
                arguments = self.arguments(row.verb, report)
                acting = record.with_user(getattr(self, role[0]))
                events = report.sudo().event_ids
                getattr(acting, row.verb)(*arguments)
                after = report.sudo().event_ids
                self.assertIn(row.verb, (after - events).mapped("code"))
                with suppress(UserError), self.env.cr.savepoint():
                    getattr(acting, row.verb)(*arguments)
                self.assertEqual(report.sudo().event_ids, after)

    def try_one(self, row, acting, state, arguments, allowed, possible):
        try:
            getattr(acting, row.verb)(*arguments)
        except (UserError, AccessError, MissingError) as error:
            self.assertFalse(allowed and possible, error)
            self.assertEqual(acting.sudo().state, state)
            if allowed and state not in row.sources and type(error) is UserError:
                self.assert_says_state(error, acting)
        else:
            self.assertTrue(allowed and possible, "should have been refused")
            self.assertIn(acting.sudo().state, (row.target, state))

    def is_possible(self, verb, state, report):
        """What a verb asks besides the state."""
        if verb == "submit":
            return state != "accepted"  # a leader assigns first
        if verb in PENALTY_GOES_ON:
            return False  # none was asked for; see test_penalty
        if verb == "answer":
            return bool(self.interaction(report))
        if verb == "note_follow_up":
            return False  # it is to be handled
        if verb == "keep_promise":
            return False  # its result commits to nothing
        return verb != "redispatch"  # no agency has returned a part

    def assert_says_state(self, error, record):
        record = record.with_env(self.env)
        labels = dict(record._fields["state"]._description_selection(self.env))
        self.assertIn(labels[record.state], str(error))
