import json

from lxml import html

from odoo.tests import HttpCase, tagged

from ..rig.privacy import PASSPHRASE, DataRequestCase

PASSWORD = "civic-identity-password"


@tagged("-at_install", "post_install")
class TestIdentityPages(DataRequestCase, HttpCase):
    """What citizens and the Centre do with identity, seen from outside."""

    # Sessions and their tokens live by the clock of the machine.
    began_at = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_english_site()
        for user in (cls.citizen, cls.other_citizen, cls.operator, cls.handler):
            user.password = PASSWORD

    def page(self, path, status=200, **options):
        answer = self.url_open(path, **options)
        self.assertEqual(answer.status_code, status, path)
        return answer

    def text(self, answer):
        return " ".join(html.fromstring(answer.content).text_content().split())

    def post(self, page, path, status=200, **values):
        """Send a form of a page, as a browser without scripts does."""
        token = html.fromstring(page.content).xpath("//input[@name='csrf_token']")
        values["csrf_token"] = token[0].get("value")
        return self.page(path, status, data=values)

    def sign_in(self, user):
        self.authenticate(user.login, PASSWORD)

    def test_the_link_asks_takes_the_answer_and_lets_withdraw(self):
        disclosure = self.forwarded()
        path = disclosure._link_path()
        page = self.page(path)
        self.assertIn("no-store", page.headers["Cache-Control"])
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
        text = self.text(page)
        for words in (
            self.agency.name,
            disclosure.reason,
            "Telephone number",
            "7 days",
        ):
            self.assertIn(words, text)
        for words in (self.handler.name, "912345678", "Người phản ánh", "Home address"):
            self.assertNotIn(words, text)
        self.assertEqual(disclosure.state, "asked", "a look changes nothing")
        answered = self.post(page, path, answer="agree")
        self.assertEqual(disclosure.state, "granted")
        self.assertIn("You agreed", self.text(answered))
        withdrawn = self.post(answered, path, answer="withdraw")
        self.assertIn("withdrew", self.text(withdrawn))
        self.assertEqual(disclosure.state, "withdrawn")
        self.page(path, 404)

    def test_without_token_nothing_happens(self):
        disclosure = self.forwarded()
        self.page(disclosure._link_path(), 400, data={"answer": "agree"})
        self.assertEqual(disclosure.state, "asked")

    def test_guessing_gets_one_answer(self):
        disclosure = self.forwarded()
        good = disclosure._link_path()
        wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
        over = self.forwarded(assignment=self.in_hand())
        ended = over._link_path()
        over._answer_as_citizen("refuse")
        never = good[:-44] + "A" * 12 + "0" * 32
        answers = {
            html.tostring(
                html.fromstring(self.page(path, 404).content).get_element_by_id("wrap")
            )
            for path in (wrong, ended, never, good + "x")
        }
        self.assertEqual(len(answers), 1, answers)
        page = self.page(good)
        self.post(page, wrong, 404, answer="agree")
        self.post(page, good, 422, answer="become_admin")
        self.assertEqual(disclosure.state, "asked")

    def test_signed_in_the_own_page_asks_too(self):
        disclosure = self.forwarded()
        path = disclosure.report_id._own_path()
        self.sign_in(self.citizen)
        self.assertIn(
            "An agency asks who you are", self.text(self.page("/my/phan-anh"))
        )
        page = self.page(path)
        self.assertIn(disclosure.reason, self.text(page))
        self.post(page, f"{path}/danh-tinh", disclosure=disclosure.id, answer="agree")
        self.assertEqual(disclosure.state, "granted")
        self.as_user(disclosure, self.handler).look()
        text = self.text(self.page(path))
        self.assertIn(f"{self.agency.name}: handler", text)
        self.assertNotIn(self.handler.name, text)
        self.env.invalidate_all()
        self.assertNotEqual(disclosure.write_uid, self.citizen)

    def test_nobody_answers_for_another(self):
        disclosure = self.forwarded()
        mine = self.make_report(
            reporter_id=self.env["civic.reporter"]
            .create(
                {
                    "name": "Người khác",
                    "phone": "0905000111",
                    "user_id": self.other_citizen.id,
                }
            )
            .id
        )
        self.sign_in(self.other_citizen)
        page = self.page("/my/du-lieu")
        foreign = disclosure.report_id._own_path()
        self.post(page, f"{foreign}/danh-tinh", 404, answer="agree")
        self.post(
            page,
            f"{mine._own_path()}/danh-tinh",
            404,
            disclosure=disclosure.id,
            answer="agree",
        )
        self.assertEqual(disclosure.state, "asked")

    def test_my_data(self):
        self.make_report()
        self.sign_in(self.citizen)
        page = self.page("/my/du-lieu")
        self.assertIn("no-store", page.headers["Cache-Control"])
        text = self.text(page)
        self.assertIn("+84912345678", text)
        self.assertIn("Người phản ánh", text)
        sent = self.post(page, "/my/du-lieu", kind="correction", phone="0987 654 321")
        self.assertIn("To answer", self.text(sent))
        request = self.env["civic.data.request"].search([], limit=1)
        self.assertEqual(request._details()["phone"], "+84987654321")
        self.assertNotEqual(request.create_uid, self.citizen)
        self.post(sent, "/my/du-lieu", 422, kind="correction", phone="0987 654 322")
        self.post(sent, "/my/du-lieu", 422, kind="deletion_of_others")
        copy = self.post(page, "/my/du-lieu/ban-sao")
        self.assertIn("attachment", copy.headers["Content-Disposition"])
        self.assertIn("no-store", copy.headers["Cache-Control"])
        data = json.loads(copy.content)
        self.assertEqual(data["identity"]["phone"], "+84912345678")
        self.assertTrue(data["reports"])

    def test_who_sent_nothing_sees_nothing(self):
        self.sign_in(self.other_citizen)
        page = self.page("/my/du-lieu")
        self.assertNotIn("912345678", page.text)
        # A token of another form: this page has none to offer.
        other = self.page("/phan-anh/gui")
        self.post(other, "/my/du-lieu", 404, kind="deletion")
        self.post(other, "/my/du-lieu/ban-sao", 404)

    def test_the_centre_s_copy_and_file(self):
        request = self.open_request("copy")
        report = self.make_report()
        diversion = (
            self.env["civic.diversion"]
            .with_user(self.operator)
            .browse(report.divert("15/CV", authority="Thanh tra"))
        )
        copy, form = (
            f"/civic/du-lieu/{request.id}",
            f"/civic/ho-so-chuyen/{diversion.id}",
        )
        self.sign_in(self.handler)
        for path in (copy, form):
            self.assertIn(self.url_open(path).status_code, (403, 404), path)
            missing = path.rsplit("/", 1)[0] + "/99999999"
            self.assertEqual(
                self.url_open(path).status_code, self.url_open(missing).status_code
            )
        self.sign_in(self.operator)
        self.assertIn("+84912345678", self.text(self.page(copy)))
        page = self.page(form)
        self.assertIn("12 letters", self.text(page))
        words = {"passphrase": PASSPHRASE, "again": PASSPHRASE + "x"}
        self.assertIn("differ", self.text(self.post(page, form, 422, **words)))
        self.patch(
            type(self.env["civic.diversion"]), "_sealed_file", lambda *args: b"%PDF-x"
        )
        file = self.post(page, form, passphrase=PASSPHRASE, again=PASSPHRASE)
        self.assertEqual(file.content, b"%PDF-x")
        self.assertIn("attachment", file.headers["Content-Disposition"])
        self.assertIn("no-store", file.headers["Cache-Control"])
        self.post(page, form, 422, passphrase=PASSPHRASE, again=PASSPHRASE)
        self.env.invalidate_all()
        self.assertEqual(diversion.state, "handed")
