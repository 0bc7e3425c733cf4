import ast
import unittest
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ...models.workflow import reactions
from ...models.workflow.transitions import CASE_TRANSITIONS, TRANSITIONS, rows_of

MODELS = Path(__file__).parents[2] / "models"
ROWS = (*TRANSITIONS.values(), *CASE_TRANSITIONS.values())
# What every transition of a report ends with.
LAST = (
    *("leave_no_account", "count_recurrence", "leave_first", "lead"),
    *("end_following", "forget_published"),
)
# Only the door's own: what a wing adds is a guard or a reaction with a name.
DOORS = ("_check_state", "_check_guards", "_refusal", "_walk", "_compute_allowed_verbs")


class TestPlans(unittest.TestCase):
    """What follows which transition, and in what order: read off the table."""

    def plan(self, model, verb):
        return reactions.plan(rows_of(model)[verb])

    def test_reports_tell_of_it_first_and_followers_last(self):
        self.assertEqual(
            self.plan("civic.report", "refuse"),
            (
                *("change", "end_alarm", "end_duties", "drop_duties", "record"),
                *("show_clock", *LAST),
            ),
        )

    def test_nothing_ends_or_begins_where_the_row_says_nothing(self):
        self.assertEqual(
            self.plan("civic.report", "take"),
            ("change", "record", "show_clock", *LAST),
        )

    def test_what_only_some_transitions_of_reports_do(self):
        """What differs from those two, in its place in the order."""
        plans = {
            "receive": ("open_duties", "start_intake", "record"),
            "classify": ("change", "track", "end_duties"),
            "set_track": ("change", "track", "record", "tell_track", "show_clock"),
            "transfer": ("change", "track", "end_alarm", "end_duties"),
            "rate": ("forget_published", "keep_rating"),
            "escalate": ("end_duties", "halt_agencies", "open_duties"),
            "amend": ("forget_published", "remind_operator"),
            "withdraw": ("forget_published", "remind_operator"),
            "ask_withdrawal": ("forget_published", "remind_operator"),
        }
        for verb, part in plans.items():
            with self.subTest(verb=verb):
                self.assertIn(" ".join(part), " ".join(self.plan("civic.report", verb)))
        self.assertEqual(self.plan("civic.report", "transfer")[-1], "alert_grave")
        special = {"remind_operator", "alert_grave", "track", "tell_track"}
        special |= {"keep_rating"}
        for row in rows_of("civic.report").values():
            if row.verb not in plans:
                self.assertFalse(special & set(reactions.plan(row)), row.verb)

    def test_assignments(self):
        core = ("change", "record", "show_clock")
        ends = ("change", "end_duties", "drop_duties", "record", "show_clock")
        answered = ("keep_deadline", "number_letter", "remind_promise", "settle")
        given_up = ("keep_deadline", "release_co", "settle", "tell_lead")
        again = ("end_duties", "open_duties", "record", "show_clock", "end_promise")
        for verb, plan in (
            (
                "submit",
                (
                    *("change", "end_duties", "drop_duties", "open_duties"),
                    *("record", "show_clock"),
                ),
            ),
            ("approve", ("change", "end_duties", "record", "show_clock", *answered)),
            ("record_result", (*ends, "keep_deadline", "number_letter", "settle")),
            ("return_wrong", (*ends, *given_up)),
            ("send_back", ("change", *again)),
            ("keep_promise", (*core, "end_promise")),
            ("answer", (*core, "tell_of_answer")),
            ("request_extension", (*core, "tell_centre")),
            (
                "confirm_penalty",
                ("change", "end_duties", "record", "show_clock", "lift_limit"),
            ),
            ("report_progress", core),
        ):
            with self.subTest(verb=verb):
                self.assertEqual(self.plan("civic.assignment", verb), plan)

    def test_cases_of_personal_data(self):
        core = ("change", "record", "show_clock")
        for model, verb, more in (
            ("civic.disclosure", "decline", ("end_reminders",)),
            ("civic.disclosure", "ask_citizen", ("end_reminders", "send_link")),
            ("civic.disclosure", "give_consent", ()),
            (
                "civic.data.request",
                "acknowledge",
                ("end_reminders", "remind_managers"),
            ),
            ("civic.data.request", "fulfil", ("end_reminders",)),
            ("civic.diversion", "wipe", ()),
        ):
            with self.subTest(model=model, verb=verb):
                self.assertEqual(self.plan(model, verb), (*core, *more))

    def test_duties_end_before_others_begin_and_the_clock_is_read_last(self):
        """A duty that goes on needs the place of the one before; the clock shows what
        is open then."""
        for row in ROWS:
            order = reactions.plan(row)
            core = ("change", "end_duties", "drop_duties", "open_duties", "record")
            core = [name for name in (*core, "show_clock") if name in order]
            self.assertEqual([name for name in order if name in core], core)

    def test_what_is_watched_is_remembered(self):
        self.assertEqual(
            reactions.watched(rows_of("civic.report")["take"]),
            {"state", "is_published"},
        )
        self.assertEqual(
            reactions.watched(rows_of("civic.report")["transfer"]),
            {"state", "is_published", "track"},
        )
        self.assertEqual(
            reactions.watched(rows_of("civic.assignment")["accept"]), {"state"}
        )


