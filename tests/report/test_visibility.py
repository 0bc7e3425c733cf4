import io
from hashlib import sha256

import pikepdf
from PIL import Image

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import tagged

from ..rig.clamd import EICAR, daemon
from ..rig.common import CivicCase
from ..rig.media import HUE, drawing, exif, pdf, recording, saved
from ..rig.site import WebsiteCase

WHY = "Theo đề nghị."
BOX = (0.0, 0.0, 0.5, 0.5)


def infected_pdf():
    """A PDF that still holds the virus when it is written anew."""
    with pikepdf.open(io.BytesIO(pdf())) as made:
        made.pages[0].contents_add(b"%" + EICAR)
        output = io.BytesIO()
        made.save(output, compress_streams=False)
    return output.getvalue()


@tagged("-at_install", "post_install")
class TestVisibility(CivicCase):
    """Who may see a report, and who decides it."""

    def event(self, report, code):
        return report.sudo().event_ids.filtered(lambda event: event.code == code)[:1]

    def test_the_history_says_who_from_to_and_why(self):
        report = self.walk_to("processing")
        self.assertTrue(report.is_published)
        report.set_visibility("private", WHY)
        self.assertFalse(report.is_published)
        event = self.event(report, "set_visibility")
        self.assertEqual(event.user_id, self.operator)
        for part in ("Public", "Private", WHY):
            self.assertIn(part, event.note)
        self.assertFalse(event.is_public)

    def test_what_is_turned_away_is_listed_no_longer(self):
        """Whatever takes a published report off the site: search engines do not go on
        getting its words."""
        report = self.walk_to("processing")
        handler = report.assignment_ids.with_user(self.handler)
        handler.return_wrong("Không thuộc thẩm quyền.")
        self.assertTrue(report.is_published, "back at the Centre, and public")
        pages = self.env["ir.attachment"].create(
            {"name": "s", "url": "/sitemap-1.xml", "type": "binary", "raw": b"x"}
        )
        report.take()
        self.assertTrue(pages.exists())
        report.refuse("incomplete", "Thiếu địa điểm.")
        self.assertFalse(pages.exists())

    def test_nobody_writes_it_behind_the_door(self):
        report = self.make_report()
        for user in (self.operator, self.manager, self.administrator):
            with self.assertRaises(UserError):
                report.with_user(user).visibility = "private"

    def test_a_reason_is_needed_and_a_change(self):
        report = self.make_report()
        for visibility, reason in (
            ("private", " "),
            ("public", WHY),
            ("open", WHY),
        ):
            with self.subTest(visibility), self.assertRaises(UserError):
                report.set_visibility(visibility, reason)
        self.assertEqual(report.visibility, "public")

    def test_the_sender_s_wish_holds_until_the_sender_agrees(self):
        report = self.walk_to("done", self.make_report(visibility="private"))
        self.assertTrue(report.asked_private)
        with self.assertRaisesRegex(UserError, "sender asked"):
            report.set_visibility("public", WHY)
        # Nor by a detour.
        report.set_visibility("sensitive", WHY)
        with self.assertRaisesRegex(UserError, "sender asked"):
            report.set_visibility("public", WHY)
        report.set_visibility("public", WHY, "Gọi điện ngày 28/8.")
        self.assertTrue(report.is_published)
        self.assertIn("Gọi điện", self.event(report, "set_visibility").note)

    def test_the_sender_withdraws_and_allows(self):
        report = self.walk_to("done")
        report._choose_privacy_as(self.citizen, True)
        self.assertEqual(report.visibility, "private")
        self.assertFalse(self.event(report, "ask_private").user_id)
        with self.assertRaises(UserError):
            report._choose_privacy_as(self.citizen, True)
        report._choose_privacy_as(self.citizen, False)
        # The Centre publishes, when it has edited.
        self.assertEqual(report.visibility, "private")
        report.set_visibility("public", WHY)
        with self.assertRaises(MissingError):
            report._choose_privacy_as(self.other_citizen, True)

    def test_sensitive_needs_the_coordinating_agency(self):
        land = self.env.ref("civic_report.category_land")
        report = self.make_report(category_id=land.id)
        self.assertEqual(report.visibility, "sensitive")
        with self.assertRaisesRegex(UserError, "agreed"):
            report.set_visibility("public", WHY)

    def test_secret_is_for_who_has_it_in_hand(self):
        report = self.walk_to("accepted")
        second = self.make_user("second_operator", "civic_report.group_operator")
        colleague = self.make_user("colleague", "civic_report.group_handler")
        self.agency.handler_ids += colleague
        records = (
            report,
            report.assignment_ids,
            report.sudo().assignment_ids.step_ids,
            report.sudo().event_ids,
        )
        for user in (second, self.province_leader):
            self.assertTrue(report.with_user(user).has_access("read"))
        report.set_visibility("secret", WHY)
        self.env.invalidate_all()
        for record in records:
            for user in (self.operator, self.manager):
                with self.subTest(record._name, user=user.login):
                    found = record.with_user(user).search([("id", "in", record.ids)])
                    self.assertEqual(found, record)
            for user in (second, self.province_leader, colleague):
                with self.subTest(record._name, user=user.login):
                    model = record.with_user(user)
                    self.assertFalse(model.search([("id", "in", record.ids)]))
                    self.assertFalse(model._filtered_access("read"))
        for user in (self.handler, self.leader):
            self.assertTrue(report.with_user(user).has_access("read"))
        with self.assertRaises(MissingError):
            report.with_user(second).set_visibility("sensitive", WHY)
        with self.assertRaises(AccessError):
            report.set_visibility("sensitive", WHY)
        with self.assertRaisesRegex(UserError, "sensitive first"):
            report.with_user(self.manager).set_visibility("public", WHY)
        report.with_user(self.manager).set_visibility("sensitive", WHY)
        self.assertTrue(report.with_user(second).has_access("read"))

    def test_duplicates_do_not_tell_of_the_other(self):
        hidden = self.walk_to("processing", self.make_report(visibility="private"))
        other = self.env["civic.reporter"].create({"name": "Người khác"})
        report = self.make_report(reporter_id=other.id)
        report.join(hidden.id)
        values = report.sudo()._own_values()
        self.assertNotIn(hidden.name, str(values))
        for user in (self.handler, self.province_leader, self.citizen):
            with self.assertRaises(AccessError):
                report.with_user(user).sudo(False).read(["duplicate_of_id"])

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    def test_who_sent_it_is_not_published_without_a_reason(self):
        report = self.walk_to("received")
        report.standardised_description = "Anh Người phản ánh gọi từ 0912.345.678."
        with self.assertRaisesRegex(UserError, "telephone number") as caught:
            report.dispatch([self.agency.id])
        self.assertNotIn("912", str(caught.exception))
        report.dispatch([self.agency.id], identity_reason="Người gửi muốn nêu tên.")
        event = self.event(report, "leave_identity")
        self.assertEqual(event.user_id, self.operator)
        self.assertIn("muốn nêu tên", event.note)
        self.assertNotIn("912", event.note)
        # What was decided holds; something else is asked about anew.
        report.standardised_description = "Gọi 0912 345 678."
        with self.assertRaises(UserError):
            report.standardised_description = "nguoi.phan.anh@example.com"

    def test_anybodys_number_is_not_published_without_a_reason(self):
        """Of who writes a mail nothing but the address is known."""
        for words, kind in (
            ("Rác đổ trộm - CCCD 046188000781", "identity card"),
            ("Rác đổ trộm - ĐT 0905000464", "telephone number"),
            ("Rác đổ trộm - ０９０５ ０００ ４６４", "telephone number"),
            ("Rác đổ trộm, gọi SĐT0905000464", "telephone number"),
            ("Rác đổ trộm - dan.lo (a) vd.example", "e-mail"),
        ):
            report = self.walk_to("received", self.make_report(subject=words))
            with self.subTest(words=words):
                with self.assertRaisesRegex(UserError, f"somebody by .*{kind}"):
                    report.dispatch([self.agency.id])
                report.dispatch([self.agency.id], identity_reason="Số của chợ.")
                note = self.event(report, "leave_identity").note
                self.assertIn("Số của chợ.", note)
                self.assertNotIn("464", report.identity_shown + note)
                # What was decided holds, and the next one is asked about anew.
                report.subject = f"{words}!"
                with self.assertRaises(UserError):
                    report.subject = f"{words} 0905000465"

    def test_offices_numbers_are_nobodys(self):
        self.company.write({"phone": "0234 3822 222", "email": "ubnd@tinh.example"})
        self.company.civic_email = "tiep.nhan@tinh.example"
        self.agency.write({"phone": "0234.3811.111", "email": "so@tinh.example"})
        self.agency.duty_phone = "0905 111 222"
        text = (
            "Gọi 1022, 113, 1900 1234, (0234) 3822222, 0234 3811111, 0905.111.222 "
            "hoặc ubnd@tinh.example, tiep.nhan@tinh.example, SO@tinh.example"
        )
        report = self.walk_to("received")
        report.standardised_description = text
        self.assertEqual(report.find_personal_data(text), [])
        report.dispatch([self.agency.id])
        self.assertFalse(report.identity_shown)

    def test_what_stood_before_is_not_asked_about_again(self):
        report = self.walk_to("processing")
        report._elevated().write({"subject": "Gọi 0905000464"})
        report.subject = "Gọi 0905000464!"
        with self.assertRaises(UserError):
            report.subject = "Gọi 0905000465!"

    def test_made_public_later_with_a_reason(self):
        report = self.make_report(visibility="private", subject="Gọi 0905000464")
        report = self.walk_to("processing", report)
        with self.assertRaisesRegex(UserError, "telephone"):
            report.set_visibility("public", WHY, "Đồng ý.")
        wizard = self.env["civic.wizard.visibility"].with_user(self.operator)
        wizard = wizard.with_context(active_id=report.id, active_ids=report.ids)
        form = wizard.create(
            {
                "report_id": report.id,
                "visibility": "public",
                "reason": WHY,
                "consent": "Đồng ý.",
                "identity_reason": "Số của chợ.",
            }
        )
        self.assertTrue(form.needs_reason)
        form.action_confirm()
        self.assertEqual(report.visibility, "public")

    def test_results_are_checked_when_they_are_published(self):
        report = self.walk_to("accepted")
        assignment = report.assignment_ids.with_user(self.handler)
        assignment.submit("Đã trả lời ông Người phản ánh, số 0912345678.")
        report.assignment_ids.with_user(self.leader).approve()
        with self.assertRaisesRegex(UserError, "telephone"):
            report.publish()
        report.public_result = "Đã trả lời người gửi."
        report.publish()
        self.assertEqual(report.state, "done")

    def test_private_answers_may_name_their_reader(self):
        report = self.walk_to("resolved", self.make_report(visibility="private"))
        report.public_result = "Kính gửi 0912345678."
        report.publish()
        with self.assertRaisesRegex(UserError, "telephone"):
            report.set_visibility("public", WHY, "Đồng ý.")

    def test_published_words_change_on_record(self):
        report = self.walk_to("processing")
        report.subject = "Ổ gà đường Lê Lợi"
        self.assertEqual(self.event(report, "edit_published").user_id, self.operator)

    def test_personal_data_is_found_for_operators_alone(self):
        report = self.walk_to("processing")
        text = "Biển số 75A-123.45 của nguoi.phan.anh@example.com"
        found = report.find_personal_data(text)
        self.assertEqual(
            [text[row["start"] : row["end"]] for row in found],
            ["75A-123.45", "nguoi.phan.anh@example.com"],
        )
        self.assertIn("sender", found[1]["label"])
        for user in (self.handler, self.leader, self.province_leader, self.plain):
            with self.assertRaises(AccessError):
                report.with_user(user).find_personal_data(text)


