import io
from base64 import b64encode
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import Parser

from PIL import Image

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...tools.mail import OWN
from ..rig.inbox import InboxCase

DAN = "nguoi.phan.anh@example.com"
OURS = "Kính gửi Ông/Bà,\nXin cho biết số nhà.\nTrân trọng"


class AnswerCase(InboxCase):
    """A province whose messages are answered by mail."""

    def told(self, report, audience="reporter"):
        """Our last message about a report that was sent to an audience."""
        self.deliver()
        self.deliver("cron_outbox_urgent")
        row = self.rows(report, audience=audience)[-1:]
        self.assertEqual(row.state, "sent")
        return row

    def reply(self, row, text, **head):
        """An answer to a row, as bytes of a mail."""
        named = f"<{row.external_id}.{OWN}@example.com>"
        values = {"From": DAN, "In_Reply_To": named, **head}
        return self.mail("Re: x", text, **values)

    def beside(self, report, code):
        return report.event_ids.filtered(lambda event: event.code == code)

    def reminders(self, report, name="activity_sender"):
        kind = self.env.ref(f"civic_report.{name}")
        return report.activity_ids.filtered(lambda row: row.activity_type_id == kind)

    def counts(self):
        return (
            self.env["civic.report"].search_count([]),
            self.env["civic.outbox"].search_count([]),
            self.env["civic.step"].search_count([]),
        )


