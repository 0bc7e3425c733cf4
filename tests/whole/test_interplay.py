from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..rig.outbox import OutboxCase
from ..rig.succession import SuccessionCase
from ..rig.walks import written_notice

BASIS = "Nghị định 16/2022/NĐ-CP"


@tagged("-at_install", "post_install")
class TestInterplay(SuccessionCase):
    """Penalties, extensions, successions, designations, joined reports and drafts on
    one report at the same time."""

    def penalised(self):
        report = self.walk_to("accepted")
        part = report.sudo().assignment_ids
        today = self.company._civic_today()
        part.with_user(self.handler).sudo(False).ask_penalty(BASIS, "07/BB", today)
        return report, part

    def test_penalty_by_record_result(self):
        report, part = self.penalised()
        report.with_user(self.operator).set_track("emergency", "Cháy.")
        part.with_user(self.operator).sudo(False).record_result(
            "Đã dập tắt.", "Công văn 1", part._now()
        )
        self.assertEqual(part.state, "approved")
        self.assertFalse(part.step_ids.filtered(lambda s: s.state == "open"))

    def test_penalty_extension(self):
        with self.at("2026-11-16 09:00"):
            report = self.walk_to("accepted")
            part = report.sudo().assignment_ids
            self.procedure.extension_allowed = True
            mine = part.with_user(self.handler).sudo(False)
            mine.ask_penalty(BASIS, "07/BB", self.company._civic_today())
            files = written_notice(mine.env)
            mine.request_extension("5/CV", "2026-12-10", "Chờ vật tư.", files)
            part.with_user(self.leader).sudo(False).confirm_penalty()
            part.extension_ids.with_user(self.operator).sudo(False).grant()
            self.assertFalse(part.deadline)
        with self.at("2026-11-18 09:00"):
            mine.end_penalty("Xong.")
            step = self.step_of(part, "process")
            self.assertTrue(step.is_extended)

    def test_penalty_fix_disagree_dispatch(self):
        report, part = self.penalised()
        part.with_user(self.leader).sudo(False).confirm_penalty()
        self.submit(part)
        part.with_user(self.leader).sudo(False).approve()
        report.request_fix(part.ids, "Sửa.")
        self.assertFalse(part.deadline)
        part.with_user(self.handler).sudo(False).end_penalty("Hết.")
        step = self.step_of(part, "process")
        self.assertTrue(step.deadline)

    def test_penalty_succession_execution(self):
        report, part = self.penalised()
        today = self.company._civic_today()
        part.with_user(self.leader).sudo(False).confirm_penalty()
        mine = part.with_user(self.handler).sudo(False)
        mine.record_penalty_decision("9/QĐ", today)
        self.submit(part)
        part.with_user(self.leader).sudo(False).approve()
        report.publish()
        self.end(self.agency, self.new_agency)
        step = self.step_of(part, "execute_penalty")
        self.assertEqual(step.agency_id, self.new_agency)
        theirs = part.with_user(self.new_handler).sudo(False)
        self.assertIn("record_penalty_execution", theirs.allowed_verbs)
        theirs.record_penalty_execution(today)

    def test_penalty_confirm_succession(self):
        _report, part = self.penalised()
        self.end(self.agency, self.new_agency)
        self.assertEqual(
            self.step_of(part, "confirm_penalty").agency_id, self.new_agency
        )
        part.with_user(self.new_leader).sudo(False).confirm_penalty()

    def test_penalty_stand_in(self):
        _report, part = self.penalised()
        today = self.company._civic_today()
        deputy = self.make_user("deputy2", "civic_report.group_leader")
        self.env["civic.stand.in"].with_user(self.leader).create(
            {
                "user_id": self.leader.id,
                "deputy_id": deputy.id,
                "date_from": today,
                "date_to": today + timedelta(days=2),
            }
        )
        part.with_user(deputy).sudo(False).confirm_penalty()
        event = part.event_ids.filtered(lambda e: e.code == "confirm_penalty")
        self.assertEqual(event.on_behalf_of_id, self.leader)

    def test_penalty_asker_stood_in_does_not_confirm(self):
        """The deputy asks in the handler's place, then confirms as leader's deputy."""
        report = self.walk_to("accepted")
        part = report.sudo().assignment_ids
        today = self.company._civic_today()
        deputy = self.make_user("deputy3", "civic_report.group_handler")
        for absent in (self.handler, self.leader):
            self.env["civic.stand.in"].with_user(absent).create(
                {
                    "user_id": absent.id,
                    "deputy_id": deputy.id,
                    "date_from": today,
                    "date_to": today + timedelta(days=2),
                }
            )
        acting = part.with_user(deputy).sudo(False)
        acting.ask_penalty(BASIS, "07/BB", today)
        with self.assertRaises(AccessError):
            acting.confirm_penalty()

    def test_draft_replaced(self):
        report = self.walk_to("accepted")
        part = report.sudo().assignment_ids
        self.agency.handler_ids |= self.new_handler
        part.with_user(self.handler).sudo(False).write({"result": "Bản nháp của tôi."})
        with self.assertRaisesRegex(UserError, "Bản nháp của tôi"):
            part.with_user(self.new_handler).sudo(False).submit("Bản khác hẳn.")
        report.set_track("emergency", "Cháy.")
        part.with_user(self.operator).sudo(False).record_result(
            "Đã dập tắt.", "Công văn 1", part._now(), part._now()
        )
        self.assertIn("Bản nháp của tôi.", part.event_ids.mapped("note"))
        self.assertNotIn("Bản nháp", str(report.sudo()._timeline(own=True)))

    def test_execution_of_penalty_outlives_recorded_result(self):
        report, part = self.penalised()
        part.with_user(self.leader).sudo(False).confirm_penalty()
        today = self.company._civic_today()
        part.with_user(self.handler).sudo(False).record_penalty_decision("9/QĐ", today)
        report.set_track("emergency", "Cháy.")
        part.with_user(self.operator).sudo(False).record_result(
            "Đã dập tắt.", "Công văn 1", part._now(), part._now()
        )
        self.step_of(part, "execute_penalty")

    def test_designating_with_penalty(self):
        report, part = self.penalised()
        report.escalate("Tranh chấp.")
        part.with_user(self.leader).sudo(False).confirm_penalty()
        with self.at("2026-12-01 09:00"):
            report.with_user(self.province_leader).designate([self.agency.id], "QĐ.")
        self.assertFalse(part.step_ids.filtered(lambda s: s.state == "open"))
        report.dispatch([self.agency.id])
        new = report.sudo().assignment_ids - part
        self.assertTrue(new.deadline)
        self.assertFalse(new.penalty_procedure)

    def test_joined_set_track(self):
        second = self.env["civic.reporter"].create({"name": "B", "phone": "0987654321"})
        first = self.walk_to("processing")
        first.set_track("emergency", "Sắp đổ.")
        joined = self.make_report(reporter_id=second.id)
        joined.track = "emergency"
        joined.join(first.id)
        with self.assertRaises(UserError):
            first.set_track("normal", "Không phải.")

    def test_joined_succession_merge_parts(self):
        second = self.env["civic.reporter"].create({"name": "B", "phone": "0987654321"})
        first = self.dispatched(self.agency, self.new_agency)
        joined = self.make_report(reporter_id=second.id)
        joined.join(first.id)
        self.end(self.agency, self.new_agency)
        part = first.sudo().assignment_ids.filtered(lambda r: r.state != "dropped")
        self.assertEqual(len(part), 1)
        part.with_user(self.new_handler).sudo(False).accept()
        part.with_user(self.new_handler).sudo(False).submit("Đã vá ổ gà xong.")
        part.with_user(self.new_leader).sudo(False).approve()
        first.publish()
        self.assertEqual(joined.state, "done")

    def test_joined_answered_apart_follows_a_reopening(self):
        second = self.env["civic.reporter"].create({"name": "B", "phone": "0987654321"})
        first = self.walk_to("processing")
        first.set_visibility("private", "Riêng tư.")
        joined = self.make_report(reporter_id=second.id)
        joined.join(first.id)
        first.assignment_ids.with_user(self.handler).accept()
        self.submit(first.assignment_ids)
        first.assignment_ids.with_user(self.leader).approve()
        first.publish()
        self.assertEqual(joined.state, "resolved")
        first.reopen("Lại.")
        self.assertEqual(joined.state, "joined")

    def test_returned_while_the_province_decides(self):
        report = self.walk_to("accepted")
        part = report.sudo().assignment_ids
        report.escalate("Tranh chấp.")
        part.with_user(self.handler).return_wrong("Không phải việc của chúng tôi.")
        self.assertEqual(report.state, "designating")
        report.with_user(self.province_leader).designate([self.agency.id], "QĐ.")
        report.dispatch([self.agency.id])
        self.assertEqual(report.state, "processing")

    def test_succession_while_the_province_decides(self):
        report = self.dispatched(self.agency, self.new_agency)
        report.escalate("Tranh chấp.")
        self.end(self.agency, self.new_agency)
        self.assertEqual(report.state, "designating")
        with self.assertRaises(UserError):
            report.with_user(self.province_leader).designate([self.agency.id], "QĐ.")
        report.with_user(self.province_leader).designate([self.new_agency.id], "QĐ.")
        report.dispatch([self.new_agency.id])

    def test_designated_and_then_ended(self):
        """The province named who is no more: who stands in its place is meant."""
        report = self.walk_to("received")
        report.ask_designation("Không rõ.")
        report.with_user(self.province_leader).designate([self.agency.id], "QĐ.")
        self.end(self.agency, self.new_agency)
        self.assertIn(self.new_agency, report.suggested_agency_ids)
        with self.assertRaisesRegex(UserError, "named Sở Xây dựng, not UBND"):
            report.dispatch([self.other_agency.id])
        report.dispatch([self.new_agency.id])
        self.assertNotIn("dispatch_otherwise", report.sudo().event_ids.mapped("code"))

    def test_followed_up_and_ended(self):
        report = self.walk_to("received")
        report.forward(self.agency.id, "Xin theo dõi.")
        self.end(self.agency, self.new_agency)
        part = report.sudo().assignment_ids
        self.assertEqual(part.agency_id, self.new_agency)
        part.with_user(self.new_handler).sudo(False).note_follow_up("Đã ghi nhận.")
        self.assertEqual(report.state, "forwarded")

    def test_a_late_deputy_sees_no_more(self):
        """What the absent person does not see, the deputy does not see either; and
        what is lent ends with the absent person's own right."""
        other = self.dispatched(self.other_agency)
        mine = self.walk_to("accepted")
        today = self.company._civic_today()
        deputy = self.make_user("deputy5", "civic_report.group_handler")
        self.env["civic.stand.in"].with_user(self.handler).create(
            {
                "user_id": self.handler.id,
                "deputy_id": deputy.id,
                "date_from": today,
                "date_to": today + timedelta(days=2),
            }
        )
        self.assertEqual(other.with_user(deputy).search([]), mine)
        self.end(self.handler, self.new_handler)
        self.assertFalse(other.with_user(deputy).search([]))

    def test_who_leaves_is_a_deputy(self):
        """The successor of a deputy is no deputy; work stays with who comes back."""
        report = self.walk_to("accepted")
        today = self.company._civic_today()
        deputy = self.make_user("deputy6", "civic_report.group_handler")
        self.env["civic.stand.in"].with_user(self.handler).create(
            {
                "user_id": self.handler.id,
                "deputy_id": deputy.id,
                "date_from": today,
                "date_to": today + timedelta(days=2),
            }
        )
        self.env["civic.stand.in"]._cron_remind()
        part = report.sudo().assignment_ids
        self.assertEqual(part.activity_ids.user_id, deputy)
        self.end(deputy, self.new_handler)
        self.assertEqual(part.handler_id, self.handler)
        self.assertFalse(
            part.with_user(self.new_handler).sudo(False).has_access("read")
        )