@tagged("-at_install", "post_install")
class TestMethods(TransactionCase):
    """Each name of the tables is one method, and each such method is named there."""

    def methods(self, model, prefix):
        names = dir(self.env[model])
        return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}

    def test_reactions(self):
        for model in sorted({row.model for row in ROWS}):
            named = {
                reaction.name
                for reaction in reactions.REACTIONS
                if model in (reaction.models or {model})
            }
            self.assertEqual(self.methods(model, "_react_"), named, model)
            for row in rows_of(model).values():
                fields = self.env[model]._fields
                self.assertLessEqual(reactions.watched(row), set(fields))

    def test_events(self):
        event = "civic.event"
        self.assertEqual(self.methods(event, "_sign_"), set(reactions.SIGNATURES))
        self.assertEqual(
            self.methods(event, "_react_"),
            {reaction.name for reaction in reactions.EVENT_REACTIONS},
        )
        known = {code for code, _label in self.env[event]._selection_code()}
        for reaction in reactions.EVENT_REACTIONS:
            self.assertLessEqual(reaction.codes, known, reaction.name)

    def test_beginnings_and_openings(self):
        self.assertEqual(
            self.methods("civic.assignment", "_begin_"), set(reactions.BEGINNINGS)
        )
        self.assertEqual(self.methods("civic.step", "_react_"), set(reactions.OPENINGS))

    def test_no_verb_is_followed_up_by_inheritance(self):
        """What overrides a verb decides what is given to it, or another way of it;
        what follows is a reaction. Those that there are stand here."""
        verbs = {row.verb for row in ROWS}
        found = set()
        for path in sorted(MODELS.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and node.name in verbs:
                    goes_on = {
                        call.attr
                        for call in ast.walk(node)
                        if isinstance(call, ast.Attribute)
                        and isinstance(call.value, ast.Call)
                        and getattr(call.value.func, "id", "") == "super"
                    }
                    if node.name in goes_on:
                        found.add((path.parent.name, node.name))
        self.assertEqual(
            found,
            {
                # An argument more, read before.
                ("assignment", "publish"),
                # Whose answer was given with another's asks another.
                ("questions", "follow_up"),
                # Of an interaction, which has verbs of its own.
                ("questions", "mark_violation"),
            },
        )

    def test_the_door_is_in_one_place(self):
        """No wing puts a rule or a consequence into the door by inheritance, where
        nobody sees it."""
        found = {}
        for path in sorted(MODELS.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and node.name in DOORS:
                    found.setdefault(node.name, []).append(path.parent.name)
        self.assertEqual(set(found), set(DOORS), "it read something")
        for name, wings in found.items():
            if name == "_check_state":  # another one of the same name
                wings.remove("takeover")
            self.assertEqual(wings, ["workflow"], name)
