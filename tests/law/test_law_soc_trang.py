from odoo.tests import tagged

from ..rig.law import LawCase


@tagged("-at_install", "post_install")
class TestLawSocTrang(LawCase):
    """Dự thảo Quy chế 2023 of Sóc Trăng, step by step.

    Reports are taken in during office hours (Điều 8.2), so the 4 hours of Điều 13.1 are
    working hours; emergencies count day and night.
    """

    province = "st"

    beginnings = {
        "received": """
        06-01 09:00 | citizen: send roads | new | intake 06-01 14:30
        06-01 09:30 | operator: receive | received | =
        """,
        "accepted": """
        11-16 08:00 | citizen: send roads | new | intake 11-16 13:30
        11-16 08:30 | operator: receive | received | =
        # 17, 18, 19, 20, 23 November.
        11-16 10:00 | operator: dispatch A | processing A:pending
            | accept@A –, process@A 11-23 17:00,
            return_wrong@A 11-17 17:00, invite@A 11-17 17:00
        11-16 11:00 | A.handler: accept | processing A:accepted
            | process@A 11-23 17:00, return_wrong@A 11-17 17:00, invite@A 11-17 17:00
        """,
    }

    # ------------------------------------------------------------------
    # One agency: Điều 13, 14.1, 14.4, 15; Phụ lục II, trường hợp 1
    # ------------------------------------------------------------------

    def test_one_agency_in_time_over_new_years_day(self):
        report = self.tell("""
        # 4 working hours: 1 on Wednesday 31 December; 1 January is off, and 2 January
        # in exchange for Saturday 10; 3–4 a weekend; 3 hours on Monday 5 from 07:30.
        2025-12-31 16:00 | citizen: send roads | new | intake 01-05 10:30
        01-05 08:00 | operator: receive | received | =
        # 5 working days after Monday 5 count from the dispatch (kể từ ngày tiếp nhận):
        # 6, 7, 8, 9 January and Saturday 10. Return and invite: Tuesday 6. Taking in
        # has no limit of its own.
        01-05 10:00 | operator: dispatch A | processing A:pending
            | accept@A –, process@A 01-10 17:00,
            return_wrong@A 01-06 17:00, invite@A 01-06 17:00
        01-05 14:00 | A.handler: accept | processing A:accepted
            | process@A 01-10 17:00, return_wrong@A 01-06 17:00, invite@A 01-06 17:00
        # Approve, 1 working day: Monday 12. Six in all, as Điều 14.1 says.
        01-10 16:00 | A.handler: submit | processing A:submitted | approve@A 01-12 17:00
        01-12 16:00 | A.leader: !approve corrected | processing A:submitted | =
        # Publish, 1 working day (Điều 15.2).
        01-12 16:00 | A.leader: approve | resolved A:approved | publish 01-13 17:00
        01-13 17:00 | operator: publish | done A:approved |
        # Điều 16.2 names no time.
        01-14 08:00 | citizen: follow_up | done A:approved | interaction@A –
        02-01 08:00 | A.handler: answer | done A:approved |
        02-02 08:00 | citizen: rate 3 | done A:approved |
        """)
        self.assertFalse(report.rating_level_id.is_satisfied)

    def test_one_agency_late_at_every_step(self):
        self.tell("""
        # Saturday 22 August works in exchange for Monday 31: 1.5 hours to 11:30, 2.5
        # from 13:00.
        08-22 10:00 | citizen: send roads | new | intake 08-22 15:30
        08-22 15:31 | operator: receive | received | intake 08-22 15:30 overdue
        # 24, 25, 26, 27, 28 August.
        08-22 15:40 | operator: dispatch A | processing A:pending
            | accept@A –, process@A 08-28 17:00,
            return_wrong@A 08-24 17:00, invite@A 08-24 17:00 | intake
        # Handling is late although nobody has taken it in.
        08-29 09:00 | operator: look | processing A:pending
            | accept@A –, process@A 08-28 17:00 overdue,
            return_wrong@A 08-24 17:00, invite@A 08-24 17:00
        08-29 09:10 | A.handler: accept | processing A:accepted
            | process@A 08-28 17:00 overdue,
            return_wrong@A 08-24 17:00, invite@A 08-24 17:00
        # 31 August to 2 September are off: Thursday 3.
        08-29 10:00 | A.handler: submit | processing A:submitted
            | approve@A 09-03 17:00 | process@A
        09-03 17:30 | A.leader: approve | resolved A:approved
            | publish 09-04 17:00 | approve@A
        09-07 08:00 | operator: publish | done A:approved | | publish
        """)

    def test_arrival_at_night_and_on_sunday(self):
        """The four hours that fill Monday's morning end with it."""
        for arrival in ("2026-06-12 17:30", "2026-06-14 23:00", "2026-06-15 05:00"):
            self.tell(f"""
            {arrival} | citizen: send roads | new | intake 06-15 11:30
            """)
        # 11:00–11:30, 13:00–16:30; 16:00–17:00, then 3 hours of Tuesday.
        self.tell("""
        06-15 11:00 | citizen: send roads | new | intake 06-15 16:30
        """)
        self.tell("""
        06-15 16:00 | citizen: send roads | new | intake 06-16 10:30
        """)

    def test_returned_and_sent_back(self):
        report = self.tell("""
        09-03 08:00 | citizen: send roads | new | intake 09-03 13:30
        09-03 08:30 | operator: receive | received | =
        # 4, 7, 8, 9, 10 September; return and invite: Friday 4.
        09-03 09:00 | operator: dispatch A | processing A:pending
            | accept@A –, process@A 09-10 17:00,
            return_wrong@A 09-04 17:00, invite@A 09-04 17:00
        # The Centre's four hours: 1 on Friday, 3 on Monday.
        09-04 16:00 | A.handler: return_wrong B | received A:returned
            | intake 09-07 10:30
        # 8, 9, 10, 11, 14 September.
        09-07 10:00 | operator: dispatch B | processing A:returned B:pending
            | accept@B –, process@B 09-14 17:00,
            return_wrong@B 09-08 17:00, invite@B 09-08 17:00
        09-08 10:00 | B.handler: accept | processing A:returned B:accepted
            | process@B 09-14 17:00, return_wrong@B 09-08 17:00, invite@B 09-08 17:00
        09-09 10:00 | B.handler: submit | processing A:returned B:submitted
            | approve@B 09-10 17:00
        09-10 10:00 | B.leader: send_back | processing A:returned B:processing
            | process@B 09-14 17:00
        09-11 10:00 | B.handler: submit | processing A:returned B:submitted
            | approve@B 09-14 17:00
        09-14 10:00 | B.leader: approve | resolved A:returned B:approved
            | publish 09-15 17:00
        # It waited from Friday 11 on: a day more.
        09-14 11:00 | operator: request_fix B | processing A:returned B:processing
            | process@B 09-15 17:00
        """)
        self.assertEqual(
            report.assignment_ids.sorted("id").mapped("send_back_count"), [0, 2]
        )

    # ------------------------------------------------------------------
    # Verification: Điều 9.2a, 10.5b, 11
    # ------------------------------------------------------------------

    def test_first_report_is_verified(self):
        self.reporter.verified = False
        report = self.tell("""
        06-01 09:00 | citizen: send roads | new | intake 06-01 14:30
        # To take it in says nothing of who sent it.
        06-01 09:30 | operator: receive | received | =
        06-01 09:40 | operator: !dispatch A | received | =
        """)
        self.assertFalse(self.reporter.verified)
        report.with_user(self.operator).verify_sender("call", "Lúc 9 giờ 45.")
        self.assertTrue(self.reporter.verified)
        self.assertEqual(self.reporter.verified_by, "call")
        self.assertTrue(self.reporter.verified_at)

    def test_unanswered_verification_refuses(self):
        """Điều 10.5b: 48 hours by the clock, Tết or not."""
        self.reporter.verified = False
        report = self.tell("""
        # 1 hour on Friday 13, 3 on Monday 23 after Tết.
        02-13 16:00 | citizen: send roads | new | intake 02-23 10:30
        02-13 16:20 | operator: request_supplement | supplementing
            | supplement 02-15 16:20
        02-15 16:20 | system: lapse | supplementing | =
        02-15 16:21 | system: lapse | refused |
        """)
        self.assertEqual(report.reason_id.code, "no_answer")
        self.assertFalse(self.reporter.verified)

    def test_answered_verification_begins_anew(self):
        self.tell("""
        02-13 16:00 | citizen: send roads | new | intake 02-23 10:30
        02-13 16:20 | operator: request_supplement | supplementing
            | supplement 02-15 16:20
        # Monday 23, the whole morning.
        02-15 16:00 | citizen: supply | new | intake 02-23 11:30
        02-23 08:00 | operator: receive | received | =
        # 48 hours from Monday 08:30.
        02-23 08:30 | operator: request_supplement | supplementing
            | supplement 02-25 08:30
        # 3.5 hours to 11:30, half an hour from 13:00.
        02-25 08:00 | citizen: supply | new | intake 02-25 13:30
        """)

    def test_turned_away(self):
        report = self.tell("""
        06-01 09:00 | citizen: send roads | new | intake 06-01 14:30
        06-01 09:30 | operator: refuse poor_media | refused |
        """)
        self.assertTrue(report.reason_message, "how to complete it (Điều 11.2)")
        self.tell("""
        06-01 09:00 | citizen: send petition | new | intake 06-01 14:30
        06-01 09:10 | operator: receive | received | =
        # Điều 1.1c
        06-01 09:20 | operator: !dispatch A | received | =
        06-01 09:30 | operator: refuse out_of_scope | refused |
        """)
        self.tell("""
        06-01 09:00 | citizen: send roads | new | intake 06-01 14:30
        06-01 09:30 | operator: mark_duplicate | cancelled |
        """)

    # ------------------------------------------------------------------
    # Designation (Điều 5, 13.3), disagreement (3.7), forwarding (21)
    # ------------------------------------------------------------------

    def test_designation(self):
        self.tell("""
        after received
        06-01 10:00 | operator: ask_designation | designating
            | designate 06-02 17:00
        06-01 10:30 | operator: !dispatch A | designating | =
        # The house's limit; the text names no day.
        06-05 10:30 | operator: !designate A | designating
            | designate 06-02 17:00 overdue
        # 10:30–11:30 and 13:00–16:00.
        06-05 10:30 | province: designate A | received | intake 06-05 16:00 | designate
        # Friday 5: 8, 9, 10, 11, 12 June.
        06-05 14:00 | operator: dispatch A | processing A:pending
            | accept@A –, process@A 06-12 17:00,
            return_wrong@A 06-08 17:00, invite@A 06-08 17:00
        # The agencies cannot agree.
        06-08 09:00 | operator: escalate | designating A:pending
            | designate 06-09 17:00, return_wrong@A 06-08 17:00,
            invite@A 06-08 17:00
        # 14:00–17:00, and an hour of Wednesday.
        06-09 14:00 | province: designate B | received A:dropped | intake 06-10 08:30
        """)

    def test_forwarded_for_follow_up(self):
        report = self.tell("""
        06-01 09:00 | citizen: send security | new | intake 06-01 14:30
        06-01 09:30 | operator: receive | received | =
        06-01 10:00 | operator: forward C | forwarded C:pending |
        """)
        self.assertEqual(report.agency_id, self.agencies["C"])
        body = report.assignment_ids
        self.assertEqual((body.role, body.state), ("follow_up", "pending"))
        self.assertFalse(body.step_ids, "no result is owed")

    # ------------------------------------------------------------------
    # Lead and co-agencies: Điều 14.2; Phụ lục II, trường hợp 2
    # ------------------------------------------------------------------

    def test_lead_invites(self):
        report = self.tell("""
        after received
        # 2, 3, 4, 5, 8 June; return and invite within Tuesday 2.
        06-01 10:00 | operator: dispatch A | processing A:pending
            | accept@A –, process@A 06-08 17:00,
            return_wrong@A 06-02 17:00, invite@A 06-02 17:00
        06-02 09:00 | A.handler: accept | processing A:accepted
            | process@A 06-08 17:00, return_wrong@A 06-02 17:00, invite@A 06-02 17:00
        06-02 09:30 | A.handler: !invite A | processing A:accepted | =
        # The co-agencies: return in 1 working day (Wednesday 3), result in 2 (3, 4
        # June). The lead's own time stands still.
        06-02 10:00 | A.handler: invite B C | processing A:accepted B:pending C:pending
            | accept@B –, co_process@B 06-04 17:00, co_return@B 06-03 17:00,
            accept@C –, co_process@C 06-04 17:00, co_return@C 06-03 17:00,
            return_wrong@A 06-02 17:00
        06-02 11:00 | B.handler: accept | processing A:accepted B:accepted C:pending
            | co_process@B 06-04 17:00, co_return@B 06-03 17:00,
            accept@C –, co_process@C 06-04 17:00, co_return@C 06-03 17:00,
            return_wrong@A 06-02 17:00
        # Wrong competence: back to the lead, not to the Centre.
        06-03 16:00 | C.handler: return_wrong D
            | processing A:accepted B:accepted C:returned
            | co_process@B 06-04 17:00, co_return@B 06-03 17:00,
            return_wrong@A 06-02 17:00
        # Thursday 4 and Friday 5.
        06-03 16:30 | A.handler: invite D
            | processing A:accepted B:accepted C:returned D:pending
            | co_process@B 06-04 17:00, co_return@B 06-03 17:00,
            accept@D –, co_process@D 06-05 17:00, co_return@D 06-04 17:00,
            return_wrong@A 06-02 17:00
        06-04 09:00 | A.handler: !submit
            | processing A:accepted B:accepted C:returned D:pending | =
        06-04 15:00 | B.handler: submit
            | processing A:accepted B:submitted C:returned D:pending
            | co_approve@B 06-05 17:00,
            accept@D –, co_process@D 06-05 17:00, co_return@D 06-04 17:00,
            return_wrong@A 06-02 17:00
        06-05 08:00 | B.leader: approve
            | processing A:accepted B:approved C:returned D:pending
            | accept@D –, co_process@D 06-05 17:00, co_return@D 06-04 17:00,
            return_wrong@A 06-02 17:00
        06-05 09:00 | D.handler: accept
            | processing A:accepted B:approved C:returned D:accepted
            | co_process@D 06-05 17:00, co_return@D 06-04 17:00,
            return_wrong@A 06-02 17:00
        # Approve, 1 working day: Monday 8.
        06-05 16:00 | D.handler: submit
            | processing A:accepted B:approved C:returned D:submitted
            | co_approve@D 06-08 17:00, return_wrong@A 06-02 17:00
        # Sent back: the co-agency's two days go on, and are over.
        06-08 08:00 | D.leader: send_back
            | processing A:accepted B:approved C:returned D:processing
            | co_process@D 06-05 17:00 overdue, return_wrong@A 06-02 17:00
        06-08 10:00 | D.handler: submit
            | processing A:accepted B:approved C:returned D:submitted
            | co_approve@D 06-09 17:00, return_wrong@A 06-02 17:00 | co_process@D
        # The last co-result: the lead puts them together in 1 working day.
        06-08 11:00 | D.leader: approve
            | processing A:accepted B:approved C:returned D:approved
            | consolidate@A 06-09 17:00, return_wrong@A 06-02 17:00
        06-09 10:00 | A.handler: submit
            | processing A:submitted B:approved C:returned D:approved
            | approve@A 06-10 17:00
        # Sent back to the lead: what goes on is the time to put the results together.
        06-09 15:00 | A.leader: send_back
            | processing A:processing B:approved C:returned D:approved
            | consolidate@A 06-09 17:00
        06-09 16:00 | A.handler: submit
            | processing A:submitted B:approved C:returned D:approved
            | approve@A 06-10 17:00
        06-10 08:00 | A.leader: approve
            | resolved A:approved B:approved C:returned D:approved
            | publish 06-11 17:00
        # In time at every step: what it waited for since Tuesday 16:00 does not count.
        06-10 09:00 | operator: request_fix A
            | processing A:processing B:approved C:returned D:approved
            | consolidate@A 06-10 17:00
        06-10 10:00 | A.handler: submit
            | processing A:submitted B:approved C:returned D:approved
            | approve@A 06-11 17:00
        06-10 11:00 | A.leader: approve
            | resolved A:approved B:approved C:returned D:approved
            | publish 06-11 17:00
        06-11 09:00 | operator: publish
            | done A:approved B:approved C:returned D:approved |
        """)
        self.assertEqual(report.public_result, "Đã xử lý xong.", "the lead's alone")

    def test_every_co_agency_returns(self):
        """The lead works alone; its days count from the dispatch all the same."""
        self.tell("""
        after received
        # Dispatched to lead and co-agency at once: the lead waits for the other.
        06-01 10:00 | operator: !dispatch A B | received | =
        06-01 10:00 | operator: dispatch A B lead A | processing A:pending B:pending
            | accept@A –, return_wrong@A 06-02 17:00,
            accept@B –, co_process@B 06-03 17:00, co_return@B 06-02 17:00
        06-01 11:00 | A.handler: accept | processing A:accepted B:pending
            | return_wrong@A 06-02 17:00,
            accept@B –, co_process@B 06-03 17:00, co_return@B 06-02 17:00
        # Late, and back to the lead: 2, 3, 4, 5, 8 June since the dispatch.
        06-03 09:00 | B.handler: return_wrong | processing A:accepted B:returned
            | process@A 06-08 17:00, return_wrong@A 06-02 17:00 | co_return@B
        # A second one, invited on the third day.
        06-03 10:00 | A.handler: invite C | processing A:accepted B:returned C:pending
            | accept@C –, co_process@C 06-05 17:00, co_return@C 06-04 17:00,
            return_wrong@A 06-02 17:00
        06-04 10:00 | C.handler: return_wrong
            | processing A:accepted B:returned C:returned
            | process@A 06-08 17:00, return_wrong@A 06-02 17:00
        """)

    def test_dispatched_to_lead_and_co_agency(self):
        self.tell("""
        # Friday 24 April; 27 April, 30 April and 1 May are off.
        04-24 08:00 | citizen: send roads | new | intake 04-24 13:30
        04-24 08:30 | operator: receive | received | =
        # Return: Tuesday 28. Co-result in 2 working days: 28, 29 April.
        04-24 09:00 | operator: dispatch A B lead A | processing A:pending B:pending
            | accept@A –, return_wrong@A 04-28 17:00,
            accept@B –, co_process@B 04-29 17:00, co_return@B 04-28 17:00
        04-24 10:00 | B.handler: accept | processing A:pending B:accepted
            | accept@A –, return_wrong@A 04-28 17:00,
            co_process@B 04-29 17:00, co_return@B 04-28 17:00
        # Monday 4 May is the working day after Wednesday 29.
        04-29 16:00 | B.handler: submit | processing A:pending B:submitted
            | accept@A –, return_wrong@A 04-28 17:00, co_approve@B 05-04 17:00
        05-04 10:00 | B.leader: approve | processing A:pending B:approved
            | accept@A –, return_wrong@A 04-28 17:00, consolidate@A 05-05 17:00
        05-04 11:00 | A.handler: accept | processing A:accepted B:approved
            | return_wrong@A 04-28 17:00, consolidate@A 05-05 17:00
        # One more is asked; when it has answered, the day to consolidate begins anew.
        05-05 10:00 | A.handler: invite C | processing A:accepted B:approved C:pending
            | return_wrong@A 04-28 17:00,
            accept@C –, co_process@C 05-07 17:00, co_return@C 05-06 17:00
        05-06 10:00 | C.handler: accept | processing A:accepted B:approved C:accepted
            | return_wrong@A 04-28 17:00,
            co_process@C 05-07 17:00, co_return@C 05-06 17:00
        05-07 10:00 | C.handler: submit | processing A:accepted B:approved C:submitted
            | return_wrong@A 04-28 17:00, co_approve@C 05-08 17:00
        05-08 10:00 | C.leader: approve | processing A:accepted B:approved C:approved
            | return_wrong@A 04-28 17:00, consolidate@A 05-11 17:00
        """)

    def test_lead_returns_with_its_co_agencies(self):
        """Without a lead nobody works for it; all of them can be named again."""
        self.tell("""
        after received
        06-01 10:00 | operator: dispatch A B lead A | processing A:pending B:pending
            | accept@A –, return_wrong@A 06-02 17:00,
            accept@B –, co_process@B 06-03 17:00, co_return@B 06-02 17:00
        # 10:00–11:30 and 13:00–15:30.
        06-02 10:00 | A.handler: return_wrong C | received A:returned B:dropped
            | intake 06-02 15:30
        06-02 11:00 | operator: dispatch B C lead C
            | processing A:returned B:pending C:pending
            | accept@C –, return_wrong@C 06-03 17:00,
            accept@B –, co_process@B 06-04 17:00, co_return@B 06-03 17:00
        """)

    # ------------------------------------------------------------------
    # Extension: Điều 14.3
    # ------------------------------------------------------------------

    def test_extension_granted(self):
        self.tell("""
        after accepted
        # Early in the morning of the 20th that day is not after today.
        11-20 06:00 | A.handler: !request_extension 11-20 | processing A:accepted | =
        11-20 08:00 | A.handler: request_extension 11-27 | processing A:accepted | =
        11-20 08:10 | A.handler: !request_extension 11-28 | processing A:accepted | =
        11-20 09:00 | A.leader: !grant | processing A:accepted | =
        # The close of the committed day; the intake staff decide (Điều 14.3).
        11-20 10:00 | operator: grant | processing A:accepted
            | process@A 11-27 17:00 extended,
            return_wrong@A 11-17 17:00, invite@A 11-17 17:00
        11-27 17:01 | operator: look | processing A:accepted
            | process@A 11-27 17:00 extended overdue,
            return_wrong@A 11-17 17:00, invite@A 11-17 17:00
        # Late after an extension: counted apart.
        11-30 08:00 | A.handler: submit | processing A:submitted
            | approve@A 12-01 17:00 | process@A extended
        11-30 09:00 | A.leader: send_back | processing A:processing
            | process@A 11-27 17:00 extended overdue
        """)

    def test_extension_to_a_day_off(self):
        """24 November is off and nobody works: the committed day is kept whole."""
        self.tell("""
        after accepted
        11-20 08:00 | A.handler: request_extension 11-24 | processing A:accepted | =
        11-20 10:00 | manager: grant | processing A:accepted
            | process@A 11-24 24:00 extended,
            return_wrong@A 11-17 17:00, invite@A 11-17 17:00
        # A second notice moves it on.
        11-23 08:00 | A.handler: request_extension 12-04 | processing A:accepted | =
        11-23 09:00 | manager: grant | processing A:accepted
            | process@A 12-04 17:00 extended,
            return_wrong@A 11-17 17:00, invite@A 11-17 17:00
        """)

    def test_extension_rejected(self):
        report = self.tell("""
        after accepted
        11-20 08:00 | A.handler: request_extension 11-27 | processing A:accepted | =
        11-20 10:00 | manager: reject | processing A:accepted | =
        11-25 08:00 | A.handler: submit | processing A:submitted
            | approve@A 11-26 17:00 | process@A
        """)
        self.assertFalse(report.assignment_ids.committed_date)

    def test_extension_after_the_deadline(self):
        """What was late before the extension stays late, and is not counted apart."""
        self.tell("""
        after accepted
        11-23 16:00 | A.handler: request_extension 11-27 | processing A:accepted | =
        11-25 08:00 | manager: grant | processing A:accepted
            | process@A 11-27 17:00 extended,
            return_wrong@A 11-17 17:00, invite@A 11-17 17:00 | process@A
        11-27 08:00 | A.handler: submit | processing A:submitted | approve@A 11-30 17:00
        """)

    def test_extension_decided_after_the_result(self):
        """It holds when the result comes back, and not when the work has ended."""
        self.tell("""
        after accepted
        11-20 08:00 | A.handler: request_extension 12-04 | processing A:accepted | =
        11-20 09:00 | A.handler: submit | processing A:submitted | approve@A 11-23 17:00
        11-20 10:00 | manager: grant | processing A:submitted | =
        11-23 08:00 | A.leader: send_back | processing A:processing
            | process@A 12-04 17:00 extended
        11-26 08:00 | A.handler: request_extension 12-18 | processing A:processing | =
        11-26 09:00 | A.handler: submit | processing A:submitted | approve@A 11-27 17:00
        11-26 10:00 | A.leader: approve | resolved A:approved | publish 11-27 17:00
        11-26 11:00 | manager: !grant | resolved A:approved | =
        11-26 11:00 | manager: reject | resolved A:approved | =
        """)

    # ------------------------------------------------------------------
    # Emergency: Điều 8.2, 19; what this regulation does not know
    # ------------------------------------------------------------------

    def test_emergency(self):
        self.tell("""
        # At once, at any hour; 5 minutes are granted before it counts as overdue.
        06-14 03:00 | citizen: send emergency | new | intake 06-14 03:00
        06-14 03:05 | operator: look | new | =
        # Sunday: return by Monday 15. The agency works by its own rules: no limits.
        06-14 03:05 | operator: dispatch A | processing A:pending
            | accept@A –, process@A –, return_wrong@A 06-15 17:00
        06-14 03:10 | A.handler: accept | processing A:accepted
            | process@A –, return_wrong@A 06-15 17:00
        # 4 hours after it was over, whenever that is written: across midnight too.
        06-14 23:40 | A.handler: submit 06-14 22:30 | processing A:submitted
            | approve@A 06-15 02:30
        06-15 02:00 | A.leader: approve | resolved A:approved | publish 06-16 17:00
        06-15 08:00 | operator: publish | done A:approved |
        """)

    def test_emergency_late(self):
        self.tell("""
        02-17 22:00 | citizen: send emergency | new | intake 02-17 22:00
        02-17 22:06 | operator: look | new | intake 02-17 22:00 overdue
        # Tết: the first working day after is Monday 23.
        02-17 22:07 | operator: dispatch A | processing A:pending
            | accept@A –, process@A –, return_wrong@A 02-23 17:00 | intake
        02-17 22:10 | A.handler: accept | processing A:accepted
            | process@A –, return_wrong@A 02-23 17:00
        02-18 06:00 | A.handler: submit | processing A:submitted | approve@A 02-18 10:00
        # Publish: after Wednesday of Tết, Monday 23.
        02-18 10:01 | A.leader: approve | resolved A:approved
            | publish 02-23 17:00 | approve@A
        """)

    def test_sensitive_has_no_coordinating_agency(self):
        self.tell("""
        06-01 09:00 | citizen: send land | new | intake 06-01 14:30
        06-01 09:30 | operator: receive | received | =
        06-01 10:00 | operator: dispatch A | processing A:pending
            | accept@A –, process@A 06-08 17:00,
            return_wrong@A 06-02 17:00, invite@A 06-02 17:00
        """)

    def test_what_a_citizen_must_give(self):
        """Điều 4.2–4.3, 10.5a: no e-mail, but address and identity number."""
        self.assertEqual(
            self.form_errors(),
            {"subject", "description", "name", "phone"}
            | {"reporter_address", "citizen_id", "address", "occurred_at"},
        )
