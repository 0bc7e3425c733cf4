"""A report in hand that turns out to be an emergency is told and timed as one."""

from unittest.mock import patch

from odoo.tests import tagged

from ...models.assignment.track import UNTOUCHED
from ..rig.outbox import OutboxCase
from ..rig.walks import written_notice

PROCEDURES = ("hue", "st", "bg", "qn", "bp")
IN_HAND = [
    (code, state)
    for code in PROCEDURES
    for state in ("processing", "accepted", "submitted")
]


@tagged("-at_install", "post_install")
class TestRaised(OutboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complete_sender()
        cls.agency.duty_phone = "0234 3456 789"
        cls.handler.phone = "0912000222"
        cls.leader.write({"phone": "0912000333", "email": "leader@example.com"})
        for officer in (cls.handler, cls.leader):
            officer.civic_tell_sms = False
            cls.env["mail.push.device"].create(
                {
                    "partner_id": officer.partner_id.id,
                    "endpoint": f"https://push.example.com/{officer.id}",
                    "keys": "{}",
                }
            )

    def setUp(self):
        super().setUp()
        # Whatever gateway the province has.
        outbox = type(self.env["civic.outbox"])
        self.startPatcher(patch.object(outbox, "_goes_by", lambda *_args: True))

    def in_hand(self, code, state="accepted"):
        self.procedure = self.env.ref(f"civic_report.procedure_{code}")
        self.company.civic_procedure_id = self.procedure
        with self.at("2026-11-16 16:00"):
            return self.walk_to(state)

    def raise_it(self, report, at="2026-11-16 22:00"):
        """Make it an emergency.

        :return: the messages that came of it
        """
        before = self.rows(report)
        with self.at(at):
            report.set_track("emergency", "Cây bắt đầu đổ.")
        return self.rows(report) - before

    def ways(self, rows):
        return {(row.user_id or row.agency_id, row.channel) for row in rows}

    def test_the_agency_is_told_by_every_way_under_every_procedure(self):
        for case in IN_HAND:
            with self.subTest(case):
                report = self.in_hand(*case)
                rows = self.raise_it(report)
                self.assertEqual(
                    {way for way in self.ways(rows) if way[0] == self.agency},
                    {(self.agency, way) for way in ("email", "sms", "call")},
                )
                told = [way for way in self.ways(rows) if way[0] == self.handler]
                expected = [
                    (self.handler, way) for way in ("email", "push", "sms", "zalo")
                ]
                self.assertEqual(sorted(told, key=str), sorted(expected, key=str))
                of_handler = rows.filtered(lambda row: row.user_id == self.handler)
                self.assertEqual(len(of_handler), 4, "each way once")
                self.assertEqual(set(rows.mapped("priority")), {0})

    def test_whoever_has_to_approve_is_told(self):
        for code in PROCEDURES:
            with self.subTest(procedure=code):
                ways = self.ways(self.raise_it(self.in_hand(code, "submitted")))
                self.assertLessEqual(
                    {(self.leader, way) for way in ("email", "push", "sms", "zalo")},
                    ways,
                )

    def test_each_time_and_each_agency(self):
        report = self.in_hand("bp", "received")
        with self.at("2026-11-16 16:00"):
            report.dispatch(
                [self.agency.id, self.other_agency.id], incomplete_reason="Rõ rồi."
            )
        self.other_agency.write({"email": "th@example.com"})
        both = self.agency | self.other_agency
        for hour in (22, 23):
            rows = self.raise_it(report, f"2026-11-16 {hour}:00")
            mails = rows.filtered(lambda row: row.channel == "email")
            self.assertEqual(mails.agency_id, both)
            with self.at(f"2026-11-16 {hour}:30"):
                report.set_track("normal", "Cây đã được chống.")

    # ------------------------------------------------------------------
    # The call
    # ------------------------------------------------------------------

    def call_of(self, report):
        return self.raise_it(report).filtered(lambda row: row.channel == "call")

    def test_the_call_goes_out_though_the_work_was_taken_in_before(self):
        for case in IN_HAND:
            with self.subTest(case):
                report = self.in_hand(*case)
                call = self.call_of(report)
                with self.at("2026-11-16 22:01"):
                    self.assertFalse(call._is_moot())

    def test_who_acts_after_it_is_not_called(self):
        def accept(assignment):
            assignment.with_user(self.handler).accept()

        def back(assignment):
            assignment.with_user(self.handler).return_wrong("Không phải.")

        for state, act in (
            ("processing", accept),
            ("accepted", self.submit),
            ("accepted", back),
        ):
            with self.subTest(state=state, act=act):
                report = self.in_hand("bp", state)
                call = self.call_of(report)
                with self.at("2026-11-16 22:05"):
                    act(report.assignment_ids)
                    self.assertTrue(call._is_moot())

    def test_what_turns_out_to_be_none_is_not_called(self):
        report = self.in_hand("bp")
        call = self.call_of(report)
        with self.at("2026-11-16 22:01"):
            report.set_track("normal", "Cây đã được chống.")
            self.assertTrue(call._is_moot())

    def test_where_nobody_takes_in_the_call_goes_out_too(self):
        self.procedure.accept_step = False
        with self.at("2026-11-16 22:00"):
            report = self.walk_to("processing", self.make_report(track="emergency"))
            [call] = self.rows(report, channel="call")
            self.assertFalse(call._is_moot())

    def test_the_centre_is_warned_of_who_cannot_be_called(self):
        self.agency.duty_phone = False
        kind = self.env.ref("civic_report.activity_unanswered")
        for case in IN_HAND:
            with self.subTest(case):
                report = self.in_hand(*case)
                self.assertNotIn(kind, report.activity_ids.activity_type_id)
                rows = self.raise_it(report)
                self.assertNotIn("call", rows.mapped("channel"))
                warned = report.activity_ids.filtered(
                    lambda row: row.activity_type_id == kind
                )
                self.assertEqual(warned.user_id, self.operator)

    # ------------------------------------------------------------------
    # Clocks
    # ------------------------------------------------------------------

    def test_every_open_duty_is_one_of_an_emergency(self):
        for case in IN_HAND:
            with self.subTest(case):
                report = self.in_hand(*case)
                self.raise_it(report)
                steps = report.sudo().step_ids.filtered(
                    lambda step: step.state == "open" and step.code not in UNTOUCHED
                )
                self.assertTrue(steps)
                self.assertEqual(set(steps.mapped("track")), {"emergency"})
                for step in steps.filtered("centre_at"):
                    self.assertEqual(step.centre_at, step.overdue_from)
                    minutes = (
                        step.province_at - step.overdue_from
                    ).total_seconds() / 60
                    self.assertEqual(minutes, 30)

    def test_also_what_lies_with_the_centre(self):
        for code in PROCEDURES:
            with self.subTest(procedure=code):
                report = self.in_hand(code, "resolved")
                deadline = self.step_of(report, "publish").deadline
                self.raise_it(report)
                step = self.step_of(report, "publish")
                self.assertEqual((step.track, step.deadline), ("emergency", deadline))

    def test_what_is_limited_alike_keeps_its_clock(self):
        """QN has no emergency limits: raising earns no time, and late is late once."""
        report = self.in_hand("qn")
        before = self.step_of(report, "process")
        self.raise_it(report, "2026-11-30 22:00")
        step = self.step_of(report, "process")
        self.assertEqual(
            (step.deadline, step.counted_from), (before.deadline, before.counted_from)
        )
        self.assertNotEqual(step, before)
        self.assertFalse(before.is_late, "the same duty goes on")
        self.assertTrue(step.is_overdue)
        self.assertEqual(report.assignment_ids.deadline, before.deadline)

    def test_an_extension_is_kept(self):
        report = self.in_hand("qn")
        self.procedure.extension_allowed = True
        assignment = report.assignment_ids
        with self.at("2026-11-17 10:00"):
            assignment.with_user(self.handler).request_extension(
                "12/CV",
                "2026-12-15",
                "Vụ việc phức tạp.",
                written_notice(self.env(user=self.handler)),
            )
            assignment.sudo().extension_ids.with_user(self.operator).grant()
        deadline = self.step_of(assignment, "process").deadline
        self.assertTrue(deadline)
        for track in ("emergency", "normal"):
            with self.at("2026-11-18 10:00"):
                report.set_track(track, "Cây bắt đầu đổ.")
            step = self.step_of(assignment, "process")
            self.assertEqual((step.deadline, step.is_extended), (deadline, True))

    def test_raised_and_lowered_all_is_as_before(self):
        for case in IN_HAND:
            with self.subTest(case):
                report = self.in_hand(*case)
                steps = report.sudo().step_ids.filtered(
                    lambda step: step.state == "open"
                )
                before = {step.code: step.deadline for step in steps}
                self.raise_it(report)
                told = self.rows(report)
                with self.at("2026-11-16 22:30"):
                    report.set_track("normal", "Cây đã được chống.")
                steps = report.sudo().step_ids.filtered(
                    lambda step: step.state == "open"
                )
                # A window that no emergency has is open no more; it hinders nothing.
                before.pop("invite", None)
                self.assertEqual({step.code: step.deadline for step in steps}, before)
                self.assertEqual(
                    set(steps.mapped("track")), {"normal"}, "warned of as before"
                )
                lowered = self.rows(report) - told
                self.assertNotIn("call", lowered.mapped("channel"))
