from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import MissingError, UserError
from odoo.tests import tagged

from ...models.site.submission import Sending
from ...models.workflow.door import CivicDoor
from ..rig.site import WebsiteCase


class PageCase(WebsiteCase):
    def with_evidence(self, report=None):
        """A report that was answered with a picture of what was done."""
        report = report or self.published("accepted")
        assignment = report.assignment_ids.sudo(False)
        evidence = self.env["ir.attachment"].create(
            {
                "name": "sau.jpg",
                "raw": self.photo,
                "res_model": assignment._name,
                "res_id": assignment.id,
            }
        )
        assignment.with_user(self.handler).result_attachment_ids = evidence
        self.submit(assignment)
        assignment.with_user(self.leader).approve()
        operator = report.with_user(self.operator).sudo(False)
        operator.publish()
        operator.public_attachment_ids |= evidence
        return report.sudo()

    def later(self, **delta):
        now = self.env["civic.door"]._now() + timedelta(**delta)
        return patch.object(CivicDoor, "_now", lambda _self: now)


@tagged("-at_install", "post_install")
class TestReportPage(PageCase):
    """What one published report shows, with scripts and without."""

    def test_without_scripts_two_pictures_stand_side_by_side(self):
        page = self.page(self.path(self.with_evidence()))
        [compare] = page.find_class("o_civic_compare")
        figures = compare.findall("figure")
        captions = [figure.find("figcaption").text for figure in figures]
        self.assertEqual(captions, ["Before", "After"])
        self.assertTrue(all(figure.find("img").get("alt") for figure in figures))
        slider = compare.find("input")
        self.assertIn("d-none", slider.get("class"), "shown by the script alone")
        self.assertTrue(slider.get("aria-label"))

    def test_no_pictures_no_frames(self):
        report = self.walk_to("done").sudo()
        page = self.page(self.path(report))
        self.assertFalse(page.find_class("o_civic_compare"))
        self.assertFalse(page.xpath("//*[@id='compare_title']"))

    def test_the_slider_in_a_browser(self):
        report = self.with_evidence()
        self.start_tour(self.path(report), "civic_report.visitor_joins")

    def test_joining_in_a_browser(self):
        report = self.published("accepted")
        self.start_tour(self.path(report), "civic_report.visitor_supports")
        self.assertEqual(
            self.env["civic.support"].search([("report_id", "=", report.id)]).state,
            "asked",
        )

    def test_open_duties_say_whose_they_are_and_how_long(self):
        with self.at("2026-11-16 08:00"):
            report = self.walk_to("received")
            report.dispatch([self.agency.id, self.other_agency.id])
        with self.at("2026-11-16 08:10"):
            first = report.assignment_ids.filtered(
                lambda row: row.agency_id == self.agency
            )
            first.with_user(self.handler).accept()
        with self.at("2026-11-16 09:00"):
            duties = report.sudo()._open_duties()
        self.assertEqual(
            [(row["label"], row["holder"], row["is_late"]) for row in duties],
            [
                ("Take in", "UBND phường Thuận Hóa", True),
                ("Handle", "Sở Xây dựng", False),
            ],
        )
        self.assertEqual(duties[0]["time_left"], "late by 30 min")
        with patch.object(CivicDoor, "_now", lambda _self: first.deadline):
            text = self.text(self.page(self.path(report.sudo())))
        self.assertIn("Not done yet: late by", text)
        self.assertIn("In time: ", text)

    def test_what_was_late_says_how_late(self):
        with self.at("2026-11-16 08:00"):
            report = self.walk_to("processing")
        with self.at("2026-11-16 10:00"):
            report.assignment_ids.with_user(self.handler).accept()
        text = self.text(self.page(self.path(report.sudo())))
        self.assertIn("Deadline missed: 16/11/2026 08:30 (late by 1 h 30 min)", text)

    def test_the_letter_is_named_and_not_shown(self):
        """It bears the sender's name; everybody reads its number and date."""
        self.procedure.letter_form = "official"
        report = self.walk_to("done").sudo()
        part = report.assignment_ids
        text = self.text(self.page(self.path(report)))
        self.assertIn(f"Official letter {part.letter_number} of", text)
        self.assertNotIn(self.reporter.name, text)
        self.assertEqual(self.url_open(f"{self.path(report)}/thu").status_code, 404)

    def test_follow_ups_stay_between_sender_and_agency(self):
        """HUE Điều 14.2 makes the course public, not what a citizen writes."""
        report = self.walk_to("done")
        report.with_user(self.citizen).follow_up("Bao giờ sơn lại vạch?")
        report.assignment_ids.with_user(self.handler).answer(
            report.sudo().interaction_ids.id, "Tuần sau sơn."
        )
        text = self.text(self.page(self.path(report.sudo())))
        self.assertIn("Follow-up sent", text)
        self.assertIn("Follow-up answered", text)
        self.assertNotIn("sơn", text)


