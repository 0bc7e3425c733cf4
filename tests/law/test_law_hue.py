from odoo.tests import tagged

from ..rig.common import HANOI
from ..rig.law import LawCase


@tagged("-at_install", "post_install")
class TestLawHue(LawCase):
    """Quyết định 43/2020/QĐ-UBND of Thừa Thiên Huế, step by step."""

    province = "hue"

    def test_calendar(self):
        """The days off in 2026 with which every story reckons, weekends apart."""
        days = {
            leave.date_from.astimezone(HANOI).strftime("%m-%d")
            for leave in self.calendar.leave_ids
            if leave.date_from.astimezone(HANOI).year == 2026
        }
        self.assertEqual(
            sorted(days),
            ["01-01", "01-02"]  # the second exchanged for Saturday 10 January
            + ["02-16", "02-17", "02-18", "02-19", "02-20"]  # Tết
            + ["04-26", "04-27"]  # Giỗ Tổ on a Sunday, and the Monday for it
            + ["04-30", "05-01"]
            + ["08-31", "09-01", "09-02"]  # the first exchanged for 22 August
            + ["11-24"],
        )
        makeup = self.calendar.civic_makeup_ids.filtered(
            lambda row: row.date.year == 2026
        )
        self.assertEqual(
            [str(row.date) for row in makeup], ["2026-01-10", "2026-08-22"]
        )
        self.assertEqual(set(makeup.mapped("like_weekday")), {"4"})

    # ------------------------------------------------------------------
    # Normal track: Điều 6 to 9, 12
    # ------------------------------------------------------------------

    def test_normal_in_time_over_new_year(self):
        report = self.tell("""
        # 1 working hour (Điều 6.3): 30 min to 17:00 on Friday 13; 14–15 February are a
        # weekend, 16–20 Tết, 21–22 a weekend; 30 min more on Monday 23 from 07:30.
        02-13 16:30 | citizen: send roads | new | intake 02-23 08:00
        02-13 16:40 | operator: receive | received | =
        # Take in, 0.5 working hour: 10 min on Friday, 20 on Monday 23. Return, 1
        # working day: Monday 23 is the first one after the 13th.
        02-13 16:50 | operator: dispatch A | processing A:pending
            | accept@A 02-23 07:50, return_wrong@A 02-23 17:00
        # 6 working days after Monday 23: 24, 25, 26, 27 February, 2, 3 March.
        02-23 07:45 | A.handler: accept | processing A:accepted
            | process@A 03-03 17:00, return_wrong@A 02-23 17:00
        03-02 09:00 | A.handler: draft | processing A:processing | =
        # Approve, 1 working day: Wednesday 4. The window to return is closed.
        03-03 16:00 | A.handler: submit | processing A:submitted | approve@A 03-04 17:00
        # Publish, 1 working hour: 10 min to 11:30, after lunch 50 min from 13:00.
        03-04 11:20 | A.leader: approve | resolved A:approved | publish 03-04 13:50
        03-04 13:50 | operator: publish | done A:approved |
        # Answer a follow-up in 1 day (Điều 12.2): Friday the 6th at 24:00.
        03-05 21:00 | citizen: follow_up | done A:approved | interaction@A 03-06 24:00
        03-06 23:50 | A.handler: answer | done A:approved |
        03-07 08:00 | citizen: rate 2 | done A:approved |
        """)
        self.assertTrue(report.is_published)
        self.assertEqual(report.rating_level_id.grade, "acceptable")
        self.assertEqual(
            self.event_codes(report),
            "send receive dispatch accept draft submit approve resolve publish "
            "follow_up answer rate",
        )

    def test_normal_late_at_every_step(self):
        self.tell("""
        # Sunday: the hour begins on Monday 23 at 07:30.
        11-22 09:00 | citizen: send roads | new | intake 11-23 08:30
        11-23 08:30 | operator: look | new | =
        11-23 08:31 | operator: receive | received | intake 11-23 08:30 overdue
        # Take in by 09:30 + 30 min; return: Tuesday 24 November is a day off, so 25.
        11-23 09:30 | operator: dispatch A | processing A:pending
            | accept@A 11-23 10:00, return_wrong@A 11-25 17:00 | intake
        11-23 10:01 | operator: look | processing A:pending
            | accept@A 11-23 10:00 overdue, return_wrong@A 11-25 17:00
        # After Wednesday 25: 26, 27, 30 November, 1, 2, 3 December. Keeping it is no
        # lateness of the window to return.
        # From when it was to be taken in: delay earns no time.
        11-25 17:30 | A.handler: accept | processing A:accepted
            | process@A 12-02 17:00, return_wrong@A 11-25 17:00 | accept@A
        # After Friday 4: Monday 7.
        12-04 07:45 | A.handler: submit | processing A:submitted
            | approve@A 12-07 17:00 | process@A
        12-08 08:00 | A.leader: approve | resolved A:approved
            | publish 12-08 09:00 | approve@A
        12-08 09:30 | operator: publish | done A:approved | | publish
        12-09 00:30 | citizen: follow_up | done A:approved | interaction@A 12-10 24:00
        12-11 00:01 | operator: look | done A:approved
            | interaction@A 12-10 24:00 overdue
        12-11 08:00 | A.leader: answer | done A:approved | | interaction@A
        """)

    def test_supplement(self):
        """Điều 13.3–13.4: two days to verify or complete, then cancelled."""
        report = self.tell("""
        04-23 10:00 | citizen: send roads | new | intake 04-23 11:00
        # 2 days after Thursday 23 is Saturday 25; Sunday 26 is Giỗ Tổ, Monday 27 off
        # for it: Tuesday 28 at 24:00 (Bộ luật Dân sự Điều 148.5).
        04-23 10:20 | operator: request_supplement | supplementing
            | supplement 04-28 24:00
        # Complete: the hour begins anew, on Tuesday 28 from 07:30.
        04-25 20:00 | citizen: supply | new | intake 04-28 08:30
        04-28 08:00 | operator: receive | received | =
        # Asked once more, now to verify: Thursday 30 April, Friday 1 May and the
        # weekend are off, so Monday 4 May at 24:00.
        04-28 08:10 | operator: request_supplement | supplementing
            | supplement 05-04 24:00
        05-01 00:01 | system: lapse | supplementing | =
        05-04 23:59 | system: lapse | supplementing | =
        05-05 00:01 | system: lapse | cancelled |
        05-05 00:05 | citizen: !supply | cancelled |
        """)
        self.assertEqual(report.reason_id.code, "no_answer")
        self.assertTrue(report.reason_message)
        self.assertFalse(report.is_published)

    def test_turned_away_and_taken_up_again(self):
        """Điều 13.1–13.2; every refusal has its ground and its words."""
        report = self.tell("""
        # Saturday 2 May: Monday 4 from 07:30.
        05-02 21:00 | citizen: send roads | new | intake 05-04 08:30
        05-02 21:30 | citizen: !refuse incomplete | new | =
        05-03 10:00 | operator: refuse poor_media | refused |
        # 11:00–11:30, 13:00–13:30.
        05-04 11:00 | operator: reopen | received | intake 05-04 13:30
        05-04 11:20 | operator: cancel mistake | cancelled |
        05-05 08:00 | operator: reopen | received | intake 05-05 09:00
        05-05 09:10 | operator: mark_duplicate | cancelled | | intake
        """)
        self.assertEqual(report.duplicate_of_id, self.original)
        self.assertEqual(self.original.support_count, 0)
        self.assertEqual(report.reason_id.code, "duplicate")

    def test_matters_not_taken_in(self):
        report = self.tell("""
        03-02 09:00 | citizen: send petition | new | intake 03-02 10:00
        03-02 09:10 | operator: receive | received | =
        03-02 09:20 | operator: !dispatch A | received | =
        03-02 09:30 | operator: refuse out_of_scope | refused |
        """)
        self.assertIn("citizen reception office", report.reason_message)

    def test_answered_to_the_sender_alone(self):
        """Điều 9.1b: on request the result is not public."""
        for wish in ("private", "secret"):
            report = self.tell(f"""
            03-02 09:00 | citizen: send roads {wish} | new | intake 03-02 10:00
            03-02 09:10 | operator: receive | received | =
            03-02 09:20 | operator: dispatch A | processing A:pending
                | accept@A 03-02 09:50, return_wrong@A 03-03 17:00
            # 3, 4, 5, 6, 9, 10 March.
            03-02 09:30 | A.handler: accept | processing A:accepted
                | process@A 03-10 17:00, return_wrong@A 03-03 17:00
            03-02 16:00 | A.handler: submit | processing A:submitted
                | approve@A 03-03 17:00
            03-02 16:30 | A.leader: approve | resolved A:approved | publish 03-03 08:00
            03-02 16:40 | operator: publish | done A:approved |
            """)
            self.assertFalse(report.is_published, wish)
            self.assertTrue(report.public_result)

    # ------------------------------------------------------------------
    # Returned, sent back, several agencies: Điều 6.1b, 7.1b, 7.4, 8.1a, 9.1a
    # ------------------------------------------------------------------

    def test_returned_to_the_centre(self):
        self.tell("""
        # 30 min to 11:30, 30 min from 13:00.
        06-01 11:00 | citizen: send roads | new | intake 06-01 13:30
        06-01 11:10 | operator: receive | received | =
        # 10 min to 11:30, 20 min from 13:00.
        06-01 11:20 | operator: dispatch A | processing A:pending
            | accept@A 06-01 13:20, return_wrong@A 06-02 17:00
        # 2, 3, 4, 5, 8, 9 June.
        06-01 13:10 | A.handler: accept | processing A:accepted
            | process@A 06-09 17:00, return_wrong@A 06-02 17:00
        # Back at the Centre: 1 min on Tuesday, 59 on Wednesday from 07:30.
        06-02 16:59 | A.handler: return_wrong B | received A:returned
            | intake 06-03 08:29
        06-03 08:00 | operator: dispatch B | processing A:returned B:pending
            | accept@B 06-03 08:30, return_wrong@B 06-04 17:00
        06-03 08:30 | A.handler: !accept | processing A:returned B:pending | =
        # On the dot is in time. 4, 5, 8, 9, 10, 11 June.
        06-03 08:30 | B.handler: accept | processing A:returned B:accepted
            | process@B 06-11 17:00, return_wrong@B 06-04 17:00
        # After the working day of Điều 7.4: late, yet it must go back.
        06-05 08:00 | B.handler: return_wrong | received A:returned B:returned
            | intake 06-05 09:00 | return_wrong@B
        06-05 09:10 | operator: dispatch A | processing A:pending B:returned
            | accept@A 06-05 09:40, return_wrong@A 06-08 17:00 | intake
        """)

    def test_returned_without_taking_in(self):
        """Not competent: the working day of Điều 7.4 to give it back. The half hour of
        Điều 7.1a is everybody's, and was over."""
        self.tell("""
        # 07:30–08:30 of Monday 4 May, from Saturday.
        05-02 10:00 | citizen: send roads | new | intake 05-04 08:30
        05-02 10:10 | operator: receive | received | =
        05-02 10:20 | operator: dispatch A | processing A:pending
            | accept@A 05-04 08:00, return_wrong@A 05-04 17:00
        05-04 09:00 | operator: look | processing A:pending
            | accept@A 05-04 08:00 overdue, return_wrong@A 05-04 17:00
        # 11:30 is the end of the morning: 30 min from 11:00, 30 from 13:00.
        05-04 11:00 | A.handler: return_wrong | received A:returned
            | intake 05-04 13:30 | accept@A
        """)

    def test_sent_back_by_the_leader_and_by_the_centre(self):
        """The six working days go on; each approval and publication begins anew.

        What waited for approval in time and then lay with the Centre does not count.
        """
        report = self.tell("""
        06-15 08:00 | citizen: send roads | new | intake 06-15 09:00
        06-15 08:20 | operator: receive | received | =
        06-15 08:30 | operator: dispatch A | processing A:pending
            | accept@A 06-15 09:00, return_wrong@A 06-16 17:00
        # 16, 17, 18, 19, 22, 23 June.
        06-15 08:45 | A.handler: accept | processing A:accepted
            | process@A 06-23 17:00, return_wrong@A 06-16 17:00
        06-17 10:00 | A.handler: submit | processing A:submitted | approve@A 06-18 17:00
        06-18 09:00 | A.leader: send_back | processing A:processing
            | process@A 06-23 17:00
        06-22 10:00 | A.handler: submit | processing A:submitted | approve@A 06-23 17:00
        # The leader corrects and approves (Điều 8.1a).
        06-23 08:00 | A.leader: approve corrected | resolved A:approved
            | publish 06-23 09:00
        # Not by the form of Phụ lục 1 (Điều 9.1a). Submitted on Monday 22: a day more.
        06-23 08:50 | operator: request_fix A | processing A:processing
            | process@A 06-24 17:00
        06-24 17:01 | operator: look | processing A:processing
            | process@A 06-24 17:00 overdue
        06-25 08:00 | A.handler: submit | processing A:submitted
            | approve@A 06-26 17:00 | process@A
        06-25 09:00 | A.leader: approve | resolved A:approved | publish 06-25 10:00
        06-25 09:30 | operator: publish | done A:approved |
        """)
        self.assertEqual(report.assignment_ids.send_back_count, 2)
        self.assertEqual(report.public_result, "Đã xử lý xong.")

    def test_parallel_agencies(self):
        """Each handles and approves its part; the Centre publishes when all have."""
        report = self.tell("""
        07-06 09:00 | citizen: send roads | new | intake 07-06 10:00
        07-06 09:10 | operator: receive | received | =
        07-06 09:30 | operator: dispatch A B C
            | processing A:pending B:pending C:pending
            | accept@A 07-06 10:00, accept@B 07-06 10:00, accept@C 07-06 10:00,
            return_wrong@A 07-07 17:00, return_wrong@B 07-07 17:00,
            return_wrong@C 07-07 17:00
        # 7, 8, 9, 10, 13, 14 July.
        07-06 09:40 | A.handler: accept | processing A:accepted B:pending C:pending
            | process@A 07-14 17:00, accept@B 07-06 10:00, accept@C 07-06 10:00,
            return_wrong@A 07-07 17:00, return_wrong@B 07-07 17:00,
            return_wrong@C 07-07 17:00
        07-06 09:50 | B.handler: accept | processing A:accepted B:accepted C:pending
            | process@A 07-14 17:00, process@B 07-14 17:00, accept@C 07-06 10:00,
            return_wrong@A 07-07 17:00, return_wrong@B 07-07 17:00,
            return_wrong@C 07-07 17:00
        # C's part comes back: the Centre has its hour to hand it on (Điều 6.3, 7.1b).
        07-06 09:55 | C.handler: return_wrong D
            | processing A:accepted B:accepted C:returned
            | intake 07-06 10:55, process@A 07-14 17:00, process@B 07-14 17:00,
            return_wrong@A 07-07 17:00, return_wrong@B 07-07 17:00
        07-06 10:00 | operator: !redispatch B
            | processing A:accepted B:accepted C:returned | =
        07-06 10:30 | operator: redispatch D
            | processing A:accepted B:accepted C:returned D:pending
            | accept@D 07-06 11:00, process@A 07-14 17:00, process@B 07-14 17:00,
            return_wrong@A 07-07 17:00, return_wrong@B 07-07 17:00,
            return_wrong@D 07-07 17:00
        07-06 10:40 | operator: !redispatch C
            | processing A:accepted B:accepted C:returned D:pending | =
        07-06 11:00 | D.handler: accept
            | processing A:accepted B:accepted C:returned D:accepted
            | process@A 07-14 17:00, process@B 07-14 17:00, process@D 07-14 17:00,
            return_wrong@A 07-07 17:00, return_wrong@B 07-07 17:00,
            return_wrong@D 07-07 17:00
        07-08 10:00 | A.handler: submit
            | processing A:submitted B:accepted C:returned D:accepted
            | approve@A 07-09 17:00, process@B 07-14 17:00, process@D 07-14 17:00,
            return_wrong@B 07-07 17:00, return_wrong@D 07-07 17:00
        07-08 11:00 | A.leader: approve
            | processing A:approved B:accepted C:returned D:accepted
            | process@B 07-14 17:00, process@D 07-14 17:00,
            return_wrong@B 07-07 17:00, return_wrong@D 07-07 17:00
        07-15 08:00 | D.handler: submit
            | processing A:approved B:accepted C:returned D:submitted
            | process@B 07-14 17:00 overdue, return_wrong@B 07-07 17:00,
            approve@D 07-16 17:00 | process@D
        07-15 09:00 | D.leader: approve
            | processing A:approved B:accepted C:returned D:approved
            | process@B 07-14 17:00 overdue, return_wrong@B 07-07 17:00
        # The last one returns its part instead: nothing is published before the Centre
        # has said who takes it.
        07-15 10:00 | B.handler: return_wrong
            | processing A:approved B:returned C:returned D:approved
            | intake 07-15 11:00 | process@B, return_wrong@B
        07-15 10:30 | operator: redispatch
            | resolved A:approved B:returned C:returned D:approved
            | publish 07-15 11:30
        07-15 10:40 | operator: request_fix D
            | processing A:approved B:returned C:returned D:processing
            | process@D 07-14 17:00 overdue
        07-15 11:00 | D.handler: submit
            | processing A:approved B:returned C:returned D:submitted
            | approve@D 07-16 17:00 | process@D
        07-15 11:10 | D.leader: approve
            | resolved A:approved B:returned C:returned D:approved
            | publish 07-15 13:40
        07-15 13:30 | operator: publish
            | done A:approved B:returned C:returned D:approved |
        """)
        self.assertEqual(set(report.assignment_ids.mapped("role")), {"parallel"})
        self.assertEqual(report.agency_id, self.agencies["A"])

    def test_every_parallel_agency_returns(self):
        report = self.tell("""
        07-20 09:00 | citizen: send roads | new | intake 07-20 10:00
        07-20 09:10 | operator: receive | received | =
        07-20 09:20 | operator: dispatch A B | processing A:pending B:pending
            | accept@A 07-20 09:50, accept@B 07-20 09:50,
            return_wrong@A 07-21 17:00, return_wrong@B 07-21 17:00
        07-20 09:30 | A.handler: return_wrong | processing A:returned B:pending
            | intake 07-20 10:30, accept@B 07-20 09:50, return_wrong@B 07-21 17:00
        # The main agency is now the one that is left.
        07-20 09:40 | B.handler: return_wrong | received A:returned B:returned
            | intake 07-20 10:40
        07-20 10:00 | operator: dispatch C | processing A:returned B:returned C:pending
            | accept@C 07-20 10:30, return_wrong@C 07-21 17:00
        """)
        self.assertEqual(report.assignment_ids.filtered("handler_id")[0].role, "lead")

    def test_agencies_that_cannot_agree(self):
        """Điều 3.8: the People's Committee decides; meanwhile no agency handles it."""
        self.tell("""
        03-16 09:00 | citizen: send roads | new | intake 03-16 10:00
        03-16 09:05 | operator: receive | received | =
        03-16 09:10 | operator: dispatch A B | processing A:pending B:pending
            | accept@A 03-16 09:40, accept@B 03-16 09:40,
            return_wrong@A 03-17 17:00, return_wrong@B 03-17 17:00
        # 17, 18, 19, 20, 23, 24 March.
        03-16 09:20 | A.handler: accept | processing A:accepted B:pending
            | process@A 03-24 17:00, accept@B 03-16 09:40,
            return_wrong@A 03-17 17:00, return_wrong@B 03-17 17:00
        03-16 09:40 | B.handler: accept | processing A:accepted B:accepted
            | process@A 03-24 17:00, process@B 03-24 17:00,
            return_wrong@A 03-17 17:00, return_wrong@B 03-17 17:00
        # A working day for the Committee, by the house: the text names none.
        03-18 09:00 | operator: escalate | designating A:accepted B:accepted
            | designate 03-19 17:00, return_wrong@A 03-17 17:00,
            return_wrong@B 03-17 17:00
        03-18 10:00 | A.handler: !submit | designating A:accepted B:accepted | =
        # Whatever the agencies do, the decision is the Committee's.
        03-18 14:00 | B.handler: return_wrong | designating A:accepted B:returned
            | designate 03-19 17:00, return_wrong@A 03-17 17:00 | return_wrong@B
        03-19 08:00 | province: designate C | received A:dropped B:returned
            | intake 03-19 09:00
        03-19 08:30 | operator: dispatch C | processing A:dropped B:returned C:pending
            | accept@C 03-19 09:00, return_wrong@C 03-20 17:00
        """)

    def test_agency_with_hours_of_its_own(self):
        """A waterworks works Monday to Saturday, 06:00–14:00, Tết included."""
        self.give_calendar("D", *((day, 6, 14) for day in range(6)))
        self.tell("""
        02-13 13:40 | citizen: send water | new | intake 02-13 14:40
        02-13 13:45 | operator: receive | received | =
        # 10 min on Friday to 14:00, 20 on Saturday from 06:00; return: Saturday 14:00.
        02-13 13:50 | operator: dispatch D | processing D:pending
            | accept@D 02-14 06:20, return_wrong@D 02-14 14:00
        # 16, 17, 18, 19, 20, 21 February.
        02-14 06:10 | D.handler: accept | processing D:accepted
            | process@D 02-21 14:00, return_wrong@D 02-14 14:00
        02-21 10:00 | D.handler: submit | processing D:submitted | approve@D 02-23 14:00
        # The Centre's own hour: Monday 23 after Tết.
        02-21 11:00 | D.leader: approve | resolved D:approved | publish 02-23 08:30
        """)

    # ------------------------------------------------------------------
    # Emergency: Điều 10
    # ------------------------------------------------------------------

    def test_emergency_at_night(self):
        report = self.tell("""
        # 30 minutes of the clock on the wall: Saturday 23:50 to Sunday 00:20.
        11-14 23:50 | citizen: send emergency | new | intake 11-15 00:20
        # Checked and dispatched in one act. Confirm in 30 min; return: Monday 16.
        11-15 00:05 | operator: dispatch A | processing A:pending
            | accept@A 11-15 00:35, return_wrong@A 11-16 17:00
        # By the agency's own emergency procedure: no limit.
        11-15 00:35 | A.handler: accept | processing A:accepted
            | process@A –, return_wrong@A 11-16 17:00
        # One hour from when it was over, by night too; the leader sends back what says
        # too little, which earns no time.
        11-15 02:10 | A.handler: submit 11-15 02:00 | processing A:submitted
            | approve@A 11-15 03:00
        11-15 02:20 | A.leader: send_back | processing A:processing
            | process@A –
        11-15 02:30 | A.handler: submit 11-15 02:00 | processing A:submitted
            | approve@A 11-15 03:00
        # Published as normal (Điều 10.5): Monday from 07:30.
        11-15 02:50 | A.leader: approve | resolved A:approved | publish 11-16 08:30
        # What the Centre sends back was in time once: an hour from then.
        11-16 07:40 | operator: request_fix A | processing A:processing | process@A –
        11-16 09:00 | A.handler: submit 11-15 02:00 | processing A:submitted
            | approve@A 11-16 10:00
        11-16 09:10 | A.leader: approve | resolved A:approved | publish 11-16 10:10
        11-16 09:20 | operator: publish | done A:approved |
        11-16 09:30 | citizen: follow_up | done A:approved | interaction@A 11-17 24:00
        """)
        self.assertIn("receive dispatch", self.event_codes(report))

    def test_emergency_late_and_with_a_penalty(self):
        """Điều 10.4: a penalty takes the time that its own law gives."""
        self.tell("""
        # Tuesday of Tết.
        02-17 01:00 | citizen: send emergency | new | intake 02-17 01:30
        02-17 01:31 | operator: look | new | intake 02-17 01:30 overdue
        # Return: Monday 23 is the first working day after.
        02-17 01:40 | operator: dispatch A | processing A:pending
            | accept@A 02-17 02:10, return_wrong@A 02-23 17:00 | intake
        02-17 02:15 | A.handler: accept | processing A:accepted
            | process@A –, return_wrong@A 02-23 17:00 | accept@A
        02-17 02:30 | A.handler: ask_penalty | processing A:accepted
            | process@A –, return_wrong@A 02-23 17:00, confirm_penalty@A –
        02-17 02:40 | A.leader: confirm_penalty | processing A:accepted
            | process@A –, return_wrong@A 02-23 17:00
        02-25 20:00 | A.handler: submit | processing A:submitted | approve@A 02-25 21:00
        02-25 21:30 | A.leader: send_back | processing A:processing
            | process@A – | approve@A
        02-25 22:00 | A.handler: submit | processing A:submitted | approve@A 02-25 23:00
        02-25 22:30 | A.leader: approve | resolved A:approved | publish 02-26 08:30
        """)

    def test_emergency_found_at_intake(self):
        self.tell("""
        11-14 23:50 | citizen: send roads | new | intake 11-16 08:30
        # The 30 minutes count from the arrival.
        11-14 23:55 | operator: category emergency | new | intake 11-15 00:20
        11-15 00:00 | operator: request_supplement | supplementing
            | supplement 11-17 24:00
        11-16 08:00 | citizen: supply | new | intake 11-16 08:30
        11-16 08:10 | operator: category roads | new | intake 11-16 09:00
        """)

    # ------------------------------------------------------------------
    # Sensitive: Điều 6.1a, 11
    # ------------------------------------------------------------------

    def test_sensitive(self):
        report = self.tell("""
        04-23 15:00 | citizen: send land | new | intake 04-23 16:00
        04-23 15:10 | operator: receive | received | =
        04-23 15:20 | operator: !dispatch A | received | =
        # 1 working day (Điều 11.2): Friday 24.
        04-23 15:30 | operator: consult P | consulting | consult 04-24 17:00
        # 30 min on Friday; 25–26 weekend, 27 off for Giỗ Tổ; 30 min on Tuesday 28.
        04-24 16:30 | coordinator: answer_consult A | received | intake 04-28 08:00
        # Return: Wednesday 29.
        04-28 07:50 | operator: dispatch A | processing A:pending
            | accept@A 04-28 08:20, return_wrong@A 04-29 17:00
        # 29 April; 30 April, 1 May off; 4, 5, 6, 7, 8 May.
        04-28 08:00 | A.handler: accept | processing A:accepted
            | process@A 05-08 17:00, return_wrong@A 04-29 17:00
        # The next working day is Monday 4 May.
        04-29 16:00 | A.handler: submit | processing A:submitted | approve@A 05-04 17:00
        05-04 08:00 | A.leader: approve | resolved A:approved | publish 05-04 09:00
        05-04 08:10 | operator: !publish | resolved A:approved | =
        # 1 working day (Điều 11.4): Tuesday 5.
        05-04 08:30 | operator: ask_concurrence | concurring A:approved
            | concur 05-05 17:00
        # Not agreed (Điều 11.4b): back to the dispatch, without asking anew.
        05-05 16:00 | coordinator: disagree | received A:dropped | intake 05-05 17:00
        05-05 16:30 | operator: dispatch B | processing A:dropped B:pending
            | accept@B 05-05 17:00, return_wrong@B 05-06 17:00
        # 6, 7, 8, 11, 12, 13 May.
        05-05 16:40 | B.handler: accept | processing A:dropped B:accepted
            | process@B 05-13 17:00, return_wrong@B 05-06 17:00
        05-07 10:00 | B.handler: submit | processing A:dropped B:submitted
            | approve@B 05-08 17:00
        05-08 09:00 | B.leader: approve | resolved A:dropped B:approved
            | publish 05-08 10:00
        05-08 09:30 | operator: ask_concurrence | concurring A:dropped B:approved
            | concur 05-11 17:00
        05-12 08:00 | operator: look | concurring A:dropped B:approved
            | concur 05-11 17:00 overdue
        05-12 08:05 | coordinator: concur | resolved A:dropped B:approved
            | publish 05-12 09:05 | concur
        # A result that changes after the agreement needs it again.
        # Its clock stood still from Thursday 7, when it was submitted (and approved in
        # time), to Tuesday 12: 14, 15, 18 May.
        05-12 08:10 | operator: request_fix B | processing A:dropped B:processing
            | process@B 05-18 17:00
        05-12 09:00 | B.handler: submit | processing A:dropped B:submitted
            | approve@B 05-13 17:00
        05-12 09:30 | B.leader: approve | resolved A:dropped B:approved
            | publish 05-12 10:30
        05-12 09:40 | operator: !publish | resolved A:dropped B:approved | =
        05-12 09:50 | operator: ask_concurrence | concurring A:dropped B:approved
            | concur 05-13 17:00
        05-12 10:00 | coordinator: concur | resolved A:dropped B:approved
            | publish 05-12 11:00
        05-12 10:30 | operator: publish | done A:dropped B:approved |
        """)
        self.assertEqual(report.visibility, "sensitive")
        self.assertFalse(report.is_published)
        # Điều 11.5: what the agency agreed with may be made public.
        report.set_visibility("public", "Đã thống nhất.")
        self.assertTrue(report.is_published)

    def test_sensitive_consultation_late(self):
        self.tell("""
        08-28 15:00 | citizen: send land | new | intake 08-28 16:00
        08-28 15:10 | operator: receive | received | =
        # 31 August to 2 September are off: Thursday 3.
        08-28 16:10 | operator: consult P | consulting | consult 09-03 17:00 | intake
        09-03 17:01 | operator: look | consulting | consult 09-03 17:00 overdue
        # From Friday 07:30.
        09-04 07:00 | coordinator: answer_consult A B | received | intake 09-04 08:30
            | consult
        """)

    def test_sensitive_found_at_intake_is_hidden(self):
        """Điều 6.1a: taken in without publicity, whoever finds out that it is so."""
        report = self.tell("""
        03-02 09:00 | citizen: send roads | new | intake 03-02 10:00
        03-02 09:10 | operator: receive | received | =
        03-02 09:20 | operator: category land | received | =
        """)
        self.assertEqual((report.track, report.visibility), ("sensitive", "sensitive"))
        # An operator's form sends the default along.
        typed = self.make_report(
            category_id=self.env.ref("civic_report.category_land").id,
            visibility="public",
        )
        self.assertEqual(typed.visibility, "sensitive")

    # ------------------------------------------------------------------
    # Penalty (Điều 7.3), what this regulation does not know, reopening
    # ------------------------------------------------------------------

    def test_penalty_lifts_the_limit(self):
        report = self.tell("""
        03-02 09:00 | citizen: send urban_order | new | intake 03-02 10:00
        03-02 09:10 | operator: receive | received | =
        03-02 09:30 | operator: dispatch A | processing A:pending
            | accept@A 03-02 10:00, return_wrong@A 03-03 17:00
        # 3, 4, 5, 6, 9, 10 March.
        03-02 09:40 | A.handler: accept | processing A:accepted
            | process@A 03-10 17:00, return_wrong@A 03-03 17:00
        03-09 09:00 | A.handler: ask_penalty | processing A:accepted
            | process@A 03-10 17:00, return_wrong@A 03-03 17:00, confirm_penalty@A –
        03-09 10:00 | A.leader: confirm_penalty | processing A:accepted
            | process@A –, return_wrong@A 03-03 17:00
        06-01 10:00 | A.handler: submit | processing A:submitted | approve@A 06-02 17:00
        06-02 09:00 | A.leader: send_back | processing A:processing | process@A –
        06-30 09:00 | A.handler: submit | processing A:submitted | approve@A 07-01 17:00
        """)
        self.assertEqual(report.assignment_ids.penalty_basis, "Nghị định 16/2022/NĐ-CP")

    def test_after_a_penalty_what_was_left_runs_again(self):
        self.tell("""
        03-02 09:00 | citizen: send urban_order | new | intake 03-02 10:00
        03-02 09:10 | operator: receive | received | =
        03-02 09:30 | operator: dispatch A | processing A:pending
            | accept@A 03-02 10:00, return_wrong@A 03-03 17:00
        03-02 09:40 | A.handler: accept | processing A:accepted
            | process@A 03-10 17:00, return_wrong@A 03-03 17:00
        # Thursday 5: Friday, Monday, Tuesday are left.
        03-05 10:00 | A.handler: ask_penalty | processing A:accepted
            | process@A 03-10 17:00, return_wrong@A 03-03 17:00, confirm_penalty@A –
        03-05 11:00 | A.leader: confirm_penalty | processing A:accepted
            | process@A –, return_wrong@A 03-03 17:00
        # Friday 20: Monday 23, 24, 25.
        03-20 10:00 | A.handler: end_penalty | processing A:accepted
            | process@A 03-25 17:00, return_wrong@A 03-03 17:00
        03-25 16:00 | A.handler: submit | processing A:submitted | approve@A 03-26 17:00
        03-26 09:00 | A.leader: send_back | processing A:processing
            | process@A 03-25 17:00 overdue
        """)

    def test_submitted_while_the_penalty_went_on(self):
        """What was left is left again after its end, however often it comes back."""
        self.tell("""
        03-02 09:00 | citizen: send urban_order | new | intake 03-02 10:00
        03-02 09:10 | operator: receive | received | =
        03-02 09:30 | operator: dispatch A | processing A:pending
            | accept@A 03-02 10:00, return_wrong@A 03-03 17:00
        03-02 09:40 | A.handler: accept | processing A:accepted
            | process@A 03-10 17:00, return_wrong@A 03-03 17:00
        03-05 10:00 | A.handler: ask_penalty | processing A:accepted
            | process@A 03-10 17:00, return_wrong@A 03-03 17:00, confirm_penalty@A –
        03-05 11:00 | A.leader: confirm_penalty | processing A:accepted
            | process@A –, return_wrong@A 03-03 17:00
        03-20 10:00 | A.handler: submit | processing A:submitted | approve@A 03-23 17:00
        03-20 11:00 | A.leader: end_penalty | processing A:submitted | =
        03-20 14:00 | A.leader: send_back | processing A:processing
            | process@A 03-25 17:00
        """)

    def test_penalty_does_not_wipe_out_lateness(self):
        self.tell("""
        03-02 09:00 | citizen: send urban_order | new | intake 03-02 10:00
        03-02 09:10 | operator: receive | received | =
        03-02 09:30 | operator: dispatch A | processing A:pending
            | accept@A 03-02 10:00, return_wrong@A 03-03 17:00
        03-02 09:40 | A.handler: accept | processing A:accepted
            | process@A 03-10 17:00, return_wrong@A 03-03 17:00
        03-10 16:00 | A.handler: ask_penalty | processing A:accepted
            | process@A 03-10 17:00, return_wrong@A 03-03 17:00, confirm_penalty@A –
        03-10 17:01 | A.leader: confirm_penalty | processing A:accepted
            | process@A –, return_wrong@A 03-03 17:00 | process@A
        # Who was late before is late again.
        03-20 10:00 | A.leader: end_penalty | processing A:accepted
            | process@A 03-20 17:00, return_wrong@A 03-03 17:00
        """)

    def test_what_this_regulation_does_not_know(self):
        self.tell("""
        03-02 09:00 | citizen: !send roads opinion | |
        """)
        self.tell("""
        03-02 09:00 | citizen: send roads | new | intake 03-02 10:00
        03-02 09:10 | operator: receive | received | =
        03-02 09:30 | operator: dispatch A | processing A:pending
            | accept@A 03-02 10:00, return_wrong@A 03-03 17:00
        03-02 09:40 | A.handler: accept | processing A:accepted
            | process@A 03-10 17:00, return_wrong@A 03-03 17:00
        03-03 08:00 | A.handler: !request_extension 03-20 | processing A:accepted | =
        03-03 08:00 | A.handler: !invite B | processing A:accepted | =
        """)

    def test_reopened_with_a_follow_up_unanswered(self):
        report = self.tell("""
        03-02 09:00 | citizen: send roads | new | intake 03-02 10:00
        03-02 09:10 | operator: receive | received | =
        03-02 09:30 | operator: dispatch A | processing A:pending
            | accept@A 03-02 10:00, return_wrong@A 03-03 17:00
        03-02 09:40 | A.handler: accept | processing A:accepted
            | process@A 03-10 17:00, return_wrong@A 03-03 17:00
        03-02 14:00 | A.handler: submit | processing A:submitted | approve@A 03-03 17:00
        03-02 15:00 | A.leader: approve | resolved A:approved | publish 03-02 16:00
        03-02 15:30 | operator: publish | done A:approved |
        03-03 08:00 | citizen: follow_up | done A:approved | interaction@A 03-04 24:00
        # What the citizen asked is now answered by the handling itself.
        03-03 09:00 | operator: reopen | received A:dropped | intake 03-03 10:00
        03-03 09:30 | operator: dispatch A | processing A:pending
            | accept@A 03-03 10:00, return_wrong@A 03-04 17:00
        """)
        self.assertEqual(report.interaction_ids.state, "overtaken")
        self.assertFalse(report.published_at)

    def test_what_a_citizen_must_give(self):
        """Điều 5.2–5.3."""
        self.assertEqual(
            self.form_errors(),
            {"subject", "description", "name", "phone", "email"}
            | {"address", "occurred_at", "files"},
        )