@tagged("-at_install", "post_install")
class TestEditedPictures(WebsiteCase):
    """Black boxes, and every way by which somebody gets a picture."""

    def setUp(self):
        super().setUp()
        self.report = self.published(files=[saved(drawing(600, 400))])
        self.picture = self.report.attachment_ids
        self.report.with_user(self.operator).public_attachment_ids = self.picture
        self.base = f"/phan-anh/anh/{self.report.name.lower()}/0"

    def published(self, files):
        key = sha256(files[-1]).hexdigest()[:20]
        report = self.send_form(self.form(key=key), files=files)
        self.walk_to("done", report.with_user(self.operator).sudo(False))
        return report.sudo()

    def redact(self, boxes=(BOX,), picture=None):
        report = self.report.with_user(self.operator).sudo(False)
        report.redact((picture or self.picture).id, boxes)
        self.env.flush_all()

    def pixels(self, data):
        image = Image.open(io.BytesIO(data)).convert("RGB")
        return [
            image.getpixel((int(image.width * x), int(image.height * y)))
            for x, y in ((0.1, 0.1), (0.9, 0.1))
        ]

    def assertCovered(self, data):
        covered, open_ = self.pixels(data)
        self.assertLess(sum(covered), 40)
        self.assertGreater(sum(open_), 100)

    def test_the_public_gets_the_edited_version_alone(self):
        before = self.url_open(self.base).content
        self.assertGreater(sum(self.pixels(before)[0]), 100)
        self.redact()
        tag = None
        for query in ("", "?size=480", "?size=960", "?size=99", "?download=1"):
            answer = self.url_open(self.base + query)
            self.assertCovered(answer.content)
            self.assertEqual(answer.headers["Cache-Control"], "private, no-cache")
            tag = tag or answer.headers["ETag"]
        self.redact([])
        answer = self.url_open(self.base, headers={"If-None-Match": tag})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content, before)

    def test_by_no_route_does_the_picture_itself_go_out(self):
        self.redact()
        row = self.picture.civic_media_ids
        edited = row.redacted_attachment_id
        secrets = {sha256(self.picture.raw).hexdigest()}
        ids = (self.picture.id, edited.id)
        paths = [self.base, self.base + "?size=480", self.report._website_path()]
        for id_ in ids:
            paths += [
                f"/web/image/{id_}",
                f"/web/image/{id_}/300x300",
                f"/web/content/{id_}?download=true",
                f"/web/image/ir.attachment/{id_}/raw",
                f"/web/image/ir.attachment/{id_}/datas",
            ]
        paths += [f"/web/image/civic.media/{row.id}/redacted_attachment_id"]
        missing = sha256(self.url_open("/web/image/99999999").content).hexdigest()
        for login in (None, "civic_other_citizen", "civic_other_handler"):
            self.authenticate(login, login)
            for path in paths:
                answer = self.url_open(path)
                with self.subTest(path, login=login):
                    self.assertNotIn(sha256(answer.content).hexdigest(), secrets)
                    if path.startswith("/web/image") and answer.status_code == 200:
                        self.assertEqual(
                            sha256(answer.content).hexdigest(),
                            missing,
                        )
        self.authenticate("civic_operator", "civic_operator")
        answer = self.url_open(f"/web/content/{self.picture.id}")
        self.assertEqual(answer.content, self.picture.raw)

    def test_nobody_opens_a_picture_to_the_world(self):
        for user in (self.operator, self.administrator):
            picture = self.picture.with_user(user).sudo(False)
            for act in (
                lambda file: file.write({"public": True}),
                lambda file: file.write({"access_token": "x"}),
                lambda file: file.generate_access_token(),
            ):
                with self.assertRaises(UserError):
                    act(picture)
        file = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create(
                {
                    "name": "a.jpg",
                    "raw": self.photo,
                    "res_model": "civic.report",
                    "res_id": self.report.id,
                    "public": True,
                    "access_token": "known",
                }
            )
        )
        self.assertFalse(file.public)
        self.assertFalse(file.access_token)

    def test_boxes_are_drawn_anew_on_the_picture(self):
        self.redact()
        first = self.picture.civic_media_ids.redacted_attachment_id
        self.redact([[0.5, 0.0, 0.5, 0.5]])
        row = self.picture.civic_media_ids
        self.assertEqual(row.redactions, [[0.5, 0.0, 0.5, 0.5]])
        self.assertNotEqual(row.redacted_attachment_id, first)
        covered, open_ = reversed(self.pixels(self.url_open(self.base).content))
        self.assertLess(sum(covered), 40)
        self.assertGreater(sum(open_), 100)
        self.assertTrue(first.exists(), "what the public saw is kept")
        with self.assertRaises(UserError):
            first.with_user(self.operator).sudo(False).unlink()
        events = self.report.event_ids.filtered(lambda event: event.code == "redact")
        self.assertEqual(events.user_id, self.operator)
        self.assertEqual(len(events), 2)

    def test_pictures_of_others_are_not_edited(self):
        other = self.published(files=[self.photo]).attachment_ids
        with self.assertRaises(MissingError):
            self.redact(picture=other)
        for boxes in (None, [[1, 2]], [["x"] * 4], [BOX] * 51):
            with self.assertRaises(UserError):
                self.redact(boxes)
        for user in (self.handler, self.leader):
            report = self.report.with_user(user).sudo(False)
            with self.assertRaises(AccessError):
                report.redact(self.picture.id, [BOX])

    def test_letters_show_what_was_covered_covered(self):
        evidence = self.env["ir.attachment"].create(
            {
                "name": "sau.jpg",
                "raw": saved(drawing(600, 400)),
                "res_model": "civic.assignment",
                "res_id": self.report.assignment_ids.id,
            }
        )
        assignment = self.report.assignment_ids
        assignment._elevated().result_attachment_ids = [Command.set(evidence.ids)]
        self.redact(picture=evidence)
        letters = self.env["report.civic_report.letter_named"]
        (shown,) = letters._files(assignment)
        self.assertCovered(shown.raw)

    def test_made_private_it_is_gone_at_once(self):
        page = self.report._website_path()
        self.env["ir.attachment"].create(
            {"name": "s", "url": "/sitemap-1.xml", "type": "binary", "raw": b"x"}
        )
        self.assertEqual(self.url_open(page).status_code, 200)
        self.report.with_user(self.operator).sudo(False).set_visibility("private", WHY)
        self.env.flush_all()
        self.assertFalse(
            self.env["ir.attachment"].search([("url", "=like", "/sitemap-%.xml")])
        )
        missing = page.replace(self.report.name.lower(), "pa-26-999999")
        for hidden, none in (
            (page, missing),
            (self.base, "/phan-anh/anh/pa-26-999999/0"),
            (self.base + "?size=480", "/phan-anh/anh/pa-26-999999/0?size=480"),
        ):
            answers = [self.url_open(path) for path in (hidden, none)]
            self.assertEqual([row.status_code for row in answers], [404, 404])
        self.assertNotIn(self.report.name, self.url_open("/phan-anh").text)

    def test_the_sender_decides_on_the_own_page(self):
        own = self.report
        own._elevated().reporter_id = self.reporter
        self.authenticate("civic_citizen", "civic_citizen")
        path = own._own_path()
        self.assertIn("Keep this report private", self.url_open(path).text)
        for wish, visibility in (("private", "private"), ("public", "private")):
            answer = self.url_open(
                f"{path}/rieng-tu",
                data={"wish": wish, "csrf_token": Request.csrf_token(self)},
            )
            self.assertEqual(answer.status_code, 200)
            self.env.invalidate_all()
            self.assertEqual(own.visibility, visibility)
        self.assertFalse(own.asked_private)

    def test_secret_answers_do_not_go_over_the_site(self):
        own = self.report
        own._elevated().reporter_id = self.reporter
        own._elevated().visibility = "secret"
        self.env.flush_all()
        self.authenticate("civic_citizen", "civic_citizen")
        self.assertNotIn("Đã vá ổ gà", self.url_open(own._own_path()).text)
        self.assertEqual(self.url_open(f"{own._own_path()}/thu").status_code, 404)

    def test_recordings_are_published_when_ticked(self):
        video = recording(b"mp42")
        report = self.published(files=[self.photo, video])
        page = self.url_open(report._website_path()).text
        self.assertNotIn("<video", page)
        report.with_user(self.operator).public_attachment_ids = report.attachment_ids
        self.env.flush_all()
        page = self.url_open(report._website_path()).text
        self.assertIn("<video", page)
        answer = self.url_open(f"/phan-anh/anh/{report.name.lower()}/1")
        self.assertEqual(answer.content, video)


