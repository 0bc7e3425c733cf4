from datetime import date, timedelta

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from ..models.transitions import TRANSITIONS
from .common import CivicCase

# How to come to each state, by the verbs alone.
REPORT_WALKS = {
    "supplementing": lambda case, report: report.request_supplement("Ở đâu?"),
    "refused": lambda case, report: report.refuse("incomplete", "Thiếu địa điểm."),
    "cancelled": lambda case, report: report.cancel("mistake", "Gửi nhầm."),
    "consulting": lambda case, report: (
        report.receive(),
        report.consult(case.coordinating_agency.id),
    ),
    "designating": lambda case, report: (
        report.receive(),
        report.ask_designation("Chưa rõ thẩm quyền."),
    ),
    "forwarded": lambda case, report: (
        report.receive(),
        report.forward(case.agency.id, "Theo dõi."),
    ),
    "concurring": lambda case, report: (
        case.walk_to("resolved", report),
        report.ask_concurrence(case.coordinating_agency.id),
    ),
}
ASSIGNMENT_WALKS = {
    "pending": "processing",
    "accepted": "accepted",
    "submitted": "submitted",
    "approved": "resolved",
}


@tagged("-at_install", "post_install")
class TestDoor(CivicCase):
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

    def arguments(self, verb, report):
        """Arguments that are right for every verb of the table."""
        return {
            "request_supplement": ("Ở đoạn nào?",),
            "supply": ("Trước cổng trường.",),
            "refuse": ("incomplete", "Thiếu địa điểm."),
            "cancel": ("mistake", "Gửi nhầm."),
            "dispatch": ([self.agency.id],),
            "request_fix": (report.sudo().assignment_ids.ids, "Sai mẫu."),
            "rate": (self.procedure.scale_id.level_ids[0].id, ""),
            "return_wrong": ("Không thuộc thẩm quyền.",),
            "submit": ("Đã xong.",),
            "send_back": ("Thiếu ảnh.",),
            "classify": (self.category.id,),
            "consult": (self.coordinating_agency.id,),
            "answer_consult": (self.agency.ids, "Đúng thẩm quyền."),
            "ask_concurrence": (self.coordinating_agency.id,),
            "disagree": ("Chưa rõ nguồn gốc đất.",),
            "ask_designation": ("Chưa rõ thẩm quyền.",),
            "escalate": ("Hai cơ quan không thống nhất.",),
            "designate": (self.agency.id,),
            "forward": (self.agency.id, "Theo dõi."),
            "mark_duplicate": (self.original.id,),
            "reopen": ("Có tình tiết mới.",),
            "follow_up": ("Bao giờ thi công?",),
            "assign": (self.handler.id,),
            "invite": (self.other_agency.ids, "Cho ý kiến."),
            "request_extension": ("12/CV-SXD", date.today() + timedelta(30), "Chờ."),
            "mark_penalty": ("Nghị định 100/2019/NĐ-CP",),
            "answer": (self.interaction(report).id, "Trong tuần này."),
        }.get(verb, ())

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # One procedure that knows every step, so that every verb has its turn.
        cls.procedure.write(
            {
                "assign_step": True,
                "lead_and_co": True,
                "extension_allowed": True,
            }
        )
        cls.original = cls.env["civic.report"].create(cls.report_values())

    def interaction(self, report):
        """An open follow-up on a report, sent if need be and possible."""
        report = report.sudo()
        if report.state == "done" and not report.interaction_ids:
            report.with_user(self.citizen).follow_up("Bao giờ thi công?")
        return report.interaction_ids[:1]

    def report_in(self, state):
        report = self.make_report()
        if state in REPORT_WALKS:
            REPORT_WALKS[state](self, report)
            return report
        return self.walk_to(state, report)

    def assignment_in(self, state):
        if state in ASSIGNMENT_WALKS:
            return self.walk_to(ASSIGNMENT_WALKS[state]).assignment_ids
        report = self.walk_to("accepted")
        assignment = report.assignment_ids
        handler = assignment.with_user(self.handler)
        if state in ("assigned", "processing"):
            assignment.with_user(self.leader).assign(self.handler.id)
        if state == "processing":
            handler.result = "Đang làm."
        elif state == "returned":
            handler.return_wrong("Không thuộc thẩm quyền.")
        elif state == "dropped":
            report.escalate("Không thống nhất.")
            report.with_user(self.province_leader).designate(self.other_agency.id)
        return assignment

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
        for row in TRANSITIONS.values():
            if not row.actors or row.verb == "draft":
                continue
            make = self.report_in if row.model == "civic.report" else self.assignment_in
            allowed = {
                user for actor in row.actors for user in self.HOLDERS.get(actor, ())
            }
            for state in sorted(self.reachable(row.model)):
                record = make(state)
                for role in self.ROLES:
                    tried += 1
                    with self.subTest(verb=row.verb, state=state, role=role):
                        self.try_one(row, record, state, role, role in allowed)
        self.assertGreater(tried, 3000)

    def try_one(self, row, record, state, role, allowed):
        report = record if row.model == "civic.report" else record.report_id
        acting = record.with_user(getattr(self, role))
        arguments = self.arguments(row.verb, report)
        possible = state in row.sources and self.is_possible(row.verb, state, report)
        savepoint = self.env.cr.savepoint()
        try:
            getattr(acting, row.verb)(*arguments)
        except (UserError, AccessError, MissingError) as error:
            self.assertFalse(allowed and possible, error)
            self.assertEqual(record.sudo().state, state)
            if allowed and state not in row.sources and type(error) is UserError:
                self.assert_says_state(error, record)
        else:
            self.assertTrue(allowed and possible, "should have been refused")
            self.assertEqual(record.sudo().state in (row.target, state), True)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def is_possible(self, verb, state, report):
        """What a verb asks besides the state."""
        if verb == "submit":
            return state != "accepted"  # a leader assigns first
        if verb == "answer":
            return bool(self.interaction(report))
        return verb != "redispatch"  # no agency has returned a part

    def assert_says_state(self, error, record):
        record = record.with_env(self.env)
        labels = dict(record._fields["state"]._description_selection(self.env))
        self.assertIn(labels[record.state], str(error))
