from odoo.tests import tagged

from ..rig.law import LawCase


@tagged("-at_install", "post_install")
class TestLawBinhPhuoc(LawCase):
    """Quyết định 1327/QĐ-UBND of 2020, Bình Phước, step by step."""

    province = "bp"

    def test_normal_in_time(self):
        """Điều 6.1, 7.3: what the text does not time has a clock without a deadline."""
        report = self.tell("""
        # 30 minutes by night and over Tết.
        02-14 23:50 | citizen: send roads | new | intake 02-15 00:20
        02-14 23:55 | operator: receive | received | =
        # Return, 1 working day: Monday 23 is the first one after Sunday 15.
        02-15 00:20 | operator: dispatch A | processing A:pending
            | accept@A –, return_wrong@A 02-23 17:00
        02-23 08:00 | A.handler: accept | processing A:accepted
            | process@A –, return_wrong@A 02-23 17:00
        05-04 08:00 | A.handler: submit | processing A:submitted | approve@A –
        05-20 08:00 | A.leader: !approve corrected | processing A:submitted | =
        # Publish, 1 working hour: 15 min to 17:00, 45 from 07:30.
        05-20 16:45 | A.leader: approve | resolved A:approved | publish 05-21 08:15
        05-21 08:15 | operator: publish | done A:approved |
        # Điều 8.2 names no time.
        05-22 08:00 | citizen: follow_up | done A:approved | interaction@A –
        05-30 08:00 | A.handler: answer | done A:approved |
        05-30 09:00 | citizen: rate 2 | done A:approved |
        """)
        self.assertEqual(report.rating_level_id.grade, "acceptable")

    def test_late(self):
        self.tell("""
        # The lunch break counts: 30 minutes are minutes.
        06-01 11:20 | citizen: send roads | new | intake 06-01 11:50
        06-01 11:51 | operator: receive | received | intake 06-01 11:50 overdue
        06-01 12:00 | operator: dispatch A | processing A:pending
            | accept@A –, return_wrong@A 06-02 17:00 | intake
        06-03 08:00 | A.handler: return_wrong B | received A:returned
            | intake 06-03 08:30 | return_wrong@A
        06-03 08:20 | operator: dispatch B | processing A:returned B:pending
            | accept@B –, return_wrong@B 06-04 17:00
        06-03 09:00 | B.handler: accept | processing A:returned B:accepted
            | process@B –, return_wrong@B 06-04 17:00
        06-05 10:00 | B.handler: submit | processing A:returned B:submitted
            | approve@B –
        06-05 10:30 | B.leader: send_back | processing A:returned B:processing
            | process@B –
        06-05 11:00 | B.handler: submit | processing A:returned B:submitted
            | approve@B –
        # 15 min to 11:30, 45 from 13:00.
        06-05 11:15 | B.leader: approve | resolved A:returned B:approved
            | publish 06-05 13:45
        06-05 13:46 | operator: publish | done A:returned B:approved | | publish
        """)

    def test_from_new_years_eve_to_the_working_saturday(self):
        self.tell("""
        # 1 January off, 2 January off in exchange for Saturday 10: Monday 5.
        2025-12-31 17:30 | citizen: send roads | new | intake 2025-12-31 18:00
        2025-12-31 17:40 | operator: receive | received | =
        2025-12-31 17:50 | operator: dispatch A | processing A:pending
            | accept@A –, return_wrong@A 01-05 17:00
        01-05 08:00 | A.handler: accept | processing A:accepted
            | process@A –, return_wrong@A 01-05 17:00
        01-09 08:00 | A.handler: submit | processing A:submitted | approve@A –
        # 10 min on Friday 9, 50 on Saturday 10.
        01-09 16:50 | A.leader: approve | resolved A:approved | publish 01-10 08:20
        01-10 08:00 | operator: request_fix A | processing A:processing | process@A –
        01-10 09:00 | A.handler: return_wrong C | received A:returned
            | intake 01-10 09:30
        # From Friday 9 the day to return would end on Saturday 10.
        01-10 09:10 | operator: dispatch C | processing A:returned C:pending
            | accept@C –, return_wrong@C 01-12 17:00
        """)

    def test_emergency_at_once(self):
        """Điều 6.1, bước 2: handled at once; 5 minutes are granted."""
        self.tell("""
        06-14 03:00 | citizen: send emergency | new | intake 06-14 03:00
        06-14 03:05 | operator: dispatch A | processing A:pending
            | accept@A 06-14 03:05, return_wrong@A 06-15 17:00
        06-14 03:10 | operator: look | processing A:pending | =
        06-14 03:10 | A.handler: accept | processing A:accepted
            | process@A –, return_wrong@A 06-15 17:00
        06-14 05:00 | A.handler: submit | processing A:submitted | approve@A –
        06-14 05:10 | A.leader: approve | resolved A:approved | publish 06-15 08:30
        06-15 08:00 | operator: publish | done A:approved |
        """)

    def test_emergency_late(self):
        self.tell("""
        06-14 03:00 | citizen: send emergency | new | intake 06-14 03:00
        06-14 03:06 | operator: look | new | intake 06-14 03:00 overdue
        06-14 03:10 | operator: dispatch A | processing A:pending
            | accept@A 06-14 03:10, return_wrong@A 06-15 17:00 | intake
        06-14 03:16 | operator: look | processing A:pending
            | accept@A 06-14 03:10 overdue, return_wrong@A 06-15 17:00
        06-14 03:20 | A.handler: accept | processing A:accepted
            | process@A –, return_wrong@A 06-15 17:00 | accept@A
        """)

    def test_penalty_for_urban_disorder(self):
        """Điều 6.2d: the violation is recorded, a penalty decided and followed up."""
        report = self.tell("""
        06-01 09:00 | citizen: send urban_order | new | intake 06-01 09:30
        06-01 09:10 | operator: receive | received | =
        06-01 09:20 | operator: dispatch A | processing A:pending
            | accept@A –, return_wrong@A 06-02 17:00
        06-01 09:30 | A.handler: accept | processing A:accepted
            | process@A –, return_wrong@A 06-02 17:00
        06-01 10:00 | A.handler: ask_penalty | processing A:accepted
            | process@A –, return_wrong@A 06-02 17:00, confirm_penalty@A –
        06-01 10:30 | A.leader: confirm_penalty | processing A:accepted
            | process@A –, return_wrong@A 06-02 17:00
        """)
        assignment = report.assignment_ids
        self.assertTrue(assignment.penalty_procedure)
        self.assertEqual(assignment.penalty_record_number, "07/BB-VPHC")
        with self.at("2026-06-10 09:00"):
            handler = assignment.with_user(self.handler)
            handler.record_penalty_decision("12/QĐ-XPHC", "2026-06-09")
            self.step_of(assignment, "execute_penalty")
        with self.at("2026-07-01 09:00"):
            handler.record_penalty_execution("2026-06-30")
        self.step_of(assignment, "execute_penalty", "done")

    def test_several_agencies(self):
        self.tell("""
        06-01 09:00 | citizen: send roads | new | intake 06-01 09:30
        06-01 09:10 | operator: receive | received | =
        06-01 09:20 | operator: dispatch A B | processing A:pending B:pending
            | accept@A –, return_wrong@A 06-02 17:00,
            accept@B –, return_wrong@B 06-02 17:00
        # Điều 3.8
        06-01 10:00 | operator: escalate | designating A:pending B:pending
            | return_wrong@A 06-02 17:00, return_wrong@B 06-02 17:00,
            designate 06-02 17:00
        06-05 10:00 | province: designate A | received A:dropped B:dropped
            | intake 06-05 10:30 | designate
        """)

    def test_turned_away(self):
        """Điều 4.2: the reason is said."""
        report = self.tell("""
        06-01 09:00 | citizen: send roads | new | intake 06-01 09:30
        06-01 09:05 | operator: request_supplement | supplementing | supplement –
        2027-06-01 09:05 | system: lapse | supplementing | =
        2027-06-01 09:10 | operator: refuse incomplete | refused |
        2027-06-01 09:20 | operator: reopen | received | intake 2027-06-01 09:50
        2027-06-01 09:30 | operator: cancel mistake | cancelled |
        """)
        self.assertTrue(report.reason_message)

    def test_what_a_citizen_must_give(self):
        """Điều 4.1a–b; pictures if there are any (4.1d)."""
        self.assertEqual(
            self.form_errors(),
            {"subject", "description", "name", "phone", "email", "reporter_address"},
        )