@tagged("-at_install", "post_install")
class TestMediaFacts(CivicCase):
    """What uploads tell, for the Centre alone; and the virus scanner."""

    def attach(self, *files, report=None):
        report = report or self.make_report()
        attachments = self.env["ir.attachment"]
        return attachments._civic_attach(
            report.sudo(), attachments._civic_read(list(files)), self.reporter
        )

    def rows(self, attachments):
        return attachments.sudo().civic_media_ids

    def photo(self, **options):
        return saved(drawing(), exif=exif(gps=HUE, **options))

    def test_place_and_time_are_kept_for_the_centre(self):
        row = self.rows(self.attach(self.photo()))
        self.assertAlmostEqual(row.latitude, 16.4636, places=4)
        self.assertLocal(row.taken_at, "2026-03-06 16:30")
        self.assertTrue(row.with_user(self.operator).has_access("read"))
        for user in (self.handler, self.leader, self.province_leader, self.citizen):
            self.assertFalse(row.with_user(user).has_access("read"))
        with self.assertRaises(UserError):
            row.with_user(self.operator).write({"latitude": 1})

    def test_hints(self):
        report = self.make_report(latitude=16.0, longitude=107.0)
        row = self.rows(self.attach(self.photo(), report=report))
        report._elevated().received_at = "2026-08-28 09:00:00"
        first, second = row.with_user(self.operator).hints
        self.assertIn("km from the place", first)
        self.assertIn("days before", second)
        again = self.rows(self.attach(self.photo(), report=self.make_report()))
        hints = again.with_user(self.operator).hints
        self.assertTrue(any(report.name in hint for hint in hints), hints)
        report._elevated().write({"visibility": "secret", "operator_id": False})
        again.invalidate_recordset()
        hints = again.with_user(self.operator).hints
        self.assertFalse(any(report.name in hint for hint in hints), hints)

    def test_files_uploaded_before_the_report_was_saved(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": "a.jpg", "raw": self.photo(), "res_model": "civic.report"})
        )
        self.assertFalse(self.rows(file).report_id)
        report = self.make_report(attachment_ids=[Command.set(file.ids)])
        self.assertEqual(self.rows(file).report_id, report)

    def scanner(self, address):
        self.env["ir.config_parameter"].set_param("civic_report.clamd", address)

    def test_clean_and_infected(self):
        with daemon() as (address, seen):
            self.scanner(address)
            row = self.rows(self.attach(self.photo()))
            self.assertEqual(row.scan_state, "clean")
            with (
                self.assertLogs("odoo.addons.civic_report", "WARNING"),
                self.assertRaisesRegex(UserError, "File 1 holds a virus"),
            ):
                self.attach(self.photo() + EICAR)
        self.assertEqual(len(seen), 2)

    def test_without_an_answer_files_wait_and_nobody_gets_them(self):
        self.scanner("127.0.0.1:9")
        report = self.make_report()
        with self.assertLogs("odoo.addons.civic_report", "WARNING"):
            files = self.attach(self.photo(), infected_pdf(), report=report)
        states = self.rows(files).mapped("scan_state")
        self.assertEqual(states, ["waiting", "waiting"])
        for file in files:
            self.assertFalse(file.with_user(self.operator).raw)
            self.assertFalse(file.with_user(self.operator).datas)
            with self.assertRaises(MissingError):
                file._to_http_stream()
        self.assertFalse(files._civic_shown())
        self.assertFalse(report.sudo()._own_files())
        with self.assertLogs("odoo.addons.civic_report", "WARNING"):
            self.env["civic.media"]._cron_scan()
        self.assertEqual(states, ["waiting", "waiting"])
        with daemon() as (address, _seen):
            self.scanner(address)
            with self.enter_registry_test_mode():
                self.env.ref("civic_report.cron_scan").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.rows(files).mapped("scan_state"), ["clean", "infected"])
        self.assertTrue(files[0].with_user(self.operator).raw)
        self.assertFalse(files[1].with_user(self.operator).raw)
        event = report.sudo().event_ids.filtered(lambda row: row.code == "infected")
        self.assertIn("Eicar", event.note)

    def test_limits_are_settings(self):
        self.company.civic_max_picture_mb = 1
        self.company.civic_max_total_mb = 2
        self.company.civic_max_files = 3
        large = self.photo().ljust(1024 * 1024 + 1)
        for files, words in (
            ([large], "larger than 1 MB"),
            ([self.photo()] * 4, "at most 3 files"),
            ([large[:-2]] * 3, "larger than 2 MB"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.attach(*files)
        for values in (
            {"civic_max_picture_mb": 0},
            {"civic_max_total_mb": 500},
            {"civic_max_files": 0},
        ):
            with self.assertRaises(UserError):
                self.company.write(values)
        settings = self.env["res.config.settings"]
        with self.assertRaises(UserError):
            settings.create({"civic_clamd": "nowhere"})
