from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ...models.messages.occasions.follow import FOLLOW_ASKED
from ..rig.support import ADDRESS, SupportCase


@tagged("-at_install", "post_install")
class TestMeToo(SupportCase):
    def test_each_device_counts_once(self):
        self.assertIn("Have you met this, too?", self.text(self.page(self.page_path)))
        page = self.press("toi-cung-gap")
        self.assertIn("You are counted", self.text(page))
        self.assertEqual(self.report.support_count, 1)
        # A second tab that still has the button.
        token = page.xpath("//input[@name='csrf_token']")[0].value
        for _again in range(2):
            self.url_open(
                f"{self.page_path}/toi-cung-gap",
                data={"csrf_token": token, "wish": "on"},
            )
        self.report.invalidate_recordset()
        self.assertEqual(self.report.support_count, 1)
        self.become_somebody_else()
        self.press("toi-cung-gap")
        self.report.invalidate_recordset()
        self.assertEqual(self.report.support_count, 2)
        self.assertEqual(len(self.rows_of(is_support=True)), 2)

    def test_it_can_be_taken_back(self):
        self.press("toi-cung-gap")
        page = self.press("toi-cung-gap", wish="off")
        self.assertNotIn("You are counted", self.text(page))
        self.report.invalidate_recordset()
        self.assertEqual(self.report.support_count, 0)
        self.assertFalse(self.rows_of())
        # Twice takes back nothing of others.
        self.support._support_sudo(self.report, "device", "another")
        self.support._take_back_sudo(self.report, "device", "unknown")
        self.assertEqual(self.report.support_count, 1)

    def test_an_account_counts_once_on_every_device(self):
        for _device in range(2):
            self.become_somebody_else()
            self.authenticate("civic_citizen", "civic_citizen")
            self.support._support_sudo(self.report, "account", self.citizen.id)
        self.assertEqual(self.report.support_count, 1)
        self.assertIn("You are counted", self.text(self.page(self.page_path)))

    def test_nothing_tells_who_it_was(self):
        """Neither device nor account stands in a row, nor links two reports."""
        self.support._support_sudo(self.report, "device", "secret-device")
        self.support._support_sudo(self.report, "account", self.citizen.id)
        other = self.walk_to("accepted").sudo()
        self.support._support_sudo(other, "device", "secret-device")
        self.env.flush_all()
        self.cr.execute("SELECT row_to_json(s)::text FROM civic_support s")
        kept = "".join(text for (text,) in self.cr.fetchall())
        self.assertNotIn("secret-device", kept)
        devices = self.support.search([("kind", "=", "device")])
        self.assertEqual(len(set(devices.mapped("person_hash"))), 2)
        self.assertNotIn("create_uid", self.support._fields)

    def test_without_a_token_nothing_counts(self):
        self.page(self.page_path)
        answer = self.url_open(f"{self.page_path}/toi-cung-gap", data={"wish": "on"})
        self.assertIn("open for too long", answer.text)
        self.assertEqual(self.report.support_count, 0)

    def test_a_flood_is_stopped(self):
        limit = self.env.ref("civic_report.throttle_support_device")
        limit.count = 2
        for wish in ("on", "off"):
            self.press("toi-cung-gap", wish=wish)
        self.press("toi-cung-gap", status=429)
        self.assertEqual(self.report.support_count, 0)

    def test_what_has_ended_is_reported_anew(self):
        report = self.walk_to("done").sudo()
        self.page_path = report._website_path()
        page = self.page(self.page_path)
        self.assertFalse(page.xpath("//form[contains(@action, 'toi-cung-gap')]"))
        link = page.xpath("//a[contains(@href, 'tai-dien')]/@href")
        self.assertEqual(link, [f"/phan-anh/gui?tai-dien={report.name.lower()}"])
        token = self.page("/phan-anh/gui").xpath("//input[@name='csrf_token']")[0]
        answer = self.url_open(
            f"{self.page_path}/toi-cung-gap", data={"csrf_token": token.value}
        )
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(report.support_count, 0)

    def test_what_is_not_published_is_not_found(self):
        private = self.make_report(visibility="private").sudo()
        for act in ("toi-cung-gap", "theo-doi"):
            answer = self.url_open(f"{private._website_path()}/{act}", data={"x": "x"})
            self.assertEqual(answer.status_code, 404)