@tagged("-at_install", "post_install")
class TestRating(PageCase):
    """Once, to be changed for some days (HUE Điều 12.3)."""

    def setUp(self):
        super().setUp()
        self.report = self.walk_to("done")
        self.levels = self.procedure.scale_id.level_ids.sorted("sequence")

    def rate(self, level, comment=""):
        self.report.with_user(self.citizen).rate(level.id, comment)

    def test_it_changes_for_seven_days_and_then_is_fixed(self):
        self.rate(self.levels[0])
        with self.later(days=6, hours=23):
            self.rate(self.levels[-1], "Lại hỏng rồi.")
        self.assertEqual(self.report.rating_level_id, self.levels[-1])
        # The second one moves no limit.
        with self.later(days=7, minutes=1), self.assertRaisesRegex(UserError, "fixed"):
            self.rate(self.levels[0])
        self.assertEqual(self.report.rating_level_id, self.levels[-1])
        events = self.report.event_ids.filtered(lambda row: row.code == "rate")
        self.assertEqual(
            events.sorted("id").mapped("note"),
            [self.levels[0].name, self.levels[-1].name],
        )

    def test_the_procedure_says_how_long(self):
        self.procedure.rating_change_days = 0
        self.rate(self.levels[0])
        with self.assertRaisesRegex(UserError, "fixed"):
            self.rate(self.levels[-1])

    def test_the_same_again_is_no_change(self):
        self.rate(self.levels[0], "Tốt")
        with self.assertRaisesRegex(UserError, "already"):
            self.rate(self.levels[0], "Tốt")

    def test_a_new_answer_is_rated_anew(self):
        self.rate(self.levels[0])
        with self.later(days=30):
            self.report.reopen("Có tình tiết mới.")
            self.env.flush_all()
            self.report.dispatch([self.agency.id])
            assignment = self.report.assignment_ids.filtered(
                lambda row: row.state == "pending"
            )
            assignment.with_user(self.handler).accept()
            self.submit(assignment)
            assignment.with_user(self.leader).approve()
            self.report.publish()
            self.assertTrue(self.report.sudo()._can_be_rated())
            self.rate(self.levels[-1])
            self.assertTrue(self.report.sudo()._rating_is_open())

    def test_who_is_not_satisfied_is_offered_a_new_report(self):
        self.authenticate("civic_citizen", "civic_citizen")
        path = self.report.sudo()._own_path()
        for level, offered in ((self.levels[0], 0), (self.levels[-1], 1)):
            self.rate(level)
            page = self.page(path)
            links = page.xpath("//section[@aria-labelledby='rating_title']//a/@href")
            code = self.report.name.lower()
            self.assertEqual(links, [f"/phan-anh/gui?tai-dien={code}"] * offered)
        chosen = page.xpath("//input[@name='level'][@checked]/@value")
        self.assertEqual(chosen, [str(self.levels[-1].id)])


