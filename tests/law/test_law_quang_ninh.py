from odoo.tests import tagged

from ..rig.law import LawCase


@tagged("-at_install", "post_install")
class TestLawQuangNinh(LawCase):
    """Quyết định 07/2020/QĐ-UBND of Quảng Ninh, step by step."""

    province = "qn"

    def test_normal_in_time_over_tet_2027(self):
        """Điều 6; Phụ lục I."""
        report = self.tell("""
        # 1 working day (bước 1): 4, 5 and 8–10 February 2027 are off for Tết, 6–7 a
        # weekend; Thursday 11 is the first working day after Wednesday 3.
        2027-02-03 16:00 | citizen: send roads | new | intake 2027-02-11 17:00
        2027-02-03 16:30 | operator: receive | received | =
        # Take in and return, 1 working day each (bước 2.1; 4): Friday 12.
        2027-02-11 09:00 | operator: dispatch A | processing A:pending
            | accept@A 2027-02-12 17:00, return_wrong@A 2027-02-12 17:00
        # 5 working days after Friday 12: 15, 16, 17, 18, 19.
        2027-02-12 10:00 | A.handler: accept | processing A:accepted
            | process@A 2027-02-19 17:00, return_wrong@A 2027-02-12 17:00
        # Approve, 1 working day: Monday 22.
        2027-02-19 17:00 | A.handler: submit | processing A:submitted
            | approve@A 2027-02-22 17:00
        # Publish, 1 working hour (bước 3): 30 min to 17:00, 30 from 07:30.
        2027-02-22 16:30 | A.leader: approve corrected | resolved A:approved
            | publish 2027-02-23 08:00
        2027-02-23 08:00 | operator: publish | done A:approved |
        # Bước 4 names no time.
        2027-02-23 09:00 | citizen: follow_up | done A:approved | interaction@A –
        2027-03-23 09:00 | A.handler: answer | done A:approved |
        2027-03-24 09:00 | citizen: rate 3 | done A:approved |
        """)
        self.assertEqual(report.public_result, "Lãnh đạo đã sửa.")
        self.assertEqual(report.rating_level_id.grade, "acceptable")
        self.assertEqual(len(self.procedure.scale_id.level_ids), 5)

    def test_normal_late_at_every_step(self):
        self.tell("""
        # Saturday of Tết 2026: Monday 23 February.
        02-14 20:00 | citizen: send roads | new | intake 02-23 17:00
        02-23 17:01 | operator: receive | received | intake 02-23 17:00 overdue
        # Tuesday 24: Wednesday 25.
        02-24 08:00 | operator: dispatch A | processing A:pending
            | accept@A 02-25 17:00, return_wrong@A 02-25 17:00 | intake
        02-25 17:01 | operator: look | processing A:pending
            | accept@A 02-25 17:00 overdue, return_wrong@A 02-25 17:00
        # From Wednesday 25, when it was due: 26, 27 February, 2, 3, 4 March.
        02-26 08:00 | A.handler: accept | processing A:accepted
            | process@A 03-04 17:00, return_wrong@A 02-25 17:00 | accept@A
        03-06 08:00 | A.handler: submit | processing A:submitted
            | approve@A 03-09 17:00 | process@A
        03-09 17:01 | A.leader: approve | resolved A:approved
            | publish 03-10 08:30 | approve@A
        03-10 08:31 | operator: publish | done A:approved | | publish
        """)

    def test_around_the_working_saturday(self):
        self.tell("""
        # Friday 21 August: Saturday 22 works in exchange for Monday 31.
        08-21 09:00 | citizen: send roads | new | intake 08-22 17:00
        08-21 09:30 | operator: receive | received | =
        08-21 10:00 | operator: dispatch A | processing A:pending
            | accept@A 08-22 17:00, return_wrong@A 08-22 17:00
        # From Saturday: 24, 25, 26, 27, 28 August.
        08-22 09:00 | A.handler: accept | processing A:accepted
            | process@A 08-28 17:00, return_wrong@A 08-22 17:00
        # From Friday 28 over 31 August to 2 September: Thursday 3.
        08-28 16:00 | A.handler: submit | processing A:submitted | approve@A 09-03 17:00
        """)

    def test_returned_and_sent_back(self):
        report = self.tell("""
        06-01 09:00 | citizen: send roads | new | intake 06-02 17:00
        06-01 09:30 | operator: receive | received | =
        06-01 10:00 | operator: dispatch A | processing A:pending
            | accept@A 06-02 17:00, return_wrong@A 06-02 17:00
        06-02 16:00 | A.handler: return_wrong B | received A:returned
            | intake 06-03 17:00
        06-03 08:00 | operator: dispatch B | processing A:returned B:pending
            | accept@B 06-04 17:00, return_wrong@B 06-04 17:00
        # 4, 5, 8, 9, 10 June.
        06-03 09:00 | B.handler: accept | processing A:returned B:accepted
            | process@B 06-10 17:00, return_wrong@B 06-04 17:00
        06-05 09:00 | B.handler: submit | processing A:returned B:submitted
            | approve@B 06-08 17:00
        06-08 09:00 | B.leader: send_back | processing A:returned B:processing
            | process@B 06-10 17:00
        06-09 09:00 | B.handler: submit | processing A:returned B:submitted
            | approve@B 06-10 17:00
        06-10 09:00 | B.leader: approve | resolved A:returned B:approved
            | publish 06-10 10:00
        06-10 09:30 | operator: publish | done A:returned B:approved |
        """)
        self.assertEqual(self.assignment("B").send_back_count, 1)
        self.assertEqual(report.agency_id, self.agencies["B"])

    def test_parallel_agencies(self):
        """Bước 1.2: one agency or several."""
        report = self.tell("""
        06-01 09:00 | citizen: send roads | new | intake 06-02 17:00
        06-01 09:30 | operator: receive | received | =
        06-01 10:00 | operator: dispatch A B | processing A:pending B:pending
            | accept@A 06-02 17:00, return_wrong@A 06-02 17:00,
            accept@B 06-02 17:00, return_wrong@B 06-02 17:00
        # 2, 3, 4, 5, 8 June.
        06-01 11:00 | A.handler: accept | processing A:accepted B:pending
            | process@A 06-08 17:00, return_wrong@A 06-02 17:00,
            accept@B 06-02 17:00, return_wrong@B 06-02 17:00
        # The returned part: the Centre has its working day.
        06-02 08:00 | B.handler: return_wrong | processing A:accepted B:returned
            | intake 06-03 17:00,
            process@A 06-08 17:00, return_wrong@A 06-02 17:00
        06-02 09:00 | operator: redispatch C
            | processing A:accepted B:returned C:pending
            | process@A 06-08 17:00, return_wrong@A 06-02 17:00,
            accept@C 06-03 17:00, return_wrong@C 06-03 17:00
        # 4, 5, 8, 9, 10 June.
        06-03 09:00 | C.handler: accept | processing A:accepted B:returned C:accepted
            | process@A 06-08 17:00, return_wrong@A 06-02 17:00,
            process@C 06-10 17:00, return_wrong@C 06-03 17:00
        06-08 09:00 | A.handler: submit | processing A:submitted B:returned C:accepted
            | approve@A 06-09 17:00, process@C 06-10 17:00, return_wrong@C 06-03 17:00
        06-08 10:00 | A.leader: approve | processing A:approved B:returned C:accepted
            | process@C 06-10 17:00, return_wrong@C 06-03 17:00
        06-09 09:00 | C.handler: submit | processing A:approved B:returned C:submitted
            | approve@C 06-10 17:00
        06-09 16:40 | C.leader: approve | resolved A:approved B:returned C:approved
            | publish 06-10 08:10
        """)
        for key in "AC":
            self.assertIn(self.agencies[key].name, report.public_result)

    def test_opinion(self):
        """Điều 2.1: an opinion goes the same way, and stays told apart."""
        report = self.tell("""
        06-01 09:00 | citizen: send services opinion | new | intake 06-02 17:00
        06-01 09:30 | operator: receive | received | =
        06-01 10:00 | operator: dispatch A | processing A:pending
            | accept@A 06-02 17:00, return_wrong@A 06-02 17:00
        06-01 11:00 | A.handler: accept | processing A:accepted
            | process@A 06-08 17:00, return_wrong@A 06-02 17:00
        06-08 16:00 | A.handler: submit | processing A:submitted | approve@A 06-09 17:00
        06-09 11:00 | A.leader: approve | resolved A:approved | publish 06-09 13:30
        06-09 13:00 | operator: publish | done A:approved |
        """)
        self.assertEqual(report.kind, "opinion")
        found = self.env["civic.report"].search([("kind", "=", "opinion")])
        self.assertIn(report, found)

    def test_emergency_is_timed_as_normal(self):
        self.tell("""
        06-07 03:00 | citizen: send emergency | new | intake 06-08 17:00
        06-07 03:10 | operator: dispatch A | processing A:pending
            | accept@A 06-08 17:00, return_wrong@A 06-08 17:00
        # From Sunday: 8, 9, 10, 11, 12 June.
        06-07 03:20 | A.handler: accept | processing A:accepted
            | process@A 06-12 17:00, return_wrong@A 06-08 17:00
        06-07 08:00 | A.handler: submit | processing A:submitted | approve@A 06-08 17:00
        06-07 09:00 | A.leader: approve | resolved A:approved | publish 06-08 08:30
        """)

    def test_supplement_has_no_limit(self):
        """Bước 1.2: the Centre asks the sender; no time is set."""
        self.tell("""
        06-01 09:00 | citizen: send roads | new | intake 06-02 17:00
        06-01 09:30 | operator: request_supplement | supplementing | supplement –
        2027-06-01 09:30 | system: lapse | supplementing | =
        # Friday 4 June 2027: Monday 7.
        2027-06-04 09:30 | operator: supply | new | intake 2027-06-07 17:00
        # What is sent twice is no ground of this text.
        2027-06-04 10:00 | operator: !mark_duplicate | new | =
        2027-06-04 10:05 | operator: refuse incomplete | refused |
        """)

    def test_not_taken_in(self):
        """Điều 5.4: petitions, accusations, questions of law."""
        report = self.tell("""
        06-01 09:00 | citizen: send petition | new | intake 06-02 17:00
        06-01 09:30 | operator: receive | received | =
        06-01 09:40 | operator: !dispatch A | received | =
        06-01 09:50 | operator: refuse out_of_scope | refused |
        """)
        self.assertIn("Turn to", report.reason_message)

    def test_agencies_that_cannot_agree(self):
        """Điều 3.6."""
        self.tell("""
        06-01 09:00 | citizen: send roads | new | intake 06-02 17:00
        06-01 09:30 | operator: receive | received | =
        06-01 10:00 | operator: dispatch A | processing A:pending
            | accept@A 06-02 17:00, return_wrong@A 06-02 17:00
        06-01 11:00 | operator: escalate | designating A:pending
            | return_wrong@A 06-02 17:00, designate 06-02 17:00
        06-02 10:00 | province: designate C | received A:dropped | intake 06-03 17:00
        """)

    def test_secret_on_request(self):
        """Điều 5.3; Phụ lục I, bước 3b: answered to the sender alone."""
        report = self.tell("""
        06-01 09:00 | citizen: send roads private | new | intake 06-02 17:00
        06-01 09:30 | operator: receive | received | =
        06-01 10:00 | operator: dispatch A | processing A:pending
            | accept@A 06-02 17:00, return_wrong@A 06-02 17:00
        06-01 11:00 | A.handler: accept | processing A:accepted
            | process@A 06-08 17:00, return_wrong@A 06-02 17:00
        06-01 13:00 | A.handler: submit | processing A:submitted | approve@A 06-02 17:00
        06-01 14:00 | A.leader: approve | resolved A:approved | publish 06-01 15:00
        06-01 14:30 | operator: publish | done A:approved |
        """)
        self.assertFalse(report.is_published)

    def test_what_a_citizen_must_give(self):
        """Điều 5.2."""
        self.assertEqual(
            self.form_errors(), {"subject", "description", "name", "phone", "email"}
        )
