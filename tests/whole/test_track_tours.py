from unittest.mock import patch

from odoo.tests import tagged

from ...models.ground import numbering
from ..rig.asked import trial
from ..rig.law import LawCase, read
from ..rig.tour import TourCase


class TrackTourCase(LawCase, TourCase):
    """Stories some of whose acts are done on the screens, by each person in turn.

    `st_lead_invites on civic-work` plays that tour in a browser from that screen; what
    holds after it is compared as after any other row.
    """

    subject = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Names that a demo does not hold.
        for key in "ABCD":
            cls.agencies[key].name = f"Cơ quan {key}"

    @classmethod
    def report_values(cls, **values):
        """A report from A's ward: that agency is suggested, though not ticked."""
        return super().report_values(
            **{"subject": cls.subject, "ward_id": cls.ward.id, **values}
        )

    def tell(self, story):
        """Act every row out at its time, which the workflow alone lives in."""
        self.report = self.env["civic.report"]
        self.late = set()
        for row in read(story):
            with self.at(row.at):
                self.tell_row(row)
        return self.report

    def act(self, row):
        if row.arguments[:1] != ["on"]:
            super().act(row)
            return
        user, _target = self.cast(row.who)
        self.start_tour(
            f"/odoo/{row.arguments[1]}", f"civic_report.{row.verb}", login=user.login
        )


@tagged("-at_install", "post_install")
@trial("assignment")
class TestLeadTour(TrackTourCase):
    """Sóc Trăng, Điều 14.2; Phụ lục II, trường hợp 2."""

    province = "st"
    subject = "Cầu gãy lan can"

    def setUp(self):
        super().setUp()
        # It ends by hooks after the commit, and test cursors run none; the numbering
        # of letters has tests of its own.
        self.startPatcher(patch.object(numbering, "_lock_series", lambda *_args: 0))

    def test_lead_and_those_whom_it_invites(self):
        report = self.tell("""
        # 4 working hours: 3.5 to 11:30, half an hour from 13:00.
        04-23 08:00 | citizen: send roads | new | intake 04-23 13:30
        04-23 08:30 | operator: receive | received | =
        # 24 April; 27 off for Giỗ Tổ; 28, 29; 30 April and 1 May off; 4, 5 May. Return
        # and invite within Friday 24.
        04-23 09:00 | operator: st_operator_dispatches_to_lead on civic-intake
            | processing A:pending
            | accept@A –, process@A 05-05 17:00,
            return_wrong@A 04-24 17:00, invite@A 04-24 17:00
        04-23 14:00 | A.handler: accept | processing A:accepted
            | process@A 05-05 17:00, return_wrong@A 04-24 17:00, invite@A 04-24 17:00
        # The co-agencies: return in 1 working day (Tuesday 28), result in 2 (28, 29).
        # The lead's own time stands still.
        04-24 10:00 | A.handler: st_lead_invites on civic-work
            | processing A:accepted C:pending D:pending
            | accept@C –, co_process@C 04-29 17:00, co_return@C 04-28 17:00,
            accept@D –, co_process@D 04-29 17:00, co_return@D 04-28 17:00,
            return_wrong@A 04-24 17:00
        04-28 08:00 | C.handler: accept | processing A:accepted C:accepted D:pending
            | co_process@C 04-29 17:00, co_return@C 04-28 17:00,
            accept@D –, co_process@D 04-29 17:00, co_return@D 04-28 17:00,
            return_wrong@A 04-24 17:00
        04-28 08:10 | D.handler: accept | processing A:accepted C:accepted D:accepted
            | co_process@C 04-29 17:00, co_return@C 04-28 17:00,
            co_process@D 04-29 17:00, co_return@D 04-28 17:00,
            return_wrong@A 04-24 17:00
        04-28 15:00 | C.handler: st_first_co_handler_submits on civic-work
            | processing A:accepted C:submitted D:accepted
            | co_approve@C 04-29 17:00,
            co_process@D 04-29 17:00, co_return@D 04-28 17:00,
            return_wrong@A 04-24 17:00
        # The working day after Wednesday 29 is Monday 4 May.
        04-29 08:00 | D.handler: st_second_co_handler_submits on civic-work
            | processing A:accepted C:submitted D:submitted
            | co_approve@C 04-29 17:00, co_approve@D 05-04 17:00,
            return_wrong@A 04-24 17:00
        04-29 16:00 | C.leader: st_first_co_leader_approves on civic-approvals
            | processing A:accepted C:approved D:submitted
            | co_approve@D 05-04 17:00, return_wrong@A 04-24 17:00
        # The last one: the lead puts them together in 1 working day, Tuesday 5.
        05-04 09:00 | D.leader: approve | processing A:accepted C:approved D:approved
            | consolidate@A 05-05 17:00, return_wrong@A 04-24 17:00
        05-05 10:00 | A.handler: st_lead_consolidates on civic-work
            | processing A:submitted C:approved D:approved | approve@A 05-06 17:00
        05-06 15:00 | A.leader: st_lead_leader_approves on civic-approvals
            | resolved A:approved C:approved D:approved | publish 05-07 17:00
        05-07 16:00 | operator: st_operator_publishes on civic-intake
            | done A:approved C:approved D:approved |
        """)
        self.assertEqual(self.assignment("A").letter_number, "01/SXD")
        self.assertFalse(self.assignment("C").letter_number, "the lead answers")
        self.assertEqual(
            self.assignment("A").result, "Đã sửa lan can, phân luồng qua đường tránh."
        )
        self.assertEqual(report.public_result, "Đã sửa lan can, lưu thông hai chiều.")
        self.assertTrue(report.is_published)