@tagged("-at_install", "post_install")
class TestAnswers(AnswerCase):
    """What answers our messages joins their report, whoever sends it."""

    # ------------------------------------------------------------------
    # The sender
    # ------------------------------------------------------------------

    def test_an_answer_to_the_acknowledgement_is_added(self):
        report = self.make_report()
        row = self.told(report)
        before = self.counts()
        mail = self.reply(row, "À, chỗ đó là số 12 ngõ 5.")
        mail.add_attachment(self.picture(), "image", "jpeg", filename="a.jpg")
        inbox = self.receive_mail(mail)
        self.assertEqual((inbox.state, inbox.report_id), ("done", report))
        self.assertEqual(report.supplied_text, "À, chỗ đó là số 12 ngõ 5.")
        self.assertEqual(len(report.attachment_ids), 1)
        self.assertEqual(self.counts(), before, "no second report, clock or answer")
        self.receive_mail(self.reply(row, "À, chỗ đó là số 12 ngõ 5."))
        self.assertEqual(report.supplied_text, "À, chỗ đó là số 12 ngõ 5.")

    def test_later_it_is_put_beside_for_the_centre(self):
        report = self.make_report()
        row = self.told(report)
        self.walk_to("processing", report)
        before = self.counts()
        mail = self.reply(row, "Hôm nay lại hỏng thêm một cột.")
        mail.add_attachment(self.picture(), "image", "jpeg", filename="a.jpg")
        self.receive_mail(mail)
        self.assertEqual(self.counts(), before)
        self.assertFalse(report.supplied_text)
        self.assertFalse(report.attachment_ids)
        event = self.beside(report, "sender_wrote")
        self.assertIn("thêm một cột", event.note)
        self.assertEqual(len(event.attachment_ids), 1)
        self.assertTrue(event.with_user(self.operator).attachment_ids.raw)
        self.assertEqual(self.reminders(report).user_id, self.operator)
        for user in (self.handler, self.leader, self.plain, self.citizen):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                event.with_user(user).read(["note"])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                event.attachment_ids.with_user(user).read(["raw"])

    def test_a_question_about_the_answer_is_a_follow_up(self):
        report = self.make_report()
        self.walk_to("done", report)
        row = self.told(report)
        self.receive_mail(self.reply(row, "Bao giờ thay bóng thứ hai?"))
        self.assertEqual(report.interaction_ids.body, "Bao giờ thay bóng thứ hai?")
        self.receive_mail(self.reply(row, "Bao giờ thay bóng thứ hai?"))
        self.assertEqual(len(report.interaction_ids), 1)
        self.assertTrue(self.beside(report, "sender_wrote"))

    def test_thanks_ask_for_nothing(self):
        report = self.make_report()
        row = self.told(report)
        report.with_user(self.operator).take()
        before = self.counts()
        quoted = OURS.replace("\n", "\n> ")
        self.receive_mail(self.reply(row, f"Xin cảm ơn Trung tâm!\n\n> {quoted}"))
        self.assertEqual(self.counts(), before)
        self.assertEqual(self.beside(report, "thanks").note, "Xin cảm ơn Trung tâm!")
        self.assertFalse(self.reminders(report))
        self.assertFalse(report.supplied_text)

    def test_an_answer_to_what_is_over_is_put_beside(self):
        report = self.make_report()
        row = self.told(report)
        report.with_user(self.operator).cancel("mistake", "Gửi nhầm.")
        inbox = self.receive_mail(self.reply(row, "Không phải gửi nhầm."))
        self.assertEqual(inbox.report_id, report)
        self.assertTrue(self.beside(report, "sender_wrote"))
        self.assertEqual(report.state, "cancelled")

    def test_somebody_else_attaches_nothing(self):
        """Who forwards our message gives its number away: the Centre decides."""
        report = self.make_report()
        report.with_user(self.operator).request_supplement("Cho biết số nhà.")
        row = self.told(report)
        before = self.counts()
        mail = self.reply(row, "Số 12.", From="somebody.else@example.com")
        mail.add_attachment(self.picture(), "image", "jpeg", filename="a.jpg")
        inbox = self.receive_mail(mail)
        self.assertEqual((inbox.state, inbox.report_id), ("done", report))
        self.assertEqual(report.state, "supplementing")
        self.assertFalse(report.supplied_text or report.attachment_ids)
        event = self.beside(report, "other_wrote")
        self.assertIn("nobody has proved who", event.note)
        self.assertEqual(len(event.attachment_ids), 1)
        self.assertEqual(self.counts(), before)

    def test_what_is_repeated_is_cut_and_the_whole_is_kept(self):
        below = (
            "\n\n________________________________\nTừ: Trung tâm\n"
            f"Đến: Người Gửi Mẫu <{DAN}>\nChủ đề: x\n\n{OURS}\n"
            "-- \nNgười Gửi Mẫu\nĐT 0905 000 456"
        )
        report = self.make_report()
        report.with_user(self.operator).request_supplement("Xin cho biết số nhà.")
        inbox = self.receive_mail(self.reply(self.told(report), f"Số 12.{below}"))
        self.assertEqual(report.supplied_text, "Số 12.")
        supplied = self.beside(report, "supply")
        self.assertNotIn("0905", f"{supplied.note}{report.description}")
        self.assertIn("were left out", report.intake_note)
        shown = inbox.with_user(self.operator).show_raw("Xem phần đã cắt")
        self.assertIn("ĐT 0905 000 456", shown)

    # ------------------------------------------------------------------
    # Agencies and officers
    # ------------------------------------------------------------------

    def test_an_agency_answers_on_its_assignment(self):
        report = self.make_report()
        self.walk_to("processing", report)
        row = self.told(report, "agency")
        before = self.counts()
        words = "Việc này không thuộc thẩm quyền Sở."
        mail = self.reply(row, f"{words}\n-- \nVăn thư", From="vanthu@so.example")
        mail.add_attachment(self.picture(), "image", "jpeg", filename="a.jpg")
        inbox = self.receive_mail(mail)
        self.assertEqual((inbox.state, inbox.report_id), ("done", report))
        self.assertEqual(self.counts(), before)
        event = report.assignment_ids.event_ids.filtered(
            lambda event: event.code == "agency_wrote"
        )
        self.assertTrue(event.note.startswith(words))
        self.assertIn("nobody has proved", event.note)
        self.assertNotIn("so.example", event.note)
        self.assertEqual(self.reminders(report, "activity_agency").summary, report.name)
        self.assertEqual(event.with_user(self.handler).note, event.note)
        self.assertTrue(event.attachment_ids.with_user(self.handler).raw)
        with self.assertRaises(AccessError):
            event.with_user(self.citizen).read(["note"])

    def test_an_officers_answer_to_a_digest_is_put_aside(self):
        report = self.make_report()
        self.walk_to("processing", report)
        row = self.told(report, "user")
        self.cr.execute(
            "UPDATE civic_outbox SET report_id = NULL, assignment_id = NULL"
            " WHERE id = %s",
            [row.id],
        )
        row.invalidate_recordset()
        before = self.counts()
        inbox = self.receive_mail(self.reply(row, "Đã biết.", From="o@so.example"))
        self.assertEqual(inbox.state, "ignored")
        self.assertEqual(self.counts(), before)

    def test_another_company_hears_nothing(self):
        report = self.make_report()
        row = self.told(report)
        self.cr.execute(
            "UPDATE civic_outbox SET company_id = %s WHERE id = %s",
            [self.env["res.company"].create({"name": "Tỉnh khác"}).id, row.id],
        )
        row.invalidate_recordset()
        inbox = self.receive_mail(self.reply(row, "Số 12."))
        self.assertNotEqual(inbox.report_id, report)


