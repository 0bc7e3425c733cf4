import re
import time
from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import HOST

from ...controllers.website import PROOF_SECONDS
from ...models.vault.vault import VaultError
from ..rig.frozen import frozen
from ..rig.site import LOOKUP, LookupCase


@tagged("-at_install", "post_install")
class TestLookup(LookupCase):
    def test_the_way_to_the_own_page(self):
        answer = self.ask()
        self.assertEqual(answer.status_code, 200)
        page = html.fromstring(answer.content)
        field = page.get_element_by_id("digits")
        self.assertEqual(field.get("autocomplete"), "one-time-code")
        self.assertEqual(field.get("inputmode"), "numeric")
        own = self.prove()
        text = self.text(own)
        self.assertIn("Ổ gà sâu khoảng 20 cm giữa làn đường.", text)
        answer = self.url_open(self.path)
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertIn("noindex", answer.headers["X-Robots-Tag"])
        self.assertNotIn("Người gửi ẩn danh", text)

    def test_pages_say_how_long_the_digits_are_valid(self):
        target = "odoo.addons.civic_report.models.messages.one_time_code.VALID"
        self.startPatcher(patch(target, timedelta(minutes=7)))
        self.assertIn("It is valid for 7 minutes", self.shown(self.ask()))
        self.assertIn("older than 7 minutes", self.shown(self.enter("000000")))

    def test_a_code_as_it_is_read_over_a_telephone(self):
        code = self.report.name
        for typed in (
            code.lower(),
            code.replace("-", ""),
            code.replace("-", " "),
            f" {code} ",
            code.replace("-", "–"),
        ):
            self.forget_counts()
            answer = self.ask(typed)
            self.assertIn(code, self.shown(answer), typed)
            self.assertIn("digits", answer.text)

    def test_what_is_no_code(self):
        for typed in ("", "abc", "<script>", "9" * 500, "PA-26-0"):
            self.forget_counts()
            answer = self.ask(typed or " ")
            self.assertEqual(answer.status_code, 422, typed)
            self.assertIn("not the code of a report", self.shown(answer))

    def test_asking_always_has_the_same_answer(self):
        silent = self.reporter.create({"name": "Không liên hệ"})
        unreachable = self.make_report(reporter_id=silent.id)
        said = set()
        for code in (self.report.name, unreachable.name, "PA-26-999999", "XY-26-1"):
            self.forget_counts()
            answer = self.ask(code)
            self.assertEqual(answer.status_code, 200)
            written = re.search(r"code=([\w-]+)", answer.url)[1]
            said.add(self.shown(answer, written))
        self.assertEqual(len(said), 1, said)

    def test_a_wrong_code_always_has_the_same_answer(self):
        other = self.make_report(reporter_id=self.sender.id).sudo()
        self.ask()
        self.ask(other.name)
        right, theirs = self.digits(), self.digits(other)
        wrong = f"{(int(right) + 1) % 10**6:06d}"
        said = set()
        for code, digits in (
            (self.report.name, wrong),
            (self.report.name, theirs),
            (self.report.name, ""),
            ("PA-26-999999", right),
        ):
            self.forget_counts()
            answer = self.enter(digits or " ", code)
            self.assertEqual(answer.status_code, 422)
            said.add(self.shown(answer, code))
        with frozen(fields.Datetime.now(), tick=True) as clock:
            clock.shift(601)
            self.forget_counts()
            answer = self.enter(right)
        said.add(self.shown(answer, self.report.name))
        self.assertEqual(len(said), 1, said)
        self.assertEqual(self.page_of_report(), LOOKUP)

    def page_of_report(self):
        """Where the address of the own page leads."""
        answer = self.url_open(self.path, allow_redirects=False)
        if answer.status_code == 200:
            return self.path
        self.assertEqual(answer.status_code, 303)
        return re.search(r"(/phan-anh/[\w-]+)", answer.headers["Location"])[1]

    def test_digits_work_once(self):
        self.prove()
        digits = self.digits()
        self.post(f"{LOOKUP}/ket-thuc")
        self.assertEqual(self.enter(digits).status_code, 422)
        self.assertEqual(self.page_of_report(), LOOKUP)

    def test_guessing_is_stopped(self):
        """Over HTTP, whatever the guesser does between: a code has five tries, an hour
        ten."""
        self.ask()
        right = int(self.digits())
        for index in range(1, 6):
            answer = self.enter(f"{(right + index) % 10**6:06d}")
            self.assertEqual(answer.status_code, 422)
        self.assertEqual(self.enter(f"{right:06d}").status_code, 422)
        # New cookies, new address: the code itself is what is counted.
        statuses = []
        for _index in range(6):
            self.opener.cookies.clear()
            self.authenticate(None, None)
            statuses.append(self.ask().status_code)
        self.assertIn(429, statuses)
        answer = self.ask()
        self.assertGreater(int(answer.headers["Retry-After"]), 0)
        self.assertIn("small sum", self.shown(answer))

    def test_one_device_is_stopped_whatever_the_codes(self):
        statuses = [self.ask(f"PA-26-9{index:05}").status_code for index in range(12)]
        self.assertEqual(statuses[:10], [200] * 10)
        self.assertEqual(statuses[10:], [429] * 2)

    def test_the_proof_ends_after_half_an_hour(self):
        self.prove()
        self.assertEqual(self.page_of_report(), self.path)
        later = time.time() + PROOF_SECONDS + 1
        with patch("odoo.addons.civic_report.controllers.website.time") as clock:
            clock.time = lambda: later
            self.assertEqual(self.page_of_report(), LOOKUP)
            page = self.page(self.path)
        self.assertIn("half an hour", self.text(page))

    def test_leaving(self):
        page = self.prove()
        answer = self.post(f"{LOOKUP}/ket-thuc", page)
        self.assertTrue(answer.url.endswith(LOOKUP))
        self.assertEqual(self.page_of_report(), LOOKUP)

    def test_the_session_gets_another_name(self):
        self.page(LOOKUP)
        before = self.opener.cookies["session_id"]
        self.prove()
        self.assertNotEqual(self.opener.cookies["session_id"], before)

    def test_one_report_alone_is_opened(self):
        other = self.make_report(reporter_id=self.sender.id).sudo()
        page = self.prove()
        for report in (other, None):
            code = report.name.lower() if report else "pa-26-999999"
            for end, form in (
                ("", None),
                ("/tep/0", None),
                ("/thu", None),
                ("/rieng-tu", {"wish": "private", "csrf_token": self.token(page)}),
            ):
                answer = self.url_open(
                    f"{LOOKUP}/{code}{end}", data=form, allow_redirects=False
                )
                self.assertEqual(answer.status_code, 303, end)
                self.assertIn("over=1", answer.headers["Location"])
        self.assertFalse(other.asked_private)

    def test_a_published_report_is_offered_at_once(self):
        self.walk_to("processing", self.report.with_user(self.operator))
        page = html.fromstring(self.ask().content)
        [link] = page.xpath("//a[contains(text(), 'public page')]")
        self.assertEqual(link.get("href"), self.report._website_path())

    def test_signed_in_senders_need_no_code(self):
        own = self.make_report()
        self.authenticate(self.citizen.login, self.citizen.login)
        answer = self.ask(own.name)
        self.assertTrue(answer.url.endswith(f"/my/phan-anh/{own.name.lower()}"))
        # What they sent without the account is proved as by anybody else.
        self.assertIn("on its way", self.shown(self.ask()))

    def test_without_the_key(self):
        page = self.page(LOOKUP)
        vault = type(self.env["civic.vault"])
        for path in (LOOKUP, f"{LOOKUP}/ma"):
            with patch.object(vault, "_ring", side_effect=VaultError("no key")):
                answer = self.post(path, page, code=self.report.name, digits="123456")
            self.assertEqual(answer.status_code, 503)
            self.assertIn("neither sent nor checked", answer.text)

    # ------------------------------------------------------------------
    # What it costs tells nothing
    # ------------------------------------------------------------------

    def cost(self, act, code):
        """Queries of an act, once what is cached is cached."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        act(code)
        return self.cr.sql_log_count - before

    def kinds_of_codes(self):
        unreachable = self.reporter.create({"name": "Người không để lại gì"})
        return {
            "there": self.report.name,
            "not there": "PA-26-999999",
            "nobody to tell": self.make_report(reporter_id=unreachable.id).name,
        }

    def test_asking_costs_the_same_for_any_code(self):
        codes, costs = self.kinds_of_codes(), {}
        page = self.page(LOOKUP)

        def ask(code):
            form = {"code": code, "csrf_token": self.token(page)}
            answer = self.url_open(LOOKUP, data=form, allow_redirects=False)
            self.assertEqual(answer.status_code, 303)

        for code in codes.values():
            ask(code)
        for name, code in codes.items():
            self.forget_counts()
            costs[name] = self.cost(ask, code)
        self.assertEqual(len(set(costs.values())), 1, costs)
        self.assertLess(max(costs.values()), 30)

    def test_entering_costs_the_same_for_any_code(self):
        codes, costs = self.kinds_of_codes(), {}
        page = self.page(LOOKUP)

        def enter(code):
            form = {
                "code": code,
                "digits": "000000",
                "csrf_token": self.token(page),
            }
            answer = self.url_open(f"{LOOKUP}/ma", data=form)
            self.assertEqual(answer.status_code, 422)

        for code in codes.values():
            enter(code)
        for name, code in codes.items():
            self.forget_counts()
            costs[name] = self.cost(enter, code)
        self.assertEqual(len(set(costs.values())), 1, costs)

    # ------------------------------------------------------------------
    # Who holds the code of a report alone
    # ------------------------------------------------------------------

    def other_browser(self):
        self.opener.cookies.clear()
        self.authenticate(None, None)

    def go_back_to(self, session_id):
        self.opener.cookies.clear()
        self.opener.cookies.set("session_id", session_id, domain=HOST, path="/")

    def messages(self):
        """One-time codes on their way."""
        return self.env["civic.outbox"].search(
            [("report_id", "=", self.report.id), ("key", "like", "code:%")]
        )

    def test_strangers_do_not_touch_the_senders_digits(self):
        self.env.ref("civic_report.throttle_lookup_code").count = 100
        self.ask()
        digits = self.digits()
        mine = self.opener.cookies["session_id"]
        for _stranger in range(3):
            self.other_browser()
            self.ask()
            for _try in range(6):
                self.enter("000000")
        self.go_back_to(mine)
        answer = self.enter(digits)
        self.assertTrue(answer.url.endswith(self.path), answer.url)

    def test_digits_are_right_in_the_browser_that_asked(self):
        self.ask()
        digits = self.digits()
        self.other_browser()
        self.assertEqual(self.enter(digits).status_code, 422)

    def test_strangers_use_up_nothing_of_the_senders_own_browser(self):
        self.prove()
        mine = self.opener.cookies["session_id"]
        self.env.ref("civic_report.throttle_lookup_code").count = 2
        self.env.ref("civic_report.throttle_code_code").count = 2
        told = []
        for _stranger in range(4):
            self.other_browser()
            told.append(self.ask().status_code)
        # Beyond the gate a stranger's browser has to work for it.
        self.assertIn(429, told)
        self.go_back_to(mine)
        self.post(f"{LOOKUP}/ket-thuc")
        before = len(self.messages())
        for _time in range(3):
            self.assertEqual(self.ask().status_code, 200)
        self.assertEqual(len(self.messages()), before + 3)

    def test_a_mailbox_is_not_filled_and_digits_are_shared(self):
        self.env.ref("civic_report.throttle_code_code").count = 2
        for _stranger in range(6):
            self.other_browser()
            self.ask()
        self.assertEqual(len(self.messages()), 2)
        # Whoever gets the messages goes on all the same, in the browser that asked.
        answer = self.enter(self.digits())
        self.assertTrue(answer.url.endswith(self.path), answer.url)

    def test_a_mailbox_is_not_filled_by_who_counts_codes_up(self):
        self.env.ref("civic_report.throttle_code_mailbox").count = 3
        reports = self.env["civic.report"]
        for _number in range(6):
            reports |= self.make_report(reporter_id=self.sender.id)
        for report in reports:
            self.other_browser()
            answer = self.ask(report.name)
            self.assertIn("on its way", self.shown(answer))
        sent = self.env["civic.outbox"].search(
            [("report_id", "in", reports.ids), ("key", "like", "code:%")]
        )
        self.assertEqual(len(sent), 3)

    def test_own_reports_without_the_key(self):
        own = self.make_report().sudo()
        self.authenticate(self.citizen.login, self.citizen.login)
        vault = type(self.env["civic.vault"])
        for path in ("/my/phan-anh", own._own_path()):
            with patch.object(vault, "_ring", side_effect=VaultError("no key")):
                answer = self.url_open(path)
            self.assertEqual(answer.status_code, 503, path)
            self.assertIn("Not possible right now", answer.text)

    def test_forms_need_a_token(self):
        for path in (LOOKUP, f"{LOOKUP}/ma", f"{LOOKUP}/ket-thuc"):
            answer = self.url_open(path, data={"code": self.report.name})
            self.assertEqual(answer.status_code, 400, path)


@tagged("-at_install", "post_install")
class TestProvedPage(LookupCase):
    """What a sender without an account does there is what one with an account does."""

    def test_supplying(self):
        self.report.with_user(self.operator).request_supplement("Ở đoạn nào?")
        page = self.prove()
        self.assertIn("Ở đoạn nào?", self.text(page))
        form = page.xpath(f"//form[@action='{self.path}/bo-sung']")[0]
        answer = self.url_open(
            f"{self.path}/bo-sung",
            data={"csrf_token": self.token(form), "message": "Trước cổng trường."},
            files=[("files", ("anh.jpg", self.photo, "image/jpeg"))],
        )
        self.assertTrue(answer.url.endswith(self.path))
        self.assertEqual(self.report.state, "new")
        self.assertEqual(self.report.supplied_text, "Trước cổng trường.")
        picture = self.url_open(f"{self.path}/tep/0")
        self.assertEqual(picture.headers["Content-Type"], "image/jpeg")
        supplied = self.report.event_ids.filtered(lambda row: row.code == "supply")
        self.assertFalse(supplied.user_id)

    def test_rating_and_asking(self):
        self.walk_to("done", self.report.with_user(self.operator))
        page = self.prove()
        level = self.procedure.scale_id.level_ids[0]
        self.post(f"{self.path}/danh-gia", page, level=level.id, comment="Cảm ơn")
        self.assertEqual(self.report.rating_level_id, level)
        self.post(f"{self.path}/hoi-them", page, body="Bao giờ thi công?")
        self.assertEqual(self.report.interaction_ids.body, "Bao giờ thi công?")

    def test_privacy(self):
        page = self.prove()
        self.post(f"{self.path}/rieng-tu", page, wish="private")
        self.assertEqual(self.report.visibility, "private")

    def test_appealing(self):
        self.report.with_user(self.operator).mark_violation("wording", "Lời lẽ.")
        page = self.prove()
        violation = self.report.violation_ids
        answer = self.post(
            f"{self.path}/xem-lai", page, violation=violation.id, body=" "
        )
        self.assertEqual(answer.status_code, 422)
        summary = html.fromstring(answer.content).xpath("//*[@role='alert']")
        self.assertTrue(summary)
        self.post(f"{self.path}/xem-lai", page, violation=violation.id, body="Không.")
        self.assertEqual(violation.state, "appealed")
        foreign = self.make_report()
        foreign.mark_violation("wording", "Lời lẽ.")
        other = foreign.sudo().violation_ids
        answer = self.post(
            f"{self.path}/xem-lai", page, violation=other.id, body="Không."
        )
        self.assertEqual((answer.status_code, other.state), (404, "found"))

    def test_the_letter(self):
        self.walk_to("done", self.report.with_user(self.operator))
        self.prove()
        looks = self.env["civic.access"].search_count([])
        with self.allow_pdf_render():
            answer = self.url_open(f"{self.path}/thu")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(self.env["civic.access"].search_count([]), looks)

    def test_unknown_acts(self):
        page = self.prove()
        self.assertEqual(self.post(f"{self.path}/xoa", page).status_code, 404)

    def test_pages_of_accounts_ask_to_sign_in(self):
        self.prove()
        answer = self.url_open(
            f"/my/phan-anh/{self.report.name.lower()}", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])


@tagged("-at_install", "post_install")
class TestTwoLanguages(LookupCase):
    """A site in Vietnamese and English (HUE: “vi, en”)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        languages = cls.env["res.lang"]
        vietnamese = languages._activate_lang("vi_VN")
        english = languages._activate_lang("en_US")
        cls.env["website"].get_current_website().write(
            {
                "default_lang_id": vietnamese.id,
                "language_ids": [Command.set((vietnamese | english).ids)],
            }
        )

    def choose_vietnamese(self):
        """As the switch at the foot of each page does."""
        self.opener.cookies["frontend_lang"] = "vi_VN"

    def language(self, answer):
        return html.fromstring(answer.content).get("lang")

    def test_the_way_stays_in_the_language(self):
        english = f"/{self.env.ref('base.lang_en').url_code}"
        page = self.page(english + LOOKUP)
        self.assertEqual(page.get("lang"), "en-US")
        # Each page leads to itself in the other language.
        self.assertTrue(page.xpath(f"//a[contains(@href, '{LOOKUP}')][@data-url_code]"))
        asked = self.post(english + LOOKUP, page, code=self.report.name)
        self.assertIn(f"{english}{LOOKUP}?", asked.url)
        entered = self.post(
            f"{english}{LOOKUP}/ma",
            page,
            code=self.report.name,
            digits=self.digits(),
        )
        self.assertTrue(entered.url.endswith(english + self.path), entered.url)
        self.assertEqual(self.language(entered), "en-US")

    def test_addresses_are_those_of_the_first_language(self):
        self.choose_vietnamese()
        answer = self.url_open(LOOKUP)
        self.assertEqual(self.language(answer), "vi-VN")
        self.assertTrue(answer.url.endswith(LOOKUP) and "/vi" not in answer.url)

    def test_senders_are_told_in_the_language_of_their_page(self):
        self.choose_vietnamese()
        report = self.sent_report(self.send()).sudo()
        self.assertEqual(report.reporter_id.lang, "vi_VN")
        message = self.env["civic.outbox"].search([("report_id", "=", report.id)])
        self.assertEqual({row._recipient_lang() for row in message}, {"vi_VN"})


