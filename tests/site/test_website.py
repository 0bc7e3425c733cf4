import re
from io import BytesIO

from lxml import html
from PIL import Image

from odoo.tests import tagged

from ...controllers.website import STATE_ICONS
from ...models.ground.key import _KEY
from ..rig.media import drawing, pdf, saved
from ..rig.site import XSS, WebsiteCase


@tagged("-at_install", "post_install")
class TestSending(WebsiteCase):
    def test_a_report_is_sent_without_scripts(self):
        answer = self.send()
        report = self.sent_report(answer)
        self.assertEqual(report.subject, "Ổ gà lớn trên đường Lê Lợi")
        self.assertEqual(len(report.attachment_ids), 1)
        self.assertFalse(report.reporter_id.user_id)
        self.assertEqual(answer.history[0].status_code, 303)
        page = html.fromstring(answer.content)
        self.assertIn(report.name, self.text(page))
        due = self.company._civic_deadline_text(report.deadline)
        self.assertIn(due, self.text(page))
        self.assertIn("no-store", answer.headers["Cache-Control"])

    def test_the_form_can_be_used_by_everybody(self):
        page = self.page("/phan-anh/gui")
        form = page.get_element_by_id("civic_form")
        for number in ("113", "114", "115"):
            self.assertTrue(page.xpath(f"//a[@href='tel:{number}']"))
        for control in form.xpath(
            ".//input[not(@type='hidden')]|.//select|.//textarea"
        ):
            label = form.xpath(f".//label[@for='{control.get('id')}']")
            self.assertTrue(
                label and label[0].text_content().strip(), control.get("id")
            )
            for described in (control.get("aria-describedby") or "").split():
                self.assertTrue(form.xpath(f".//*[@id='{described}']"), described)
        consent = form.get_element_by_id("consent")
        self.assertIsNone(consent.get("checked"), "consent is asked, not assumed")
        self.assertEqual(form.get("enctype"), "multipart/form-data")
        petition = self.env.ref("civic_report.category_petition")
        self.assertIn(petition.guidance, self.text(page))

    def test_errors_are_told_beside_the_fields_and_the_text_is_kept(self):
        answer = self.send({"phone": "abc", "subject": ""})
        self.assertEqual(answer.status_code, 422)
        page = html.fromstring(answer.content)
        summary = page.get_element_by_id("error_summary")
        links = {link.get("href") for link in summary.iter("a")}
        self.assertEqual(links, {"#phone", "#subject"})
        phone = page.get_element_by_id("phone")
        self.assertEqual(phone.get("aria-invalid"), "true")
        self.assertIn("phone_error", phone.get("aria-describedby").split())
        self.assertTrue(page.get_element_by_id("phone_error").text_content().strip())
        self.assertEqual(phone.value, "abc")
        description = page.get_element_by_id("description")
        self.assertEqual(description.value.strip(), self.form()["description"])
        self.assertEqual(
            page.get_element_by_id("category_id").value, self.form()["category_id"]
        )
        self.assertIn("chosen again", self.text(summary))

    def test_an_empty_form(self):
        empty = dict.fromkeys(self.form(), "")
        answer = self.send(empty, photos=[])
        self.assertEqual(answer.status_code, 422)
        page = html.fromstring(answer.content)
        for name in ("subject", "description", "name", "phone", "files", "consent"):
            self.assertEqual(page.get_element_by_id(name).get("aria-invalid"), "true")

    def test_a_megabyte_of_text(self):
        answer = self.send({"description": "x" * 10**6})
        self.assertEqual(answer.status_code, 422)
        self.assertIn("10000", self.text(html.fromstring(answer.content)))

    def test_files_that_are_not_what_they_say(self):
        page = b"<html><script>alert(1)</script></html>"
        for name, data, kind in (
            ("anh.jpg", page, "image/jpeg"),
            ("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
            ("anh.jpg", b"", "image/jpeg"),
            ("anh.jpg", self.photo[: len(self.photo) // 3], "image/jpeg"),
        ):
            with self.subTest(name=name, size=len(data)):
                answer = self.send(photos=[(name, data, kind)])
                self.assertEqual(answer.status_code, 422)
                errors = html.fromstring(answer.content).get_element_by_id(
                    "files_error"
                )
                self.assertIn("File 1", errors.text_content())

    def test_names_of_files_are_not_believed(self):
        names = ("../../x.jpg", "a\r\nb.jpg", "a" * 300 + ".jpg", "x.pdf.jpg")
        answer = self.send(photos=[(name, self.photo, "text/html") for name in names])
        report = self.sent_report(answer)
        self.assertEqual(
            set(report.attachment_ids.mapped("name")),
            {f"picture-0{index}.jpg" for index in (1, 2, 3, 4)},
        )
        self.assertEqual(set(report.attachment_ids.mapped("mimetype")), {"image/jpeg"})

    def test_without_a_token_nothing_is_sent_and_nothing_is_lost(self):
        before = self.env["civic.report"].search_count([])
        for changes, token in (({}, False), ({"csrf_token": "x"}, True)):
            answer = self.send(changes, token=token)
            self.assertEqual(answer.status_code, 400)
            page = html.fromstring(answer.content)
            self.assertEqual(page.get_element_by_id("name").value, "Người gửi thử")
        self.assertEqual(self.env["civic.report"].search_count([]), before)

    def test_an_expired_session_costs_one_more_click(self):
        page = self.page("/phan-anh/gui")
        token = page.xpath("//form[@id='civic_form']//input[@name='csrf_token']")[
            0
        ].value
        self.opener.cookies.clear()
        self.authenticate(None, None)
        form = {**self.form(), "csrf_token": token}
        files = {"files": ("anh.jpg", self.photo, "image/jpeg")}
        answer = self.url_open("/phan-anh/gui", data=form, files=files)
        self.assertEqual(answer.status_code, 400)
        page = html.fromstring(answer.content)
        fresh = page.xpath("//form[@id='civic_form']//input[@name='csrf_token']")[
            0
        ].value
        answer = self.url_open(
            "/phan-anh/gui", data={**form, "csrf_token": fresh}, files=files
        )
        self.assertTrue(self.sent_report(answer))

    def test_sending_twice_makes_one_report(self):
        first = self.sent_report(self.send({"key": "khoa-2"}))
        again = self.sent_report(self.send({"key": "khoa-2"}))
        self.assertEqual(again, first)

    def test_another_matter_with_an_old_form_gets_a_new_key(self):
        self.sent_report(self.send({"key": "khoa-3"}))
        answer = self.send({"key": "khoa-3", "description": "Một việc khác hẳn."})
        self.assertEqual(answer.status_code, 422)
        page = html.fromstring(answer.content)
        key = page.xpath("//form[@id='civic_form']//input[@name='key']")[0].value
        self.assertNotEqual(key, "khoa-3")
        self.assertIn("Một việc khác hẳn.", page.get_element_by_id("description").value)

    def test_what_the_form_does_not_ask_is_ignored(self):
        answer = self.send(
            {
                "state": "done",
                "agency_id": str(self.agency.id),
                "create_uid": str(self.manager.id),
                "reporter_id": str(self.reporter.id),
            }
        )
        report = self.sent_report(answer)
        self.assertEqual(report.state, "new")
        self.assertFalse(report.agency_id)
        self.assertNotEqual(report.reporter_id, self.reporter)

    def test_a_file_in_place_of_a_text_is_no_text(self):
        page = self.page("/phan-anh/gui")
        token = page.xpath("//form[@id='civic_form']//input[@name='csrf_token']")[
            0
        ].value
        form = {**self.form(), "csrf_token": token}
        del form["subject"]
        files = {"subject": ("x.txt", b"x"), "files": ("a.jpg", self.photo)}
        answer = self.url_open("/phan-anh/gui", data=form, files=files)
        self.assertEqual(answer.status_code, 422)

    def test_too_large_files_leave_the_text(self):
        photos = [("a.jpg", self.photo.ljust(26 * 1024 * 1024), "image/jpeg")] * 4
        answer = self.send(photos=photos, timeout=60)
        self.assertEqual(answer.status_code, 422)
        page = html.fromstring(answer.content)
        self.assertIn("100 MB", page.get_element_by_id("files_error").text_content())
        self.assertEqual(page.get_element_by_id("name").value, "Người gửi thử")

    def test_one_file_too_large_is_named(self):
        photos = [("a.jpg", self.photo.ljust(61 * 1024 * 1024), "image/jpeg")]
        answer = self.send(photos=photos, timeout=60)
        self.assertEqual(answer.status_code, 422)
        error = html.fromstring(answer.content).get_element_by_id("files_error")
        self.assertIn("File 1 is larger than 60 MB", error.text_content())

    def test_a_form_that_is_not_even_read(self):
        self.authenticate("civic_citizen", "civic_citizen")
        for path in ("/phan-anh/gui", "/my/phan-anh/pa-26-000001/bo-sung"):
            # One text of more than the 10 MB that the server takes for one.
            files = {"subject": (None, "x" * 11 * 1024 * 1024)}
            answer = self.url_open(path, files=files)
            self.assertEqual(answer.status_code, 413)
            self.assertIn("100 MB", self.text(html.fromstring(answer.content)))

    def test_codes_tell_nothing_to_those_who_guess(self):
        report = self.sent_report(self.send())
        path = f"/phan-anh/da-gui/{report.name.lower()}"
        self.page(path)
        self.opener.cookies.clear()
        self.authenticate(None, None)
        guessed = self.url_open(path)
        missing = self.url_open("/phan-anh/da-gui/pa-26-999999")
        self.assertEqual((guessed.status_code, missing.status_code), (404, 404))

    def test_who_is_signed_in_need_not_type_the_name(self):
        self.citizen.write({"name": "Người dân thử", "email": "dan@example.com"})
        self.authenticate("civic_citizen", "civic_citizen")
        page = self.page("/phan-anh/gui")
        self.assertEqual(page.get_element_by_id("name").value, "Người dân thử")
        self.assertEqual(page.get_element_by_id("email").value, "dan@example.com")
        report = self.sent_report(self.send())
        self.assertEqual(report.reporter_id, self.reporter)
        self.assertNoTrace(report, self.citizen)

    def test_private_reports_are_handled_but_never_listed(self):
        report = self.sent_report(self.send({"private": "1"}))
        self.walk_to("done", report.with_user(self.operator))
        self.assertNotIn(report.name, self.text(self.page("/phan-anh")))
        self.page(self.path(report), 404)


@tagged("-at_install", "post_install")
class TestPublicPages(WebsiteCase):
    def test_one_page_tells_the_whole_course(self):
        with self.at("2026-11-16 08:00"):
            report = self.make_report()
            report.receive()
            report.dispatch([self.agency.id])
        assignment = report.assignment_ids
        with self.at("2026-11-16 10:00"):  # half an hour was allowed
            assignment.with_user(self.handler).accept()
        with self.at("2026-11-17 10:00"):
            assignment.with_user(self.handler).submit("Đã vá.")
            assignment.with_user(self.leader).approve()
            report.public_result = "Đã vá ổ gà."
            report.publish()
        text = self.text(self.page(self.path(report.sudo())))
        for part in (
            "Đã vá ổ gà.",
            "Sở Xây dựng has answered.",
            "16/11/2026 10:00",
            "Deadline missed: 16/11/2026 08:30",
            "Deadline kept: 25/11/2026 17:00",
        ):
            self.assertIn(part, text)

    def test_work_in_hand_says_by_when(self):
        report = self.published("accepted")
        text = self.text(self.page(self.path(report)))
        self.assertIn("Sở Xây dựng is handling the report.", text)
        self.assertIn(self.company._civic_deadline_text(report.deadline), text)

    def test_every_state_has_words_and_a_sign(self):
        states = dict(self.env["civic.report"]._fields["state"].selection)
        self.assertEqual(set(STATE_ICONS), set(states))
        report = self.published().with_context(civic_door=_KEY)
        for state in states:
            report.state = state
            self.assertTrue(report._state_sentence(), state)

    def test_hidden_and_missing_look_the_same(self):
        hidden = [
            self.make_report(),
            self.walk_to("received"),
            self.walk_to("done", self.make_report(visibility="private")),
            self.walk_to("done", self.make_report(visibility="sensitive")),
        ]
        refused = self.make_report()
        refused.refuse("incomplete", "")
        paths = [self.path(report.sudo()) for report in (*hidden, refused)]
        paths += ["/phan-anh/khong-co-pa-26-999999", "/phan-anh/x", "/phan-anh/pa-26-1"]
        bodies = set()
        for path in paths:
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, 404, path)
            page = html.fromstring(answer.content)
            bodies.add(self.text(page.get_element_by_id("wrap")))
        self.assertEqual(len(bodies), 1)

    def test_old_words_lead_to_the_right_address(self):
        report = self.published()
        path = self.path(report)
        for slug in (report.name, report.name.lower(), f"chu-cu-{report.name.lower()}"):
            answer = self.url_open(f"/phan-anh/{slug}", allow_redirects=False)
            self.assertEqual(answer.status_code, 301)
            self.assertURLEqual(answer.headers["Location"], path)

    def test_what_people_write_is_text(self):
        report = self.published(subject=XSS, address=XSS)
        report.with_user(self.operator).standardised_description = XSS
        for path in (self.path(report), "/phan-anh"):
            answer = self.url_open(path)
            self.assertNotIn(b"<script>alert", answer.content)
            self.assertIn(XSS, self.text(html.fromstring(answer.content)))

    def test_nothing_private_is_in_any_page(self):
        canary = "CANARY-7391"
        self.reporter.write({"name": canary, "address": canary, "citizen_id": canary})
        report = self.published(description=f"Tôi là {canary}, 0912345678")
        for path in ("/phan-anh", self.path(report)):
            answer = self.url_open(path)
            for part in (canary, "912345678", "nguoi.phan.anh", "civic_citizen"):
                self.assertNotIn(part, answer.text, path)
                self.assertNotIn(part, str(answer.headers))
        for words in (canary, "0912345678", "nguoi phan anh"):
            self.assertNotIn(
                report.name, self.url_open(f"/phan-anh?search={words}").text
            )

    def test_everybody_sees_the_same(self):
        report = self.published()
        hidden = self.walk_to("done", self.make_report(visibility="private")).sudo()
        for login in (None, "civic_citizen", "civic_operator", "civic_administrator"):
            self.authenticate(login, login)
            self.assertIn("Đã vá ổ gà.", self.text(self.page(self.path(report))))
            self.assertEqual(self.url_open(self.path(hidden)).status_code, 404)

    # ------------------------------------------------------------------
    # List
    # ------------------------------------------------------------------

    def found(self, **params):
        page = self.page("/phan-anh", params=params)
        return [link.get("href") for link in page.xpath("//article//h2/a")]

    def test_filters_and_search(self):
        lamp = self.published(
            subject="Đèn đường hỏng",
            category_id=self.env.ref("civic_report.category_lighting").id,
        )
        hole = self.published("processing", ward_id=self.ward.id)
        self.assertEqual(self.found(), [self.path(hole), self.path(lamp)])
        for params, expected in (
            ({"search": "den DUONG"}, lamp),
            ({"search": "hỏng đèn"}, lamp),
            ({"search": hole.name}, hole),
            ({"search": "thuan hoa"}, hole),
            ({"category": lamp.category_id.id}, lamp),
            ({"ward": self.ward.id}, hole),
            ({"state": "open"}, hole),
            ({"state": "done"}, lamp),
            ({"state": "done", "search": "đèn"}, lamp),
        ):
            with self.subTest(params):
                self.assertEqual(self.found(**params), [self.path(expected)])

    def test_search_takes_signs_literally_and_knows_no_original_text(self):
        self.published(description="Nguyên văn có từ bimat.")
        for words in ("%", "_", "100%", "'", "\\", "bimat", "x" * 5000, '"><script>'):
            with self.subTest(words[:20]):
                self.assertEqual(self.found(search=words), [])

    def test_filters_that_make_no_sense(self):
        report = self.published()
        for params in (
            {"category": "x"},
            {"ward": "9" * 40},
            {"state": "refused"},
            {"older": "x"},
            {"older": "9999999999-999999999"},
        ):
            with self.subTest(params):
                self.assertEqual(self.found(**params), [self.path(report)])

    def test_pages_go_by_key(self):
        """Every report once, also when many arrived in the same second."""
        reports = self.env["civic.report"].sudo()
        with self.at("2026-11-16 08:00"):
            made = [self.make_report() for _index in range(20)]
        with self.at("2026-11-16 09:00"):
            made += [self.make_report() for _index in range(20)]
        for report in made:
            report.receive()
            report.dispatch([self.agency.id])
        page, seen, path = None, [], "/phan-anh"
        while path:
            page = self.page(path)
            seen += [link.get("href") for link in page.xpath("//article//h2/a")]
            older = page.xpath("//a[@rel='next']")
            path = older[0].get("href") if older else None
            self.assertLessEqual(len(seen), 40)
        expected = reports.browse(record.id for record in made).sorted(
            lambda report: (report.received_at, report.id), reverse=True
        )
        self.assertEqual(seen, [self.path(report) for report in expected])

    def test_an_empty_list_says_what_would_be_there(self):
        self.assertIn("Reports appear here", self.text(self.page("/phan-anh")))
        page = self.page("/phan-anh?search=khong-co-gi")
        self.assertIn("No report is found", self.text(page))

    def test_the_list_reads_as_much_for_one_as_for_many(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            reports, _older = self.env["civic.site.list"]._search_published_sudo(
                self.company, {}
            )
            values = [report._public_card_values() for report in reports]
            return self.cr.sql_log_count - before, len(values)

        self.published()
        queries()
        few, one = queries()
        for _index in range(5):
            self.published()
        many, six = queries()
        self.assertEqual((one, six), (1, 6))
        self.assertEqual(many, few)

    def test_reading_needs_no_writing(self):
        """What a replica can serve writes nothing."""
        report = self.published()
        for path in ("/phan-anh", "/phan-anh/gui", self.path(report)):
            with self.subTest(path), self.assertNoLogs("odoo.http", "WARNING"):
                self.page(path)

    def test_nothing_is_fetched_from_elsewhere(self):
        self.env["website"].get_current_website().civic_theme = True
        report = self.published()
        for path in ("/phan-anh", "/phan-anh/gui", self.path(report)):
            page = self.page(path)
            fetched = page.xpath("//script/@src|//link[not(@rel='canonical')]/@href")
            fetched += page.xpath("//img/@src|//iframe/@src")
            own = [url for url in fetched if not url.startswith(("/", self.base_url()))]
            self.assertFalse(own)
            for style in page.xpath("//link[@rel='stylesheet']/@href"):
                sheet = self.url_open(style).text
                for url in re.findall(r"url\(\s*[\"']?(\w+:)?//", sheet):
                    self.fail(f"{style}: {url}")

    def test_search_engines_are_told(self):
        report = self.published()
        hidden = self.make_report()
        sitemap = self.url_open("/sitemap.xml").text
        for path in ("/phan-anh", "/phan-anh/gui", self.path(report)):
            self.assertIn(f"{path}</loc>", sitemap)
        self.assertNotIn(hidden.name.lower(), sitemap)

    # ------------------------------------------------------------------
    # Pictures
    # ------------------------------------------------------------------

    def test_pictures_that_the_centre_ticked_and_no_others(self):
        report = self.published()
        base = f"/phan-anh/anh/{report.name.lower()}"
        answer = self.url_open(f"{base}/0")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "image/jpeg")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        # Hidden later, it is gone from every cache at once.
        self.assertEqual(answer.headers["Cache-Control"], "private, no-cache")
        self.assertNotIn(b"CANARY", answer.content)
        for path in (f"{base}/1", f"{base}/99", "/phan-anh/anh/pa-26-999999/0"):
            self.assertEqual(self.url_open(path).status_code, 404, path)
        report.with_user(self.operator).set_visibility("private", "Người gửi đề nghị.")
        self.assertEqual(self.url_open(f"{base}/0").status_code, 404)

    def test_evidence_stands_beside_the_answer(self):
        report = self.published("accepted")
        assignment = report.assignment_ids
        evidence = self.env["ir.attachment"].create(
            {
                "name": "sau.jpg",
                "raw": self.photo,
                "res_model": assignment._name,
                "res_id": assignment.id,
            }
        )
        assignment.with_user(self.handler).result_attachment_ids = evidence
        assignment.with_user(self.handler).submit("Đã vá.")
        assignment.with_user(self.leader).approve()
        report.with_user(self.operator).publish()
        report.with_user(self.operator).public_attachment_ids |= evidence
        page = self.page(self.path(report))
        sections = {
            title.text_content().strip(): title.getparent()
            for title in page.xpath("//section/h2")
        }
        shown = {
            title: section.xpath(".//img/@src") for title, section in sections.items()
        }
        base = f"/phan-anh/anh/{report.name.lower()}"
        self.assertEqual(
            shown["Before and after the work"],
            [f"{base}/0?size=960", f"{base}/1?size=960"],
        )
        self.assertEqual(shown["What is reported"], [], "nothing is shown twice")

    def test_small_pictures(self):
        report = self.make_report()
        attachments = self.env["ir.attachment"]
        read = attachments._civic_read([saved(drawing(1200, 900))])
        attachments._civic_attach(report.sudo(), read, self.reporter)
        report.public_attachment_ids = report._own_files()
        self.walk_to("processing", report)
        base = f"/phan-anh/anh/{report.name.lower()}/0"
        for size, width in (("480", 480), ("", 1200), ("5000", 1200), ("x", 1200)):
            answer = self.url_open(f"{base}?size={size}")
            self.assertEqual(Image.open(BytesIO(answer.content)).width, width, size)

    def test_files_are_not_to_be_had_by_number(self):
        """Who may read a published report may not read all that came with it."""
        report = self.published()
        shown = [self.url_open(f"/phan-anh/anh/{report.name.lower()}/0").content]
        files = report._own_files() | self.originals(report)
        self.assertGreaterEqual(len(files), 3)
        secret = {file.raw for file in files} | set(shown)
        for login in (None, "civic_citizen", "civic_other_citizen", "civic_plain"):
            self.authenticate(login, login)
            for file in files:
                for path in (f"/web/content/{file.id}", f"/web/image/{file.id}"):
                    answer = self.url_open(path)
                    self.assertNotIn(answer.content, secret, (login, path))


@tagged("-at_install", "post_install")
class TestOwnReports(WebsiteCase):
    def own_path(self, report):
        return f"/my/phan-anh/{report.name.lower()}"

    def post(self, path, page, files=None, **values):
        token = page.xpath("//div[@id='wrap']//input[@name='csrf_token']")[0].value
        return self.url_open(path, data={"csrf_token": token, **values}, files=files)

    def test_own_reports_and_nobody_else_s(self):
        own = self.make_report(visibility="private", subject="Việc của tôi")
        self.authenticate("civic_citizen", "civic_citizen")
        self.assertIn("Việc của tôi", self.text(self.page("/my/phan-anh")))
        text = self.text(self.page(self.own_path(own)))
        self.assertIn("Ổ gà sâu khoảng 20 cm giữa làn đường.", text)
        self.authenticate("civic_other_citizen", "civic_other_citizen")
        self.assertNotIn("Việc của tôi", self.text(self.page("/my/phan-anh")))
        foreign = self.url_open(self.own_path(own))
        missing = self.url_open("/my/phan-anh/pa-26-999999")
        self.assertEqual((foreign.status_code, missing.status_code), (404, 404))
        self.authenticate("civic_operator", "civic_operator")
        self.assertEqual(self.url_open(self.own_path(own)).status_code, 404)

    def test_the_list_of_own_reports_says_what_to_do(self):
        report = self.make_report()
        report.request_supplement("Xin gửi ảnh.")
        self.published()
        self.authenticate("civic_citizen", "civic_citizen")
        page = self.page("/my/phan-anh")
        self.assertIn("Your answer is needed", self.text(page))
        self.assertIn("Please rate the answer", self.text(page))
        picture = page.xpath("//article//img")[0].get("src")
        self.assertEqual(self.url_open(picture).headers["Content-Type"], "image/jpeg")

    def test_strangers_are_asked_to_sign_in(self):
        own = self.make_report()
        answer = self.url_open(self.own_path(own))
        self.assertIn("/web/login", answer.url)

    def test_the_portal_counts_own_reports(self):
        self.make_report()
        self.make_report()
        self.authenticate("civic_citizen", "civic_citizen")
        page = self.page("/my")
        self.assertTrue(page.xpath("//a[@href='/my/phan-anh']"))
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["civic_report_count"]}
        )
        self.assertEqual(counters["civic_report_count"], 2)

    def test_a_day_ends_at_24(self):
        """“00:00 of the 19th” would make people lose the 18th."""
        with self.at("2026-11-16 08:00"):
            report = self.make_report()
            report.request_supplement("Xin gửi ảnh.")
        self.authenticate("civic_citizen", "civic_citizen")
        with self.at("2026-11-17 08:00"):
            sentence = report.sudo()._state_sentence()
        self.assertIn("18/11/2026 24:00", sentence)
        self.assertIn("18/11/2026 24:00", self.text(self.page(self.own_path(report))))

    def test_a_refusal_says_why_and_how_to_complete(self):
        report = self.make_report()
        report.refuse("poor_media", "Ảnh mờ, xin chụp lại gần hơn.")
        self.authenticate("civic_citizen", "civic_citizen")
        text = self.text(self.page(self.own_path(report)))
        self.assertIn("Ảnh mờ, xin chụp lại gần hơn.", text)
        self.assertIn(report.reason, text)

    def test_the_citizen_supplies(self):
        report = self.make_report()
        report.request_supplement("Xin gửi ảnh rõ hơn.")
        self.authenticate("civic_citizen", "civic_citizen")
        page = self.page(self.own_path(report))
        self.assertIn("Xin gửi ảnh rõ hơn.", self.text(page))
        path = f"{self.own_path(report)}/bo-sung"
        answer = self.post(path, page, message=" ")
        self.assertEqual(answer.status_code, 422)
        answer = self.post(
            path, page, message="Giữ lại chữ", files={"files": ("a.jpg", b"<html>")}
        )
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Giữ lại chữ", answer.text)
        self.assertEqual(report.state, "supplementing")
        answer = self.post(
            path, page, message="Ảnh đây.", files={"files": ("a.jpg", self.photo)}
        )
        self.assertEqual(answer.history[0].status_code, 303)
        self.assertEqual(report.state, "new")
        self.assertEqual(report.supplied_text, "Ảnh đây.")
        self.assertEqual(len(report.attachment_ids), 1)
        again = self.post(path, page, message="Lần nữa")
        self.assertEqual(again.status_code, 422, "already supplied")

    def test_the_citizen_rates_once(self):
        report = self.published()
        level = self.procedure.scale_id.level_ids[0]
        self.authenticate("civic_citizen", "civic_citizen")
        page = self.page(self.own_path(report))
        path = f"{self.own_path(report)}/danh-gia"
        for wrong in ("", "x", "9" * 30):
            self.assertEqual(self.post(path, page, level=wrong).status_code, 422)
        self.post(path, page, level=str(level.id), comment="Cảm ơn")
        self.assertEqual(report.rating_level_id, level)
        self.assertEqual(report.rating_comment, "Cảm ơn")
        self.assertNoTrace(report, self.citizen)
        again = self.post(path, page, level=str(level.id), comment="Cảm ơn")
        self.assertEqual(again.status_code, 422, "a second click is no second rating")

    def test_the_citizen_asks_about_the_answer(self):
        report = self.published()
        self.authenticate("civic_citizen", "civic_citizen")
        page = self.page(self.own_path(report))
        path = f"{self.own_path(report)}/hoi-them"
        self.assertEqual(self.post(path, page, body=" ").status_code, 422)
        self.post(path, page, body="Bao giờ vá lại mặt đường?")
        question = report.interaction_ids
        self.assertEqual(question.body, "Bao giờ vá lại mặt đường?")
        self.assertNoTrace(report, self.citizen)
        self.assertNotIn(self.citizen, question.create_uid | question.write_uid)
        text = self.text(self.page(self.own_path(report)))
        self.assertIn("Waiting for an answer of Sở Xây dựng", text)
        report.assignment_ids.with_user(self.handler).answer(question.id, "Tuần sau.")
        self.assertIn("Tuần sau.", self.text(self.page(self.own_path(report))))
        self.assertNotIn("Bao giờ", self.text(self.page(self.path(report))))

    def test_nobody_else_supplies_or_rates(self):
        report = self.published()
        level = self.procedure.scale_id.level_ids[0]
        self.authenticate("civic_other_citizen", "civic_other_citizen")
        page = self.page("/phan-anh/gui")
        for verb in ("danh-gia", "bo-sung", "hoi-them"):
            answer = self.post(
                f"{self.own_path(report)}/{verb}",
                page,
                level=str(level.id),
                message="x",
            )
            self.assertEqual(answer.status_code, 404)
        self.assertFalse(report.rating_level_id)
        answer = self.url_open(
            f"{self.own_path(report)}/danh-gia", data={"level": str(level.id)}
        )
        self.assertEqual(answer.status_code, 400, "no token")

    def test_own_files(self):
        report = self.published()
        path = f"{self.own_path(report)}/tep"
        self.authenticate("civic_citizen", "civic_citizen")
        for index in (0, 1):
            answer = self.url_open(f"{path}/{index}")
            self.assertEqual(answer.headers["Content-Type"], "image/jpeg")
            self.assertIn("private", answer.headers["Cache-Control"])
            self.assertNotIn(b"CANARY", answer.content)
        self.assertEqual(self.url_open(f"{path}/2").status_code, 404)
        self.authenticate("civic_other_citizen", "civic_other_citizen")
        self.assertEqual(self.url_open(f"{path}/0").status_code, 404)

    def test_documents_are_saved_not_opened(self):
        report = self.make_report()
        attachments = self.env["ir.attachment"]
        read = attachments._civic_read([pdf()])
        attachments._civic_attach(report.sudo(), read, self.reporter)
        self.authenticate("civic_citizen", "civic_citizen")
        answer = self.url_open(f"{self.own_path(report)}/tep/0")
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))
