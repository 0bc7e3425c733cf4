from datetime import date

from odoo.tests import tagged

from ..rig.outbox import OutboxCase


@tagged("-at_install", "post_install")
class TestOutboxFigures(OutboxCase):
    """Leaders are told the figures of the last month (BP Điều 14.3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure.figures_to_leaders = True
        cls.leader.email = "leader@example.com"
        cls.env["civic.figure"].search([]).unlink()
        cls.env["civic.figure"].create(
            [
                cls.figure(cls.agency, "2026-10-01", received=7, handled=5, on_time=4),
                cls.figure(cls.agency, "2026-09-01", received=90),
            ]
        )

    @classmethod
    def figure(cls, agency, month, **counts):
        return {
            "company_id": cls.company.id,
            "dimension": "agency",
            "month": month,
            "key": agency.id,
            **counts,
        }

    def told_on(self, *moments):
        """Messages that are queued by passes at these moments."""
        for moment in moments:
            with self.at(moment):
                self.env["civic.outbox"]._cron_figures()
        return self.env["civic.outbox"].search([("notice_id.event", "=", "figures")])

    def test_each_leader_is_told_once(self):
        rows = self.told_on("2026-11-01 08:00", "2026-11-02 08:00", "2026-11-05 23:00")
        self.assertEqual(rows.user_id, self.leader)
        self.assertEqual(rows.mapped("channel"), ["email"])
        with self.at("2026-11-02 08:00"):
            self.deliver()
        [mail] = self.server.messages
        self.assertEqual(mail["To"], "leader@example.com")
        self.assertIn("10/2026", mail["Subject"])
        text = mail.get_body(("plain",)).get_content()
        for words in ("Received: 7", "Handled: 5", "in time: 4", "overdue: 0"):
            self.assertIn(words, text)

    def test_the_month_begins_where_the_province_is(self):
        # 01/11 06:30 in Viet Nam is 31/10 23:30 in UTC.
        self.assertTrue(self.told_on("2026-11-01 06:30"))

    def test_after_some_days_nobody_is_told_of_what_was(self):
        self.assertFalse(self.told_on("2026-11-06 08:00", "2026-10-31 23:59"))

    def test_only_where_the_procedure_asks_for_it(self):
        self.procedure.figures_to_leaders = False
        self.assertFalse(self.told_on("2026-11-01 08:00"))

    def test_with_each_report_where_the_text_says_so(self):
        """BP Điều 14.3: then not at the beginning of a month besides."""
        binh_phuoc = self.env.ref("civic_report.procedure_bp")
        self.assertTrue(any(binh_phuoc.periodic_kind_ids.mapped("tells_agencies")))
        self.assertFalse(binh_phuoc.figures_to_leaders)

    def test_leaders_who_wish_it_by_sms_too(self):
        self.env["civic.gateway"].create({"name": "SMS", "kind": "sms"})
        self.leader.civic_tell_sms = True
        self.leader.partner_id.phone = "0912345600"
        rows = self.told_on("2026-11-01 08:00")
        self.assertEqual(set(rows.mapped("channel")), {"email", "sms"})
        sms = rows.filtered(lambda row: row.channel == "sms")
        self.assertIn("received 7", self.env["civic.driver.sms"]._text(sms))

    def test_a_hundred_agencies_cost_no_more_queries(self):
        month = date(2026, 10, 1)
        outbox = self.env["civic.outbox"]
        outbox._queue_figures(self.company, month)  # warm
        counts = []
        for number in (1, 100):
            agencies = [
                self.make_agency(
                    f"Cơ quan {number}-{n}", False, self.handler, self.leader
                )
                for n in range(number)
            ]
            self.env["civic.figure"].create(
                [self.figure(agency, month) for agency in agencies]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            outbox._queue_figures(self.company, month)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)