@tagged("-at_install", "post_install")
class TestToldInPlace(OutboxCase):
    """Whose turn it is while they are away is told to who stands in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("leader", "handler", "operator", "other_leader"):
            getattr(cls, name).email = f"{name}@example.com"
        cls.deputy = cls.make_user("told_deputy", "civic_report.group_leader")
        cls.deputy.email = "deputy@example.com"

    def away(self, person, deputy=None):
        today = self.company._civic_today()
        self.env["civic.stand.in"].with_user(person).create(
            {
                "user_id": person.id,
                "deputy_id": (deputy or self.deputy).id,
                "date_from": today,
                "date_to": today,
            }
        )

    def told(self, report):
        rows = self.env["civic.outbox"].search(
            [("report_id", "=", report.id), ("channel", "=", "email")]
        )
        return rows.filtered(lambda row: (row.facts or {}).get("duty") == "approve")

    def test_the_deputy_is_told_once(self):
        self.away(self.leader)
        report = self.walk_to("submitted")
        self.assertEqual(self.told(report).user_id, self.deputy)
        self.assertEqual(len(self.told(report)), 1)

    def test_in_a_vacancy_too(self):
        """Nobody leads: who leads the agency above is meant, and that one's deputy."""
        above = self.make_agency("UBND", "UB", self.other_handler, self.other_leader)
        report = self.walk_to("accepted")
        self.agency.write(
            {
                "focal_leader_id": False,
                "parent_id": above.id,
            }
        )
        report.assignment_ids._elevated().leader_id = False
        self.agency.leader_ids = [Command.clear()]
        self.away(self.other_leader)
        self.submit(report.assignment_ids)
        self.assertEqual(self.told(report).user_id, self.deputy)


