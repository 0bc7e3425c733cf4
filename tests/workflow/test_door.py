import ast
from contextlib import suppress
from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from ...models.workflow.guards import GUARDS
from ...models.workflow.transitions import (
    CASE_TRANSITIONS,
    REPORT_STATES,
    TRANSITIONS,
    rows_of,
)
from ..rig.agreement import Agreement, lets_in, offered
from ..rig.asked import trial
from ..rig.common import CivicCase
from ..rig.walks import Walks, written_notice

# Offered and refused all the same, with arguments that are right: verb → why. A guard
# has no reason to be missing; who needs no exception any more is struck out.
OFFERED_IN_VAIN = {
    "redispatch": "to more agencies only once the coordinating one has been asked "
    "about what is sensitive; to nobody always",
}
# What no walk brings and what is offered depends on: name → how it comes about.
OF_REPORTS = {
    "of nobody": lambda case, report: case.put(report, reporter_id=False),
    "secret": lambda case, report: case.put(
        report, visibility="secret", operator_id=case.operator.id
    ),
    "urgent": lambda case, report: [
        case.make_urgent(row) for row in (report, case.original, case.others_report)
    ],
    "sensitive": lambda case, report: case.make_sensitive(report),
    "sensitive with a part back": lambda case, report: (
        case.make_sensitive(report),
        case.prepare("redispatch", report),
    ),
}
OF_PARTS = {
    "of nobody": lambda case, part: case.put(part.report_id, reporter_id=False),
    "urgent": lambda case, part: case.make_urgent(part.report_id),
    "with co-agencies": lambda case, part: part._elevated()._add_co(
        case.coordinating_agency, "Cho ý kiến."
    ),
    "with the province": lambda case, part: case.put(
        part.report_id, state="designating"
    ),
    "submitted by the leader": lambda case, part: case.put(
        part, submitted_by_id=case.leader.id
    ),
}


