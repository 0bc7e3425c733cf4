from itertools import count

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ..rig.common import CivicCase
from ..rig.site import SubmissionCase


@tagged("-at_install", "post_install")
class TestFocalPeople(CivicCase):
    """HUE Điều 18.1, ST Điều 26.1: named by a document; a vacancy is nobody's hiding
    place."""

    def test_the_document_is_recorded(self):
        self.agency.write({"focal_document": "12/SXD-VP"})
        self.assertFalse(self.agency.focal_document_missing)
        successor = self.make_user("successor", "civic_report.group_handler")
        self.agency.write(
            {
                "handler_ids": [Command.link(successor.id)],
                "focal_handler_id": successor.id,
            }
        )
        self.assertTrue(self.agency.focal_document_missing, "the old one named another")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.agency.focal_document_date = "2126-01-01"
        self.agency.write(
            {"focal_document": "15/SXD-VP", "focal_document_date": "2026-11-02"}
        )
        self.assertFalse(self.agency.focal_document_missing)
        # Both in one act.
        self.agency.write(
            {"focal_handler_id": self.handler.id, "focal_document": "16/SXD-VP"}
        )
        self.assertFalse(self.agency.focal_document_missing)

    def test_dispatched_during_a_vacancy(self):
        self.agency.focal_handler_id = False
        report = self.walk_to("processing")
        assignment = report.assignment_ids
        self.assertFalse(assignment.handler_id)
        step = self.step_of(assignment, "accept")
        self.assertEqual(step.user_id, self.leader)
        told = self.env["civic.outbox"].search(
            [("assignment_id", "=", assignment.id), ("user_id", "!=", False)]
        )
        self.assertEqual(told.user_id, self.leader)
        # Whoever is named then has it.
        self.agency.focal_handler_id = self.handler
        self.assertEqual(assignment.handler_id, self.handler)
        self.assertEqual(step.user_id, self.handler)

    def test_who_was_named_and_has_left_holds_nothing_new(self):
        report = self.walk_to("accepted")
        assignment = report.assignment_ids.sudo()
        assignment._elevated().handler_id = self.other_handler
        self.agency.focal_handler_id = False
        assignment.with_user(self.handler).submit("Đã vá ổ gà trong ngày.")
        assignment.with_user(self.leader).send_back("Thiếu ảnh sau xử lý.")
        self.assertEqual(self.step_of(assignment, "process").user_id, self.leader)

    def test_no_leader_either(self):
        """Then whoever leads the agency above; a leaderless one without a superior
        has nobody, and dispatching goes on."""
        superior = self.make_agency("UBND", "UB", self.other_handler, self.other_leader)
        self.agency.write(
            {
                "focal_handler_id": False,
                "focal_leader_id": False,
                "leader_ids": [Command.clear()],
                "parent_id": superior.id,
            }
        )
        report = self.walk_to("processing")
        step = self.step_of(report.assignment_ids, "accept")
        self.assertEqual(step.user_id, self.other_leader)
        self.agency.parent_id = False
        report = self.walk_to("processing")
        self.assertFalse(self.step_of(report.assignment_ids, "accept").user_id)


