from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestGrounds(CivicCase):
    """On what a report may be turned away: the procedure's grounds, in their time."""

    def under(self, province):
        self.procedure = self.env.ref(f"civic_report.procedure_{province}")
        self.company.civic_procedure_id = self.procedure

    def test_each_regulation_s_own(self):
        common = {"out_of_scope"}
        for province, codes in {
            "hue": {"mistake", "no_answer", "incomplete", "poor_media"},
            "st": {"mistake", "no_answer", "incomplete", "poor_media"},
            "bg": {"mistake", "incomplete", "poor_media"},
            "qn": {"incomplete"},
            "bp": {"mistake", "incomplete"},
        }.items():
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            found = set(procedure._grounds().mapped("code"))
            self.assertEqual(found, codes | common, province)
            copy = procedure.copy({"company_id": self.company.id})
            self.assertEqual(copy._grounds(), procedure._grounds(), "so has a copy")
            ends = province in ("hue", "st")
            self.assertEqual(procedure._ends_duplicates(), ends, province)
            self.assertEqual(copy._ends_duplicates(), ends, "so does a copy")

    def test_another_s_ground_is_refused(self):
        self.under("qn")
        report = self.make_report()
        with self.assertRaisesRegex(UserError, "no ground of"):
            report.refuse("poor_media", "Ảnh mờ.")
        with self.assertRaisesRegex(UserError, "no ground of"):
            report.cancel("no_answer", "Không trả lời.")
        report.refuse("incomplete", "Thiếu số điện thoại.")
        self.assertEqual(report.reason_id.code, "incomplete")

    def test_free_words_are_no_ground(self):
        report = self.make_report()
        # What is sent twice ends by the verb that looks for the other report.
        others = ("withdrawn", "duplicate", "ask_place", "incomplet")
        for words in ("Không thích.", *others):
            with self.assertRaisesRegex(UserError, "no ground of"):
                report.refuse(words, "Vì thế.")
        self.assertEqual(report.state, "new")

    def test_no_answer_only_when_the_time_is_over(self):
        with self.at("2026-11-20 10:00"):
            report = self.make_report()
            with self.assertRaisesRegex(UserError, "not being waited for"):
                report.cancel("no_answer", "")
            report.request_supplement("Ở đâu?")
        for moment in ("2026-11-20 11:00", "2026-11-23 23:59"):
            with self.at(moment), self.assertRaisesRegex(UserError, "may answer until"):
                report.cancel("no_answer", "")
        # Friday 20: the second day is Sunday, so Monday's end.
        with self.at("2026-11-24 00:01"):
            report.cancel("no_answer", "")
        self.assertEqual(report.reason_id.code, "no_answer")

    def test_at_the_very_second_the_sender_may_still_answer(self):
        """As marks, alerts and the lapse have it."""
        with self.at("2026-11-20 10:00"):
            report = self.make_report()
            report.request_supplement("Ở đâu?")
        with self.at("2026-11-24 00:00"):
            self.assertFalse(self.step_of(report, "supplement").is_overdue)
            self.env["civic.report"]._cron_lapse_supplements()
            self.assertEqual(report.state, "supplementing")
            with self.assertRaisesRegex(UserError, "may answer until"):
                report.cancel("no_answer", "")
        with self.at("2026-11-24 00:00:01"):
            report.cancel("no_answer", "")

    # ------------------------------------------------------------------
    # What ends without an answer
    # ------------------------------------------------------------------

    def test_whatever_lapses_has_the_ground_for_it(self):
        ground = self.env.ref("civic_report.reason_no_answer")
        for name, act in {
            "taken from the procedure": lambda: self.procedure.write(
                {"reason_ids": [Command.unlink(ground.id)]}
            ),
            "archived": lambda: ground.action_archive(),
            "under another code": lambda: ground.write({"code": "silence"}),
            "taken from it": lambda: ground.write(
                {"procedure_ids": [Command.unlink(self.procedure.id)]}
            ),
            "where it is unknown": lambda: self.env.ref(
                "civic_report.procedure_qn"
            ).write({"supplement_lapse": "cancel"}),
        }.items():
            with self.subTest(name), self.assertRaises(ValidationError):
                act()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            ground.unlink()
        self.env["civic.procedure"].search([]).supplement_lapse = False
        ground.active = False

    def silent(self):
        with self.at("2026-11-20 10:00"):
            report = self.make_report()
            report.request_supplement("Ở đâu?")
        return report

    def lapse(self):
        """:return: what is in the log"""
        with (
            self.at("2026-11-25 10:00"),
            self.assertLogs("odoo.addons.civic_report", "ERROR") as caught,
            self.enter_registry_test_mode(),
        ):
            self.env.ref("civic_report.cron_lapse_supplements").method_direct_trigger()
        self.env.invalidate_all()
        return "".join(caught.output)

    def test_one_procedure_without_the_ground_keeps_no_other_from_lapsing(self):
        copy = self.procedure.copy({"company_id": self.company.id})
        self.company.civic_procedure_id = copy
        stuck = self.silent()
        self.company.civic_procedure_id = self.procedure
        other = self.silent()
        # As it may stand in a database from before this was checked.
        ground = self.env.ref("civic_report.reason_no_answer")
        self.env.cr.execute(
            "DELETE FROM civic_procedure_reason_rel "
            "WHERE procedure_id = %s AND reason_id = %s",
            [copy.id, ground.id],
        )
        self.env.invalidate_all()
        self.assertIn(copy.code, self.lapse())
        self.assertEqual((stuck.state, other.state), ("supplementing", "cancelled"))

    def test_one_report_that_cannot_end_keeps_no_other_from_it(self):
        stuck, other = self.silent(), self.silent()
        cancel = type(stuck).cancel

        def fail(reports, *args):
            cancel(reports, *args)
            if reports == stuck:
                raise UserError(stuck.name)

        with patch.object(type(stuck), "cancel", fail):
            self.assertIn(stuck.name, self.lapse())
        self.env.invalidate_all()
        self.assertEqual((stuck.state, other.state), ("supplementing", "cancelled"))

    def test_where_there_is_no_time_nothing_lapses(self):
        self.under("bg")
        with self.at("2026-11-20 10:00"):
            report = self.make_report()
            report.request_supplement("Ở đâu?")
        with self.at("2027-11-20 10:00"):
            self.env["civic.report"]._cron_lapse_supplements()
            self.assertEqual(report.state, "supplementing")

    def test_the_dialog_offers_the_procedure_s(self):
        self.under("qn")
        report = self.make_report()
        wizard = self.env["civic.wizard.turn.away"].with_user(self.operator)
        context = {"active_model": "civic.report", "active_id": report.id}
        form = Form(wizard.with_context(**context))
        self.assertEqual(set(form.ground_ids.ids), set(self.procedure._grounds().ids))