@tagged("-at_install", "post_install")
class TestAccountsOfProviders(LookupCase):
    """Who signs in by a provider that tells no more than a number (docs/oidc.md)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = "provider_3_user_8f14e45f"
        cls.account = cls.make_user("of_a_provider", "base.group_portal")
        cls.account.write({"login": cls.number, "name": cls.number})
        cls.account.partner_id.email = cls.number
        cls.account.password = cls.number

    def test_who_it_is_stands_in_the_vault_alone(self):
        self.authenticate(self.number, self.number)
        form = self.page("/phan-anh/gui").get_element_by_id("civic_form")
        self.assertFalse(form.fields["name"] or form.fields["email"])
        report = self.sent_report(self.send()).sudo()
        self.assertEqual(report.reporter_id.user_id, self.account)
        self.assertNoTrace(report, self.account)
        listed = self.text(self.page("/my/phan-anh"))
        self.assertIn(report.subject, listed)
        # What was typed has not become the account's, which every officer may read.
        partner = self.account.partner_id
        self.assertEqual((partner.name, partner.phone), (self.number, False))


@tagged("-at_install", "post_install")
class TestLookupOnTelephone(LookupCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_way_there_and_back(self):
        told = "odoo.addons.civic_report.models.messages.one_time_code._digits"
        with patch(told, lambda _fingerprint: "123456"):
            self.start_tour(
                f"{LOOKUP}?code={self.report.name}",
                "civic_report.sender_without_an_account",
            )
        self.assertEqual(self.report.supplied_text, "Gần cột đèn số 7.")
        amended = self.report.event_ids.filtered(lambda row: row.code == "amend")
        self.assertEqual(len(amended), 1)
        self.assertFalse(amended.user_id)
