from unittest.mock import patch

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from ...models.site.submission import Sending
from ..rig.outbox import OutboxCase
from ..rig.site import LookupCase


@tagged("-at_install", "post_install")
class TestAmending(OutboxCase):
    """A sender corrects a report; what was written stays."""

    def setUp(self):
        super().setUp()
        self.report = self.make_report()
        self.own = self.report.with_user(self.citizen)
        self.ward = self.env["civic.ward"].create(
            {"name": "Phường Thuận Hóa", "code": "TH"}
        )

    def last(self, code):
        events = self.report.event_ids.filtered(lambda event: event.code == code)
        return events.sorted("id")[-1:]

    def test_words_are_added_beside_what_was_written(self):
        before = self.report.description
        self.own.amend("Ổ gà ở làn bên phải.")
        self.own.amend("Gần cột đèn số 7.")
        self.assertEqual(self.report.description, before)
        self.assertEqual(
            self.report.supplied_text, "Ổ gà ở làn bên phải.\n\nGần cột đèn số 7."
        )
        self.assertEqual(self.last("amend").note, "Gần cột đèn số 7.")
        self.assertFalse(self.last("amend").user_id)
        self.assertEqual(self.report.state, "new")

    def test_the_place_is_corrected_and_the_old_one_kept(self):
        self.own.amend(
            address="Trước số 12 Lê Lợi",
            latitude=16.4637,
            longitude=107.5909,
            ward_id=self.ward.id,
        )
        self.assertEqual(self.report.address, "Trước số 12 Lê Lợi")
        self.assertEqual(self.report.ward_id, self.ward)
        self.assertAlmostEqual(self.report.latitude, 16.4637)
        note = self.last("amend").note
        self.assertIn("Trước số 10 Lê Lợi → Trước số 12 Lê Lợi", note)
        self.assertIn("16.463700, 107.590900", note)
        self.assertFalse(self.report.supplied_text)

    def test_what_is_not_taken(self):
        self.own.amend("Ổ gà ở làn bên phải.")
        for arguments in (
            {},
            {"message": "  "},
            {"message": "Ổ gà ở làn bên phải."},
            {"address": "Trước số 10 Lê Lợi"},
            {"address": "x" * 301},
            {"latitude": 91, "longitude": 10},
            {"latitude": "abc", "longitude": 10},
            {"latitude": 10},
            {"ward_id": self.ward.id + 1000},
            {"message": "x" * 10_001},
        ):
            with (
                self.subTest(**arguments),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                self.own.amend(**arguments)
        self.assertEqual(self.report.supplied_text, "Ổ gà ở làn bên phải.")

    def test_only_by_its_sender_and_until_it_is_dispatched(self):
        for user in (self.operator, self.manager):
            with self.assertRaises(AccessError):
                self.report.with_user(user).amend("Khác.")
        with self.assertRaises(MissingError):
            self.report.with_user(self.other_citizen).amend("Khác.")
        self.walk_to("processing", self.report)
        with self.assertRaisesRegex(UserError, "In hand"):
            self.own.amend("Khác.")

    def test_whoever_has_it_at_the_centre_is_reminded_once(self):
        kind = self.env.ref("civic_report.activity_sender")
        self.own.amend("Một.")
        reminders = self.report.activity_ids.filtered(
            lambda row: row.activity_type_id == kind
        )
        self.assertFalse(reminders, "nobody has it yet")
        self.report.take()
        self.own.amend("Hai.")
        self.own.amend("Ba.")
        reminder = self.report.activity_ids.filtered(
            lambda row: row.activity_type_id == kind
        )
        self.assertEqual(reminder.user_id, self.operator)
        self.assertNotIn(self.citizen, reminder.create_uid | reminder.write_uid)
        reminder.with_user(self.operator).action_done()
        self.assertFalse(reminder.active)

    # ------------------------------------------------------------------
    # Withdrawing
    # ------------------------------------------------------------------

    def test_withdrawing_ends_it_and_is_confirmed(self):
        self.rows().write({"state": "dropped"})
        with self.at("2026-11-16 10:00"):
            self.own.withdraw("Đã tự khắc phục.")
            self.assertEqual(self.report.state, "cancelled")
            self.deliver()
        self.assertEqual(self.report.reason_id.code, "withdrawn")
        self.assertEqual(self.last("withdraw").note, "Đã tự khắc phục.")
        self.assertFalse(self.report.deadline)
        step = self.report.sudo().step_ids.filtered(lambda row: row.code == "intake")
        self.assertEqual(step.state, "dropped", "the Centre has not handled it")
        [message] = self.server.messages
        text = message.get_body(("plain",)).get_content()
        self.assertIn("has been withdrawn", text)

    def test_with_an_agency_it_is_a_wish(self):
        self.walk_to("processing", self.report)
        with self.assertRaisesRegex(UserError, "In hand"):
            self.own.withdraw()
        self.own.ask_withdrawal("Đã tự khắc phục.")
        self.assertEqual(self.report.state, "processing")
        self.assertTrue(self.report.withdrawal_asked_at)
        kind = self.env.ref("civic_report.activity_sender")
        self.assertIn(kind, self.report.activity_ids.activity_type_id)
        with self.assertRaisesRegex(UserError, "already"):
            self.own.ask_withdrawal()

    def test_a_wish_is_read_by_the_centre_alone(self):
        self.walk_to("processing", self.report)
        self.own.ask_withdrawal("Đã tự khắc phục.")
        handled = self.report.with_user(self.handler)
        with self.assertRaises(AccessError):
            handled.read(["withdrawal_asked_at"])
        wish = self.last("ask_withdrawal").with_user(self.handler)
        self.assertFalse(wish.has_access("read"))


@tagged("-at_install", "post_install")
class TestAmendingPage(LookupCase):
    """The same by the page, with an account and with a one-time code."""

    def test_by_a_code(self):
        page = self.prove()
        self.post(
            f"{self.path}/sua", page, message="Làn bên phải.", address="Số 12 Lê Lợi"
        )
        self.assertEqual(self.report.supplied_text, "Làn bên phải.")
        self.assertEqual(self.report.address, "Số 12 Lê Lợi")
        answer = self.post(f"{self.path}/sua", page, message=" ", address="Khác " * 90)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Khác Khác", answer.text, "what was typed is kept")
        self.post(f"{self.path}/rut-lai", page, reason="Đã tự khắc phục.")
        self.assertEqual(self.report.state, "cancelled")

    def test_by_an_account(self):
        report = self.make_report().sudo()
        self.walk_to("processing", report.with_user(self.operator))
        self.authenticate(self.citizen.login, self.citizen.login)
        path = f"/my/phan-anh/{report.name.lower()}"
        page = self.page(path)
        self.assertIn("your wish goes to the intake centre", self.text(page))
        self.assertFalse(page.xpath("//form[contains(@class, 'o_civic_amend')]"))
        self.post(f"{path}/rut-lai", page)
        self.assertEqual(report.state, "processing")
        self.assertTrue(report.withdrawal_asked_at)
        self.assertIn("You asked on", self.text(self.page(path)))

    def test_what_is_said_of_it_later(self):
        page = self.prove()
        self.post(f"{self.path}/sua", page, message="Làn bên phải.")
        text = self.text(self.page(self.path))
        self.assertIn("Corrected by its sender", text)
        self.assertIn("Added later", text)


@tagged("-at_install", "post_install")
class TestVerifying(LookupCase):
    """First-time senders, where the procedure asks that they be verified."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure.verify_first_time = True

    def sent(self, **changes):
        """A report sent by the form.

        :return: (report, page that follows)
        """
        answer = self.send(changes)
        self.assertEqual(answer.status_code, 200)
        return self.sent_report(answer).sudo(), answer

    def verify(self, report, digits, page):
        path = f"/phan-anh/da-gui/{report.name.lower()}/xac-minh"
        return self.post(path, page, digits=digits)

    def test_the_page_after_sending_asks_for_the_code(self):
        report, answer = self.sent()
        self.assertTrue(report.sender_unverified)
        page = self.page(answer.url)
        self.assertIn("You report for the first time", self.text(page))
        digits = self.digits(report, "verify")
        wrong = self.verify(report, f"{(int(digits) + 1) % 10**6:06d}", page)
        self.assertIn("These digits are wrong", self.shown(wrong))
        self.assertFalse(report.reporter_id.verified)
        right = self.verify(report, digits, page)
        self.assertIn("you are verified", self.shown(right))
        self.assertTrue(report.reporter_id.verified)
        self.assertFalse(report.sender_unverified)
        self.assertIn("sender_verified", report.event_ids.mapped("code"))
        # Who has proved it goes on to the own page.
        self.page(f"/phan-anh/tra-cuu/{report.name.lower()}")

    def test_the_second_report_asks_no_more(self):
        first, answer = self.sent()
        self.verify(first, self.digits(first, "verify"), self.page(answer.url))
        second, _answer = self.sent(subject="Đèn đường hỏng")
        self.assertEqual(second.reporter_id, first.reporter_id)
        self.assertFalse(second.sender_unverified)
        self.assertFalse(self.env["civic.code"].search([("report_id", "=", second.id)]))

    def test_other_procedures_do_not_ask(self):
        self.procedure.verify_first_time = False
        report, answer = self.sent()
        self.assertFalse(report.sender_unverified)
        self.assertNotIn("for the first time", answer.text)

    def test_whoever_cannot_be_reached_is_called(self):
        self.procedure.require_email = False
        report, answer = self.sent(email="")
        self.assertTrue(report.sender_unverified)
        self.assertIn("calls you", self.shown(answer))
        self.assertNotIn('name="digits"', answer.text)

    def test_nobody_else_verifies(self):
        report, answer = self.sent()
        digits = self.digits(report, "verify")
        page = self.page(answer.url)
        self.opener.cookies.clear()
        self.authenticate(None, None)
        path = f"/phan-anh/da-gui/{report.name.lower()}/xac-minh"
        self.assertEqual(self.post(path, digits=digits).status_code, 404)
        # Nor does a code for looking the report up.
        self.env["civic.code"]._issue_sudo(report, "lookup")
        self.assertFalse(report._verify_by_code_sudo(self.digits(report)))
        self.assertFalse(report.reporter_id.verified)
        self.assertIsNotNone(page)

    def test_a_new_code_can_be_sent(self):
        report, answer = self.sent()
        old = self.digits(report, "verify")
        page = self.page(answer.url)
        path = f"/phan-anh/da-gui/{report.name.lower()}/ma-moi"
        self.post(path, page)
        new = self.digits(report, "verify")
        if new != old:
            self.assertIn("wrong", self.shown(self.verify(report, old, page)))
        self.verify(report, new, page)
        self.assertTrue(report.reporter_id.verified)

    def test_the_centre_verifies_by_calling(self):
        report, _answer = self.sent()
        known = report.with_user(self.operator).sudo(False)
        self.assertIn("verify_sender", known.allowed_verbs)
        with self.assertRaises(UserError):
            known.verify_sender(" ")
        known.verify_sender("Đã gọi lại lúc 9 giờ.")
        self.assertTrue(report.reporter_id.verified)
        look = self.env["civic.access"].search([("report_id", "=", report.id)])
        self.assertEqual((look.kind, look.user_id), ("verify", self.operator))
        known.invalidate_recordset()
        self.assertNotIn("verify_sender", known.allowed_verbs)
        with self.assertRaisesRegex(UserError, "already"):
            known.verify_sender("Lần nữa.")
        with self.assertRaises(MissingError):
            report.with_user(self.handler).sudo(False).verify_sender("Tự ý.")

    def test_ticking_a_reporter_is_kept_on_record(self):
        reporter = self.sender.with_user(self.operator)
        reporter.verified = True
        look = self.env["civic.access"].search([("reporter_id", "=", reporter.id)])
        self.assertEqual(look.kind, "verify")


@tagged("-at_install", "post_install")
class TestContact(LookupCase):
    """Codes go to the address that came with the report, whatever is sent later."""

    def test_nobody_redirects_another_one_s_messages(self):
        mine = self.sent_report(self.send({"email": "toi@example.com"})).sudo()
        theirs = self.sent_report(self.send({"email": "ke.khac@example.com"})).sudo()
        self.assertNotEqual(mine.reporter_id, theirs.reporter_id)
        self.assertEqual(mine.reporter_id.email_from, "toi@example.com")
        again = self.sent_report(self.send({"email": "TOI@example.com"})).sudo()
        self.assertEqual(again.reporter_id, mine.reporter_id)

    def test_a_sender_without_an_address_gets_none_by_another_form(self):
        self.procedure.require_email = False
        mine = self.sent_report(self.send({"email": ""})).sudo()
        theirs = self.sent_report(self.send({"email": "ke.khac@example.com"})).sudo()
        self.assertNotEqual(mine.reporter_id, theirs.reporter_id)
        self.assertFalse(mine.reporter_id.email_from)

    def test_the_language_of_the_page_is_kept(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        model = self.env["civic.form"].with_context(lang="vi_VN")
        report = model._submit_sudo(
            Sending(
                self.form(key="k-vi", email="viet@example.com"),
                [self.photo],
                user=self.anonymous,
                company=self.company,
            )
        )
        self.assertEqual(report.reporter_id.lang, "vi_VN")
        row = self.env["civic.outbox"].search([("report_id", "=", report.id)], limit=1)
        self.assertEqual(row._recipient_lang(), "vi_VN")
        with patch.object(
            type(self.env["res.lang"]), "get_installed", lambda lang: [("en_US", "E")]
        ):
            self.assertNotEqual(row._recipient_lang(), "vi_VN", "not in use any more")