@tagged("-at_install", "post_install")
class TestGaps(CivicCase):
    """Classified, and with the sender that the procedure demands, before dispatch."""

    def received(self, **values):
        return self.walk_to("received", self.make_report(**values))

    def refused(self, report, words):
        with self.assertRaisesRegex(UserError, words):
            report.dispatch([self.agency.id])
        self.assertEqual(report.state, "received")

    def test_without_a_category(self):
        self.refused(self.received(category_id=False), "lacks its category")

    def test_without_a_sender(self):
        self.refused(self.received(reporter_id=False), "lacks who sent it")

    def test_what_the_procedure_demands_of_the_sender(self):
        self.refused(
            self.received(
                reporter_id=self.env["civic.reporter"].create({"name": "Ai đó"}).id
            ),
            "the sender's data: Phone",
        )
        self.procedure.write({"require_address": True, "require_citizen_id": True})
        self.procedure.verify_first_time = True
        report = self.received()
        self.assertIn("Address", report.dispatch_gaps)
        self.refused(report, "verification")
        self.complete_sender()
        report.invalidate_recordset()
        self.assertFalse(report.dispatch_gaps)
        report.dispatch([self.agency.id])

    def test_a_reason_is_kept(self):
        report = self.received(category_id=False)
        report.dispatch([self.agency.id], incomplete_reason="Chưa có lĩnh vực phù hợp.")
        self.assertEqual(report.state, "processing")
        event = report.event_ids.filtered(lambda row: row.code == "dispatch_incomplete")
        self.assertIn("Chưa có lĩnh vực", event.note)
        self.assertFalse(event.is_public)
        self.assertEqual(event.user_id, self.operator)

    def test_an_emergency_does_not_wait(self):
        report = self.make_report(reporter_id=False, category_id=False)
        report.track = "emergency"
        report.dispatch([self.agency.id])
        self.assertEqual(report.state, "processing")

    def test_a_missing_address_is_warned_of_and_stops_nothing(self):
        self.reporter.email_from = False
        report = self.received()
        self.assertTrue(report.lacks_email)
        self.assertFalse(report.dispatch_gaps)
        report.dispatch([self.agency.id])

    def test_receiving_verifies_nobody(self):
        self.procedure.verify_first_time = True
        report = self.received()
        self.assertFalse(self.reporter.verified)
        wizard = self.env["civic.wizard.report.reason"].with_user(self.operator)
        context = {
            "active_model": "civic.report",
            "active_id": report.id,
            "default_verb": "verify_sender",
        }
        form = Form(wizard.with_context(**context))
        form.how = "seen"
        form.save().action_confirm()
        self.assertTrue(self.reporter.verified)
        self.assertEqual(self.reporter.verified_by, "seen")
        self.assertTrue(self.reporter.verified_at)
        self.reporter.verified = False
        self.assertFalse(self.reporter.verified_by or self.reporter.verified_at)