@tagged("-at_install", "post_install")
class TestReturnWhileTakingIn(CivicCase):
    """BG Phần 2, mục 2, bước 1: returning belongs to the half hour of taking in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure = cls.env.ref("civic_report.procedure_bg")
        cls.company.civic_procedure_id = cls.procedure

    def returned(self, moment):
        with self.at("2026-06-01 08:00"):
            report = self.walk_to("accepted")
        with self.at(moment):
            assignment = report.assignment_ids.with_user(self.handler)
            late = assignment.return_is_late
            assignment.return_wrong("Không thuộc thẩm quyền.")
        step = report.step_ids.filtered(lambda row: row.code == "return_wrong")
        return (
            late,
            step,
            report.event_ids.filtered(lambda row: row.code == "return_wrong"),
        )

    def test_in_time(self):
        late, step, event = self.returned("2026-06-01 08:20")
        self.assertFalse(late)
        self.assertFalse(step.is_late)
        self.assertNotIn("after the time", event.note)

    def test_later_is_late_and_says_so(self):
        late, step, event = self.returned("2026-06-01 10:00")
        self.assertTrue(late)
        self.assertTrue(step.is_late)
        self.assertLocal(step.deadline, "2026-06-01 08:30")
        self.assertIn("after the time", event.note)

    def test_elsewhere_the_own_time_counts(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_hue")
        self.procedure = self.company.civic_procedure_id
        late, step, _event = self.returned("2026-06-01 10:00")
        self.assertFalse(late)
        self.assertFalse(step.is_late)


@tagged("-at_install", "post_install")
class TestWays(SubmissionCase):
    """Ways that are open (HUE Điều 4, QN Điều 4), opinions (QN Điều 2.1), the line that
    was called (BP Điều 5.2đ), matters of administrative rules (ST Điều 24)."""

    def under(self, code):
        self.company.civic_procedure_id = self.env.ref(f"civic_report.procedure_{code}")

    def fresh(self, **values):
        return self.form(key=f"khoa-{next(self.keys)}", **values)

    def setUp(self):
        super().setUp()
        self.keys = count()

    def send(self, channel="web", **values):
        return self.send_form(self.fresh(**values), channel=channel)

    def test_a_closed_way_says_where_to_turn(self):
        self.under("qn")
        with self.assertRaisesRegex(UserError, "Smart Quảng Ninh"):
            self.send()
        self.assertTrue(self.send("app"))
        self.assertEqual(self.send(danger="1").track, "emergency")
        fire = self.env.ref("civic_report.category_emergency_fire")
        for channel in ("web", "app"):
            report = self.send(channel, category_id=str(fire.id))
            self.assertEqual(report.track, "emergency", "as the form itself has it")
        with self.assertRaisesRegex(UserError, "Smart Quảng Ninh"):
            self.send(category_id="không có")
        # No channels at all: nothing is said, every way is open.
        procedure = self.company.civic_procedure_id.copy(
            {"channel_ids": False, "code": "QN-X"}
        )
        self.company.civic_procedure_id = procedure
        self.assertTrue(self.send())

    def test_the_centre_sees_that_a_way_is_closed(self):
        self.under("qn")
        report = self.make_report(
            channel_id=self.env.ref("civic_report.channel_email").id
        )
        self.assertIn("Smart Quảng Ninh", report.closed_way)
        # What was put through stands under the line of 113, 114 or 115.
        report._elevated().transferred_to = "114"
        self.assertFalse(report.closed_way)
        self.under("hue")
        self.assertFalse(self.make_report().closed_way)

    def words_to_sender(self, report, event):
        row = self.env["civic.outbox"].search(
            [
                ("report_id", "=", report.id),
                ("audience", "=", "reporter"),
                ("notice_id.event", "=", event),
            ]
        )
        return row._words()[1]

    def test_whoever_writes_by_a_closed_way_is_told_where_to_turn(self):
        """QN's only way is its application."""
        self.reporter.phone = False
        for province, is_closed in (("qn", True), ("hue", False)):
            self.under(province)
            for visibility in ("public", "private"):
                report = self.make_report(
                    channel_id=self.env.ref("civic_report.channel_email").id,
                    visibility=visibility,
                )
                report.receive()
                for event in ("send", "receive"):
                    words = self.words_to_sender(report, event)
                    with self.subTest(province=province, event=event):
                        self.assertEqual("Smart Quảng Ninh" in words, is_closed)
                        self.assertEqual("From now on" in words, is_closed)

    def test_words_of_the_sms_and_the_chat(self):
        self.under("qn")
        report = self.make_report(
            channel_id=self.env.ref("civic_report.channel_sms").id
        )
        row = self.env["civic.outbox"].search(
            [("report_id", "=", report.id), ("notice_id.event", "=", "send")], limit=1
        )
        for name in ("send", "receive"):
            notice = self.env.ref(f"civic_report.notice_{name}_sms")
            words = notice._words(row._reporter_values(), False)[1]
            self.assertIn("Smart Quảng Ninh", words)

    def test_no_way_is_closed_to_somebody_in_danger(self):
        telephone = self.env.ref("civic_report.channel_telephone")
        for province in ("st", "hue", "bg", "qn"):
            self.under(province)
            call = self.make_report(channel_id=telephone.id)
            call.transfer("113")
            self.assertEqual(call.channel_id.code, "113")
            call._elevated().track = "normal"
            self.assertFalse(call.closed_way, province)
            line = self.env.ref("civic_report.channel_emergency_114")
            self.assertFalse(self.make_report(channel_id=line.id).closed_way)
        fire = self.make_report(channel_id=telephone.id, track="emergency")
        self.assertFalse(fire.closed_way)

    def test_what_is_said_of_a_penalty_is_true_for_each(self):
        """BP records penalties, and lifts no limit (MATRIX §2)."""
        notice = self.env.ref("civic_report.notice_penalty")
        for province, lifts in (("hue", True), ("bg", True), ("bp", False)):
            self.under(province)
            report = self.make_report()
            row = self.env["civic.outbox"].search([("report_id", "=", report.id)])[0]
            words = notice._words(row._reporter_values(), False)[1]
            self.assertEqual("law on penalties" in words, lifts, province)
            self.assertIn("penalty is being imposed", words)

    def test_an_opinion(self):
        self.under("qn")
        report = self.send("app", kind="opinion", address="", occurred_at="")
        self.assertEqual(report.kind, "opinion")
        self.assertEqual(report._public_card_values()["kind"], "Opinion")
        self.assertFalse(self.send("app")._public_card_values()["kind"])
        self.under("hue")
        with self.assertRaisesRegex(ValidationError, "Opinions"):
            self.send(kind="opinion")

    def test_the_line_that_was_called(self):
        self.under("bp")
        reports = self.env["civic.report"].with_user(self.operator)
        address = {"reporter_address": "1 Hùng Vương"}
        sent = reports.take_down(self.fresh(channel="114", **address))
        self.assertEqual(reports.browse(sent["id"]).channel_id.code, "114")
        sent = reports.take_down(self.fresh(channel="web", **address))
        report = reports.browse(sent["id"])
        self.assertEqual(report.channel_id.code, "telephone")
        report.transfer("113")
        self.assertEqual(report.channel_id.code, "113")
        web = self.make_report()
        web.transfer("113")
        self.assertEqual(web.channel_id.code, "web", "nobody called")

    def migrate(self, name):
        path = file_path(f"civic_report/migrations/19.0.1.4.0/post-{name}.py")
        load_script(path, f"civic_post_{name}").migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()

    def test_forms_and_fields_of_binh_phuoc(self):
        police = self.env.ref("civic_report.category_emergency_police")
        # As in a province that has the category already.
        police.report_properties_definition = [
            row
            for row in police.report_properties_definition
            if row["name"] != "civic_concerned"
        ]
        for _time in range(2):
            self.migrate("questions_113")
            names = [row.name for row in police._questions()]
            self.assertIn("civic_witnesses", names)
            self.assertEqual(names.count("civic_concerned"), 1)
        for name in ("health", "education", "tourism", "leaders"):
            self.assertTrue(self.env.ref(f"civic_report.category_{name}").accepted)

    def test_recipients_of_letters_are_data(self):
        copies = {
            code: self.env.ref(f"civic_report.procedure_{code}").copy(
                {"code": f"{code.upper()}-X", "letter_recipients": False}
            )
            for code in ("qn", "bp", "st")
        }
        self.migrate("letter_recipients")
        self.assertIn("Văn phòng Đoàn", copies["qn"].letter_recipients)
        self.assertIn("Trung tâm Giám sát", copies["bp"].letter_recipients)
        self.assertFalse(copies["st"].letter_recipients)

    def test_what_was_forwarded_before(self):
        report = self.walk_to("received")
        report.forward(self.agency.id, "Theo dõi.")
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM civic_assignment WHERE report_id = %s", [report.id]
        )
        self.env.invalidate_all()
        for _time in range(2):
            self.migrate("follow_up")
            self.assertEqual(report.assignment_ids.role, "follow_up")
            self.assertEqual(report.assignment_ids.agency_id, self.agency)

    def test_administrative_rules(self):
        rules = self.env.ref("civic_report.category_services")
        rules.on_rules = True
        figures = self.env["civic.figure"]
        with self.at("2026-11-16 08:00"):
            mine = self.make_report(category_id=rules.id)
            self.make_report()
            self.under("qn")
            opinion = self.make_report(kind="opinion")
        self.assertEqual(
            self.env["civic.report"].search(
                [("is_on_rules", "=", True), ("id", "in", (mine | opinion).ids)]
            ),
            mine | opinion,
        )
        with self.at("2026-11-16 09:00"):
            figures._cron_refresh()
            counts = figures._public_figures_sudo(self.company)
            self.assertEqual(counts["rules"]["received"], 2)
        # What is marked later counts too, also where nothing else has happened since.
        with self.at("2026-11-20 09:00"):
            self.category.on_rules = True
            figures._cron_refresh()
            counts = figures._public_figures_sudo(self.company)
            self.assertEqual(counts["rules"]["received"], 3)
