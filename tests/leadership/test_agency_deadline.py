"""Until when an agency as a whole has time: by each regulation."""

from odoo.tests import tagged

from ..rig.facts import FactsCase
from ..rig.law import shown


class DeadlineCase(FactsCase):
    def due(self, name, key="A"):
        """Each change: code and the deadline then, “!” where it had been late."""
        return [
            f"{code} {shown(deadline)}{' !' if late else ''}"
            for _at, code, deadline, late in self.deadlines(name, key)
        ]

    def assert_filled_alike(self, *names):
        """What is rebuilt out of the history says the same at every moment."""
        model = self.env["civic.agency.deadline"]
        for name in names:
            parts = self.reports[name].sudo().assignment_ids
            kept = {part: self.in_force(part) for part in parts}
            self.env.flush_all()
            self.cr.execute(
                "DELETE FROM civic_agency_deadline WHERE report_id = %s",
                self.reports[name].ids,
            )
            self.env.invalidate_all()
            model._fill(parts._elevated())
            self.env.invalidate_all()
            for part in parts:
                self.assertEqual(self.in_force(part), kept[part], name)

    def in_force(self, part):
        """The last row of each moment: deadline, whether late, whether ended."""
        rows = part.deadline_ids.sorted(lambda row: (row.at, row.id))
        found = {
            row.at: (
                row.deadline,
                row.is_late,
                row.code in ("approve", "return", "drop"),
            )
            for row in rows
        }
        # What says the same as before says nothing.
        changes, before = [], None
        for at, state in found.items():
            if state != before:
                changes.append((at, *state))
            before = state
        return changes