@tagged("-at_install", "post_install")
class TestMachines(AnswerCase):
    """Who is a machine, and what mail servers say of our messages."""

    def status(self, row, action, status):
        report = MIMEMultipart("report", report_type="delivery-status")
        report["From"] = "MAILER-DAEMON@mx.example.com"
        report["To"], report["Message-ID"] = "phananh@example.com", f"<{action}@mx>"
        report["Return-Path"] = "<>"
        report.attach(MIMEText("Status of your message."))
        said = f"Reporting-MTA: dns; mx\n\nAction: {action}\nStatus: {status}\n"
        part = Parser().parsestr(f"Content-Type: message/delivery-status\n\n{said}")
        report.attach(part)
        named = f"Message-ID: <{row.external_id}.{OWN}@example.com>\n"
        report.attach(MIMEText(named, "rfc822-headers"))
        return report.as_bytes()

    def test_only_a_failure_ends_a_message(self):
        row = self.told(self.make_report())
        for action, status in (
            *(("delivered", "2.0.0"), ("relayed", "2.0.0"), ("expanded", "2.0.0")),
            ("delayed", "4.4.1"),
        ):
            with self.subTest(action=action):
                inbox = self.receive_mail(self.status(row, action, status))
                self.assertEqual((inbox.state, row.state), ("ignored", "sent"))
        self.assertIn("tries again", row.error)
        self.receive_mail(self.status(row, "failed", "5.1.1"))
        self.assertEqual(row.state, "dead")

    def test_an_automatic_reply_ends_nothing(self):
        row = self.told(self.make_report())
        before = self.counts()
        for number, head in enumerate(
            (
                {"Auto_Submitted": "auto-replied", "Return_Path": "<>"},
                {"Return_Path": "<>"},
                {"Subject": "Automatic reply: PA"},
                {"Subject": "Trả lời tự động: PA"},
                {"Subject": "Out of Office: PA"},
                {"Subject": "TỰ ĐỘNG TRẢ LỜI"},
            )
        ):
            with self.subTest(head=head):
                mail = self.reply(row, f"Tôi đi vắng đến 15.5.2027. {number}")
                for name, value in head.items():
                    del mail[name]
                    mail[name.replace("_", "-")] = value
                self.assertEqual(self.receive_mail(mail).state, "ignored")
                self.assertEqual(row.state, "sent")
        self.assertEqual(self.counts(), before)

    def test_the_subjects_are_the_administrators(self):
        row = self.told(self.make_report())
        self.company.civic_auto_subjects = "Tôi vắng"
        mail = self.mail("Out of Office: PA", "x", In_Reply_To=None)
        self.assertEqual(self.receive_mail(mail).state, "done", "it answers nobody")
        named = f"<{row.external_id}.{OWN}@example.com>"
        mail = self.mail("tôi vắng mặt", "x", In_Reply_To=named)
        self.assertEqual(self.receive_mail(mail).state, "ignored")

    def test_a_person_is_no_machine_for_a_header(self):
        for head in (
            {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
            {"Precedence": "bulk"},
            {"Precedence": "list"},
        ):
            with self.subTest(head=head):
                report = self.receive_mail(self.mail(**head)).report_id
                self.assertEqual(report.state, "new")
                self.assertIn("no acknowledgement was sent", report.intake_note)
                row = self.rows(report)
                self.assertEqual((row.notice_id.event, row.state), ("send", "dropped"))
                row.with_user(self.operator).replay()
                self.deliver()
                self.assertEqual(row.state, "sent")

    def test_what_was_put_aside_is_taken_in_by_one_click(self):
        row = self.told(self.make_report())
        inbox = self.receive_mail(self.reply(row, "Số 12.", Auto_Submitted="auto-x"))
        self.assertEqual(inbox.state, "ignored")
        inbox.with_user(self.operator).replay()
        self.run_reader()
        self.assertEqual(inbox.report_id, row.report_id)
        self.assertEqual(row.report_id.supplied_text, "Số 12.")


@tagged("-at_install", "post_install")
class TestMailSenders(AnswerCase):
    """To whom answers go, and which files are kept."""

    def test_a_form_s_reply_to_is_taken_for_the_sender(self):
        self.agency.email = "vanthu@so.example"
        self.operator.email = "can_bo@example.com"
        for number, sender in enumerate(
            (
                "noreply@a.vn",
                "khong-tra-loi@a.vn",
                "vanthu@so.example",
                "can_bo@example.com",
            )
        ):
            with self.subTest(sender=sender):
                mail = self.mail(
                    text=f"Vụ {number}",
                    From=f"Website phường <{sender}>",
                    Reply_To="Bà B <ba.b@vd.example>",
                )
                report = self.receive_mail(mail).report_id
                self.assertEqual(report.reporter_id.email_from, "ba.b@vd.example")
                self.assertEqual(report.reporter_id.name, "Bà B")
                self.assertIn("not the sender's own", report.intake_note)
                self.assertIn("nobody has proved", report.intake_note)

    def test_another_reply_to_is_said_and_not_shown_in_clear(self):
        mail = self.mail(Reply_To="Bà B <ba.b@vd.example>")
        inbox = self.receive_mail(mail)
        report = inbox.report_id
        self.assertEqual(report.reporter_id.email_from, "nguoi.gui@example.com")
        self.assertIn("another address", report.intake_note)
        self.assertNotIn("ba.b", report.intake_note)
        shown = inbox.with_user(self.operator).show_raw("Cần địa chỉ trả lời")
        self.assertIn("Bà B <ba.b@vd.example>", shown.split("―")[0])

    def test_senders_in_other_letters_are_kept(self):
        report = self.receive_mail(
            b"From: =?utf-8?q?D=C3=A2n?= <" + "dân@tỉnh.example".encode() + b">\r\n"
            b"To: phananh@example.com\r\nSubject: x\r\n\r\ny"
        ).report_id
        self.assertEqual(report.reporter_id.email_from, "dân@xn--tnh-dlz.example")
        self.deliver()
        self.assertEqual(self.rows(report).state, "dead")
        self.assertIn("letters", self.rows(report).error)

    def drawn(self, size):
        return self.png(Image.effect_noise(size, 90).convert("RGB"))

    def png(self, picture):
        stream = io.BytesIO()
        picture.save(stream, "PNG")
        return stream.getvalue()

    def test_icons_of_a_signature_leave_room_for_photographs(self):
        mail = self.mail()
        for number in range(12):
            icon = self.png(Image.new("RGB", (24 + number, 24), "red"))
            name = f"i{number}.png"
            mail.add_attachment(
                icon, "image", "png", filename=name, disposition="inline"
            )
        mail.add_attachment(self.drawn((300, 200)), "image", "png", filename="hien.png")
        report = self.receive_mail(mail).report_id
        self.assertEqual(len(report.attachment_ids), 1)
        self.assertFalse(report.refused_files)
        self.assertIn("signature left out: 12", report.intake_note)

    def test_the_largest_files_are_kept(self):
        self.company.civic_max_files = 2
        mail = self.mail()
        sizes = ((60, 40), (300, 200), (80, 60), (200, 200))
        for size in sizes:
            mail.add_attachment(self.drawn(size), "image", "png", filename="a.png")
        report = self.receive_mail(mail).report_id
        found = report.attachment_ids.sorted("id").civic_media_ids
        self.assertEqual(found.mapped("width"), [300, 200])
        self.assertIn("the smallest ones: 2", report.intake_note)
        self.assertIn("At most 2", report.refused_files)

    def test_a_picture_within_a_page_is_kept(self):
        plain = self.png(Image.new("RGB", (300, 200), "gray"))
        logo = self.png(Image.new("RGB", (300, 60), "red"))
        mail = self.mail()
        pictures = "".join(
            f"<img src='data:image/png;base64,{b64encode(data).decode()}'>"
            for data in (logo, plain)
        )
        mail.set_content(f"<p>Ngập.</p>{pictures}", subtype="html")
        report = self.receive_mail(mail).report_id
        self.assertEqual(report.attachment_ids.civic_media_ids.mapped("height"), [200])
        self.assertIn("signature left out: 1", report.intake_note)

    def test_winmail_is_said(self):
        mail = EmailMessage()
        mail["From"], mail["To"] = "a@example.com", "phananh@example.com"
        mail.add_attachment(
            b"\x78\x9f\x3e\x22junk", "application", "ms-tnef", filename="winmail.dat"
        )
        report = self.receive_mail(mail).report_id
        self.assertIn("winmail.dat", report.intake_note)
        self.assertTrue(report.refused_files)