@tagged("-at_install", "post_install")
class TestExplained(SuccessionCase):
    """A deadline explains itself after all that may happen to it on the way."""

    def explained(self, part, *phrases):
        step = part.sudo().step_ids.filtered(
            lambda row: row.state == "open" and row.code == "process"
        )
        who = step.user_id
        words = str(step.with_user(who).sudo(False).explain())
        for phrase in phrases:
            self.assertIn(phrase, words)
        return step

    def test_after_everything(self):
        self.procedure.extension_allowed = True
        with self.at("2026-11-16 09:00"):
            report = self.walk_to("accepted")
            part = report.sudo().assignment_ids
            mine = part.with_user(self.handler).sudo(False)
            today = self.company._civic_today()
            mine.ask_penalty(BASIS, "07/BB", today)
            part.with_user(self.leader).sudo(False).confirm_penalty()
            self.assertFalse(self.explained(part).deadline)
        with self.at("2026-11-18 09:00"):
            mine.end_penalty("Xong.")
            before = self.explained(part).deadline
            self.end(self.agency, self.new_agency)
            self.assertEqual(self.explained(part).deadline, before)
            self.end(self.handler, self.new_handler)
            self.assertEqual(self.explained(part).deadline, before)
            self.env["civic.agency.limit"].create(
                {"agency_id": self.new_agency.id, "value": 1, "unit": "working_day"}
            )
            # What is under way keeps its figures.
            self.assertEqual(self.explained(part).deadline, before)
        with self.at("2026-11-19 09:00"):
            new = part.with_user(self.new_handler).sudo(False)
            files = written_notice(new.env)
            new.request_extension("5/CV", "2026-12-10", "Chờ vật tư.", files)
            part.extension_ids.with_user(self.operator).sudo(False).grant()
            self.assertTrue(self.explained(part).is_extended)
            new.submit("Đã làm xong việc.")
            part.with_user(self.new_leader).sudo(False).approve()
        with self.at("2026-11-20 09:00"):
            report.request_fix(part.ids, "Sửa mẫu.")
            step = self.explained(part)
            self.assertTrue(step.deadline)
            report.set_track("emergency", "Cháy.")
            self.assertTrue(
                report.sudo()
                .step_ids.filtered(lambda row: row.state == "open")
                .mapped("code")
            )