@tagged("-at_install", "post_install")
class TestSocTrang(DeadlineCase):
    """Six working days from the dispatch; with co-agencies two from their last
    result."""

    province = "st"

    def test_from_the_dispatch(self):
        self.history("""
            11-02 08:00 | one operator: send roads
            11-02 08:05 | one operator: receive
            11-02 08:10 | one operator: dispatch A
            11-04 08:20 | one A.handler: accept
            11-09 10:00 | one A.handler: submit
            11-09 11:00 | one A.leader: send_back
            11-10 10:00 | one A.handler: submit
            11-10 17:00 | one A.leader: approve
        """)
        self.assertEqual(
            self.due("one"), ["dispatch 11-10 17:00", "approve 11-10 17:00"]
        )
        self.assert_filled_alike("one")

    def test_a_second_later_is_late(self):
        self.history("""
            11-02 08:00 | one operator: send roads
            11-02 08:05 | one operator: receive
            11-02 08:10 | one operator: dispatch A
            11-02 08:20 | one A.handler: accept
            11-09 10:00 | one A.handler: submit
            11-10 17:01 | one A.leader: approve
        """)
        self.assertEqual(
            self.due("one"), ["dispatch 11-10 17:00", "approve 11-10 17:00 !"]
        )

    def test_the_time_at_the_centre_is_given_back(self):
        self.history("""
            11-03 08:00 | one operator: send roads
            11-03 08:05 | one operator: receive
            11-03 08:30 | one operator: dispatch A
            11-03 08:40 | one A.handler: accept
            11-05 09:00 | one A.handler: submit
            11-05 10:00 | one A.leader: approve
            11-06 15:00 | one operator: request_fix A
            11-10 09:00 | one A.handler: submit
            11-10 10:00 | one A.leader: approve
        """)
        self.assertEqual(
            self.due("one"),
            [
                *("dispatch 11-11 17:00", "approve 11-11 17:00"),
                *("fix 11-12 17:00", "approve 11-12 17:00"),
            ],
        )
        self.assert_filled_alike("one")

    def test_extended(self):
        self.history("""
            11-02 08:00 | one operator: send roads
            11-02 08:05 | one operator: receive
            11-02 08:10 | one operator: dispatch A
            11-02 08:20 | one A.handler: accept
            11-06 10:00 | one A.handler: request_extension 11-12
            11-06 11:00 | one operator: grant
        """)
        self.assertEqual(
            self.due("one"), ["dispatch 11-10 17:00", "extend 11-13 17:00"]
        )
        self.assert_filled_alike("one")

    def test_extended_while_the_result_awaits_approval(self):
        self.history("""
            11-02 08:00 | one operator: send roads
            11-02 08:05 | one operator: receive
            11-02 08:10 | one operator: dispatch A
            11-02 08:20 | one A.handler: accept
            11-06 10:00 | one A.handler: request_extension 11-12
            11-06 10:30 | one A.handler: submit
            11-06 11:00 | one operator: grant
        """)
        self.assertEqual(self.due("one")[-1], "extend 11-13 17:00")

    def test_a_lead_with_co_agencies(self):
        self.history("""
            11-02 08:00 | one operator: send roads
            11-02 08:05 | one operator: receive
            11-02 08:10 | one operator: dispatch A
            11-02 08:20 | one A.handler: accept
            11-02 15:00 | one A.handler: invite B
            11-02 15:30 | one B.handler: accept
            11-04 10:00 | one B.handler: submit
            11-05 10:00 | one B.leader: approve
            11-09 16:00 | one A.handler: submit
            11-09 17:00 | one A.leader: approve
        """)
        self.assertEqual(
            self.due("one"),
            [
                *("dispatch 11-10 17:00", "stand –"),
                *("gather 11-09 17:00", "approve 11-09 17:00"),
            ],
        )
        # Two working days to handle, one to approve.
        self.assertEqual(self.due("one", "B")[-1], "approve 11-05 17:00")
        self.assert_filled_alike("one")

    def test_what_was_late_stays_late(self):
        """A lead two days late that invites; then in time by its new time."""
        self.history("""
            11-02 08:00 | one operator: send roads
            11-02 08:05 | one operator: receive
            11-02 08:10 | one operator: dispatch A
            11-02 08:20 | one A.handler: accept
            11-12 15:00 | one A.handler: invite B
            11-12 15:30 | one B.handler: accept
            11-13 09:00 | one B.handler: submit
            11-13 10:00 | one B.leader: approve
            11-13 14:00 | one A.handler: submit
            11-13 15:00 | one A.leader: approve
        """)
        self.assertEqual(
            self.due("one"),
            [
                *("dispatch 11-10 17:00", "stand – !"),
                *("gather 11-17 17:00 !", "approve 11-17 17:00 !"),
            ],
        )
        self.assert_filled_alike("one")

    def test_given_back_and_dropped(self):
        self.history("""
            11-02 08:00 | one operator: send roads
            11-02 08:05 | one operator: receive
            11-02 08:10 | one operator: dispatch A
            11-02 15:00 | one A.handler: return_wrong
            11-03 08:00 | one operator: dispatch B
            11-16 08:00 | one operator: escalate
            11-17 08:00 | one province: designate C
        """)
        self.assertEqual(
            self.due("one"), ["dispatch 11-10 17:00", "return 11-10 17:00"]
        )
        self.assertEqual(
            self.due("one", "B"), ["dispatch 11-11 17:00", "stand – !", "drop – !"]
        )
        self.assert_filled_alike("one")

    def test_an_emergency_from_its_completion(self):
        """Four hours after it was over on the spot (ST Điều 19, bước 3)."""
        self.history("""
            11-05 10:00 | one operator: send emergency_fire
            11-05 10:04 | one operator: dispatch A
            11-05 10:10 | one A.handler: accept
            11-05 12:00 | one A.handler: submit 11-05 11:00
            11-05 14:00 | one A.leader: approve
        """)
        due = self.due("one")
        self.assertEqual(due[0], "dispatch –")
        self.assertEqual(due[-2:], ["completion 11-05 15:00", "approve 11-05 15:00"])
        self.assert_filled_alike("one")

    def test_an_agency_that_ends_passes_it_on(self):
        self.history("""
            11-02 08:00 | one operator: send roads
            11-02 08:05 | one operator: receive
            11-02 08:10 | one operator: dispatch A
        """)
        part = self.reports["one"].sudo().assignment_ids
        with self.at("2026-11-03 08:00"):
            part._elevated().write({"agency_id": self.agencies["C"].id})
            part._elevated()._pass_deadline_on()
        rows = part.deadline_ids.sorted("id")
        self.assertEqual(rows.agency_id, self.agencies["A"] | self.agencies["C"])
        self.assertEqual(rows[-1].code, "succeed")
        self.assertEqual(rows[-1].deadline, rows[0].deadline)