@tagged("-at_install", "post_install")
class TestRecurrence(PageCase):
    """The same matter again (ST Điều 17.2)."""

    def again(self, code, **changes):
        user = changes.pop("user", self.env["res.users"])
        return self.env["civic.form"]._submit_sudo(
            Sending(
                self.form(key=f"khoa-{len(self.env['civic.report'].search([]))}")
                | {"recurrence_of": code, **changes},
                [self.photo],
                user=user,
                company=self.company,
            )
        )

    def test_a_new_report_is_linked_and_counted(self):
        first = self.walk_to("done").sudo()
        second = self.again(first.name.lower())
        self.assertEqual(second.recurrence_of_id, first)
        self.assertEqual(first.recurrence_count, 1)
        text = self.text(self.page(self.path(first)))
        self.assertIn("Reported again 1 time(s)", text)

    def test_all_hang_on_the_first(self):
        first = self.walk_to("done").sudo()
        second = self.again(first.name)
        self.walk_to("done", second.with_user(self.operator).sudo(False))
        third = self.again(second.name)
        self.assertEqual(third.recurrence_of_id, first)
        self.assertEqual((first.recurrence_count, second.recurrence_count), (2, 0))
        page = self.page(self.path(second))
        self.assertTrue(page.xpath(f"//a[@href='{self.path(first)}']"))

    def test_what_is_not_taken_in_does_not_count(self):
        first = self.walk_to("done").sudo()
        second = self.again(first.name).with_user(self.operator).sudo(False)
        second.refuse("incomplete", "Thiếu địa điểm.")
        self.assertEqual(first.recurrence_count, 0)
        second.reopen("Đã bổ sung.")
        self.assertEqual(first.recurrence_count, 1)
        second.cancel("mistake", "Gửi nhầm.")
        self.assertEqual(first.recurrence_count, 0)

    def test_open_foreign_and_unknown_reports_are_nobodys_first(self):
        opened = self.walk_to("processing").sudo()
        private = self.walk_to("done", self.make_report(visibility="private")).sudo()
        for code in (opened.name, private.name, "PA-26-999999", "x" * 500, "'; --"):
            self.assertFalse(self.again(code).recurrence_of_id, code)
        own = self.again(private.name, user=self.citizen)
        self.assertEqual(own.recurrence_of_id, private, "the sender's own may be")
        self.assertFalse(own._recurrence_values()["first_path"])

    def test_the_form_starts_with_place_and_category(self):
        report = self.published(latitude=16.4637, longitude=107.5909)
        values = self.env["civic.form"]._recurrence_form_sudo(
            report.name, self.company, self.env["res.users"]
        )
        self.assertEqual(values["recurrence_of"], report.name)
        self.assertEqual(values["category_id"], str(self.category.id))
        self.assertEqual(values["address"], "Trước số 10 Lê Lợi")
        self.assertEqual(values["latitude"], "16.4637000")
        page = self.page(f"/phan-anh/gui?tai-dien={report.name.lower()}")
        form = page.get_element_by_id("civic_form")
        fields = dict(form.form_values())
        for name in ("recurrence_of", "address", "category_id", "latitude"):
            self.assertEqual(fields[name], values[name], name)


@tagged("-at_install", "post_install")
class TestFollowUpParts(PageCase):
    """Of several agencies that answered, the sender asks the one concerned."""

    def test_the_sender_chooses_the_agency(self):
        report = self.walk_to("received")
        report.dispatch([self.agency.id, self.other_agency.id])
        for assignment in report.assignment_ids:
            handler = assignment.agency_id.focal_handler_id
            leader = assignment.agency_id.focal_leader_id
            assignment.with_user(handler).accept()
            assignment.with_user(handler).submit("Đã xong.")
            assignment.with_user(leader).approve()
        report.publish()
        self.authenticate("civic_citizen", "civic_citizen")
        path = report.sudo()._own_path()
        page = self.page(path)
        choice = page.get_element_by_id("part")
        names = [option.text for option in choice.iter("option")]
        self.assertEqual(names, ["Sở Xây dựng", "UBND phường Thuận Hóa"])
        token = page.xpath("//input[@name='csrf_token']")[0].value
        self.url_open(
            f"{path}/hoi-them",
            data={
                "csrf_token": token,
                "part": choice.value_options[1],
                "body": "Ai dọn vật liệu?",
            },
        )
        question = report.sudo().interaction_ids
        self.assertEqual(question.agency_id, self.other_agency)
        report.with_user(self.citizen).follow_up("Bao giờ xong?")
        self.assertEqual(
            (report.sudo().interaction_ids - question).agency_id, self.agency
        )

    def test_no_part_of_another_report(self):
        report, other = self.walk_to("done"), self.walk_to("done")
        foreign = other.sudo().assignment_ids.id
        with self.assertRaises(MissingError):
            report.with_user(self.citizen).follow_up("Bao giờ xong?", foreign)
        self.assertFalse(report.sudo().interaction_ids)
