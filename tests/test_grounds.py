from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import CivicCase


@tagged("-at_install", "post_install")
class TestGrounds(CivicCase):
    """On what a report may be turned away: the procedure's grounds, in their time."""

    def under(self, province):
        self.procedure = self.env.ref(f"civic_report.procedure_{province}")
        self.company.civic_procedure_id = self.procedure

    def test_each_regulation_s_own(self):
        common = {"out_of_scope"}
        for province, codes in {
            "hue": {"duplicate", "mistake", "no_answer", "incomplete", "poor_media"},
            "st": {"duplicate", "mistake", "no_answer", "incomplete", "poor_media"},
            "bg": {"mistake", "incomplete", "poor_media"},
            "qn": {"incomplete"},
            "bp": {"mistake", "incomplete"},
        }.items():
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            found = set(procedure._grounds().mapped("code"))
            self.assertEqual(found, codes | common, province)
            copy = procedure.copy({"company_id": self.company.id})
            self.assertEqual(copy._grounds(), procedure._grounds(), "so has a copy")

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
        for words in ("Không thích.", "withdrawn", "ask_place", "incomplet"):
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