@tagged("-at_install", "post_install")
class TestFollowing(SupportCase):
    def follow(self, address=ADDRESS):
        page = self.press("theo-doi", email=address)
        self.deliver()
        return page

    def question(self):
        """The link in the question to an address."""
        texts = [row.get_body(("plain",)).get_content() for row in self.server.messages]
        text = next(text for text in texts if "/phan-anh/theo-doi/" in text)
        return text[text.index("/phan-anh/theo-doi/") :].split()[0]

    def confirm(self):
        """Open the link of the question and press the button there."""
        self.link = self.question()
        page = self.page(self.link)
        self.assertIn("Do you want", self.text(page))
        return self.page(self.link, data={"wish": "on"})

    def letters_to(self, address=ADDRESS):
        return [row for row in self.server.messages if row["To"] == address]

    def test_nothing_is_sent_before_the_address_is_confirmed(self):
        self.follow()
        self.assertEqual(self.rows_of().state, "asked")
        [question] = self.letters_to()
        self.assertIn(self.report.name, question["Subject"])
        self.submit(self.report.assignment_ids.sudo(False))
        self.deliver()
        self.assertEqual(len(self.letters_to()), 1)

    def test_opening_the_link_changes_nothing(self):
        """Mail programs open links to look for harm."""
        self.follow()
        self.page(self.question())
        self.assertEqual(self.rows_of().state, "asked")

    def test_followers_are_told_each_step_and_how_to_stop(self):
        self.follow()
        page = self.confirm()
        self.assertIn("confirmed", self.text(page))
        self.assertEqual(self.rows_of().state, "following")
        self.submit(self.report.assignment_ids.sudo(False))
        self.report.assignment_ids.sudo(False).with_user(self.leader).approve()
        self.report.with_user(self.operator).sudo(False).publish()
        self.deliver()
        told = self.letters_to()[1:]
        subjects = [row["Subject"] for row in told]
        self.assertEqual(
            subjects,
            [
                f"Report {self.report.name}: Result submitted",
                f"Report {self.report.name}: Result approved",
                f"Answer to report {self.report.name}",
            ],
        )
        for letter in told:
            self.assertIn(self.link, letter["List-Unsubscribe"])
            self.assertEqual(
                letter["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click"
            )
            self.assertIn(self.link, letter.get_body(("plain",)).get_content())
            self.assertIn(
                f'href="{self.base_url()}{self.link}"',
                letter.get_body(("html",)).get_content(),
            )
        self.assertIn("Đã vá ổ gà.", told[-1].get_body(("plain",)).get_content())

    def test_one_click_stops_it(self):
        """RFC 8058: what a mail program posts, without session and token."""
        self.follow()
        self.confirm()
        self.become_somebody_else()
        answer = self.url_open(
            self.link, data={"List-Unsubscribe": "One-Click"}, allow_redirects=False
        )
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(self.rows_of(), "the address is deleted")
        self.submit(self.report.assignment_ids.sudo(False))
        self.deliver()
        self.assertEqual(len(self.letters_to()), 1)
        self.assertIn("not valid", self.text(self.page(self.link, 404)))

    def test_who_stops_meanwhile_is_not_told(self):
        self.follow()
        self.confirm()
        self.submit(self.report.assignment_ids.sudo(False))
        self.rows_of()._stop()
        self.deliver()
        self.assertEqual(len(self.letters_to()), 1)

    def test_answers_tell_nothing_about_an_address(self):
        def answer(address=ADDRESS):
            return self.text(self.follow(address).get_element_by_id("wrap"))

        first = answer()
        self.confirm()
        self.become_somebody_else()
        again = answer()
        self.become_somebody_else()
        stranger = answer("nguoi.khac@example.com")
        self.assertEqual(first, again)
        self.assertEqual(first, stranger)
        self.assertEqual(len(self.letters_to()), 1, "who follows is not asked again")

    def test_nobodys_letter_box_is_filled(self):
        self.env.ref("civic_report.throttle_follow_email").count = 2
        for _device in range(4):
            self.become_somebody_else()
            page = self.follow()
            self.assertIn("on its way", self.text(page))
        self.assertEqual(len(self.letters_to()), 2)

    def test_what_is_no_address_is_said_beside_the_field(self):
        page = self.press("theo-doi", status=422, email="khong phai")
        self.assertIn("no e-mail address", self.text(page))
        self.assertEqual(page.get_element_by_id("follow_email").value, "khong phai")
        self.assertFalse(self.rows_of())

    def test_addresses_are_sealed(self):
        self.follow()
        self.env.flush_all()
        for table in ("civic_support", "civic_outbox"):
            self.cr.execute(f"SELECT row_to_json(s)::text FROM {table} s")
            kept = "".join(text for (text,) in self.cr.fetchall())
            self.assertNotIn("theo.doi@", kept)
        self.assertEqual(self.rows_of()._who(), ADDRESS)

    def test_an_account_follows_with_one_click(self):
        self.citizen.email = "tai.khoan@example.com"
        self.authenticate("civic_citizen", "civic_citizen")
        self.press("theo-doi")
        page = self.page("/my/phan-anh")
        self.assertIn("Reports that you follow", self.text(page))
        self.assertIn(self.report.name, self.text(page))
        self.submit(self.report.assignment_ids.sudo(False))
        self.deliver()
        self.assertEqual(len(self.letters_to("tai.khoan@example.com")), 1)
        self.press("theo-doi", wish="off")
        self.assertFalse(self.rows_of())

    def test_a_report_that_is_hidden_is_named_by_its_code_once(self):
        self.follow()
        self.confirm()
        self.submit(self.report.assignment_ids.sudo(False))
        operator = self.report.with_user(self.operator).sudo(False)
        operator.set_visibility("private", "Người gửi đề nghị.")
        self.deliver()
        told = self.letters_to()[1:]
        self.assertEqual(len(told), 1, "what was queued before is not told any more")
        for text in (told[0]["Subject"], told[0].get_body(("plain",)).get_content()):
            self.assertIn(self.report.name, text)
            self.assertNotIn(self.report.subject, text)
        self.assertEqual(self.rows_of().state, "ended")
        operator.set_visibility("public", "Đồng ý.", consent="Gọi điện.")
        self.report.assignment_ids.sudo(False).with_user(self.leader).approve()
        self.deliver()
        self.assertEqual(len(self.letters_to()), 2)

    def test_a_thousand_followers_cost_no_more_than_one(self):
        def count(report):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            report.assignment_ids.sudo(False).with_user(self.handler).accept()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        warm, one, many = (self.walk_to("processing").sudo() for _index in range(3))
        for report, number in ((warm, 1), (one, 1), (many, 1000)):
            for index in range(number):
                self.support._upsert(
                    self.support._prepare_row(
                        report, "email", f"nguoi{index}@example.com", state="following"
                    )
                )
        count(warm)
        self.assertEqual(count(many), count(one))
        told = self.rows(many, audience="follower")
        self.assertEqual(len(told), 1000)
        self.assertEqual(len(told.support_id), 1000)

    def test_followers_are_forgotten_after_the_report(self):
        self.follow()
        self.confirm()
        self.support._support_sudo(self.report, "device", "another")
        self.submit(self.report.assignment_ids.sudo(False))
        self.report.assignment_ids.sudo(False).with_user(self.leader).approve()
        self.report.with_user(self.operator).sudo(False).publish()
        ended = self.report.closed_at
        for days, left in ((29, 2), (31, 0)):
            with patch.object(
                type(self.env["civic.door"]),
                "_now",
                lambda _self, days=days: ended + timedelta(days=days),
            ):
                self.forget()
            self.assertEqual(len(self.rows_of()), left)
        self.assertEqual(self.report.support_count, 1)

    def test_addresses_that_nobody_confirms_are_forgotten(self):
        self.follow()
        self.forget()
        self.assertTrue(self.rows_of())
        self.rows_of().changed_at -= timedelta(days=3)
        self.forget()
        self.assertFalse(self.rows_of())

    def forget(self):
        with self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_forget_followers").method_direct_trigger()
        self.env.invalidate_all()

    def test_the_person_gets_a_copy_and_can_be_forgotten(self):
        self.follow(self.reporter.email_from)
        self.confirm()
        copy = self.reporter._copy_of_data()
        self.assertEqual(copy["follows"][0]["code"], self.report.name)
        self.reporter._anonymise("Đề nghị của người gửi.")
        self.assertFalse(self.rows_of())

    def test_a_new_key_seals_followers_too(self):
        self.follow()
        self.confirm()
        row = self.rows_of()
        row._vault_write(row._vault_again())
        self.assertEqual(row._who(), ADDRESS)
        self.assertEqual(row._link_path(), self.link)

    def test_the_question_comes_at_once_at_night(self):
        self.startPatcher(
            patch.object(
                type(self.env["res.company"]),
                "_civic_awake",
                lambda _self, at: at + timedelta(hours=8),
            )
        )
        self.press("theo-doi", email=ADDRESS)
        row = self.rows(self.report, audience="follower")
        self.assertEqual(row.notice_id.event, FOLLOW_ASKED)
        self.assertEqual(row.due_at, row.queued_at)
