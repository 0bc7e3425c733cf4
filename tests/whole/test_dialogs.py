"""What dialogs offer and preselect, where more than one thing could be offered: whoever
only confirms does what stands there."""

from odoo.fields import Command
from odoo.tests import tagged

from ...models.ground.ours import our_models
from ..rig.wizards import WizardCase


@tagged("-at_install", "post_install")
class TestDispatchOffers(WizardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        wards = cls.env["civic.ward"]
        cls.ward = wards.create({"name": "Phường Thuận Hóa", "code": "TH"})
        cls.other_ward = wards.create({"name": "Phường Vỹ Dạ", "code": "VD"})
        cls.land = cls.env.ref("civic_report.category_land")

    def dialog(self, **values):
        report = self.walk_to("received", self.make_report(**values))
        return report, self.wizard("civic.wizard.dispatch", report)

    def ticked(self, form):
        return [
            line["agency_id"] for line in form.line_ids._records if line["is_ticked"]
        ]

    def test_as_the_report_stands(self):
        report, form = self.dialog(ward_id=self.ward.id, visibility="private")
        self.assertEqual(form.ward_id, self.ward)
        self.assertEqual(form.category_id, self.category)
        self.assertEqual((form.track, form.visibility), ("normal", "private"))
        self.assertFalse(form.visibility_changes)
        self.assertEqual(form.standardised_description, report.description)
        report.standardised_description = "Đã sửa lời."
        form = self.wizard("civic.wizard.dispatch", report)
        self.assertEqual(form.standardised_description, "Đã sửa lời.")

    def test_only_the_best_is_ticked(self):
        (self.agency | self.other_agency).category_ids = self.category
        _report, form = self.dialog()
        self.assertGreater(len(form.line_ids), 1)
        self.assertEqual(len(self.ticked(form)), 1)

    def test_none_is_ticked_where_none_is_competent(self):
        self.agency.ward_ids = self.ward
        _report, form = self.dialog(ward_id=self.ward.id)
        self.assertEqual(self.ticked(form), [])

    def test_what_is_hidden_stays_hidden(self):
        _report, form = self.dialog(visibility="private")
        form.category_id = self.land
        self.assertEqual((form.track, form.visibility), ("sensitive", "private"))
        form.category_id = self.category
        self.assertEqual((form.track, form.visibility), ("normal", "private"))

    def test_whether_its_visibility_is_a_decision(self):
        _report, form = self.dialog()
        self.assertFalse(form.visibility_changes)
        form.visibility = "private"
        self.assertTrue(form.visibility_changes)
        form.visibility = "sensitive"
        self.assertTrue(form.visibility_changes, "of a normal matter it is one")
        form.track = "sensitive"
        self.assertFalse(form.visibility_changes)

    def test_who_cannot_be_called(self):
        (self.agency | self.other_agency).category_ids = self.category
        self.agency.duty_phone = "0905 111 222"
        _report, form = self.dialog()
        for number in range(2):
            with form.line_ids.edit(number) as line:
                line.is_ticked = True
        self.assertFalse(form.unreachable, "no emergency")
        form.track = "emergency"
        self.assertEqual(form.unreachable, self.other_agency.name)
        self.other_agency.duty_phone = "0905 111 333"
        form = self.wizard("civic.wizard.dispatch", self.make_report())
        form.track = "emergency"
        self.assertFalse(form.unreachable)

    def test_a_lead_that_is_not_ticked_does_not_lead(self):
        self.procedure.lead_and_co = True
        third = self.make_agency("Sở Y tế", "SYT", self.handler, self.leader)
        (self.agency | self.other_agency | third).category_ids = self.category
        report, form = self.dialog()
        for number in range(3):
            with form.line_ids.edit(number) as line:
                line.is_ticked = line.agency_id != third
        form.lead_id = self.other_agency
        wizard = form.save()
        wizard.lead_id = third
        with self.assertRaisesRegex(Exception, "lead"):
            wizard.action_confirm()
        wizard.lead_id = self.other_agency
        wizard.action_confirm()
        lead = report.assignment_ids.filtered(lambda row: row.role == "lead")
        self.assertEqual(lead.agency_id, self.other_agency)

    def test_pictures_that_were_chosen_before(self):
        report = self.walk_to("received")
        first, second = self.picture(report), self.picture(report)
        report.attachment_ids = first | second
        report._elevated().public_attachment_ids = second
        form = self.wizard("civic.wizard.dispatch", report)
        self.assertEqual(form.public_attachment_ids[:], second)
        self.assertEqual(form.candidate_ids[:], first | second)


@tagged("-at_install", "post_install")
class TestPublicationOffers(WizardCase):
    def sensitive(self, concurred=True, asked=False):
        """A sensitive report with a result."""
        report = self.walk_to("resolved")
        report._elevated().write(
            {
                "visibility": "sensitive",
                "concurred_at": concurred and report._now(),
                "asked_private": asked,
            }
        )
        return report

    def test_what_was_sensitive(self):
        for concurred, asked, offered in (
            (True, False, True),
            (False, False, False),
            (True, True, False),
        ):
            with self.subTest(concurred=concurred, asked=asked):
                report = self.sensitive(concurred, asked)
                form = self.wizard("civic.wizard.publish", report)
                self.assertIs(form.may_become_public, offered)
                self.assertIs(form.make_public, offered)
                self.assertIs(form.is_public, offered)
        form = self.wizard("civic.wizard.publish", self.sensitive())
        form.make_public = False
        self.assertFalse(form.is_public)

    def test_private_stays_private(self):
        report = self.walk_to("resolved", self.make_report(visibility="private"))
        form = self.wizard("civic.wizard.publish", report)
        self.assertFalse(form.may_become_public)
        self.assertFalse(form.is_public)
        form.save().action_confirm()
        self.assertEqual((report.state, report.visibility), ("done", "private"))
        self.assertFalse(report.is_published)

    def test_pictures_of_the_result_and_those_shown_already(self):
        report = self.walk_to("submitted")
        shown, kept = self.picture(report), self.picture(report)
        report.attachment_ids = shown | kept
        report._elevated().public_attachment_ids = shown
        assignment = report.assignment_ids
        evidence = self.picture(assignment, "sau.png")
        assignment._elevated().result_attachment_ids = evidence
        assignment.with_user(self.leader).approve()
        form = self.wizard("civic.wizard.publish", report)
        self.assertEqual(form.public_attachment_ids[:], shown | evidence)
        self.assertEqual(form.candidate_ids[:], shown | kept | evidence)

    def test_what_the_letter_names(self):
        report = self.walk_to("accepted")
        part = report.assignment_ids
        part.with_user(self.handler).submit("Đã trả lời, số 0912345678.")
        form = self.wizard("civic.wizard.publish", report)
        self.assertFalse(form.letter_warning, "nobody has approved it")
        part.with_user(self.leader).approve()
        form = self.wizard("civic.wizard.publish", report)
        self.assertIn("telephone", form.letter_warning)

    def test_only_results_that_are_there_are_corrected(self):
        report = self.walk_to("received")
        both = [self.agency.id, self.other_agency.id]
        report.dispatch(both, incomplete_reason="Rõ rồi.")
        first, second = report.assignment_ids.sorted("id")
        first.with_user(self.handler).accept()
        first.with_user(self.handler).submit("Đã vá.")
        first.with_user(self.leader).approve()
        second.with_user(self.other_handler).accept()
        form = self.wizard("civic.wizard.request.fix", report)
        self.assertEqual(form.assignment_ids[:], first)


@tagged("-at_install", "post_install")
class TestOtherOffers(WizardCase):
    def opened(self, model, record, **context):
        return self.wizard(f"civic.wizard.{model}", record, **context)

    def test_who_may_see_it(self):
        report = self.make_report(visibility="private")
        form = self.opened("visibility", report)
        self.assertEqual(form.visibility, "private")
        self.assertFalse(form.needs_consent)
        form.visibility = "sensitive"
        self.assertFalse(form.needs_consent)
        form.visibility = "public"
        self.assertTrue(form.needs_consent)
        report._elevated().asked_private = False
        form = self.opened("visibility", report)
        form.visibility = "public"
        self.assertFalse(form.needs_consent)

    def test_the_other_track(self):
        report = self.walk_to("processing")
        self.assertEqual(self.opened("set.track", report).track, "emergency")
        report._elevated().track = "emergency"
        self.assertEqual(self.opened("set.track", report).track, "normal")
        report._elevated().track = "sensitive"
        self.assertEqual(self.opened("set.track", report).track, "emergency")

    def test_an_agency_is_proposed_where_the_regulation_names_one(self):
        land = self.env.ref("civic_report.category_land")
        report = self.make_report(category_id=land.id)
        report.receive()
        for verb, agency in (
            ("consult", self.coordinating_agency),
            ("ask_concurrence", self.coordinating_agency),
            ("forward", self.env["civic.agency"]),
        ):
            with self.subTest(verb):
                form = self.opened("report.agency", report, default_verb=verb)
                self.assertEqual(form.agency_id, agency)
        second = self.make_agency(
            "Cơ quan phối hợp khác", "PH2", self.coordinator, self.coordinator
        )
        report._elevated().coordinator_agency_id = second
        form = self.opened("report.agency", report, default_verb="consult")
        self.assertEqual(form.agency_id, second, "who was asked before")

    def test_one_person_s_or_two_people_s(self):
        first, again = self.make_report(), self.make_report()
        other = self.env["civic.reporter"].create({"name": "Người khác"})
        another_s = self.make_report(reporter_id=other.id)
        form = self.opened("mark.duplicate", again)
        self.assertFalse(form.effect)
        form.of_id = first
        self.assertEqual(form.effect, "mark_duplicate")
        form.of_id = another_s
        self.assertEqual(form.effect, "join")

    def test_out_of_scope_is_a_refusal_s_ground_alone(self):
        petition = self.env.ref("civic_report.category_petition")
        for verb, category, expected in (
            ("refuse", petition, True),
            ("cancel", petition, False),
            ("refuse", self.category, False),
            ("refuse", self.env["civic.category"], False),
        ):
            with self.subTest(verb, category=category.name):
                report = self.make_report(category_id=category.id)
                form = self.opened("turn.away", report, default_verb=verb)
                self.assertEqual(bool(form.reason_id), expected)
                self.assertEqual(form.verb, verb)

    def test_the_grounds_are_the_procedure_s(self):
        report = self.make_report()
        form = self.opened("turn.away", report)
        self.assertEqual(form.ground_ids[:], self.procedure._grounds())
        self.assertTrue(form.ground_ids)

    def test_an_agency_that_has_its_part_is_not_named_again(self):
        report = self.walk_to("received")
        both = [self.agency.id, self.other_agency.id]
        report.dispatch(both, incomplete_reason="Rõ rồi.")
        _first, second = report.assignment_ids.sorted("id")
        second.with_user(self.other_handler).return_wrong("Của sở.", self.agency.id)
        form = self.opened("redispatch", report)
        self.assertFalse(form.agency_ids)
        self.assertFalse(form.is_otherwise)

    def test_who_is_assigned(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_bg")
        assignment = self.walk_to("accepted").assignment_ids.with_user(self.leader)
        form = self.opened("assign", assignment)
        self.assertEqual(form.user_id, assignment.handler_id)
        self.assertIn(self.handler, form.candidate_ids[:])
        self.assertNotIn(self.other_handler, form.candidate_ids[:])

    def test_what_of_an_identity_is_asked_for(self):
        """No more than is ticked, and for no longer than it says."""
        assignment = self.walk_to("accepted").assignment_ids.with_user(self.handler)
        form = self.opened("request.disclosure", assignment)
        wanted = {
            name: form[f"wants_{name}"]
            for name in ("name", "phone", "email_from", "address", "citizen_id")
        }
        self.assertEqual(
            {name for name, ticked in wanted.items() if ticked}, {"name", "phone"}
        )
        self.assertEqual(form.days, 7)
        self.assertEqual(form.max_days, self.procedure.disclosure_max_days)
        self.assertEqual(form.user_ids[:], self.handler)
        self.assertEqual(form.people_ids[:], self.handler | self.leader)

    def test_operators_of_the_other_province_are_not_offered(self):
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        stranger = self.make_user("stranger", "civic_report.group_operator")
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        report = self.walk_to("received")
        form = self.opened("authority.disclosure", report)
        self.assertIn(self.operator, form.people_ids[:])
        self.assertNotIn(stranger, form.people_ids[:])
        self.assertNotIn(self.handler, form.people_ids[:])

    def test_days_are_the_province_s(self):
        """Half past midnight here it is the day before by the machine's clock."""
        with self.at("2027-01-01 00:30"):
            archive = self.env["civic.wizard.archive"].with_user(self.manager)
            self.assertEqual(archive.new({}).what, "2026")
            assignment = self.walk_to("accepted").assignment_ids
            form = self.opened("mark.penalty", assignment.with_user(self.handler))
            self.assertEqual(f"{form.date}", "2027-01-01")
            self.assertEqual(form.verb, "ask_penalty")

    def test_what_is_locked(self):
        reporter = self.reporter.with_user(self.manager)
        form = self.opened("lock", reporter, default_verb="lock")
        self.assertEqual(form.what, "account")
        source = self.reporter.sudo()._lock_procedure()
        source.violation_source = False
        self.assertTrue(self.opened("lock", reporter, default_verb="lock").needs_basis)
        source.violation_source = "Điều 17.1"
        form = self.opened("lock", reporter, default_verb="lock")
        self.assertFalse(form.needs_basis)


@tagged("-at_install", "post_install")
class TestEveryDialog(WizardCase):
    def dialogs(self):
        names = [cls._name for cls in our_models(self.env) if cls._transient]
        found = [self.env[name] for name in names if not self.env[name]._abstract]
        self.assertGreater(len(found), 50)
        return found

    def test_none_keeps_a_record_from_being_deleted(self):
        """A dialog that somebody left open lies there for hours."""
        for model in self.dialogs():
            for name, field in model._fields.items():
                if field.type == "many2one" and field.store and field.required:
                    with self.subTest(model._name, field=name):
                        self.assertEqual(field.ondelete, "cascade")

    def test_what_is_shown_is_of_each_its_own(self):
        """Two on two records, read at once as a list would be."""
        reports = self.walk_to("received") | self.walk_to("processing")
        first, second = reports.sorted("state")
        for model, name, values in (
            ("designate", "question", ("Ai làm?", "Ai quản lý?")),
            ("supply", "request", ("Ở đâu?", "Khi nào?")),
        ):
            with self.subTest(model):
                asked = [self.make_report(), self.make_report()]
                for report, words in zip(asked, values, strict=True):
                    if model == "supply":
                        report.request_supplement(words)
                    else:
                        report.receive()
                        report.ask_designation(words)
                dialogs = self.env[f"civic.wizard.{model}"].concat(
                    *(
                        self.env[f"civic.wizard.{model}"].new({"report_id": row.id})
                        for row in asked
                    )
                )
                self.assertEqual(dialogs.mapped(name), list(values))
        visible = self.env["civic.wizard.visibility"]
        first._elevated().asked_private = True
        pair = visible.concat(
            *(
                visible.new({"report_id": row.id, "visibility": "public"})
                for row in (first, second)
            )
        )
        self.assertEqual(pair.mapped("needs_consent"), [True, False])

    def test_computes_are_for_many(self):
        for model in self.dialogs():
            target = getattr(model, "_target", None)
            if not target or model._fields[target].comodel_name != "civic.report":
                continue
            reports = self.make_report() | self.make_report()
            rows = [model.new({target: report.id}) for report in reports]
            for name, field in model._fields.items():
                if field.compute and not field.store and not field.related:
                    with self.subTest(model._name, field=name):
                        both = model.concat(*rows)
                        both.invalidate_recordset([name])
                        both.mapped(name)
