"""Why and how often identities are opened: the list of grounds, the number of a day,
what managers are told of, and that nothing opens one without being counted."""

import json
import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import file_open

from ...models.identity.access import OPENING
from ...models.privacy.look import TooManyLooks
from ...tools.text import says_something
from ..rig.common import CivicCase, Province
from ..rig.inbox import ChatCase

PASSWORD = "civic-looks-password"


class TestWords(TransactionCase):
    def test_what_says_something(self):
        for text in (
            "Gọi lại cho người gửi",
            "Gửi công an.",
            "Kiểm tra ảnh gốc",
            "Đối chiếu yêu cầu.",
            "Theo công văn 12/CV-SXD ngày 3/4/2026",
            "Call the sender back",
        ):
            self.assertTrue(says_something(text), text)
        for text in (
            *("", " ", None, "aaaaa", "aaaaaaaaaaaaaaa", "xem", "cần xem", "."),
            *("aaaaa bbbbb ccccc", "abc abc abc abc", "1234567890 12345"),
            *("asdfghjkl", "qwrt sdfg hjkl zxcv", "xxxx yyyy zzzz", "ok ok ok ok ok"),
        ):
            self.assertFalse(says_something(text), text)


class LookCase(CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"civic_look_limit": 5, "civic_look_burst": 1000})
        cls.senders = cls.env["civic.reporter"].create(
            [{"name": f"Người gửi {n}", "phone": f"09123000{n:02}"} for n in range(12)]
        )

    def show(self, user, senders, reason="call_back", **more):
        return senders.with_user(user).show(reason, **more)

    def day(self, user=None):
        return self.env["civic.look.day"].search(
            [("user_id", "=", (user or self.operator).id)]
        )

    def told(self, event):
        return self.env["civic.outbox"].search([("notice_id.event", "=", event)])

    def refused(self):
        """What is written once a refused request is over."""
        with self.enter_registry_test_mode():
            self.env.cr.postrollback.run()
        self.env.cr.postcommit.clear()
        self.env.invalidate_all()


@tagged("-at_install", "post_install")
class TestGrounds(LookCase):
    def test_a_reason_is_one_of_the_list(self):
        sender = self.senders[0]
        for reason in ("aaaaa", "xem", "", None, 0, True, 10**20, "incomplete", []):
            with self.subTest(reason), self.assertRaises(UserError):
                self.show(self.operator, sender, reason)
        for reason, words in (
            ("other", None),
            ("other", "aaaaaaaaaaaaa"),
            ("conduct", ""),
            ("conduct", "asdf asdf asdf"),
        ):
            with self.subTest(reason), self.assertRaises(UserError):
                self.show(self.operator, sender, reason, words=words)
        self.assertFalse(self.day(), "nothing was opened")
        verify = self.env.ref("civic_report.look_verify")
        self.show(self.operator, sender, verify.id)
        self.show(self.operator, sender, "conduct", words="Gọi quấy rối ba lần")
        looks = sender.access_ids.sorted("id")
        self.assertEqual(looks[0].ground_id, verify)
        self.assertEqual(looks[0].reason, verify.name)
        self.assertEqual(looks[1].ground_id.code, "conduct")
        self.assertEqual(looks[1].reason, "Gọi quấy rối ba lần")

    def test_other_words_are_another_reason(self):
        self.show(self.operator, self.senders[0], "Hỏi thêm về hiện trường")
        look = self.senders[0].access_ids
        self.assertEqual(look.ground_id.code, "other")
        self.assertEqual(look.reason, "Hỏi thêm về hiện trường")

    def test_the_administrator_edits_the_list(self):
        grounds = self.env["civic.reason"].with_user(self.administrator)
        own = grounds.create({"name": "Trao thưởng", "code": "reward", "use": "look"})
        self.show(self.operator, self.senders[0], "reward")
        own.active = False
        with self.assertRaises(UserError):
            self.show(self.operator, self.senders[0], "reward")
        for user in (self.operator, self.manager):
            with self.assertRaises(AccessError):
                own.with_user(user).name = "Khác"


