from odoo.tests import tagged

from ..rig.law import LawCase


@tagged("-at_install", "post_install")
class TestLawBacGiang(LawCase):
    """Hướng dẫn tạm thời 3/2023 of Bắc Giang (Phần 2), step by step."""

    province = "bg"

    # ------------------------------------------------------------------
    # Mục 1, 2, 3
    # ------------------------------------------------------------------

    def test_normal_in_time_over_the_first_of_may(self):
        report = self.tell("""
        # Receive, 0.5 working hour; the whole intake, 2: one on Wednesday 29 April, one
        # on Monday 4 May (30 April and 1 May are off).
        04-29 16:00 | citizen: send roads | new
            | intake 05-04 08:30, intake_receive 04-29 16:30
        # Classify, 0.5 working hour.
        04-29 16:20 | operator: receive | received
            | intake 05-04 08:30, intake_classify 04-29 16:50
        # Forward, 1 working hour: 20 min on Wednesday, 40 on Monday.
        04-29 16:40 | operator: classify lighting | received
            | intake 05-04 08:30, intake_forward 05-04 08:10
        # Take in, 0.5 working hour; what is not theirs goes back within it.
        05-04 08:00 | operator: dispatch A | processing A:pending | accept@A 05-04 08:30
        # The leader assigns in 0.5 working hour.
        05-04 08:20 | A.handler: accept | processing A:accepted | assign@A 05-04 08:50
        05-04 08:30 | A.handler: !submit | processing A:accepted | =
        # 6 working days after Monday 4: 5, 6, 7, 8, 11, 12 May.
        05-04 08:50 | A.leader: assign | processing A:assigned | process@A 05-12 17:00
        05-05 09:00 | A.handler: draft | processing A:processing | =
        # Approve, 1 working hour: 30 min on Tuesday, 30 on Wednesday.
        05-12 16:30 | A.handler: submit | processing A:submitted | approve@A 05-13 08:00
        05-12 16:40 | A.leader: !approve corrected | processing A:submitted | =
        # Publish, 0.5 working hour (the table of mục 3): 10 min and 20.
        05-12 16:50 | A.leader: approve | resolved A:approved | publish 05-13 07:50
        05-13 07:50 | operator: publish | done A:approved |
        # Mục 3, bước 2 names no time.
        05-13 10:00 | citizen: follow_up | done A:approved | interaction@A –
        06-13 10:00 | A.handler: answer | done A:approved |
        06-13 11:00 | citizen: rate 1 | done A:approved |
        """)
        lighting = self.env.ref("civic_report.category_lighting")
        self.assertEqual(report.category_id, lighting)

    def test_nobody_handles_it_before_a_leader_has_assigned_it(self):
        """Mục 2, bước 2 comes before bước 3: no draft, result or penalty passes it by,
        and the leader goes on owing it."""
        self.tell("""
        05-04 08:00 | citizen: send roads | new
            | intake 05-04 10:00, intake_receive 05-04 08:30
        05-04 08:10 | operator: receive | received
            | intake 05-04 10:00, intake_classify 05-04 08:40
        05-04 08:20 | operator: dispatch A | processing A:pending | accept@A 05-04 08:50
        05-04 08:30 | A.handler: accept | processing A:accepted | assign@A 05-04 09:00
        05-04 08:31 | A.handler: !draft | processing A:accepted | =
        05-04 08:32 | A.handler: !submit | processing A:accepted | =
        05-04 08:33 | A.handler: !ask_penalty | processing A:accepted | =
        # The half hour is over: the leader's delay, and still the leader's to do.
        05-04 09:01 | A.handler: !draft | processing A:accepted
            | assign@A 05-04 09:00 overdue
        # 5, 6, 7, 8, 11, 12 May.
        05-04 09:02 | A.leader: assign | processing A:assigned
            | process@A 05-12 17:00 | assign@A
        05-04 10:00 | A.handler: draft | processing A:processing | =
        05-04 11:00 | A.handler: submit | processing A:submitted
            | approve@A 05-04 13:30
        """)

    def test_normal_late_at_every_step(self):
        self.tell("""
        # Sunday 26 April is Giỗ Tổ, Monday 27 off for it: Tuesday 28 from 07:30.
        04-26 20:00 | citizen: send roads | new
            | intake 04-28 09:30, intake_receive 04-28 08:00
        04-28 08:01 | operator: look | new
            | intake 04-28 09:30, intake_receive 04-28 08:00 overdue
        04-28 08:30 | operator: receive | received
            | intake 04-28 09:30, intake_classify 04-28 09:00 | intake_receive
        # Choosing another category is to classify.
        04-28 09:05 | operator: category water | received
            | intake 04-28 09:30, intake_forward 04-28 10:05 | intake_classify
        # The parts are in time, the whole is not.
        04-28 09:40 | operator: dispatch A | processing A:pending
            | accept@A 04-28 10:10 | intake
        # From 10:10, when it was to be taken in: delay earns no time.
        04-28 10:20 | A.handler: accept | processing A:accepted
            | assign@A 04-28 10:40 | accept@A
        # 29 April, 4, 5, 6, 7, 8 May.
        04-28 11:00 | A.leader: assign | processing A:assigned
            | process@A 05-08 17:00 | assign@A
        05-09 08:00 | A.handler: submit | processing A:submitted
            | approve@A 05-11 08:30 | process@A
        05-11 09:00 | A.leader: approve | resolved A:approved
            | publish 05-11 09:30 | approve@A
        05-11 09:31 | operator: publish | done A:approved | | publish
        """)

    def test_lunch_break(self):
        """Half an hour that begins at 11:20 ends at 13:20."""
        self.tell("""
        06-01 11:20 | citizen: send roads | new
            | intake 06-01 14:50, intake_receive 06-01 13:20
        06-01 12:00 | operator: receive | received
            | intake 06-01 14:50, intake_classify 06-01 13:30
        # Dispatched without a word on the category: all parts end.
        06-01 12:10 | operator: dispatch A | processing A:pending | accept@A 06-01 13:30
        06-01 12:15 | A.handler: accept | processing A:accepted | assign@A 06-01 13:30
        """)

    def test_returned_while_taking_in(self):
        """Mục 2, bước 1: what is not theirs goes back within the half hour."""
        self.tell("""
        06-01 08:00 | citizen: send roads | new
            | intake 06-01 10:00, intake_receive 06-01 08:30
        06-01 08:10 | operator: receive | received
            | intake 06-01 10:00, intake_classify 06-01 08:40
        06-01 08:20 | operator: classify roads | received
            | intake 06-01 10:00, intake_forward 06-01 09:20
        06-01 08:30 | operator: dispatch A | processing A:pending | accept@A 06-01 09:00
        # Back at the Centre: it forwards in 1 hour, 2 in all.
        06-01 09:00 | A.handler: return_wrong B | received A:returned
            | intake 06-01 11:00, intake_forward 06-01 10:00
        06-01 09:30 | operator: dispatch B | processing A:returned B:pending
            | accept@B 06-01 10:00
        06-01 10:10 | B.handler: return_wrong | received A:returned B:returned
            | intake 06-01 13:40, intake_forward 06-01 11:10 | accept@B
        06-01 11:20 | operator: dispatch A | processing A:pending B:returned
            | accept@A 06-01 13:20 | intake_forward
        06-01 13:10 | A.handler: accept | processing A:accepted B:returned
            | assign@A 06-01 13:40
        # After the half hour (13:20) it may still go back, late; the duty to assign is
        # void.
        06-01 13:30 | A.handler: return_wrong | received A:returned B:returned
            | intake 06-01 15:30, intake_forward 06-01 14:30 | return_wrong@A
        """)

    def test_sent_back_by_the_leader_and_by_the_centre(self):
        self.tell("""
        09-03 07:30 | citizen: send roads | new
            | intake 09-03 09:30, intake_receive 09-03 08:00
        09-03 07:40 | operator: receive | received
            | intake 09-03 09:30, intake_classify 09-03 08:10
        09-03 07:50 | operator: dispatch A | processing A:pending | accept@A 09-03 08:20
        09-03 08:00 | A.handler: accept | processing A:accepted | assign@A 09-03 08:30
        # 4, 7, 8, 9, 10, 11 September.
        09-03 08:10 | A.leader: assign | processing A:assigned | process@A 09-11 17:00
        # 10:45–11:30 and 13:00–13:15.
        09-07 10:45 | A.handler: submit | processing A:submitted | approve@A 09-07 13:15
        09-07 13:15 | A.leader: send_back | processing A:processing
            | process@A 09-11 17:00
        09-08 16:45 | A.handler: submit | processing A:submitted | approve@A 09-09 08:15
        09-09 08:00 | A.leader: approve | resolved A:approved | publish 09-09 08:30
        # Not by the form (mục 3, bước 1). From Tuesday 8, when it was submitted, the
        # clock stood still: a day more.
        09-09 08:30 | operator: request_fix A | processing A:processing
            | process@A 09-14 17:00
        09-09 09:00 | A.handler: submit | processing A:submitted | approve@A 09-09 10:00
        09-09 09:30 | A.leader: approve | resolved A:approved | publish 09-09 10:00
        09-09 10:00 | operator: publish | done A:approved |
        """)

    def test_supplement_has_no_limit(self):
        self.tell("""
        06-01 08:00 | citizen: send roads | new
            | intake 06-01 10:00, intake_receive 06-01 08:30
        06-01 08:10 | operator: request_supplement | supplementing | supplement –
        2027-06-01 08:00 | system: lapse | supplementing | =
        2027-06-01 08:10 | citizen: supply | new
            | intake 2027-06-01 10:10, intake_receive 2027-06-01 08:40
        2027-06-01 08:20 | operator: refuse mistake | refused |
        """)

    def test_several_agencies(self):
        """The guidance knows no lead: each agency answers for its part."""
        report = self.tell("""
        06-01 08:00 | citizen: send roads | new
            | intake 06-01 10:00, intake_receive 06-01 08:30
        06-01 08:10 | operator: receive | received
            | intake 06-01 10:00, intake_classify 06-01 08:40
        06-01 08:20 | operator: dispatch A B | processing A:pending B:pending
            | accept@A 06-01 08:50, accept@B 06-01 08:50
        # The Centre forwards the returned part in its hour.
        06-01 08:30 | B.handler: return_wrong C | processing A:pending B:returned
            | accept@A 06-01 08:50, intake 06-01 10:30, intake_forward 06-01 09:30
        06-01 09:00 | operator: redispatch C | processing A:pending B:returned C:pending
            | accept@A 06-01 08:50 overdue, accept@C 06-01 09:30
        """)
        self.assertEqual(
            set(report.assignment_ids.mapped("role")), {"parallel"}, "no lead"
        )

    # ------------------------------------------------------------------
    # Mục 4.1: at once
    # ------------------------------------------------------------------

    def test_emergency_at_night(self):
        self.tell("""
        # Saturday: 30 minutes to verify.
        06-13 23:40 | citizen: send emergency | new | intake 06-14 00:10
        # Found true: 30 minutes from then (sau khi xác minh phản ánh là đúng).
        06-13 23:55 | operator: receive | received | intake 06-14 00:25
        # Confirm in 30 minutes.
        06-14 00:20 | operator: dispatch A | processing A:pending | accept@A 06-14 00:50
        # Nobody waits until Monday for a leader: bước 3 sends the force out at once.
        06-14 00:50 | A.handler: accept | processing A:accepted | process@A –
        06-14 04:00 | A.handler: !submit 06-14 04:01 | processing A:accepted | =
        06-14 04:00 | A.handler: !submit 06-14 00:19 | processing A:accepted | =
        # 1 hour by the clock from when the fire was out.
        06-14 04:00 | A.handler: submit 06-14 03:55 | processing A:submitted
            | approve@A 06-14 04:55
        # Published as in mục 3: half an hour of Monday.
        06-14 04:50 | A.leader: approve | resolved A:approved | publish 06-15 08:00
        06-15 07:45 | operator: publish | done A:approved |
        """)

    def test_emergency_late(self):
        self.tell("""
        02-18 10:00 | citizen: send emergency | new | intake 02-18 10:30
        # The limit begins with the verification: what came before it was an alarm.
        02-18 10:31 | operator: receive | received | intake 02-18 11:01
        02-18 11:02 | operator: dispatch A | processing A:pending
            | accept@A 02-18 11:32 | intake
        02-18 11:33 | A.handler: accept | processing A:accepted
            | process@A – | accept@A
        # A penalty takes the time of its own law (bước 4).
        02-18 12:00 | A.handler: ask_penalty | processing A:accepted
            | process@A –, confirm_penalty@A –
        02-18 12:10 | A.leader: confirm_penalty | processing A:accepted | process@A –
        03-18 12:00 | A.handler: submit | processing A:submitted | approve@A 03-18 13:00
        03-18 13:01 | A.leader: approve | resolved A:approved
            | publish 03-18 13:31 | approve@A
        """)

    def test_emergency_turned_away_before_it_was_verified(self):
        """“sau khi xác minh phản ánh là đúng”: what is found false owes nothing."""
        for verb, state, then in (
            ("refuse mistake", "refused", ""),
            ("request_supplement", "supplementing", "supplement –"),
        ):
            with self.subTest(verb=verb):
                self.tell(f"""
                02-18 10:00 | citizen: send emergency | new | intake 02-18 10:30
                02-18 10:29 | operator: look | new | intake 02-18 10:30
                02-18 10:31 | operator: look | new | intake 02-18 10:30 overdue
                02-18 10:40 | operator: {verb} | {state} | {then}
                """)

    def test_emergency_that_was_none(self):
        """Back on the normal track its parts are timed, from the arrival."""
        self.tell("""
        06-01 08:00 | citizen: send emergency | new | intake 06-01 08:30
        06-01 08:05 | operator: category roads | new
            | intake 06-01 10:00, intake_receive 06-01 08:30
        06-01 08:10 | operator: receive | received
            | intake 06-01 10:00, intake_classify 06-01 08:40
        06-01 08:15 | operator: category emergency | received | intake 06-01 08:30
        """)

    # ------------------------------------------------------------------
    # Mục 4.2: sensitive
    # ------------------------------------------------------------------

    def test_sensitive(self):
        report = self.tell("""
        11-20 15:00 | citizen: send land | new
            | intake 11-20 17:00, intake_receive 11-20 15:30
        11-20 15:10 | operator: receive | received
            | intake 11-20 17:00, intake_classify 11-20 15:40
        11-20 15:20 | operator: !dispatch A | received | =
        # Friday 20: Monday 23.
        11-20 15:30 | operator: consult P | consulting | consult 11-23 17:00
        # 1 hour on Monday and, 24 November being off, 1 on Wednesday 25.
        11-23 16:00 | coordinator: answer_consult A | received
            | intake 11-25 08:30, intake_forward 11-23 17:00
        11-23 16:30 | operator: dispatch A | processing A:pending | accept@A 11-23 17:00
        11-23 16:40 | A.handler: accept | processing A:accepted | assign@A 11-25 07:40
        # 25, 26, 27, 30 November, 1, 2 December.
        11-23 16:50 | A.leader: assign | processing A:assigned | process@A 12-02 17:00
        11-30 10:00 | A.handler: submit | processing A:submitted | approve@A 11-30 11:00
        11-30 10:30 | A.leader: approve | resolved A:approved | publish 11-30 11:00
        11-30 10:40 | operator: !publish | resolved A:approved | =
        11-30 10:50 | operator: ask_concurrence | concurring A:approved
            | concur 12-01 17:00
        12-02 08:00 | coordinator: disagree | received A:dropped
            | intake 12-02 10:00, intake_forward 12-02 09:00 | concur
        12-02 08:30 | operator: dispatch A | processing A:pending | accept@A 12-02 09:00
        12-02 08:40 | A.handler: accept | processing A:accepted | assign@A 12-02 09:10
        # 3, 4, 7, 8, 9, 10 December.
        12-02 09:00 | A.leader: assign | processing A:assigned | process@A 12-10 17:00
        12-03 08:00 | A.handler: submit | processing A:submitted | approve@A 12-03 09:00
        12-03 08:30 | A.leader: approve | resolved A:approved | publish 12-03 09:00
        12-03 08:40 | operator: ask_concurrence | concurring A:approved
            | concur 12-04 17:00
        12-04 17:00 | coordinator: concur | resolved A:approved | publish 12-07 08:00
        12-07 07:45 | operator: publish | done A:approved |
        """)
        self.assertFalse(report.is_published)

    def test_what_this_guidance_does_not_know(self):
        self.tell("""
        06-01 08:00 | citizen: !send roads opinion | |
        """)

    def test_what_a_citizen_must_give(self):
        """Mục 1, bước 1."""
        self.assertEqual(
            self.form_errors(),
            {"subject", "description", "name", "phone", "email"}
            | {"address", "occurred_at", "files"},
        )