@tagged("-at_install", "post_install")
@trial("assignment", "report")
class TestSensitiveTour(TrackTourCase):
    """Huế, Điều 11."""

    province = "hue"
    subject = "Tranh chấp ranh giới thửa đất"

    def test_consulted_agreed_and_answered_privately(self):
        report = self.tell("""
        08-27 15:00 | citizen: send land | new | intake 08-27 16:00
        08-27 15:10 | operator: receive | received | =
        # 1 working day: Friday 28.
        08-27 15:30 | operator: hue_operator_consults on civic-intake
            | consulting | consult 08-28 17:00
        # Half an hour on Friday; 31 August to 2 September are off; half an hour on
        # Thursday 3.
        08-28 16:30 | coordinator: hue_coordinator_answers on civic-coordination
            | received | intake 09-03 08:00
        # Half a working hour; return within Friday 4.
        09-03 07:50 | operator: hue_operator_dispatches on civic-intake
            | processing C:pending | accept@C 09-03 08:20, return_wrong@C 09-04 17:00
        # 4, 7, 8, 9, 10, 11 September.
        09-03 08:00 | C.handler: accept | processing C:accepted
            | process@C 09-11 17:00, return_wrong@C 09-04 17:00
        09-10 10:00 | C.handler: submit | processing C:submitted | approve@C 09-11 17:00
        # Half an hour on Friday, half on Monday 14.
        09-11 16:30 | C.leader: approve | resolved C:approved | publish 09-14 08:00
        # 1 working day: Tuesday 15.
        09-14 07:40 | operator: hue_operator_asks_agreement on civic-intake
            | concurring C:approved | concur 09-15 17:00
        # A quarter of an hour on Tuesday, three on Wednesday.
        09-15 16:45 | coordinator: hue_coordinator_agrees on civic-coordination
            | resolved C:approved | publish 09-16 08:15
        09-16 08:00 | operator: hue_operator_answers on civic-intake
            | done C:approved |
        """)
        self.assertEqual(report.coordinator_agency_id, self.coordinating_agency)
        self.assertFalse(report.is_published)
        self.assertNotSeen(report)
        self.authenticate(self.citizen.login, self.citizen.login)
        self.assertIn("Đã xử lý xong.", self.text(self.page(self.own_path(report))))

    def assertNotSeen(self, report):
        """The public finds neither the page nor the report's name on the list."""
        self.authenticate(None, None)
        self.page(self.path(report), 404)
        self.assertNotIn(self.subject, self.text(self.page("/phan-anh")))

    def own_path(self, report):
        return f"/my/phan-anh/{report.name.lower()}"


@tagged("-at_install", "post_install")
@trial("emergency")
class TestEmergencyTour(TrackTourCase):
    """Bắc Giang, Phần 2, mục 4.1."""

    province = "bg"
    subject = "Cháy nhà kho"

    def test_fire_on_a_saturday_night(self):
        report = self.tell("""
        # 30 minutes by the clock.
        10-17 23:40 | citizen: send emergency | new | intake 10-18 00:10
        # Received and dispatched in one go; 30 minutes to confirm.
        10-17 23:50 | operator: bg_operator_dispatches_at_once on civic-intake
            | processing A:pending | accept@A 10-18 00:20
        10-18 00:15 | A.handler: bg_handler_accepts on civic-work
            | processing A:accepted | process@A –
        # 1 hour by the clock from when the fire was out, 4:00.
        10-18 04:00 | A.handler: complete 10-18 04:00 | processing A:processing | =
        10-18 04:00 | A.handler: bg_handler_submits on civic-work
            | processing A:submitted | approve@A 10-18 05:00
        # Published as others are: half an hour of Monday.
        10-18 04:50 | A.leader: bg_leader_approves on civic-approvals
            | resolved A:approved | publish 10-19 08:00
        10-19 07:45 | operator: bg_operator_publishes on civic-intake
            | done A:approved |
        """)
        self.assertEqual(
            report.public_result, "Đã dập tắt đám cháy, không có người bị nạn."
        )
        self.assertTrue(report.is_published)
