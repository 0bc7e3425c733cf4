"""A report on demand that was opened by mistake is dropped; what is owed is not."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..rig.agreement import offered
from ..rig.counted import PeriodicCase

DAYS = ("2026-11-01", "2026-11-10")
WHY = "Mở nhầm khoảng ngày."


@tagged("-at_install", "post_install")
class TestDropped(PeriodicCase):
    def setUp(self):
        super().setUp()
        self.fake_facts()

    def brought_to(self, state):
        report = self.demand(*DAYS)
        if state != "open":
            report.draft()
        if state == "approved":
            report.with_user(self.second_manager).approve()
        self.assertEqual(report.state, state)
        return report

    def test_before_it_is_issued(self):
        for state in ("open", "drafted", "approved"):
            with self.subTest(state):
                report = self.brought_to(state)
                lines = report.line_ids
                self.assertIn("drop", offered(report))
                report.drop(f"  {WHY} ")
                self.assertEqual(report.state, "dropped")
                self.assertFalse(report.number or report.issued_at)
                last = report.event_ids.sorted("id")[-1]
                self.assertEqual(
                    (last.verb, last.note, last.user_id), ("drop", WHY, self.manager)
                )
                self.assertEqual(lines.exists(), lines, "what was counted stays")
                self.assertFalse(offered(report))
                self.assertFalse(report.is_open or report.is_late)

    def test_nothing_is_done_with_it_any_more(self):
        report = self.brought_to("approved")
        report.drop(WHY)
        for verb, arguments in (
            *((verb, ()) for verb in ("draft", "approve", "issue", "make_files")),
            *((verb, (WHY,)) for verb in ("drop", "send_back", "replace")),
            ("save_words", ("x",)),
        ):
            with self.subTest(verb), self.assertRaises(UserError):
                getattr(report, verb)(*arguments)
        with self.assertRaises(UserError):
            report.line_ids.sudo().unlink()
        with self.assertRaises(UserError):
            report.sudo().unlink()

    def test_the_reason(self):
        report = self.demand(*DAYS)
        for reason in ("", "  ", None, True, 5, ["x"], {"a": 1}, "x" * 2001):
            with self.subTest(str(reason)[:9]), self.assertRaises(UserError):
                report.drop(reason)
        with self.assertRaisesRegex(UserError, "names somebody"):
            report.drop("Ông 0912 345 678 bảo bỏ.")
        self.assertEqual(report.state, "open")

    def test_what_is_owed_stays(self):
        """What opened at its cut-off, and what corrects such a one."""
        report = self.drafted()
        self.assertNotIn("drop", offered(report))
        with self.assertRaisesRegex(UserError, "owed"):
            report.drop(WHY)
        report.with_user(self.second_manager).approve()
        report.issue()
        new = report.browse(report.replace("Sai số."))
        with self.assertRaisesRegex(UserError, "owed"):
            new.drop(WHY)

    def test_not_once_it_is_issued(self):
        report = self.brought_to("approved")
        report.issue()
        for job in ("print", False):
            report._elevated().write({"job": job})
            with self.assertRaisesRegex(UserError, "possible only from"):
                report.drop(WHY)

    def test_by_managers_alone(self):
        report = self.demand(*DAYS)
        for error, users in (
            (AccessError, (self.operator, self.province_leader)),
            (MissingError, (self.leader, self.plain, self.citizen)),
        ):
            for user in users:
                with self.subTest(user.login), self.assertRaises(error):
                    report.with_user(user).drop(WHY)
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        self.second_manager.write(
            {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Not found|does not exist"):
            theirs = report.with_user(self.second_manager)
            theirs.with_context(allowed_company_ids=other.ids).drop(WHY)
        report.with_user(self.manager).drop(WHY)

    def test_no_number_is_lost(self):
        self.brought_to("approved").drop(WHY)
        report = self.brought_to("approved")
        report.issue()
        self.assertRegex(report.number, r"^01/")

    def test_not_while_it_is_counted(self):
        report = self.demand(*DAYS)
        records = self.registry["civic.periodic.report"]
        with patch.object(records, "_is_quick", lambda _report: False):
            report.draft()
        self.assertNotIn("drop", offered(report))
        with self.assertRaisesRegex(UserError, "worked on"):
            report.drop(WHY)
        report._elevated()._work_off()
        report.drop(WHY)
        self.run_cron("cron_periodic_work")
        self.assertEqual(report.state, "dropped", "no job goes on with it")

    def test_a_report_on_delays(self):
        """ST Điều 28.2, chosen from a list."""
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_st")
        part = self.walk_to("processing").assignment_ids.sudo()
        self.fake_facts(late=[self.late_row(part)])
        action = part.with_user(self.manager).sudo(False).action_report_slow()
        report = self.reports().browse(action["res_id"])
        self.assertEqual(report.form, "slow")
        report.drop(WHY)
        self.assertEqual(report.state, "dropped")

    def test_a_correction_is_dropped_and_another_one_opened(self):
        old = self.brought_to("approved")
        old.issue()
        new = old.browse(old.replace("Sai số."))
        self.assertNotIn("replace", offered(old))
        new.drop("Số liệu đúng rồi.")
        self.env.invalidate_all()
        self.assertEqual(old.state, "issued")
        self.assertFalse(old.replacement_ids)
        again = old.browse(old.replace("Sai thật."))
        self.env.flush_all()
        self.assertEqual(old.replacement_ids, again)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            again._elevated().copy({"replaces_id": old.id})
            self.env.flush_all()

    def test_what_its_rows_say(self):
        """Leaders read none of them; the Centre reads that it was dropped."""
        report = self.brought_to("drafted")
        report.drop(WHY)
        lines = self.env["civic.periodic.line"].with_user(self.leader)
        self.assertFalse(lines.search([]))
        self.assertIn("(dropped)", report.line_ids[:1].report_title)

    def test_found_by_it(self):
        report = self.brought_to("drafted")
        report.drop(WHY)
        reports = self.reports()
        self.assertIn(report, reports.search([("state", "=", "dropped")]))
        for domain in (
            [("is_open", "=", True)],
            [("is_late", "=", True)],
            [("state", "in", ("issued", "replaced"))],
        ):
            self.assertNotIn(report, reports.search(domain), domain)
