"""The form of an emergency asks for what and where; who sent it is asked after."""

from lxml import html

from odoo.tests import tagged

from ..rig.site import EMPTY, WHERE, SendCase


@tagged("-at_install", "post_install")
class TestUrgentForm(SendCase):
    def urgent(self, **changes):
        return self.send({**EMPTY, "danger": "1", **WHERE, **changes}, photos=[])

    def test_what_and_where_are_enough(self):
        report = self.sent_report(self.urgent())
        self.assertEqual(report.track, "emergency")
        self.assertFalse(report.sudo().reporter_id)
        self.assertEqual(report.subject, EMPTY["description"])
        self.assertTrue(report.deadline)

    def test_a_category_says_it_too(self):
        fire = self.env.ref("civic_report.category_emergency_fire")
        for answer in fire.report_properties_definition:
            self.assertTrue(answer["string"])
        report = self.sent_report(self.urgent(danger="", category_id=str(fire.id)))
        self.assertEqual((report.track, report.category_id), ("emergency", fire))

    def test_a_closed_way_lets_it_in(self):
        """QN Điều 4.1 opens the app alone; emergencies come in by every way."""
        qn = self.env.ref("civic_report.procedure_qn")
        self.env["website"].get_current_website().company_id.civic_procedure_id = qn
        form = "//form[@id='civic_form']"
        page = html.fromstring(self.url_open("/phan-anh/gui").content)
        self.assertFalse(page.xpath(form))
        [link] = page.xpath("//a[contains(@href, 'khan-cap')]/@href")
        page = html.fromstring(self.url_open(link).content)
        self.assertTrue(page.xpath(f"{form}//input[@name='danger'][@checked]"))
        fire = str(self.env.ref("civic_report.category_emergency_fire").id)
        changes = {**EMPTY, "category_id": fire, "address": ""}
        answer = self.send(changes, photos=[], path=link)
        self.assertEqual(answer.status_code, 422)
        page = html.fromstring(answer.content)
        [words] = page.xpath(f"{form}//textarea[@name='description']")
        self.assertIn(EMPTY["description"], words.text, "nothing typed is lost")
        answer = self.send({**changes, **WHERE}, photos=[], path=link)
        self.assertEqual(self.sent_report(answer).track, "emergency")

    def test_questions_do_not_keep_it_back(self):
        fire = self.env.ref("civic_report.category_emergency_fire")
        fire.report_properties_definition = [
            {"name": "deep", "string": "Mấy tầng?*", "type": "integer"}
        ]
        self.assertTrue(
            self.sent_report(self.urgent(danger="", category_id=str(fire.id)))
        )

    def test_what_is_said_once_is_not_asked_twice(self):
        report = self.sent_report(self.urgent(description="", subject="Cháy chợ"))
        self.assertEqual(report.sudo().description, "Cháy chợ")
        long = self.sent_report(self.urgent(description="Cháy lớn. " * 40))
        self.assertLessEqual(len(long.subject), 81)

    def test_without_a_place_or_a_matter_it_is_asked(self):
        for missing in ({"address": ""}, {"description": ""}):
            answer = self.urgent(**missing)
            self.assertEqual(answer.status_code, 422)
            page = html.fromstring(answer.content)
            wrong = page.xpath("//*[@aria-invalid='true']/@name")
            self.assertEqual(wrong, list(missing))
        self.assertTrue(
            self.sent_report(
                self.urgent(address="", latitude="16.46", longitude="107.59")
            )
        )

    def test_a_normal_matter_asks_as_before(self):
        answer = self.send({**EMPTY, **WHERE}, photos=[])
        self.assertEqual(answer.status_code, 422)
        wrong = html.fromstring(answer.content).xpath("//*[@aria-invalid='true']/@name")
        self.assertLessEqual({"name", "phone", "email", "consent"}, set(wrong))

    def test_a_number_alone_is_kept(self):
        report = self.sent_report(self.urgent(phone="0912 345 678"))
        self.assertEqual(report.sudo().reporter_id.phone, "+84912345678")
        answer = self.urgent(phone="không có")
        self.assertEqual(answer.status_code, 422, "what is typed is right or left out")

    # ------------------------------------------------------------------
    # Who it was, afterwards
    # ------------------------------------------------------------------

    def say(self, report, **form):
        page = self.page(f"/phan-anh/da-gui/{report.name.lower()}")
        token = page.xpath("//*[@id='sender']//input[@name='csrf_token']/@value")
        return self.url_open(
            f"/phan-anh/da-gui/{report.name.lower()}/nguoi-gui",
            data={"csrf_token": token[0] if token else "", **form},
        )

    def test_it_is_asked_afterwards_and_kept(self):
        report = self.sent_report(self.urgent())
        page = self.page(f"/phan-anh/da-gui/{report.name.lower()}")
        asked = page.xpath("//*[@id='sender']//input[@required]/@name")
        self.assertEqual(asked, ["name", "phone", "email", "consent"])
        answer = self.say(report, name="Người gửi thử", phone="abc", consent="1")
        wrong = html.fromstring(answer.content).xpath("//*[@id='sender']//*[@role]")
        self.assertEqual(len(wrong), 2, "the number, and no e-mail address")
        self.assertFalse(report.sudo().reporter_id)
        known = {"name": "Người gửi thử", "phone": "0912345678"}
        known["email"] = "a@example.com"
        self.say(report, **known)
        self.assertFalse(report.sudo().reporter_id, "not without consent")
        self.say(report, **known, consent="1")
        self.env.invalidate_all()
        self.assertEqual(report.sudo().reporter_id.name, "Người gửi thử")
        self.assertIn("say_sender", report.sudo().event_ids.mapped("code"))
        page = self.page(f"/phan-anh/da-gui/{report.name.lower()}")
        self.assertFalse(page.xpath("//*[@id='sender']"))

    def test_nobody_else_says_it(self):
        report = self.sent_report(self.urgent())
        self.authenticate(None, None)
        self.opener.cookies.clear()
        answer = self.url_open(
            f"/phan-anh/da-gui/{report.name.lower()}/nguoi-gui",
            data={"name": "Kẻ khác", "phone": "0900000000", "consent": "1"},
        )
        self.assertIn(answer.status_code, (400, 404))
        self.env.invalidate_all()
        self.assertFalse(report.sudo().reporter_id)

    def test_it_is_said_once(self):
        report = self.sent_report(self.urgent())
        report._say_sender_sudo(
            {"name": "Một", "phone": "0911111111", "email": "m@example.com"}
            | {"consent": "1"}
        )
        first = report.sudo().reporter_id
        report._say_sender_sudo({"name": "Hai"})
        self.assertEqual(report.sudo().reporter_id, first)
