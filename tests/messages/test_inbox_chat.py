from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.chat import Message
from ..rig.inbox import ChatCase
from ..rig.webhooks import body, zalo_event

ZALO_USER = "246845883529197922"


@tagged("-at_install", "post_install")
class TestChat(ChatCase):
    """Several messages are one report; nothing is lost; everybody is told once."""

    # ------------------------------------------------------------------
    # One report
    # ------------------------------------------------------------------

    def test_a_chat_that_is_ended_is_one_report(self):
        rows = self.zalo("Ổ gà sâu trước số 10 Lê Lợi")
        rows |= self.zalo(name="user_send_image", attachments=[self.photo()])
        self.run_reader()
        self.assertEqual(rows.mapped("state"), ["new", "new"])
        self.assertIn("Waits for more", rows[0].error)
        place = {"coordinates": {"latitude": "16.46", "longitude": "107.59"}}
        rows |= self.zalo(
            name="user_send_location",
            attachments=[{"type": "location", "payload": place}],
        )
        rows |= self.zalo("Gửi")
        self.run_reader()
        self.assertEqual(set(rows.mapped("state")), {"done"})
        report = rows.report_id
        self.assertEqual(len(report), 1)
        self.assertEqual(report.channel_id.code, "zalo")
        self.assertEqual(report.subject, "Ổ gà sâu trước số 10 Lê Lợi")
        self.assertEqual(report.description, "Ổ gà sâu trước số 10 Lê Lợi")
        self.assertEqual((report.latitude, report.longitude), (16.46, 107.59))
        self.assertEqual(len(report.attachment_ids), 1)
        self.assertEqual(report.track, "normal")
        self.assertEqual(report.create_uid, self.env.ref("civic_report.user_citizen"))
        self.assertFalse(report.event_ids.user_id)
        self.assertEqual(report.reporter_id.zalo_id, ZALO_USER)

    def test_ten_minutes_of_silence_end_it(self):
        rows = self.zalo("Ổ gà")
        self.run_reader()
        with self.at("2026-11-16 10:06"):
            rows |= self.zalo("trước số 10", at="2026-11-16 10:06")
            self.run_reader()
        self.read_at("2026-11-16 10:11")
        self.assertFalse(rows.report_id)
        self.read_at("2026-11-16 10:17")
        self.assertEqual(rows.report_id.description, "Ổ gà\ntrước số 10")
        self.assertEqual(set(rows.mapped("state")), {"done"})

    def test_what_follows_is_another_report(self):
        rows = self.zalo("Ổ gà")
        rows |= self.zalo("xong")
        rows |= self.zalo("Đèn hỏng")
        rows |= self.zalo("xong")
        self.run_reader()
        reports = rows.report_id
        self.assertEqual(set(reports.mapped("subject")), {"Ổ gà", "Đèn hỏng"})
        self.assertEqual(len(reports.reporter_id), 1, "the same person")

    def test_senders_are_kept_apart(self):
        rows = self.zalo("Ổ gà")
        event = zalo_event(msg_id="other", text="Đèn hỏng")
        event["sender"]["id"] = "999"
        rows |= self.keep("zalo", body(event))
        self.read_at("2026-11-16 10:11")
        self.assertEqual(len(rows.report_id.reporter_id), 2)

    def test_out_of_order_and_twice(self):
        rows = self.zalo("gửi", at="2026-11-16 09:59")
        rows |= self.zalo("trước số 10", at="2026-11-16 09:58")
        first = self.zalo("Ổ gà", at="2026-11-16 09:57")
        again = self.keep("zalo", first._open_raw())
        self.assertFalse(again, "known by its name")
        self.run_reader()
        self.assertEqual((rows | first).report_id.description, "Ổ gà\ntrước số 10")

    def test_after_an_outage_each_matter_is_its_own(self):
        """What waited an hour is parted where its sender was silent."""
        rows = self.zalo("Ổ gà", at="2026-11-16 08:00")
        rows |= self.zalo("số 10", at="2026-11-16 08:04")
        rows |= self.zalo("Rác", at="2026-11-16 09:00")
        self.read_at("2026-11-16 10:11")
        self.assertEqual(
            set(rows.report_id.mapped("description")), {"Ổ gà\nsố 10", "Rác"}
        )

    def test_what_is_no_message_is_kept_and_not_read(self):
        follow = {"event_name": "follow", "follower": {"id": "1"}, "timestamp": "1"}
        rows = self.keep("zalo", body(follow))
        rows |= self.keep("zalo", body({**follow, "event_name": "unfollow"}))
        rows |= self.keep("zalo", body({"event_name": "no_such_event"}))
        rows |= self.messenger(is_echo=True)
        comment = {"field": "feed", "value": {"item": "comment", "message": "Ổ gà"}}
        raw = {"object": "page", "entry": [{"id": "1", "changes": [comment]}]}
        rows |= self.keep("facebook", body(raw))
        self.read_at("2026-11-16 10:11")
        self.assertEqual(len(rows), 5)
        self.assertEqual(set(rows.mapped("state")), {"ignored"})
        self.assertTrue(all(row._open_raw() for row in rows))

    def test_stickers_alone_are_put_aside_and_noted_beside_words(self):
        sticker = {"type": "sticker", "payload": {"id": "1", "url": "http://x"}}
        row = self.zalo(name="user_send_sticker", attachments=[sticker])
        self.read_at("2026-11-16 10:11")
        self.assertEqual(row.state, "ignored")
        self.assertIn("nothing to report", row.error)
        row.with_user(self.operator).replay()
        self.read_at("2026-11-16 10:12")
        self.assertEqual(row.report_id.description, "(The message has no text.)")
        row = self.zalo("Ổ gà", attachments=[sticker])
        row |= self.zalo("gửi")
        self.run_reader()
        self.assertIn("sticker", row.report_id.intake_note)

    def test_edited_and_taken_back_before(self):
        rows = self.messenger("Ổ ga", mid="a")
        rows |= self.messenger("nhầm", mid="b")
        rows |= self.edited("a", "Ổ gà")
        rows |= self.messenger(mid="b", is_deleted=True)
        self.read_at("2026-11-16 10:11")
        report = rows.report_id
        self.assertEqual(report.description, "Ổ gà")
        self.assertIn("taken a message of it back", report.intake_note)

    def test_edited_and_taken_back_afterwards(self):
        rows = self.messenger("Ổ gà", mid="a")
        rows |= self.messenger("gửi", mid="c")
        self.run_reader()
        report = rows.report_id
        rows = self.edited("a", "Ổ gà to")
        rows |= self.messenger(mid="a", is_deleted=True)
        self.run_reader()
        self.assertEqual(rows.report_id, report)
        self.assertEqual(report.description, "Ổ gà", "what was sent stays")
        self.assertIn("“Ổ gà to”", report.intake_note)
        self.assertIn("back", report.intake_note)

    def test_a_flood_is_put_aside_and_kept(self):
        self.company.civic_mail_rate = 3
        rows = self.inbox().browse()
        for number in range(5):
            rows |= self.zalo(f"Vụ {number}")
        self.read_at("2026-11-16 10:11")
        self.assertEqual(len(rows), 5)
        self.assertIn("ignored", rows.mapped("state"))

    def test_a_locked_sender_is_put_aside_but_for_emergencies(self):
        rows = self.zalo("Ổ gà") | self.zalo("gửi")
        self.run_reader()
        reporter = rows.report_id.reporter_id
        reporter.with_user(self.manager).sudo(False).lock(
            "Thông tin sai sự thật", basis="Luật An ninh mạng, Điều 16"
        )
        rows = self.zalo("Rác") | self.zalo("gửi")
        self.run_reader()
        self.assertEqual(set(rows.mapped("state")), {"ignored"})
        row = self.zalo("Cháy nhà số 5")
        self.run_reader()
        self.assertEqual(row.report_id.track, "emergency")

    def test_several_workers_are_not_in_each_others_way(self):
        rows = self.zalo("Ổ gà") | self.zalo("gửi")
        inbox = type(self.env["civic.inbox"])
        with patch.object(inbox, "try_lock_for_update", lambda row, **_o: row.browse()):
            rows[1]._driver()._read(rows[1], rows[1]._open_raw())
        self.assertEqual(rows[1].state, "new", "it is tried again in a moment")
        self.read_at("2026-11-16 10:01")
        self.assertEqual(set(rows.mapped("state")), {"done"})

    # ------------------------------------------------------------------
    # Emergencies
    # ------------------------------------------------------------------

    def test_an_emergency_does_not_wait(self):
        row = self.zalo("Cháy nhà số 5 Lê Lợi")
        self.assertEqual(row.priority, 0)
        self.run_reader()
        report = row.report_id
        self.assertEqual(report.track, "emergency")
        self.assertIn("cháy", report.intake_note)
        with self.at("2026-11-16 10:03"):
            more = self.zalo("tầng 2", at="2026-11-16 10:03")
            more |= self.zalo(
                name="user_send_image",
                attachments=[self.photo()],
                at="2026-11-16 10:03",
            )
            self.run_reader()
        self.assertEqual(more.report_id, report, "it belongs to the same")
        self.assertEqual(report.supplied_text, "tầng 2")
        self.assertEqual(len(report.attachment_ids), 1)
        self.assertIn("add", report.event_ids.mapped("code"))
        with self.at("2026-11-16 11:00"):
            later = self.zalo("Đèn hỏng", at="2026-11-16 11:00")
            self.run_reader()
        self.assertFalse(later.report_id, "half an hour later it is another matter")

    def test_who_tells_of_an_emergency_is_answered_at_once(self):
        self.keep_quiet(22, 7)
        row = self.zalo("Cháy nhà số 5 Lê Lợi")
        with self.at("2026-11-16 23:00"):
            self.run_reader()
        told = self.rows(row.report_id).filtered(
            lambda message: message.notice_id.event == "danger"
        )
        self.assertEqual((len(told), told.channel), (1, "chat"))
        self.assertLocal(told.due_at, "2026-11-16 23:00")  # no quiet hours
        body = told._words()[1]
        for number in ("113", "114", "115"):
            self.assertIn(number, body)

    def test_words_that_only_look_like_it(self):
        for text in ("Nước chảy ra đường", "Ổ gà to, rất dễ gây tai nạn"):
            row = self.zalo(f"{text}. gửi") | self.zalo("gửi")
            self.run_reader()
            report = row.report_id
            self.assertEqual((report.track, report.danger_state), ("normal", False))

    def doubtful(self):
        row = self.zalo("Tai nạn ở ngã tư")
        self.assertEqual(row.priority, 0)
        with self.at("2026-11-16 23:00"):
            self.run_reader()
        return row.report_id

    def test_in_doubt_the_sender_is_asked(self):
        """Words alone do not set the track; the question comes at once, at night."""
        report = self.doubtful()
        self.assertEqual((report.track, report.danger_state), ("normal", "asked"))
        self.assertTrue(report.may_be_emergency)
        self.assertIn("tai nạn", report.intake_note)
        told = self.rows(report).filtered(
            lambda message: message.notice_id.event == "ask_danger"
        )
        self.assertEqual((len(told), told.channel), (1, "chat"))
        self.assertLocal(told.due_at, "2026-11-16 23:00")
        self.assertIn("1", told._words()[1])
        found = report.search([("may_be_emergency", "=", True)])
        self.assertEqual(found, report)

    def answer(self, text):
        row = self.zalo(text, at="2026-11-16 23:01")
        with self.at("2026-11-16 23:01"):
            self.run_reader()
        return row

    def test_the_sender_says_yes(self):
        report = self.doubtful()
        row = self.answer("1")
        self.assertEqual((row.state, row.report_id), ("done", report))
        self.assertEqual(
            (report.track, report.danger_state), ("emergency", "confirmed")
        )
        self.assertFalse(report.may_be_emergency)
        self.assertIn("danger", report.event_ids.mapped("code"))
        self.assertFalse(report.supplied_text)

    def test_the_sender_says_no(self):
        report = self.doubtful()
        self.answer("Không ạ")
        self.assertEqual((report.track, report.danger_state), ("normal", "denied"))
        self.assertFalse(report.may_be_emergency)
        self.assertEqual(self.answer("2").report_id, report, "said once more")
        self.answer("1")
        self.assertEqual(report.track, "emergency", "it got worse")

    def test_the_sender_says_more(self):
        report = self.doubtful()
        row = self.answer("có người chết, gọi cấp cứu")
        self.assertEqual(row.report_id, report)
        self.assertEqual(report.track, "emergency")
        self.assertIn("có người chết", report.supplied_text)

    def test_numbers_that_answer_nothing(self):
        row = self.zalo("1") | self.zalo("gửi")
        self.run_reader()
        self.assertEqual(row.report_id.description, "1")

    def test_the_list_is_the_administrators(self):
        sure = self.env.ref("civic_report.danger_sure").with_user(self.administrator)
        sure.phrases = "voi … sổng"
        row = self.zalo("Con voi sổng chuồng")
        self.run_reader()
        self.assertEqual(row.report_id.track, "emergency")
        sure.sample = "Cháy nhà"
        self.assertNotIn("An emergency", sure.verdict)
        with self.assertRaises(AccessError):
            sure.with_user(self.operator).write({"phrases": "x"})
        for user in (self.handler, self.citizen):
            self.assertFalse(sure.with_user(user).has_access("read"))

    def test_by_the_form_words_only_mark(self):
        values = self.report_values(description="Có người nhảy cầu")
        reports = self.env["civic.report"].with_user(
            self.env.ref("civic_report.user_citizen")
        )
        for text, state in {
            "Có người nhảy cầu": "marked",
            "Ổ gà to, rất dễ gây tai nạn": False,
        }.items():
            report = reports.sudo()._create_submitted(
                {
                    "subject": "x",
                    "description": text,
                    "company_id": self.company.id,
                    "category_id": values["category_id"],
                },
                {"name": "Người gửi", "phone": "0912345670"},
                [],
                self.env["res.users"],
                False,
                "web",
            )
            self.assertEqual((report.track, report.danger_state), ("normal", state))

    # ------------------------------------------------------------------
    # Pictures
    # ------------------------------------------------------------------

    def send_media(self, url):
        payload = {"type": "image", "payload": {"url": url}}
        rows = self.zalo("Ổ gà", name="user_send_image", attachments=[payload])
        return rows | self.zalo("gửi")

    def test_nothing_is_fetched_from_elsewhere(self):
        gateway = self.env["civic.gateway"]._of(self.company, "zalo")
        gateway.media_hosts = False
        for url in (
            self.cdn.keep("/secret", b"x"),
            "http://127.0.0.1:8069/web/health",
            "https://127.0.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "https://f21-zpc.zdn.vn@127.0.0.1/",
            "file:///etc/passwd",
            "gopher://127.0.0.1",
        ):
            with self.subTest(url):
                report = self.send_media(url).report_id
                self.run_reader()
                report = self.inbox()[-1].report_id
                self.assertFalse(report.attachment_ids)
                self.assertIn("not fetched", report.refused_files)
                self.assertNotIn("127.0.0.1", report.refused_files)
        self.assertFalse(self.cdn.asked)

    def test_what_is_no_picture_is_refused_and_the_report_kept(self):
        url = self.cdn.keep("/a.jpg", b"<script>alert(1)</script>")
        rows = self.send_media(url)
        self.run_reader()
        self.assertFalse(rows.report_id.attachment_ids)
        self.assertIn("File 1", rows.report_id.refused_files)

    def test_too_large_a_file(self):
        self.company.civic_max_picture_mb = self.company.civic_max_recording_mb = 1
        url = self.cdn.keep("/a.jpg", b"\xff\xd8\xff" + bytes(1024 * 1024))
        rows = self.send_media(url)
        self.run_reader()
        self.assertIn("too large", rows.report_id.refused_files)

    def test_a_provider_that_is_down_is_asked_again_then_given_up(self):
        rows = self.send_media(f"{self.cdn.origin}/busy")
        with mute_logger("odoo.addons.civic_report.models.messages.queue"):
            self.run_reader()
            self.assertFalse(rows.report_id)
            for moment in ("10:03", "10:08", "10:20", "10:40"):
                self.read_at(f"2026-11-16 {moment}")
        self.assertEqual(len(rows.report_id), 1)
        self.assertIn("could not be fetched", rows.report_id.refused_files)
        self.assertEqual(set(rows.mapped("state")), {"done"})

    def test_a_provider_that_comes_back(self):
        url = f"{self.cdn.origin}/late.jpg"
        rows = self.send_media(f"{self.cdn.origin}/moved/x")
        self.cdn.leads_to["x"] = f"{self.cdn.origin}/busy"
        with mute_logger("odoo.addons.civic_report.models.messages.queue"):
            self.run_reader()
        self.cdn.keep("/late.jpg", self.picture())
        self.cdn.leads_to["x"] = url
        self.read_at("2026-11-16 10:05")
        self.assertEqual(len(rows.report_id.attachment_ids), 1)

    def test_nobody_waits_for_pictures_of_an_emergency(self):
        payload = {"type": "image", "payload": {"url": f"{self.cdn.origin}/busy"}}
        row = self.zalo("Cháy nhà", name="user_send_image", attachments=[payload])
        self.run_reader()
        self.assertEqual(row.report_id.track, "emergency")
        self.assertIn("could not be fetched", row.report_id.refused_files)

    # ------------------------------------------------------------------
    # Supplements
    # ------------------------------------------------------------------

    def reported(self, *rows):
        self.run_reader()
        return rows[0].report_id

    def test_the_answer_to_a_request_completes_the_report(self):
        report = self.reported(self.zalo("Ổ gà"), self.zalo("gửi"))
        report.with_user(self.operator).sudo(False).request_supplement("Ở đâu?")
        rows = self.zalo("Trước số 10 Lê Lợi")
        rows |= self.zalo(name="user_send_image", attachments=[self.photo()])
        rows |= self.zalo("gửi")
        self.run_reader()
        self.assertEqual(rows.report_id, report)
        self.assertEqual(report.state, "new")
        self.assertEqual(report.supplied_text, "Trước số 10 Lê Lợi")
        self.assertEqual(len(report.attachment_ids), 1)
        rows = self.zalo("Đèn hỏng") | self.zalo("gửi")
        self.run_reader()
        self.assertNotEqual(rows.report_id, report, "nothing is asked any more")

    def test_the_code_says_which_of_several(self):
        first = self.reported(self.zalo("Ổ gà"), self.zalo("gửi"))
        second = self.reported(self.zalo("Rác"), self.zalo("gửi"))
        for report in (first, second):
            report.with_user(self.operator).sudo(False).request_supplement("Ở đâu?")
        rows = self.zalo(f"{first.name.lower()}: số 10") | self.zalo("gửi")
        self.run_reader()
        self.assertEqual(rows.report_id, first)

    def test_another_sender_completes_nothing(self):
        report = self.reported(self.zalo("Ổ gà"), self.zalo("gửi"))
        report.with_user(self.operator).sudo(False).request_supplement("Ở đâu?")
        event = zalo_event(msg_id="other", text=f"{report.name} số 10")
        event["sender"]["id"] = "999"
        row = self.keep("zalo", body(event))
        self.read_at("2026-11-16 10:11")
        self.assertNotEqual(row.report_id, report)
        self.assertEqual(report.state, "supplementing")

    def test_closed_a_moment_ago_it_is_a_new_report(self):
        report = self.reported(self.zalo("Ổ gà"), self.zalo("gửi"))
        report.with_user(self.operator).sudo(False).request_supplement("Ở đâu?")
        reports = type(report)
        rows = self.zalo("Số 10") | self.zalo("gửi")
        with patch.object(reports, "_supply_read_as", side_effect=UserError("closed")):
            self.run_reader()
        self.assertTrue(rows.report_id)
        self.assertNotEqual(rows.report_id, report)

    # ------------------------------------------------------------------
    # SMS and Facebook
    # ------------------------------------------------------------------

    def test_an_sms_is_a_report_after_two_minutes(self):
        rows = self.sms("Ổ gà trước số 10 Lê Lợi, rất sâu,")
        rows |= self.sms("xe máy không tránh được")
        self.run_reader()
        self.assertFalse(rows.report_id)
        self.read_at("2026-11-16 10:03")
        report = rows.report_id
        self.assertEqual(len(report), 1)
        self.assertEqual(report.channel_id.code, "sms")
        self.assertEqual(report.reporter_id.phone, "+84912345678")
        self.assertIn("forged", report.intake_note)
        again = self.sms("Đèn hỏng") | self.sms("xong")
        self.read_at("2026-11-16 10:04")
        self.assertEqual(again.report_id.reporter_id, report.reporter_id)

    def test_an_sms_from_a_machine_is_kept(self):
        row = self.sms("Khuyến mãi", sender="VIETTEL")
        self.read_at("2026-11-16 10:03")
        self.assertEqual((row.state, row.sender), ("ignored", False))

    def test_an_sms_completes_a_report_that_came_from_the_site(self):
        report = self.make_report()
        report.request_supplement("Ở đâu?")
        self.reporter.phone = "0912345678"
        row = self.sms("Trước số 10") | self.sms("gửi")
        self.run_reader()
        self.assertEqual(row.report_id, report)
        self.assertEqual(report.supplied_text, "Trước số 10")

    def test_a_message_to_the_page_is_a_report(self):
        rows = self.messenger("Ổ gà") | self.messenger("gửi")
        self.run_reader()
        report = rows.report_id
        self.assertEqual(report.channel_id.code, "facebook")
        self.assertEqual(report.reporter_id.facebook_id, "6543210987654321")

    # ------------------------------------------------------------------
    # Who it is
    # ------------------------------------------------------------------

    def test_who_it_is_lies_in_the_vault(self):
        rows = self.zalo("Ổ gà") | self.zalo("gửi")
        self.run_reader()
        self.env.flush_all()
        for table in ("civic_inbox", "civic_reporter", "civic_report"):
            self.cr.execute(f"SELECT to_jsonb(t) - 'raw' FROM {table} t")
            self.assertNotIn(ZALO_USER, str(self.cr.fetchall()), table)
        reporter = rows.report_id.reporter_id.with_user(self.operator).sudo(False)
        self.env.invalidate_all()
        self.assertEqual(reporter.zalo_id, "••••")
        self.assertEqual(reporter.name, "•••• Z.")

    def test_a_name_that_the_centre_knows_stays(self):
        rows = self.zalo("Ổ gà") | self.zalo("gửi")
        self.run_reader()
        reporter = rows.report_id.reporter_id
        reporter.name = "Người phản ánh"
        rows = self.zalo("Rác") | self.zalo("gửi")
        self.run_reader()
        self.assertEqual(rows.report_id.reporter_id, reporter)
        self.assertEqual(reporter.name, "Người phản ánh")

    def test_a_message_with_nothing_known_of_its_time(self):
        self.assertEqual(Message(event_id="1", kind="message").sent_at, None)
        event = zalo_event(msg_id="x", text="Ổ gà")
        event["timestamp"] = "x"
        row = self.keep("zalo", body(event))
        self.read_at("2026-11-16 10:11")
        self.assertEqual(row.report_id.description, "Ổ gà")

    # ------------------------------------------------------------------
    # The message itself
    # ------------------------------------------------------------------

    def test_operators_open_a_message_with_a_reason(self):
        row = self.zalo("Ổ gà") | self.zalo("gửi")
        self.run_reader()
        row = row[0].with_user(self.operator)
        for reason in ("", "  ", "vì"):
            with self.assertRaises(UserError):
                row.show_raw(reason)
        text = row.show_raw("Đọc lại nội dung gốc")
        self.assertIn("Ổ gà", text)
        look = self.env["civic.access"].search([("inbox_id", "=", row.id)])
        self.assertEqual((look.kind, look.user_id), ("raw", self.operator))
        self.assertEqual(look.reporter_id, row.report_id.reporter_id)
        self.assertEqual(look.reason, "Đọc lại nội dung gốc")
        wizard = (
            self.env["civic.wizard.show.raw"]
            .with_user(self.operator)
            .with_context(active_model="civic.inbox", active_id=row.id)
            .create(
                {
                    "ground_id": self.env.ref("civic_report.look_other").id,
                    "words": "Đọc lại nội dung gốc",
                }
            )
        )
        self.assertIn("Ổ gà", wizard.action_confirm()["params"]["text"])
        self.assertNotIn("Ổ gà", str(wizard.read()))

    def test_what_became_no_report_is_on_record_too(self):
        row = self.sms("Khuyến mãi", sender="VIETTEL")
        self.read_at("2026-11-16 10:03")
        row.with_user(self.operator).show_raw("Xem có phải người không")
        look = self.env["civic.access"].search([("inbox_id", "=", row.id)])
        self.assertEqual((len(look), look.company_id), (1, self.company))

    def test_nobody_else_opens_a_message(self):
        row = self.zalo("Ổ gà")
        for user in (self.handler, self.leader, self.province_leader, self.citizen):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                row.with_user(user).show_raw("Tò mò thôi mà")
        row.write({"raw": False, "size": 0})
        with self.assertRaisesRegex(UserError, "no longer kept"):
            row.with_user(self.operator).show_raw("Đọc lại nội dung gốc")
        self.assertFalse(self.env["civic.access"].search([("inbox_id", "=", row.id)]))
