"""With each report leaders of agencies are told their own figures (BP Điều 14.3)."""

from email.utils import parseaddr

from odoo.tests import tagged

from ...tools.short_text import GSM, GSM_TWICE
from ..rig.counted import MONTH, Counted
from ..rig.outbox import OutboxCase


@tagged("-at_install", "post_install")
class TestFiguresTold(Counted, OutboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader.email = "leader@example.com"
        cls.other_leader.email = "other@example.com"
        cls.kind = cls.env.ref("civic_report.periodic_hue_month_centre")
        cls.kind.tells_agencies = True

    def setUp(self):
        super().setUp()
        clock = self.at("2026-11-16 08:30")
        clock.start()
        self.addCleanup(clock.stop)

    def told(self):
        part = self.walk_to("processing").assignment_ids.sudo()
        self.code = part.report_id.name
        slow = {"given": 5, "done": 0, "on_time": 0, "late": 0, "open": 6, "overdue": 0}
        others = self.counted_of({self.agency: {}, self.other_agency: slow})
        self.fake_facts(counted=others, late=[self.late_row(part)])
        reports = self.env["civic.periodic.report"]
        report = reports._open_periods([(self.kind, MONTH)], self.company)
        report._fill()
        report._walk("fill")
        report._walk("approve")
        report._walk("issue", report._prepare_issue())
        report._tell_issued()
        self.report = report
        return self.env["civic.outbox"].search(
            [("notice_id.event", "=", "periodic_figures")]
        )

    def text(self, row):
        return self.env["civic.driver.sms"]._text(row)

    def test_each_leader_the_own_agency(self):
        rows = self.told()
        self.assertEqual(rows.user_id, self.leader | self.other_leader)
        self.deliver()
        by_address = {parseaddr(mail["To"])[1]: mail for mail in self.server.messages}
        own = by_address["leader@example.com"].get_body(("plain",)).get_content()
        for said in ("Given: 12", "Results: 9", "in time: 8", "overdue: 2", self.code):
            self.assertIn(said, own)
        self.assertIn("/odoo/civic-own-figures", own)
        other = by_address["other@example.com"].get_body(("plain",)).get_content()
        self.assertIn("Given: 5", other)
        self.assertIn("Results: 0", other)
        self.assertNotIn(self.code, other)
        self.assertNotIn(self.agency.name, other)

    def test_nobody_where_the_text_does_not_say_so(self):
        self.kind.tells_agencies = False
        self.assertFalse(self.told())

    def by_sms(self):
        self.env["civic.gateway"].create({"name": "SMS", "kind": "sms"})
        self.leader.civic_tell_sms = True
        self.leader.partner_id.phone = "0912345600"
        rows = self.told().filtered(lambda row: row.channel == "sms")
        self.assertEqual(rows.user_id, self.leader)
        return rows

    def test_one_sms_without_accents_with_the_link(self):
        text = self.text(self.by_sms())
        self.assertLessEqual(len(text), 160)
        self.assertTrue(set(text) <= GSM | GSM_TWICE)
        self.assertIn("PAHT thang 11/2026", text)
        self.assertIn("overdue 2", text)
        self.assertIn("/odoo/civic-own-figures", text)

    def test_a_long_address_gives_way_and_figures_do_not(self):
        row = self.by_sms()
        for length, kept in ((90, False), (40, True)):
            site = f"https://{'a' * length}.example.com"
            self.patch(
                self.registry["res.company"], "_civic_base_url", lambda _c, s=site: s
            )
            text = self.text(row)
            with self.subTest(length):
                self.assertLessEqual(len(text), 160)
                self.assertIn("overdue 2", text)
                self.assertEqual("civic-own-figures" in text, kept)

    def test_in_vietnamese(self):
        self.leader.lang = "vi_VN"
        text = self.text(self.by_sms())
        self.assertLessEqual(len(text), 160)
        self.assertIn("giao 12", text)

    def test_the_province_is_told_of_the_report(self):
        self.told()
        rows = self.env["civic.outbox"].search(
            [("notice_id.event", "=", "periodic_issued")]
        )
        self.assertEqual(rows.user_id, self.province_leader)
        subject, body = rows[0]._words()
        self.assertIn(self.report.number, subject)
        self.assertIn(f"/odoo/civic-periodic/{self.report.id}", body)

    def test_twice_is_once(self):
        rows = self.told()
        self.report._tell_issued()
        again = self.env["civic.outbox"].search(
            [("notice_id.event", "=", "periodic_figures")]
        )
        self.assertEqual(again, rows)