@tagged("-at_install", "post_install")
class TestDoor(Walks, CivicCase):
    """Every transition × every state × every role, taken from the table itself: a verb
    does what screens offer to the same person on the same record, and nothing else.

    The verbs themselves are called, with arguments that are right. What the door alone
    says is asked more widely in `TestAgreement`.
    """

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
        "superior",
        "plain",
        "citizen",
        "other_citizen",
    )
    # Of those whom a verb is not for, one of these tries it; all others ask the door,
    # see `TestAgreement`.
    STRANGERS = ("plain", "other_handler", "other_citizen")
    # Which test user holds which role of the table on the case's records.
    HOLDERS = {
        "operator": "operator",
        "handler": "handler",
        "leader": "leader",
        "coordinator": "coordinator",
        "province_leader": "province_leader",
        "reporter": "citizen",
        # Of the agency above, see `set_up_walks`.
        "superior": "superior",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_walks()

    def setUp(self):
        super().setUp()
        self.tried = 0
        self.done, self.in_vain = set(), set()
        self.shown = {}

    # ------------------------------------------------------------------
    # The table
    # ------------------------------------------------------------------

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

    # ------------------------------------------------------------------
    # Offered and done
    # ------------------------------------------------------------------

    def test_matrix(self):
        """Under one procedure that knows every step: everybody's, and from a third of
        the states that are not among a transition's."""
        for number, (record, rows) in enumerate(self.everything()):
            for place, row in enumerate(rows):
                if record.state in row.sources:
                    self.try_as_it_is(row, record)
                    self.try_prepared(row, record)
                elif number % 3 == place % 3:
                    self.try_one(row, record, min(self.actors_of(row)))
        rows = {row for row in TRANSITIONS.values() if self.actors_of(row)}
        self.assertEqual({row.verb for row in rows - self.done}, set())
        self.assertGreater(self.tried, 600)

    @trial("workflow", "report", "assignment")
    def test_matrix_of_other_procedures(self):
        """What the text of a province changes: BG has leaders assign and ends no
        duplicates, ST knows leads, extensions and verification."""
        for code in ("bg", "st"):
            self.use(code)
            for record, rows in self.everything():
                self.try_from_here(rows, record)
        self.assertGreater(self.tried, 300)

    @trial("workflow", "report", "assignment")
    def test_matrix_of_situations(self):
        """What a record alone changes, where no walk leads."""
        mattered = set()
        for record, rows in self.everything():
            is_report = record._name == "civic.report"
            ordinary = self.offered_to_all(record)
            for name, come_about in (OF_REPORTS if is_report else OF_PARTS).items():
                with self.undone(), self.subTest(situation=name):
                    come_about(self, record)
                    if self.offered_to_all(record) != ordinary:
                        mattered.add((record._name, name))
                        self.try_from_here(rows, record)
        known = {("civic.report", name) for name in OF_REPORTS}
        known |= {("civic.assignment", name) for name in OF_PARTS}
        self.assertEqual(mattered, known)
        self.assertEqual(self.in_vain, set(OFFERED_IN_VAIN))

    def offered_to_all(self, record):
        self.shown.clear()
        return [self.offered_to(role, record) for role in self.HOLDERS.values()]

    def offered_to(self, role, record):
        """Asked once of a record as it is: all that is tried is undone."""
        if (record, role) not in self.shown:
            self.shown[record, role] = offered(record.with_user(getattr(self, role)))
        return self.shown[record, role]

    def everything(self):
        """A record in each state with the rows of its model that somebody has."""
        for model, make in (
            ("civic.report", self.report_in),
            ("civic.assignment", self.assignment_in),
        ):
            rows = [row for row in rows_of(model).values() if self.actors_of(row)]
            for state in sorted(self.reachable(model)):
                if state == "assigned" and not self.procedure.assign_step:
                    continue
                record = make(state).with_env(self.env)
                self.assertEqual(record.state, state)
                if model == "civic.report":
                    self.picture(record)
                yield record, rows

    def actors_of(self, row):
        return {self.HOLDERS[role] for role in row.actors & set(self.HOLDERS)}

    def use(self, code):
        self.procedure = self.env.ref(f"civic_report.procedure_{code}")
        self.company.civic_procedure_id = self.procedure

    def put(self, record, **values):
        record._elevated().write(values)

    def try_as_it_is(self, row, record):
        """Those who may and a stranger try it."""
        stranger = self.STRANGERS[self.tried % len(self.STRANGERS)]
        for role in (*sorted(self.actors_of(row)), stranger):
            self.try_one(row, record, role)

    def try_from_here(self, rows, record):
        """Those who may try what the record's state allows."""
        for row in rows:
            for role in sorted(self.actors_of(row)):
                if record.state in row.sources:
                    self.try_one(row, record, role)

    def try_prepared(self, row, record):
        """The same where all holds that no walk has brought."""
        with self.undone():
            if record._name == "civic.report":
                self.prepare(row.verb, record)
            else:
                self.prepare_part(row.verb, record)
            self.shown.clear()
            for role in sorted(self.actors_of(row)):
                self.try_one(row, record, role)
        self.shown.clear()

    def try_one(self, row, record, role):
        self.tried += 1
        with self.subTest(verb=row.verb, state=record.state, role=role):
            self.assertAsOffered(row, record, role)

    def assertAsOffered(self, row, record, role):
        """A verb does what is offered to somebody, and refuses what is not."""
        acting = record.with_user(getattr(self, role))
        is_theirs = role in self.actors_of(row) and record.state in row.sources
        is_offered = row.verb in self.offered_to(role, record)
        with self.undone():
            error = self.refusal(row, acting)
            if is_offered and error and row.verb in OFFERED_IN_VAIN:
                self.in_vain.add(row.verb)
                return
            self.assertEqual(is_offered, not error, error or "done, and not offered")
            self.assertTrue(is_theirs or error, "not theirs to do")
            if not error:
                self.done.add(row)
            elif record.state not in row.sources and type(error) is UserError:
                self.assert_says_state(error, record)

    def refusal(self, row, acting):
        """Call a verb with arguments that are right.

        :return: the error with which it refuses, or None
        """
        state = acting.sudo().state
        is_report = acting._name == "civic.report"
        report = (acting if is_report else acting.report_id).with_env(self.env)
        arguments = self.right(row.verb, report)
        try:
            self.act(acting, row.verb, *arguments)
        except (UserError, AccessError, MissingError) as error:
            self.assertEqual(acting.sudo().state, state)
            return error
        self.assertIn(acting.sudo().state, (row.target, state))
        return None

    def assert_says_state(self, error, record):
        labels = dict(record._fields["state"]._description_selection(self.env))
        self.assertIn(labels[record.state], str(error))

    def test_a_rule_that_only_a_verb_knows_is_seen(self):
        report = self.make_report()
        row = rows_of("civic.report")["receive"]
        self.assertAsOffered(row, report, "operator")

        words = "Not today."

        def receive(records):
            records._enter("receive")
            raise UserError(words)

        with (
            patch.object(type(report), "receive", receive),
            self.assertRaisesRegex(AssertionError, words),
        ):
            self.assertAsOffered(row, report, "operator")

    def test_a_verb_that_asks_no_door_is_seen(self):
        report = self.walk_to("received")
        row = rows_of("civic.report")["receive"]
        with (
            patch.object(type(report), "receive", lambda records: True),
            self.assertRaisesRegex(AssertionError, "not offered"),
        ):
            self.assertAsOffered(row, report, "operator")

    def test_twice_is_once(self):
        """The second of two clicks has no effect, and says so where it is refused."""
        for row in TRANSITIONS.values():
            role = min(self.actors_of(row), default=None)
            if not role or row.verb == "redispatch":
                continue
            with self.subTest(verb=row.verb):
                record = self.record_for(row)
                report = record if row.model == "civic.report" else record.report_id
                arguments = self.arguments(row.verb, report)
                acting = record.with_user(getattr(self, role))
                events = report.sudo().event_ids
                self.act(acting, row.verb, *arguments)
                after = report.sudo().event_ids
                self.assertIn(row.verb, (after - events).mapped("code"))
                with suppress(UserError), self.env.cr.savepoint():
                    self.act(acting, row.verb, *arguments)
                self.assertEqual(report.sudo().event_ids, after)


# What a button asks besides the verb: name of the verb → names in its condition.
ASKED_BESIDES = {
    "take": {"operator_id", "uid"},  # it is theirs already
    "approve": {"leader_may_edit"},  # to correct it on the way
}
# Verbs of officers that have no button of their own on the form: verb → where it is.
ELSEWHERE = {
    "mark_duplicate": "the dialog of “join”, which knows which of the two it is",
    "redact": "on the picture",
    "draft": "the field itself",
    "answer": "on the question",
}


@tagged("-at_install", "post_install")
class TestButtons(CivicCase):
    """Forms show a button for each verb that officers have, wherever it is allowed."""

    def buttons(self, model):
        """Conditions of a form's buttons that ask what is allowed.

        :return: list of (verbs, names of whatever else is asked)
        """
        views = self.env["ir.ui.view"]
        form = views.browse(views.default_view(model, "form"))._get_combined_arch()
        found = []
        for button in form.iter("button"):
            tree = ast.parse(button.get("invisible") or "False", mode="eval")
            names = {row.id for row in ast.walk(tree) if isinstance(row, ast.Name)}
            if "allowed_verbs" in names:
                found.append((self.verbs_in(tree), names - {"allowed_verbs", "id"}))
        return found

    def verbs_in(self, tree):
        return {
            row.left.value
            for row in ast.walk(tree)
            if isinstance(row, ast.Compare) and isinstance(row.ops[0], ast.NotIn)
        }

    def test_a_button_asks_only_what_is_allowed(self):
        besides = {}
        for model in ("civic.report", "civic.assignment"):
            for verbs, names in self.buttons(model):
                for verb in verbs if names else ():
                    besides.setdefault(verb, set()).update(names)
        self.assertEqual(besides, ASKED_BESIDES)

    def test_each_verb_of_officers_has_its_button(self):
        bare = set()
        for model in ("civic.report", "civic.assignment"):
            shown = {verb for verbs, _names in self.buttons(model) for verb in verbs}
            for verb, row in rows_of(model).items():
                if row.actors - {"reporter", "system"} and verb not in shown:
                    bare.add(verb)
        self.assertEqual(bare, set(ELSEWHERE))


PROCEDURES = ("hue", "st", "bg", "qn", "bp")
TRACKS = ("normal", "emergency", "sensitive")
ASSIGNMENT_ROLES = ("parallel", "co", "follow_up")
LATER = timedelta(days=3)
# Where each guard of a report has something to say.
STATES_SEEN = ("new", "received", "processing", "resolved", "done", "refused")
PARTS_SEEN = ("pending", "accepted", "processing", "submitted", "approved")


@tagged("-at_install", "post_install")
class TestAgreement(Agreement, Walks, CivicCase):
    """What screens offer and what the door lets in are the same, whatever holds.

    Records are put into each situation as they are, reachable or not: the two have to
    agree all the same.
    """

    def setUp(self):
        super().setUp()
        self.set_up_superior()
        self.states = dict(self.env["civic.assignment"]._fields["state"].selection)

    def use(self, code):
        self.procedure = self.env.ref(f"civic_report.procedure_{code}")
        self.company.civic_procedure_id = self.procedure

    def ready(self, **values):
        """A report and its assignment, of which nothing is known that a guard asks."""
        report = self.make_report(**values).sudo()
        report._elevated().write({"coordinator_agency_id": self.coordinating_agency.id})
        report._elevated()._open_steps(("intake_classify",))
        part = (
            self.env["civic.assignment"]
            .with_env(report._elevated().env)
            .create(
                {
                    "report_id": report.id,
                    "agency_id": self.agency.id,
                    "company_id": report.company_id.id,
                    "role": "lead",
                    "dispatched_at": fields.Datetime.now(),
                    "state": "pending",
                }
            )
        )
        return report, part

    def put(self, record, **values):
        record._elevated().write(values)

    @property
    def centre_and_sender(self):
        return self.operator, self.coordinator, self.province_leader, self.citizen

    @property
    def agency_and_centre(self):
        return self.handler, self.leader, self.operator

    def everybody(self):
        return [getattr(self, role) for role in TestDoor.ROLES]

    # ------------------------------------------------------------------
    # Every procedure, track and state
    # ------------------------------------------------------------------

    def test_every_procedure_and_track(self):
        reports, parts = self.env["civic.report"], self.env["civic.assignment"]
        for code in PROCEDURES:
            self.use(code)
            for track in TRACKS:
                report, part = self.ready(track=track)
                reports, parts = reports | report, parts | part
        self.walk_reports(reports, REPORT_STATES, self.centre_and_sender)
        self.walk_parts(parts)
        # No guard asks for the role on one track alone: one report a procedure.
        some = parts[:: len(TRACKS)]
        for role in ASSIGNMENT_ROLES:
            self.put(some, role=role)
            self.walk_parts(some)
        self.assertGreater(self.doors_tried, 5000)

    def test_everybody(self):
        report, part = self.ready()
        everybody = {"users": self.everybody(), "strangers": True}
        self.walk_reports(report, **everybody)
        self.walk_parts(part, PARTS_SEEN, **everybody)
        self.assertGreater(self.doors_tried, 1000)

    def walk_reports(self, reports, states=STATES_SEEN, users=None, **options):
        for state in states:
            self.put(reports, state=state)
            self.assertAgree(reports, users or (self.operator, self.citizen), **options)

    def walk_parts(self, parts, states=None, users=None, **options):
        self.put(parts.report_id, state="processing")
        for state in states or self.states:
            self.put(parts, state=state)
            self.assertAgree(parts, users or self.agency_and_centre, **options)
        self.put(parts, state="processing")

    # ------------------------------------------------------------------
    # Every guard, letting in and refusing
    # ------------------------------------------------------------------

    def test_every_guard_of_reports(self):
        report, part = self.ready(track="sensitive")
        now = fields.Datetime.now()
        level = self.procedure.scale_id.level_ids[0]
        self.walk_reports(report)
        for values in (
            {"visibility": "secret", "operator_id": self.operator.id},
            {"visibility": "sensitive"},
            {"track": "normal"},
            {"track": "sensitive", "consulted_at": now},
            {"concurred_at": now},
            {"transferred_to": "114"},
            {"withdrawal_asked_at": now},
            {"asked_private": True},
            {"is_initiative": True},
            {"rating_level_id": level.id, "rated_at": now, "rating_open_until": now},
            {"rating_open_until": now + LATER},
        ):
            with self.subTest(**values):
                self.put(report, **values)
                self.walk_reports(report)
        self.put(part, state="approved")
        self.say_otherwise(report)
        self.procedure.verify_first_time = True
        self.walk_reports(report)
        self.reporter.verified = True
        self.put(report, state="done")
        report.with_user(self.operator).mark_violation("wording", "Lời lẽ xúc phạm.")
        self.walk_reports(report)
        for what in ("follow_up", "account"):
            self.reporter.with_user(self.manager).lock("Vi phạm.", what, "Điều 17")
            self.walk_reports(report)
        report._elevated().step_ids._close("done")
        self.walk_reports(report)
        self.reporter.anonymised_at = now
        self.walk_reports(report)
        self.put(report, reporter_id=False, diverted_at=now)
        self.walk_reports(report, REPORT_STATES)
        self.walk_reports(self.make_report().sudo())
        self.use("bg")
        self.walk_reports(self.ready()[0])
        self.assertSeenBothWays("civic.report")

    def test_every_guard_of_assignments(self):
        self.procedure.write(
            {
                "assign_step": True,
                "lead_and_co": True,
                "extension_allowed": True,
                "penalty_lifts_limit": True,
            }
        )
        self.agency.leader_ids += self.handler
        self.handler.group_ids += self.env.ref("civic_report.group_leader")
        report, part = self.ready()
        now, today = fields.Datetime.now(), date.today()
        for values in (
            {"role": "follow_up"},
            {"role": "lead", "submitted_by_id": self.handler.id},
            {"submitted_by_id": self.leader.id},
            {"promised_date": today + LATER},
            {"promise_kept_at": now},
            {"urged_at": now},
        ):
            with self.subTest(**values):
                self.put(part, **values)
                self.walk_parts(part, PARTS_SEEN)
        handler, leader = part.with_user(self.handler), part.with_user(self.leader)
        notice = written_notice(self.env(user=self.handler))
        for act in (
            lambda: handler.request_extension("12/CV", today + LATER, "Chờ.", notice),
            lambda: handler.ask_penalty("NĐ 100", "7/BB-VPHC", today),
            lambda: leader.confirm_penalty(),
            lambda: handler.record_penalty_decision("9/QĐ-XPHC", today),
            lambda: handler.record_penalty_execution(today),
            lambda: handler.end_penalty("Đã xong."),
        ):
            act()
            self.walk_parts(part, PARTS_SEEN)
        self.procedure.handler_may_approve = True
        self.walk_parts(part, PARTS_SEEN)
        self.put(report, state="designating")
        for state in self.states:
            self.put(part, state=state)
            self.assertAgree(part, self.agency_and_centre)
        for come_about in (
            lambda: self.ask_part(part._elevated()),
            lambda: part._elevated()._add_co(self.other_agency, "Cho ý kiến."),
            lambda: part.with_user(self.handler).request_disclosure(
                "Đo đạc.", "Luật Đất đai", ["name"], self.handler.ids, 7
            ),
            lambda: self.reporter.write({"anonymised_at": now}),
            lambda: self.put(report, reporter_id=False),
        ):
            come_about()
            self.walk_parts(part, PARTS_SEEN)
        for code in ("hue", "st", "bp"):
            self.use(code)
            self.walk_parts(self.ready(track="emergency")[1], PARTS_SEEN)
        self.assertSeenBothWays("civic.assignment")

    # ------------------------------------------------------------------
    # The table and the code
    # ------------------------------------------------------------------

    def test_each_guard_is_one_method_and_is_used(self):
        rows = [*TRANSITIONS.values(), *CASE_TRANSITIONS.values()]
        self.assertEqual(set(GUARDS), {name for row in rows for name in row.guards})
        for row in rows:
            for name in row.guards:
                model = self.env[row.model]
                self.assertTrue(callable(getattr(model, f"_guard_{name}")), name)
        methods = {
            name.removeprefix("_guard_")
            for row in rows
            for name in dir(self.env[row.model])
            if name.startswith("_guard_")
        }
        self.assertEqual(methods, set(GUARDS))

    def test_a_guard_that_only_hides_is_seen(self):
        report, _part = self.ready()
        self.assertAgree(report, [self.operator])
        model = type(report)
        with (
            patch.object(model, "_check_guards", lambda *args: None),
            self.assertRaises(AssertionError),
        ):
            self.assertAgree(report, [self.operator])

    def test_a_guard_that_only_refuses_is_seen(self):
        report, _part = self.ready()
        model = type(report)
        refusal = model._refusal

        def refuse(records, transition, besides=()):
            for record in records:
                if error := refusal(record, transition, besides):
                    raise error

        with (
            patch.object(model, "_refusal", lambda *args: None),
            patch.object(model, "_check_guards", refuse),
            self.assertRaises(AssertionError),
        ):
            self.assertAgree(report, [self.operator])

    # ------------------------------------------------------------------
    # What no button offers
    # ------------------------------------------------------------------

    def test_what_no_button_offers_is_refused_in_words(self):
        received, resolved = self.walk_to("received"), self.walk_to("resolved")
        accepted = self.walk_to("accepted").assignment_ids.with_user(self.leader)
        agency = self.coordinating_agency.id
        outcome = self.make_report()
        outcome.transfer("114")
        outcome.record_outcome("Đã dập tắt.", "Trực ban 114 báo.")
        for record, verb, arguments, words in (
            (self.make_report(), "dispatch", ([agency],), "receive it before"),
            (outcome, "request_fix", ([], "Sai mẫu."), "no agency's result"),
            (received, "consult", (agency,), "is not sensitive"),
            (resolved, "ask_concurrence", (agency,), "is not sensitive"),
            (received, "escalate", ("Không thống nhất.",), "no agency has had it"),
            (received, "classify", (self.category.id,), "not timed apart"),
            (accepted, "assign", (self.handler.id,), "no leader assigns"),
        ):
            with self.subTest(verb=verb):
                self.assertNotIn(verb, offered(record))
                self.assertFalse(lets_in(record, verb))
                before = record.state
                with self.assertRaisesRegex(UserError, words):
                    getattr(record, verb)(*arguments)
                self.assertEqual(record.state, before)
