from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.vault.vault import VaultError
from ..rig.inbox import PHANANH, InboxCase


@tagged("-at_install", "post_install")
class TestInbox(InboxCase):
    """Mail becomes reports, nothing is lost, nothing is believed."""

    # ------------------------------------------------------------------
    # To intake
    # ------------------------------------------------------------------

    def test_a_mail_becomes_a_report(self):
        mail = self.mail()
        mail.add_attachment(self.picture(), "image", "jpeg", filename="../../a.jpg")
        row = self.receive_mail(mail)
        report = row.report_id
        self.assertEqual((row.state, report.state), ("done", "new"))
        self.assertEqual(report.subject, "Đèn đường hỏng")
        self.assertEqual(report.description, "Đèn trước nhà số 5 hỏng.")
        self.assertEqual(report.channel_id.code, "email")
        self.assertEqual(report.reporter_id.email_from, "nguoi.gui@example.com")
        self.assertEqual(report.reporter_id.name, "Người gửi")
        self.assertEqual(len(report.attachment_ids), 1)
        self.assertIn("nobody has proved", report.intake_note)
        self.assertEqual(report.create_uid, self.env.ref("civic_report.user_citizen"))
        self.assertEqual(self.rows(report).mapped("notice_id.event"), ["send"])

    def test_raw_is_kept_sealed_before_it_is_read(self):
        row = self.hand_in(self.mail())
        self.assertEqual(row.state, "new")
        self.cr.execute("SELECT raw FROM civic_inbox WHERE id = %s", [row.id])
        [(raw,)] = self.cr.fetchall()
        for secret in (b"nguoi.gui", "Đèn".encode(), b"Subject"):
            self.assertNotIn(secret, bytes(raw))
        self.env.flush_all()
        self.cr.execute(
            "SELECT to_jsonb(i) - 'raw' FROM civic_inbox i WHERE id = %s", [row.id]
        )
        self.assertNotIn("nguoi.gui", str(self.cr.fetchall()))

    def test_same_message_id_is_one_report(self):
        mail = self.mail()
        rows = self.receive_mail(mail, mail, mail)
        self.assertEqual(len(rows), 1)
        self.assertEqual(len(rows.report_id), 1)

    def test_without_message_id_the_content_tells(self):
        mail = self.mail(Message_ID=None)
        moved = b"Received: from elsewhere\r\n" + mail.as_bytes()
        other = self.mail(text="Nội dung khác.", Message_ID=None)
        self.assertEqual(len(self.receive_mail(mail, moved, other)), 2)

    def test_another_content_under_a_known_name_is_put_aside(self):
        first = self.mail(Message_ID="<same@example.com>")
        second = self.mail(text="Nội dung khác.", Message_ID="<same@example.com>")
        rows = self.receive_mail(first, second, second)
        self.assertEqual(rows.mapped("state"), ["done", "ignored"])

    def test_an_officers_address_is_not_trusted(self):
        self.operator.email = "operator@example.com"
        row = self.receive_mail(self.mail(From="operator@example.com"))
        report = row.report_id
        self.assertFalse(report.reporter_id.user_id)
        self.assertFalse(report.operator_id)
        self.assertFalse(report.event_ids.user_id)

    def test_senders_without_telephone_are_kept_apart(self):
        rows = self.receive_mail(
            self.mail(From="A <a@example.com>"), self.mail(From="A <b@example.com>")
        )
        rows |= self.receive_mail(self.mail(From="A <b@example.com>", text="Nữa."))
        self.assertEqual(
            [row.report_id.reporter_id.email_from for row in rows],
            ["a@example.com", "b@example.com", "b@example.com"],
        )

    def test_a_hotline_of_25_an_hour_is_all_kept(self):
        rows = self.receive_mail(
            *(
                self.mail(text=f"Vụ {number}", Message_ID=f"<h{number}@example.com>")
                for number in range(25)
            )
        )
        self.assertEqual(len(rows.report_id), 25)

    def test_a_flood_is_put_aside_and_kept(self):
        self.company.civic_mail_rate = 3
        rows = self.receive_mail(
            *(
                self.mail(text=f"Vụ {number}", Message_ID=f"<h{number}@example.com>")
                for number in range(5)
            )
        )
        self.assertEqual(len(rows), 5)
        self.assertIn("ignored", rows.mapped("state"))

    # ------------------------------------------------------------------
    # Machines
    # ------------------------------------------------------------------

    def test_machines_get_no_report_and_no_answer(self):
        ours = "<0123456789abcdef0123456789abcdef.civic@example.com>"
        for head in (
            {"Auto_Submitted": "auto-replied"},
            {"Return_Path": "<>"},
            {"From": "MAILER-DAEMON@example.com"},
            {"Message_ID": ours},
            {"From": PHANANH},
            {"X_Autoreply": "yes"},
        ):
            with self.subTest(head=head):
                before = self.env["civic.outbox"].search_count([])
                row = self.receive_mail(self.mail(**head))
                self.assertEqual(row.state, "ignored")
                self.assertTrue(row.error)
                self.assertFalse(row.report_id)
                self.assertEqual(self.env["civic.outbox"].search_count([]), before)

    def test_a_message_that_came_back_is_given_up(self):
        report = self.make_report()
        self.deliver()
        sent = self.rows(report)
        self.assertEqual(sent.state, "sent")
        name = self.server.ids[-1]
        returned = self.mail(text=f"550 unknown\n\nMessage-ID: {name}\n")
        self.receive_mail(returned)
        self.assertEqual(sent.state, "sent", "a person's mail says nothing about it")
        returned = self.mail(
            text=f"550 unknown\n\nMessage-ID: {name}\n", Return_Path="<>"
        )
        row = self.receive_mail(returned)
        self.assertEqual((row.state, sent.state), ("ignored", "dead"))
        self.assertIn("came back", sent.error)

    def test_what_was_put_aside_by_mistake_is_read_again(self):
        row = self.receive_mail(self.mail(Auto_Submitted="auto-generated"))
        row.with_user(self.operator).replay()
        self.run_reader()
        self.assertEqual(row.state, "done")
        self.assertTrue(row.report_id)
        for user in (self.handler, self.plain, self.citizen):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                row.with_user(user).replay()
        with self.assertRaisesRegex(UserError, "Done"):
            row.with_user(self.operator).replay()

    # ------------------------------------------------------------------
    # Bad mail
    # ------------------------------------------------------------------

    def test_nothing_in_it_goes_to_intake(self):
        report = self.receive_mail(self.mail("", "")).report_id
        self.assertEqual(report.subject, "E-mail without a subject")
        self.assertEqual(report.state, "new")

    def test_wrong_charset_is_read_as_far_as_it_goes_and_flagged(self):
        raw = self.mail().as_bytes()
        head = raw.split(b"\n\n", 1)[0].replace(b"base64", b"8bit")
        head = head.replace(b'charset="utf-8"', b'charset="no-such"')
        row = self.receive_mail(head + b"\n\n" + "Đèn hỏng".encode())
        self.assertIn("Đèn hỏng", row.report_id.description)
        self.assertIn("letters are not", row.report_id.intake_note)

    def test_garbage_with_our_address_is_kept(self):
        raw = b"To: phananh@example.com\r\nContent-Type: multipart/mixed; boundary=\r\n"
        row = self.receive_mail(raw + b"\r\n\x00\xff\xfe not a mail")
        self.assertEqual(row.state, "done")
        self.assertTrue(row.report_id)

    def test_mails_nested_50_deep_are_limited(self):
        mail = self.mail()
        for _level in range(50):
            outer = self.mail(text="Chuyển tiếp.")
            outer.add_attachment(mail)
            mail = outer
        report = self.receive_mail(mail).report_id
        self.assertIn("inside one another", report.intake_note)
        self.assertIn("Chuyển tiếp.", report.description)

    def test_a_file_of_30_mb_is_refused_and_the_report_kept(self):
        mail = self.mail()
        big = b"\xff\xd8\xff" + b"\x00" * 30 * 1024**2
        mail.add_attachment(big, "image", "jpeg", filename="to.jpg")
        report = self.receive_mail(mail).report_id
        self.assertEqual(report.description, "Đèn trước nhà số 5 hỏng.")
        self.assertFalse(report.attachment_ids)
        self.assertIn("File 1", report.refused_files)
        self.server.received.clear()
        self.deliver()
        answer = self.server.messages[-1].get_body(("plain",)).get_content()
        self.assertIn("File 1", answer)

    def test_html_becomes_text_and_nothing_is_fetched(self):
        mail = self.mail()
        mail.set_content(
            "<p>Đèn <b>hỏng</b></p><img src='http://127.0.0.1:1/pixel'>"
            "<script>alert(1)</script><style>p {color: red}</style>",
            subtype="html",
        )
        with patch("socket.create_connection", side_effect=AssertionError):
            report = self.receive_mail(mail).report_id
        self.assertEqual(report.description, "Đèn hỏng")

    def test_what_cannot_be_read_is_tried_again_then_shown(self):
        rows = self.hand_in(self.mail(), self.mail(text="Vụ khác", Message_ID="<z@z>"))
        target = "odoo.addons.civic_report.models.messages.mail_in.read"
        moments = ("10:00", "10:05", "10:15", "10:45", "11:30")
        with (
            patch(target, side_effect=ValueError("nguoi.gui@example.com")),
            mute_logger("odoo.addons.civic_report.models.messages.queue"),
        ):
            for moment in moments:
                with self.at(f"2026-11-16 {moment}"):
                    self.run_reader()
        self.assertEqual(set(rows.mapped("state")), {"failed"})
        self.assertEqual(rows.mapped("attempts"), [5, 5])
        self.assertEqual(
            set(rows.mapped("error")), {"It could not be read: ValueError."}
        )
        rows.with_user(self.operator).replay()
        self.run_reader()
        self.assertEqual(set(rows.mapped("state")), {"done"})

    def test_without_the_key_mail_waits(self):
        row = self.hand_in(self.mail())
        vault = type(self.env["civic.vault"])
        with (
            patch.object(vault, "_open", side_effect=VaultError("no key")),
            mute_logger("odoo.addons.civic_report.models.messages.queue"),
        ):
            self.run_reader()
        self.assertEqual(row.state, "new")
        with self.at("2026-11-16 10:05"):
            self.run_reader()
        self.assertEqual(row.state, "done")

    # ------------------------------------------------------------------
    # Supplements
    # ------------------------------------------------------------------

    def asked(self, **values):
        """A report whose sender was asked for more, and our message that did so."""
        report = self.make_report(**values)
        report.request_supplement("Cho biết đoạn nào.")
        self.deliver()
        return report, self.server.ids[-1]

    def answer(self, report, name, **head):
        return self.mail(
            f"Re: Report {report.name}: please complete it",
            "Trước cổng trường.\n> Cho biết đoạn nào.",
            **{"From": "nguoi.phan.anh@example.com", "In_Reply_To": name, **head},
        )

    def test_the_answer_to_our_message_completes_the_report(self):
        report, name = self.asked()
        mail = self.answer(report, name)
        mail.add_attachment(self.picture(), "image", "jpeg", filename="a.jpg")
        row = self.receive_mail(mail)
        self.assertEqual((row.state, row.report_id), ("done", report))
        self.assertEqual(
            (report.state, report.supplied_text), ("new", "Trước cổng trường.")
        )
        self.assertEqual(len(report.attachment_ids), 1)
        supplied = report.event_ids.filtered(lambda event: event.code == "supply")
        self.assertFalse(supplied.user_id)

    def test_an_account_less_sender_can_answer_too(self):
        self.reporter.user_id = False
        report, name = self.asked()
        self.assertEqual(self.receive_mail(self.answer(report, name)).report_id, report)

    def test_who_cannot_prove_it_goes_to_intake(self):
        report, name = self.asked()
        for head in (
            {"In_Reply_To": None},
            {"In_Reply_To": f"<{'0' * 32}.civic@example.com>"},
        ):
            with self.subTest(head=head):
                row = self.receive_mail(self.answer(report, name, **head))
                self.assertNotEqual(row.report_id, report)
                self.assertIn(report.name, row.report_id.intake_note)
                self.assertEqual(report.state, "supplementing")

    # ------------------------------------------------------------------
    # The gateway
    # ------------------------------------------------------------------

    def test_only_the_gateway_hands_mail_in(self):
        raw = self.mail().as_bytes()
        gateway = self.make_user("gateway", "civic_report.group_mail_gateway")
        gateway.group_ids += self.env.ref("base.group_user")
        for user in (self.plain, self.operator, self.administrator, self.citizen):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["mail.thread"].with_user(user).message_process(
                    "res.partner", raw, custom_values={"name": "forged"}
                )
        with self.enter_registry_test_mode():
            self.env["mail.thread"].with_user(gateway).message_process(False, raw)
        self.assertEqual(len(self.inbox()), 1)

    def test_other_ways_into_threads_take_no_text(self):
        thread = self.env["res.partner"].with_user(self.plain)
        with self.assertRaises(TypeError):
            thread.message_route("From: a", {})
        with self.assertRaises(ValueError):
            thread.message_parse("From: a")

    def test_mail_to_others_is_odoos(self):
        mail = self.mail(To="other@example.com")
        with self.assertRaises(ValueError):
            self.hand_in(mail)
        self.assertFalse(self.inbox())

    def test_a_mailbox_of_its_own_needs_no_address(self):
        server = self.env["fetchmail.server"].create(
            {"name": "Box", "server_type": "imap", "civic_company_id": self.company.id}
        )
        mail = self.mail(To="undisclosed-recipients:;")
        threads = self.env["mail.thread"].with_context(
            default_fetchmail_server_id=server.id
        )
        with self.enter_registry_test_mode():
            threads.message_process(False, mail.as_bytes())
        self.assertEqual(len(self.inbox()), 1)

    def test_what_cannot_be_stored_stays_in_the_mailbox(self):
        box = FakeMailbox([self.mail().as_bytes()])
        server = self.env["fetchmail.server"].create(
            {"name": "Box", "server_type": "imap", "state": "done"}
        )
        servers = self.env.registry["fetchmail.server"]
        vault = self.env.registry["civic.vault"]
        original = [cls for cls in servers.mro() if "_imap_login__" in vars(cls)][-1]
        with (
            patch.object(original, "_connect__", lambda *_args, **_kw: box),
            self.enter_registry_test_mode(),
        ):
            with (
                patch.object(vault, "_seal", side_effect=VaultError("no key")),
                mute_logger("odoo.addons.mail.models.fetchmail"),
            ):
                self.fetch(server)
            self.assertEqual((len(box.mails), len(self.inbox())), (1, 0))
            self.fetch(server)
        self.assertEqual((len(box.mails), len(self.inbox())), (0, 1))

    def fetch(self, server):
        """Fetch mail in transactions of its own, as the cron does."""
        with self.registry.cursor() as cr:
            server.with_env(self.env(cr=cr))._fetch_mail()

    # ------------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------------

    def test_raw_mail_is_let_go_after_three_months(self):
        row = self.receive_mail(self.mail())
        with self.at("2027-02-16 10:00"):
            self.env["civic.inbox"]._wipe_raw()
            self.assertFalse(row.raw)
        self.assertTrue(row.report_id)
        self.assertFalse(self.hand_in(self.mail(Message_ID="<0@example.com>")))


class FakeMailbox:
    """Mail on an IMAP server, deleted when it is handled."""

    def __init__(self, mails):
        self.mails = dict(enumerate(mails))

    def check_unread_messages(self):
        return len(self.mails)

    def retrieve_unread_messages(self):
        yield from list(self.mails.items())

    def handled_message(self, number):
        del self.mails[number]

    def disconnect(self):
        pass
