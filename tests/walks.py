"""How to bring a report or an assignment to each state, and verbs their arguments."""

from datetime import date, timedelta

from odoo import fields

from .test_media import drawing, saved

now = fields.Datetime.now

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
    "joined": lambda case, report: report.join(case.others_report.id),
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

# States from which verbs are tried, where the first of their sources is not enough.
STATES = {
    "take": "new",
    "submit": "processing",
    "request_extension": "processing",
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
        cls.original = cls.env["civic.report"].create(cls.report_values())
        other = cls.env["civic.reporter"].create({"name": "Người phản ánh trước"})
        cls.others_report = cls.env["civic.report"].create(
            cls.report_values(reporter_id=other.id)
        )

    def arguments(self, verb, report):
        """Arguments that are right for every verb of the table."""
        if verb == "redact":
            return self.picture(report).id, [[0.1, 0.1, 0.2, 0.2]]
        if verb in ("confirm_statement", "dismiss_statement"):
            self.say_otherwise(report)
        if verb == "allow_publication":
            report._elevated().asked_private = True
        if verb == "record_result" and report.track != "emergency":
            report._elevated().track = "emergency"
        if verb == "record_outcome" and not report.transferred_to:
            report._elevated().transferred_to = "114"
        return {
            "request_supplement": ("Ở đoạn nào?",),
            "transfer": ("113",),
            "supply": ("Trước cổng trường.",),
            "amend": ("Ổ gà ở làn bên phải.", "Trước số 12 Lê Lợi"),
            "withdraw": ("Đã tự khắc phục.",),
            "ask_withdrawal": ("Đã tự khắc phục.",),
            "verify_sender": ("call", "Đã gọi lại."),
            "refuse": ("incomplete", "Thiếu địa điểm."),
            "cancel": ("mistake", "Gửi nhầm."),
            "dispatch": ([self.agency.id],),
            "request_fix": (report.sudo().assignment_ids.ids, "Sai mẫu."),
            "rate": (self.procedure.scale_id.level_ids[0].id, ""),
            "return_wrong": ("Không thuộc thẩm quyền.",),
            "submit": ("Đã xong.",),
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
            "request_extension": (
                *("12/CV-SXD", date.today() + timedelta(30), "Chờ."),
                written_notice(self.env(user=self.handler)),
            ),
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
            "keep_promise": ("Đã hoàn thành.",),
            "answer": (self.interaction(report).id, "Trong tuần này."),
        }.get(verb, ())

    def interaction(self, report):
        """An open follow-up on a report, sent if need be and possible."""
        report = report.sudo()
        if report.state == "done" and not report.interaction_ids:
            report.with_user(self.citizen).follow_up("Bao giờ thi công?")
        return report.interaction_ids[:1]

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
        if state in ("assigned", "processing"):
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
