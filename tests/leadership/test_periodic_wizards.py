"""The dialogs of periodic reports."""

from odoo.exceptions import MissingError, UserError
from odoo.tests import Form, tagged

from ..rig.counted import PeriodicCase
from ..rig.wizards import WizardCase


@tagged("-at_install", "post_install")
class TestPeriodicWizards(WizardCase, PeriodicCase):
    def test_texts(self):
        report = self.drafted()
        form = self.wizard("civic.wizard.periodic.words", report)
        self.assertEqual(form.recipients, "UBND tỉnh")
        form.difficulties = "Thiếu người."
        form.recipients = "UBND tỉnh\nSở Nội vụ"
        form.save().action_confirm()
        self.assertEqual(report.difficulties, "Thiếu người.")
        self.assertEqual(report.recipients_text, "UBND tỉnh; Sở Nội vụ")

    def test_send_back_and_replace(self):
        report = self.approved()
        form = self.wizard(
            "civic.wizard.periodic.reason", report, default_verb="send_back"
        )
        form.reason = "Thiếu phụ lục."
        form.save().action_confirm()
        self.assertEqual(report.state, "drafted")
        report.with_user(self.second_manager).approve()
        report.issue()
        form = self.wizard(
            "civic.wizard.periodic.reason", report, default_verb="replace"
        )
        form.reason = "Sai số."
        action = form.save().action_confirm()
        self.assertEqual(report.browse(action["res_id"]).replaces_id, report)

    def test_drop(self):
        report = self.demand("2026-11-01", "2026-11-10")
        form = self.wizard("civic.wizard.periodic.reason", report, default_verb="drop")
        form.reason = "Mở nhầm."
        form.save().action_confirm()
        self.assertEqual(report.state, "dropped")
        own = self.drafted()
        form = self.wizard("civic.wizard.periodic.reason", own, default_verb="drop")
        form.reason = "Không cần."
        with self.assertRaisesRegex(UserError, "owed"):
            form.save().action_confirm()

    def test_note(self):
        report = self.drafted()
        form = self.wizard("civic.wizard.periodic.note", report.line_ids[:1])
        self.assertEqual(form.label, report.line_ids[:1].label)
        form.text = "Cần thêm người."
        form.save().action_confirm()
        self.assertEqual(report.note_ids.text, "Cần thêm người.")

    def test_on_demand(self):
        model = self.env["civic.wizard.periodic.demand"].with_user(self.manager)
        form = Form(model)
        self.assertEqual(form.kind_id.code, "demand")
        self.assertEqual(form.kind_id.procedure_id, self.procedure)
        form.date_from = "2026-11-01"
        form.agency_ids.add(self.agency)
        action = form.save().action_confirm()
        report = self.reports().browse(action["res_id"])
        self.assertEqual(report.filters, {"agency": [self.agency.id]})
        self.assertEqual(str(report.period_to), "2026-11-16")

    def test_on_demand_where_no_report_is_ordered(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_bg")
        model = self.env["civic.wizard.periodic.demand"].with_user(self.manager)
        self.assertFalse(Form(model).kind_id)

    def test_foreign_reports_do_not_open(self):
        report = self.drafted()
        wizards = self.env["civic.wizard.periodic.words"].with_user(self.manager)
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        report._elevated().company_id = other
        self.env.flush_all()
        with self.assertRaises(MissingError):
            wizards.with_context(
                active_model=report._name, active_id=report.id
            ).default_get(["report_id"])
