"""What turns out later has the consequences that it would have had before."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestCorrections(CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.land = cls.env["civic.category"].search([("track", "=", "sensitive")])[:1]
        cls.fire = cls.env.ref("civic_report.category_emergency")
        cls.other = cls.env["civic.category"].search(
            [("track", "=", "normal"), ("id", "!=", cls.category.id)], limit=1
        )

    def notes(self, report, code="correct"):
        events = report.sudo().event_ids.filtered(lambda event: event.code == code)
        return events.sorted("id").mapped("note")

    # ------------------------------------------------------------------
    # On record
    # ------------------------------------------------------------------

    def test_a_correction_is_an_event(self):
        for state in ("new", "accepted", "done"):
            with self.subTest(state=state):
                report = self.walk_to(state)
                ward = self.env["civic.ward"].create({"name": f"Phường {state}"})
                report.write({"ward_id": ward.id, "address": "Trước số 12 Lê Lợi"})
                report.write({"latitude": 16.4637, "longitude": 107.5909})
                self.assertEqual(
                    self.notes(report),
                    [
                        f"Ward: – → Phường {state}\n"
                        "Place: Trước số 10 Lê Lợi → Trước số 12 Lê Lợi",
                        "Position: – → 16.463700, 107.590900",
                    ],
                )
                event = report.sudo().event_ids.filtered(
                    lambda row: row.code == "correct"
                )[0]
                self.assertEqual(event.user_id, self.operator)
                self.assertFalse(event.is_public)

    def test_a_category_from_and_to(self):
        report = self.walk_to("done")
        report.category_id = self.other
        self.assertEqual(
            self.notes(report),
            [f"Category: {self.category.display_name} → {self.other.display_name}"],
        )

    def test_the_old_subject_is_not_repeated(self):
        report = self.make_report()
        report.subject = "Hố sâu trên đường Lê Lợi"
        self.assertEqual(self.notes(report), ["Subject"])

    def test_what_is_the_same_is_no_correction(self):
        report = self.walk_to("accepted")
        report.write({"address": report.address, "category_id": self.category.id})
        report.standardised_description = "Ổ gà sâu 20 cm."
        self.assertFalse(self.notes(report))

    # ------------------------------------------------------------------
    # Sensitive
    # ------------------------------------------------------------------

    def test_a_land_dispute_found_out_in_hand(self):
        report = self.walk_to("accepted")
        self.assertTrue(report.is_published)
        deadline = report.deadline
        report.category_id = self.land
        self.assertEqual((report.track, report.visibility), ("sensitive", "sensitive"))
        self.assertFalse(report.is_published)
        self.assertEqual(report.deadline, deadline)
        self.submit(report.assignment_ids)
        report.assignment_ids.with_user(self.leader).approve()
        with self.assertRaisesRegex(UserError, "coordinating agency"):
            report.publish()

    def test_a_land_dispute_found_out_when_all_is_done(self):
        report = self.walk_to("done")
        report.category_id = self.land
        self.assertFalse(report.is_published)
        self.assertEqual(report.track, "sensitive")

    # ------------------------------------------------------------------
    # Emergency
    # ------------------------------------------------------------------

    def test_a_leaning_tree_begins_to_fall(self):
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("processing")
            assignment = report.assignment_ids
            self.assertLocal(assignment.deadline, "2026-11-16 10:30")
            self.agency.duty_phone = "0234 3456 789"
        with self.at("2026-11-16 10:10"):
            report.set_track("emergency", "Cây bắt đầu đổ.")
            self.assertEqual(report.track, "emergency")
            self.assertLocal(assignment.deadline, "2026-11-16 10:40")
            step = self.step_of(assignment, "accept")
            self.assertEqual((step.track, step.limit_unit), ("emergency", "minute"))
        self.assertEqual(self.notes(report, "set_track"), ["Cây bắt đầu đổ."])
        self.assertEqual(self.notes(report, "track"), ["Normal → Emergency"])
        codes = report.event_ids.sorted("id").mapped("code")
        self.assertEqual(codes[-2:], ["set_track", "track"], "the act, what came of it")

    def test_what_was_late_stays_late(self):
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("processing")
        with self.at("2026-11-16 14:00"):
            report.set_track("emergency", "Cây bắt đầu đổ.")
        dropped = self.step_of(report.assignment_ids, "accept", "dropped")
        self.assertTrue(dropped.is_late)

    def test_raising_and_lowering_earn_no_time(self):
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("accepted")
            deadline = report.assignment_ids.deadline
            self.assertTrue(deadline)
        with self.at("2026-11-18 10:00"):
            report.set_track("emergency", "Cây bắt đầu đổ.")
            self.assertFalse(self.step_of(report.assignment_ids, "process").deadline)
        with self.at("2026-11-19 10:00"):
            report.set_track("normal", "Cây đã được chống.")
            self.assertEqual(report.assignment_ids.deadline, deadline)

    def test_classifying_times_and_tells(self):
        """Whatever brings another track: what is owed is timed by it, and it is said
        once."""
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_bg")
        report = self.make_report()
        report.receive()
        report.classify(self.fire.id)
        self.assertEqual(report.track, "emergency")
        self.assertEqual(self.notes(report, "track"), ["Normal → Emergency"])
        steps = report.sudo().step_ids.filtered(lambda step: step.state == "open")
        self.assertEqual(set(steps.mapped("track")), {"emergency"})

    def test_nobody_says_that_it_is_followed_up(self):
        """A context that RPC can send takes nothing away."""
        report = self.make_report()
        report.with_context(civic_followed=["track"]).track = "emergency"
        self.assertEqual(self.notes(report, "track"), ["Normal → Emergency"])

    def test_a_category_alone_makes_no_emergency_of_what_is_in_hand(self):
        report = self.walk_to("accepted")
        report.category_id = self.fire
        self.assertEqual(report.track, "normal")
        with self.assertRaisesRegex(ValidationError, "Change Track"):
            report.track = "emergency"

    def test_whose_it_is_and_with_a_reason(self):
        report = self.walk_to("accepted")
        with self.assertRaises(AccessError):
            report.with_user(self.handler).set_track("emergency", "Cây đổ.")
        with self.assertRaises(UserError):
            report.set_track("emergency", " ")
        with self.assertRaises(UserError):
            report.set_track("normal", "Cây đổ.")
        with self.assertRaises(UserError):
            report.set_track("blue", "Cây đổ.")
        with self.assertRaises(UserError):
            self.walk_to("done").set_track("emergency", "Cây đổ.")

    def test_the_dialog(self):
        report = self.walk_to("accepted")
        wizard = (
            self.env["civic.wizard.set.track"]
            .with_user(self.operator)
            .with_context(active_model="civic.report", active_id=report.id)
            .create({"reason": "Cây bắt đầu đổ."})
        )
        self.assertEqual(wizard.track, "emergency")
        wizard.action_confirm()
        self.assertEqual(report.track, "emergency")