@tagged("-at_install", "post_install")
class TestLimit(LookCase):
    def test_each_identity_counts_once_a_day(self):
        with self.at("2026-11-20 09:00"):
            self.show(self.operator, self.senders[:3])
            self.show(self.operator, self.senders[:3])
            self.show(self.operator, self.senders[2:5])
            self.assertEqual(self.day().looks, 5)
            with self.assertRaises(TooManyLooks):
                self.show(self.operator, self.senders[5])
            self.show(self.operator, self.senders[:5])
            self.show(self.manager, self.senders[5])
        with self.at("2026-11-20 23:59"), self.assertRaises(TooManyLooks):
            self.show(self.operator, self.senders[5])
        with self.at("2026-11-21 00:00"):
            self.show(self.operator, self.senders[5])
        self.assertEqual(self.day().mapped("looks"), [1, 5])

    def test_many_at_once_are_no_way_round(self):
        with self.assertRaises(TooManyLooks):
            self.show(self.operator, self.senders[:6])
        self.assertFalse(self.senders.access_ids)
        self.show(self.operator, self.senders[:4])
        with self.assertRaises(TooManyLooks):
            self.show(self.operator, self.senders[4:6])
        self.assertEqual(len(self.senders.access_ids), 4)

    def test_a_batch_costs_no_more_queries(self):
        def count(senders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.show(self.operator, senders)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        self.company.civic_look_limit = 1000
        count(self.senders[:1])
        one, ten = count(self.senders[1:2]), count(self.senders[2:12])
        # Accounts and files are read for each sender, as ever.
        self.assertLessEqual(ten, one + 9 * 3)

    def test_managers_are_told_at_once(self):
        self.show(self.operator, self.senders[:5])
        for _try in range(2):
            with self.assertRaises(TooManyLooks):
                self.show(self.operator, self.senders[5])
            self.refused()
        day = self.day()
        self.assertEqual((day.looks, day.refused), (5, 2))
        told = self.told("looks_over")
        managers = self.manager | self.administrator
        self.assertLessEqual(managers, told.user_id)
        self.assertNotIn(self.operator, told.user_id)
        self.assertEqual(len(told), len(told.user_id), "each is told once")
        self.assertLessEqual(managers, day.sudo().activity_ids.user_id)
        subject, body = told.filtered(lambda row: row.user_id == self.manager)._words()
        self.assertIn(self.operator.name, subject)
        self.assertIn("5", body)
        self.assertIn("/odoo/civic-look-days", body)
        self.assertNotIn("Người gửi", body + json.dumps(told.mapped("facts")))

    def test_more_is_allowed_by_somebody_else_with_a_reason(self):
        self.show(self.operator, self.senders[:5])
        with self.assertRaises(TooManyLooks):
            self.show(self.operator, self.senders[5])
        self.refused()
        day = self.day()
        with self.assertRaises(UserError):
            day.with_user(self.manager).allow_more(3, "aaaaa")
        for number in (0, -1, 201, 10**20, True, "3", 2.5):
            with self.subTest(number), self.assertRaises(UserError):
                day.with_user(self.manager).allow_more(number, "Gọi lại sau bão số 3")
        for user in (self.operator, self.handler, self.plain, self.citizen):
            with self.subTest(user.login), self.assertRaises(UserError):
                day.with_user(user).allow_more(3, "Gọi lại sau bão số 3")
        day.with_user(self.manager).allow_more(2, "Gọi lại sau bão số 3")
        self.assertFalse(day.sudo().activity_ids, "the reminders are gone")
        allowed = day.allowance_ids
        self.assertEqual((allowed.number, allowed.user_id), (2, self.manager))
        self.show(self.operator, self.senders[5:7])
        with self.assertRaises(TooManyLooks):
            self.show(self.operator, self.senders[7])
        self.refused()
        self.assertEqual(
            len(
                self.told("looks_over").filtered(
                    lambda row: row.user_id == self.manager
                )
            ),
            2,
            "told anew",
        )

    def test_nobody_allows_it_to_himself(self):
        self.show(self.manager, self.senders[:5])
        with self.assertRaises(TooManyLooks):
            self.show(self.manager, self.senders[5])
        self.refused()
        day = self.day(self.manager)
        self.assertNotIn(self.manager, self.told("looks_over").user_id)
        self.assertNotIn("allow_more", day.with_user(self.manager).allowed_verbs)
        with self.assertRaises(AccessError):
            day.with_user(self.manager).allow_more(5, "Gọi lại sau bão số 3")
        day.with_user(self.administrator).allow_more(5, "Gọi lại sau bão số 3")
        self.show(self.manager, self.senders[5])

    def test_raising_the_limit_opens_nothing_today(self):
        with self.at("2026-11-20 09:00"):
            self.show(self.operator, self.senders[:5])
            self.company.with_user(self.administrator).sudo().civic_look_limit = 50
            with self.assertRaises(TooManyLooks):
                self.show(self.operator, self.senders[5])
        with self.at("2026-11-21 09:00"):
            self.show(self.operator, self.senders[:6])
        event = self.env["civic.data.event"].search([("code", "=", "look_limit")])
        self.assertIn("5 → 50", event[:1].note)

    def test_a_day_that_is_over_is_not_opened(self):
        with self.at("2026-11-20 09:00"):
            self.show(self.operator, self.senders[:5])
        with self.at("2026-11-21 09:00"), self.assertRaises(UserError):
            self.day().with_user(self.manager).allow_more(5, "Gọi lại sau bão số 3")

    def test_the_counts_are_nobody_s_to_write(self):
        self.show(self.operator, self.senders[:5])
        day = self.day()
        for user in (self.operator, self.manager, self.administrator):
            for rows in (day.with_user(user), day.with_user(user).sudo()):
                for act in (
                    lambda rows=rows: rows.write({"looks": 0}),
                    lambda rows=rows: rows.write({"extra": 100}),
                    lambda rows=rows: rows.unlink(),
                ):
                    with self.assertRaises(UserError):
                        act()
        self.assertFalse(day.with_user(self.other_handler).has_access("read"))
        other = self.make_user("operator_2", "civic_report.group_operator")
        self.assertFalse(day.with_user(other)._filtered_access("read"))


@tagged("-at_install", "post_install")
class TestFast(LookCase):
    def test_many_in_a_short_time_are_told_at_once(self):
        self.company.write(
            {"civic_look_limit": 30, "civic_look_burst": 4, "civic_look_minutes": 5}
        )
        with self.at("2026-11-20 09:00"):
            self.show(self.operator, self.senders[:3])
        with self.at("2026-11-20 09:04"):
            self.assertFalse(self.told("looks_fast"))
            self.show(self.operator, self.senders[3])
            told = self.told("looks_fast")
            self.assertLessEqual(self.manager | self.administrator, told.user_id)
            self.show(self.operator, self.senders[4])
            self.assertEqual(self.told("looks_fast"), told, "once, not with each look")
            subject, _body = told[:1]._words()
            self.assertIn("4", subject)
        with self.at("2026-11-20 09:30"):
            for sender in self.senders[5:9]:
                self.show(self.operator, sender)
            self.assertEqual(len(self.told("looks_fast")), 2 * len(told))

    def test_a_day_s_work_is_no_alert(self):
        self.company.write({"civic_look_limit": 30, "civic_look_burst": 4})
        for index, sender in enumerate(self.senders):
            with self.at(f"2026-11-20 {8 + index // 6:02}:{index % 6 * 10:02}"):
                self.show(self.operator, sender)
        self.assertFalse(self.told("looks_fast"))


@tagged("-at_install", "post_install")
class TestWeek(LookCase):
    def test_managers_are_told_of_the_week(self):
        self.company.civic_look_limit = 30
        with self.at("2026-11-17 09:00"):
            self.show(self.operator, self.senders[:4])
            self.show(self.operator, self.senders[0], "Gọi anh Nguyễn Văn Bí Mật")
        with self.at("2026-11-22 23:59"):
            self.show(self.manager, self.senders[0], "verify")
        outbox = self.env["civic.outbox"]
        with self.at("2026-11-23 08:00"):
            self.show(self.operator, self.senders[5])
            outbox._cron_looks()
            outbox._cron_looks()
        rows = self.told("looks_week").filtered(lambda row: row.user_id == self.manager)
        self.assertEqual(len(rows), 1)
        subject, body = rows.with_context(lang="en_US")._words()
        self.assertIn("16/11 – 22/11/2026", subject)
        self.assertIn(f"{self.operator.name}: 5 (", body)
        self.assertIn("Another reason: 1", body)
        self.assertIn(f"{self.manager.name}: 1 (Verify who sent it: 1)", body)
        for secret in ("Bí Mật", "Người gửi", "0912300"):
            self.assertNotIn(secret, body + subject + json.dumps(rows.facts))

    def test_a_quiet_week_and_a_late_server(self):
        outbox = self.env["civic.outbox"]
        with self.at("2026-11-23 08:00"):
            outbox._cron_looks()
        self.assertFalse(self.told("looks_week"))
        with self.at("2026-11-17 09:00"):
            self.show(self.operator, self.senders[:1])
        with self.at("2026-11-27 08:00"):
            outbox._cron_looks()
        self.assertFalse(self.told("looks_week"), "days later it is no news")
        with self.at("2026-11-25 08:00"):
            outbox._cron_looks()
        self.assertTrue(self.told("looks_week"))


@tagged("-at_install", "post_install")
class TestEveryWay(LookCase):
    """Every way by which an identity is opened counts, and stops at the limit."""

    def setUp(self):
        super().setUp()
        self.company.civic_look_limit = 1

    def assertStops(self, look):
        self.show(self.operator, self.senders[0])
        with self.assertRaises(TooManyLooks):
            look()
        self.assertEqual(self.day().looks, 1)

    def test_a_caller_s_number(self):
        calls = self.env["civic.call"].with_user(self.operator)
        call = calls.create({"number": "0912000001"})
        self.assertStops(lambda: call.show_number("conduct", "Gọi quấy rối ba lần"))

    def test_a_caller_s_number_is_kept_on_record(self):
        calls = self.env["civic.call"].with_user(self.operator)
        call = calls.create({"number": "0912000001"})
        call.show_number("conduct", "Gọi quấy rối ba lần")
        look = self.env["civic.access"].search([("call_id", "=", call.id)])
        self.assertEqual((look.kind, look.user_id), ("number", self.operator))
        with self.assertRaises(TooManyLooks):
            self.show(self.operator, self.senders[0])

    def test_what_a_citizen_asks_about_the_own_data(self):
        requests = self.env["civic.data.request"].with_user(self.operator)
        id_ = requests.open_for(self.reporter.id, "copy", "paper", "Căn cước công dân")
        request = requests.browse(id_)
        self.assertStops(lambda: request.show_details("data_request"))
        with self.assertRaises(TooManyLooks):
            request._copy_for_centre()

    def test_a_letter(self):
        reports = self.walk_to("done") | self.walk_to(
            "done", self.make_report(reporter_id=self.senders[1].id)
        )
        letters = self.env["report.civic_report.letter_named"].with_user(self.operator)
        with self.assertRaises(TooManyLooks):
            letters._get_report_values(reports.ids)
        self.assertFalse(self.day())
        letters._get_report_values(reports[0].ids)
        self.assertEqual(self.day().looks, 1)
        with self.assertRaises(TooManyLooks):
            letters._get_report_values(reports[1].ids)

    def test_a_disclosure(self):
        report = self.walk_to("accepted")
        assignment = report.assignment_ids.with_user(self.handler)
        assignment.request_disclosure(
            "Đo đạc.", "Luật Đất đai", ["name", "phone"], self.handler.ids, 7
        )
        disclosure = self.env["civic.disclosure"].search(
            [("report_id", "=", report.id)]
        )
        disclosure.with_user(self.manager).ask_citizen()
        disclosure._answer_as_citizen("agree")
        named = disclosure.with_user(self.handler).sudo(False)
        named.look()
        self.assertEqual(self.day(self.handler).looks, 1)
        named.look()
        self.assertEqual(self.day(self.handler).looks, 1)

    def test_nothing_opens_the_vault_to_people_but_these(self):
        """What gives sealed data to a caller goes by the one door."""
        kinds = dict(self.env["civic.access"]._fields["kind"].selection)
        self.assertEqual(set(kinds) - set(OPENING), {"change", "verify"})

    def test_citizens_and_the_system_are_not_counted(self):
        report = self.walk_to("done")
        letters = self.env["report.civic_report.letter_named"]
        letters.with_user(self.citizen)._get_report_values(report.ids)
        self.assertFalse(self.day(self.citizen))
        self.assertFalse(self.env["civic.access"].search([("kind", "=", "letter")]))


@tagged("-at_install", "post_install")
class TestLooksOutside(Province, HttpCase):
    """Over RPC, as whoever takes everything would do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_province()
        cls.company.write({"civic_look_limit": 30, "civic_look_burst": 10})
        cls.senders = cls.env["civic.reporter"].create(
            [{"name": f"Người gửi {n}", "phone": f"0912{n:06}"} for n in range(71)]
        )
        cls.operator.password = PASSWORD

    def call(self, ids, reason="call_back"):
        params = {
            "model": "civic.reporter",
            "method": "show",
            "args": [ids, reason],
            "kwargs": {},
        }
        answer = self.url_open(
            "/web/dataset/call_kw",
            json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def test_not_everybody_s_identity_is_taken(self):
        self.authenticate(self.operator.login, PASSWORD)
        taken = 0
        self.assertIn("error", self.call(self.senders[:1].ids, "aaaaa"))
        for start in range(0, 71, 7):
            answer = self.call(self.senders[start : start + 7].ids)
            taken += len(answer.get("result") or ())
        for sender in self.senders:
            taken += len(self.call(sender.ids).get("result") or ())
        looks = self.env["civic.access"].search([("kind", "=", "show")])
        self.assertEqual(len(looks.reporter_id), 30)
        day = self.env["civic.look.day"].search([("user_id", "=", self.operator.id)])
        self.assertEqual(day.looks, 30)
        self.assertTrue(day.refused)
        told = self.env["civic.outbox"].search(
            [("notice_id.event", "in", ("looks_over", "looks_fast"))]
        )
        self.assertEqual(
            set(told.notice_id.mapped("event")), {"looks_over", "looks_fast"}
        )
        self.assertIn(self.manager, told.user_id)


@tagged("-at_install", "post_install")
class TestMessages(ChatCase):
    def test_messages_count_too(self):
        self.company.civic_look_limit = 1
        rows = self.sms("Khuyến mãi", sender="VIETTEL") | self.sms("Ổ gà ở chợ")
        rows = rows.with_user(self.operator)
        rows[0].show_raw("unread")
        rows[0].show_raw("unread")
        with self.assertRaises(TooManyLooks):
            rows[1].show_raw("unread")


class TestOwnErrors(TransactionCase):
    def test_the_web_client_shows_their_words(self):
        """The client takes an error that it does not know for a failure."""
        with file_open("civic_report/static/src/backend/errors/own_errors.js") as file:
            known = set(re.findall(r'"([\w.]+\.\w+)"', file.read()))
        prefix = "odoo.addons.civic_report.models."
        own, waiting = set(), [UserError]
        while waiting:
            for cls in waiting.pop().__subclasses__():
                waiting.append(cls)
                if cls.__module__.startswith(prefix):
                    own.add(f"{cls.__module__.removeprefix(prefix)}.{cls.__name__}")
        self.assertEqual(own, known)
