"""How to bring a report or an assignment to each state, and verbs their arguments."""

from datetime import date, timedelta

from odoo import fields

from .media import drawing, saved

now = fields.Datetime.now

# How to come to each state, by the verbs alone.
REPORT_WALKS = {
    "supplementing": lambda case, report: report.request_supplement("Ở đâu?"),
    "refused": lambda case, report: report.refuse("incomplete", "Thiếu địa điểm."),
    "cancelled": lambda case, report: report.cancel("mistake", "Gửi nhầm."),
    "consulting": lambda case, report: (
        case.make_sensitive(report),
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
    "joined": lambda case, report: report.join(case.others_report.id),
    "concurring": lambda case, report: (
        case.walk_to("resolved", report),
        case.make_sensitive(report),
        report.ask_concurrence(case.coordinating_agency.id),
    ),
}
ASSIGNMENT_WALKS = {
    "pending": "processing",
    "accepted": "accepted",
    "submitted": "submitted",
    "approved": "resolved",
}

# States from which verbs are tried, where the first of their sources is not enough.
STATES = {
    "take": "new",
    "dispatch": "received",
    "submit": "processing",
    "request_extension": "processing",
    "draft": "assigned",
    "ask_penalty": "processing",
    "confirm_penalty": "processing",
    "end_penalty": "processing",
    "record_penalty_decision": "processing",
    "record_penalty_execution": "processing",
    "report_progress": "processing",
}


def written_notice(env):
    """Ids of a file that the user of `env` has uploaded: the notice of an extension."""
    vals = {"name": "cong-van.png", "raw": saved(drawing())}
    return env["ir.attachment"].create(vals).ids


class Walks:
    """For cases that are provinces: see `common.Province`."""

    @classmethod
    def set_up_walks(cls):
        # One procedure that knows every step, so that every verb has its turn.
        cls.procedure.write(
            {
                "assign_step": True,
                "lead_and_co": True,
                "extension_allowed": True,
            }
        )
        cls.set_up_superior()
        cls.original = cls.env["civic.report"].create(cls.report_values())
        other = cls.env["civic.reporter"].create({"name": "Người phản ánh trước"})
        cls.others_report = cls.env["civic.report"].create(
            cls.report_values(reporter_id=other.id)
        )

    @classmethod
    def set_up_superior(cls):
        """The agency above, whose leader may urge."""
        cls.superior = cls.make_user("superior", "civic_report.group_leader")
        nobody = cls.env["res.users"]
        above = cls.make_agency("UBND huyện", "H", nobody, cls.superior)
        cls.agency.parent_id = above

    def arguments(self, verb, report):
        """Arguments that are right for every verb of the table, on a report of which
        all holds that the verb asks for."""
        self.prepare(verb, report)
        return self.right(verb, report)

    def prepare(self, verb, report):
        """Have all hold that a verb asks of a report and no walk has brought."""
        if verb == "redact":
            self.picture(report)
        if verb in ("confirm_statement", "dismiss_statement"):
            self.say_otherwise(report)
        if verb == "allow_publication":
            report._elevated().asked_private = True
        if verb == "record_result" or (verb == "dispatch" and report.state == "new"):
            self.make_urgent(report)
        if verb in ("consult", "ask_concurrence"):
            self.make_sensitive(report)
        if verb == "verify_sender":
            report.procedure_id.sudo().verify_first_time = True
        if verb == "unmark_initiative":
            report._elevated().is_initiative = True
        if verb == "classify" and "intake_classify" not in report._open_codes():
            self.open_step(report, "intake_classify")
        if verb == "record_outcome" and not report.transferred_to:
            report._elevated().transferred_to = "114"
        if verb == "answer":
            self.interaction(report)
        if verb == "redispatch" and report.state == "processing":
            self.open_step(report, "intake")

    def prepare_part(self, verb, part):
        """Have all hold that a verb asks of an assignment, however far it has come."""
        self.prepare(verb, part.report_id)
        part = part._elevated()
        today = date.today()
        going = {
            "penalty_state": "confirmed",
            "penalty_procedure": True,
            "penalty_confirmed_at": now(),
            "penalty_record_date": today,
        }
        decided = {"penalty_decision_number": "9/QĐ", "penalty_decision_date": today}
        values = {
            "confirm_penalty": {"penalty_state": "asked"},
            "end_penalty": {"penalty_state": "asked"},
            "record_penalty_decision": going,
            "record_penalty_execution": {**going, **decided},
            "keep_promise": {"promised_date": today + timedelta(days=9)},
            "note_follow_up": {"role": "follow_up"},
        }.get(verb, {})
        if values:
            part.write(values)
        if verb in ("confirm_penalty", "end_penalty"):
            self.open_step(part, "confirm_penalty")
        if verb == "answer" and not part.interaction_ids:
            self.ask_part(part)

    def right(self, verb, report):
        """Arguments that are right for every verb of the table; no record changes."""
        if verb == "request_extension":
            files = written_notice(self.env(user=self.handler))
            return "12/CV-SXD", date.today() + timedelta(30), "Chờ.", files
        return {
            "redact": (report.sudo().attachment_ids[:1].id, [[0.1, 0.1, 0.2, 0.2]]),
            "request_supplement": ("Ở đoạn nào?",),
            "transfer": ("113",),
            "supply": ("Trước cổng trường.",),
            "amend": ("Ổ gà ở làn bên phải.", "Trước số 12 Lê Lợi"),
            "withdraw": ("Đã tự khắc phục.",),
            "ask_withdrawal": ("Đã tự khắc phục.",),
            "verify_sender": ("call", "Đã gọi lại."),
            "refuse": ("incomplete", "Thiếu địa điểm."),
            "cancel": ("mistake", "Gửi nhầm."),
            "dispatch": ([self.agency.id], *[None] * 4, "Rõ rồi."),
            "redispatch": ([self.other_agency.id], "Phần còn lại."),
            "request_fix": (report.sudo().assignment_ids.ids, "Sai mẫu."),
            "rate": (self.procedure.scale_id.level_ids[0].id, ""),
            "return_wrong": ("Không thuộc thẩm quyền.",),
            "draft": ({"result": "Đang làm."},),
            "submit": ("Đã xong.", report.track == "emergency" and now()),
            "send_back": ("Thiếu ảnh.",),
            "record_result": ("Đã dập tắt.", "12/CV-PCCC", now(), now()),
            "record_outcome": ("Đã dập tắt.", "Trực ban 114 báo."),
            "classify": (self.category.id,),
            "consult": (self.coordinating_agency.id,),
            "answer_consult": (self.agency.ids, "Đúng thẩm quyền."),
            "ask_concurrence": (self.coordinating_agency.id,),
            "disagree": ("Chưa rõ nguồn gốc đất.",),
            "ask_designation": ("Chưa rõ thẩm quyền.",),
            "escalate": ("Hai cơ quan không thống nhất.",),
            "designate": (self.agency.ids, "Giao Sở Xây dựng."),
            "forward": (self.agency.id, "Theo dõi."),
            "note_follow_up": ("Đã rà soát biển báo.",),
            "mark_duplicate": (self.original.id,),
            "join": (self.others_report.id,),
            "unjoin": ("Ổ gà ở chỗ khác.",),
            "set_track": ("emergency", "Cây bắt đầu đổ."),
            "set_visibility": ("private", "Người gửi đề nghị."),
            "reopen": ("Có tình tiết mới.",),
            "mark_violation": ("wording", "Lời lẽ xúc phạm."),
            "follow_up": ("Khi nào xong?",),
            "assign": (self.handler.id,),
            "invite": (self.other_agency.ids, "Cho ý kiến."),
            "divert": ("21/CV", None, "Thanh tra tỉnh"),
            "request_disclosure": (
                "Đo đạc.",
                "Luật Đất đai",
                ["name"],
                self.handler.ids,
                7,
            ),
            "request_disclosure_for": (
                "Tòa án",
                "5/TA",
                "Xét xử.",
                "BLTTHS",
                ["name"],
                self.operator.ids,
                3,
            ),
            "ask_penalty": ("Nghị định 100/2019/NĐ-CP", "7/BB-VPHC", date.today()),
            "end_penalty": ("Đã xử phạt xong.",),
            "record_penalty_decision": ("9/QĐ-XPHC", date.today()),
            "record_penalty_execution": (date.today(),),
            "report_progress": ("Đang lập biên bản.",),
            "urge": ("Đề nghị xử lý dứt điểm trong tuần.",),
            "mark_initiative": ("Giảm ngập cho cả khu phố.",),
            "unmark_initiative": ("Đã có trong quy hoạch.",),
            "keep_promise": ("Đã hoàn thành.",),
            "answer": (report.sudo().interaction_ids[:1].id, "Trong tuần này."),
        }.get(verb, ())

    def act(self, acting, verb, *arguments):
        """Call a verb; a draft is written as any field is."""
        return getattr(acting, {"draft": "write"}.get(verb, verb))(*arguments)

    def open_step(self, record, code):
        """Have a duty of a record begin."""
        record = record._elevated()
        self.env["civic.step"].with_env(record.env)._open([record._prepare_step(code)])

    def make_urgent(self, report):
        if report.track != "emergency":
            report._elevated().track = "emergency"

    def make_sensitive(self, report):
        """Have it turn out to be sensitive, however far it has come."""
        if report.track != "sensitive":
            report._elevated().track = "sensitive"

    def interaction(self, report):
        """An open follow-up on a report, sent if need be and possible."""
        report = report.sudo()
        if report.state == "done" and not report.interaction_ids:
            report.with_user(self.citizen).follow_up("Bao giờ thi công?")
        return report.interaction_ids[:1]

    def ask_part(self, part):
        """A question about an agency's result."""
        return part.env["civic.interaction"].create(
            {
                "report_id": part.report_id.id,
                "assignment_id": part.id,
                "company_id": part.company_id.id,
                "agency_id": part.agency_id.id,
                "body": "Bao giờ thi công?",
                "sent_at": now(),
            }
        )

    def say_otherwise(self, report):
        """Have a report say of its known sender what an anonymous form might say:
        otherwise than each report before it, which the Centre may have taken over."""
        report = report.sudo()
        if not report.statement_ids:
            said = {"address": f"{report.id} Lê Lợi"}
            self.env["civic.statement"]._keep(report, said)

    def picture(self, report):
        """A picture that came in with a report."""
        report = report.sudo()
        if not report.attachment_ids:
            files = self.env["ir.attachment"]
            read = files._civic_read([saved(drawing())])
            files._civic_attach(report, read, self.reporter)
        return report.attachment_ids[0]

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
        if state in ("assigned", "processing") and self.procedure.assign_step:
            assignment.with_user(self.leader).assign(self.handler.id)
        if state == "processing":
            handler.result = "Đang làm."
        elif state == "returned":
            handler.return_wrong("Không thuộc thẩm quyền.")
        elif state == "dropped":
            report.escalate("Không thống nhất.")
            report.with_user(self.province_leader).designate(
                self.other_agency.ids, "Giao phường."
            )
        return assignment

    def record_for(self, row):
        """A record on which a transition of the table is possible."""
        if row.verb == "note_follow_up":
            return self.report_in("forwarded").assignment_ids
        if row.verb == "keep_promise":
            part = self.walk_to("done").assignment_ids
            part._elevated().promised_date = date.today() + timedelta(days=9)
            return part
        if row.verb == "answer":
            return self.walk_to("done").assignment_ids
        if row.verb == "record_result":
            report = self.make_report(track="emergency")
            return self.walk_to("accepted", report).assignment_ids
        if row.verb == "record_outcome":
            report = self.make_report()
            report.transfer("114")
            return report
        state = STATES.get(row.verb) or min(row.sources)
        if row.model == "civic.report":
            return self.report_in(state)
        assignment = self.assignment_in(state)
        self.walk_penalty(row.verb, assignment)
        return assignment

    def walk_penalty(self, verb, assignment):
        """Bring a penalty as far as the verb wants it."""
        needed = {
            "confirm_penalty": 1,
            "end_penalty": 1,
            "record_penalty_decision": 2,
            "record_penalty_execution": 3,
        }.get(verb, 0)
        handler = assignment.with_user(self.handler)
        acts = (
            lambda: handler.ask_penalty("Nghị định 100", "7/BB-VPHC", date.today()),
            lambda: assignment.with_user(self.leader).confirm_penalty(),
            lambda: handler.record_penalty_decision("9/QĐ-XPHC", date.today()),
        )
        for act in acts[:needed]:
            act()