@tagged("-at_install", "post_install")
class TestHue(DeadlineCase):
    """6 + 1 working days from taking in, or from when that was due."""

    province = "hue"
    BEGUN = """
        11-02 08:00 | one operator: send roads
        11-02 08:05 | one operator: receive
        11-02 08:10 | one operator: dispatch A
    """

    def test_taken_in_in_time_or_late(self):
        self.history(self.BEGUN)
        self.assertEqual(self.due("one"), ["dispatch 11-11 17:00"])
        self.history("11-06 08:20 | one A.handler: accept")
        self.assertEqual(self.due("one")[-1], "accept 11-11 17:00")
        self.assert_filled_alike("one")

    def penalty(self):
        self.history(
            self.BEGUN
            + """
            11-02 08:20 | one A.handler: accept
            11-04 09:00 | one A.handler: ask_penalty
            11-05 09:00 | one A.leader: confirm_penalty
            11-12 10:00 | one A.handler: end_penalty
            """
        )

    def test_a_penalty_lifts_it_where_the_text_says_so(self):
        self.assertTrue(self.procedure.penalty_lifts_agency_deadline)
        self.penalty()
        self.assertEqual(self.due("one")[-2:], ["lift –", "resume 11-18 17:00"])
        self.assert_filled_alike("one")

    def test_elsewhere_it_stays(self):
        self.procedure.penalty_lifts_agency_deadline = False
        self.penalty()
        self.assertEqual(
            self.due("one"), ["dispatch 11-11 17:00", "accept 11-11 17:00"]
        )
        self.assert_filled_alike("one")

    def test_an_own_limit_of_the_agency(self):
        self.env["civic.agency.limit"].create(
            {"agency_id": self.agency.id, "value": 2, "unit": "working_day"}
        )
        self.history(self.BEGUN)
        self.assertEqual(self.due("one"), ["dispatch 11-05 17:00"])

    def test_raised_to_an_emergency_there_is_none_until_it_is_over(self):
        self.history(
            self.BEGUN
            + """
            11-02 08:20 | one A.handler: accept
            11-03 09:00 | one operator: set_track emergency Cháy.
            """
        )
        self.assertEqual(self.due("one")[-1], "track –")

    def test_moved_by_the_calendar(self):
        self.history(self.BEGUN + "11-02 08:20 | one A.handler: accept\n")
        with self.at("2026-11-03 08:00"):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Bão",
                    "calendar_id": self.calendar.id,
                    "company_id": self.company.id,
                    "date_from": "2026-11-03 17:00:00",
                    "date_to": "2026-11-04 16:59:59",
                }
            )
            self.calendar.with_user(self.administrator).sudo(
                False
            ).action_civic_move_deadlines()
        self.assertEqual(self.due("one")[-1], "moved 11-12 17:00")


@tagged("-at_install", "post_install")
class TestOthers(DeadlineCase):
    province = "bp"

    def test_binh_phuoc_has_none(self):
        self.history("""
            11-02 08:00 | one operator: send roads
            11-02 08:05 | one operator: receive
            11-02 08:10 | one operator: dispatch A
            11-02 08:20 | one A.handler: accept
            12-30 10:00 | one A.handler: submit
            12-30 11:00 | one A.leader: approve
        """)
        self.assertEqual(self.due("one"), ["dispatch –", "accept –", "approve –"])
        self.assert_filled_alike("one")

    def test_rows_are_kept(self):
        self.history("""
            11-02 08:00 | one operator: send roads
            11-02 08:05 | one operator: receive
            11-02 08:10 | one operator: dispatch A
        """)
        rows = self.reports["one"].sudo().assignment_ids.deadline_ids
        with self.assertRaisesRegex(Exception, "workflow"):
            rows.sudo().write({"deadline": False})
        with self.assertRaisesRegex(Exception, "kept"):
            rows.sudo().unlink()
        self.assertTrue(rows.with_user(self.handler).sudo(False).read(["code"]))
        self.assertFalse(
            rows.with_user(self.other_handler)
            .sudo(False)
            .search([("id", "in", rows.ids)])
        )
