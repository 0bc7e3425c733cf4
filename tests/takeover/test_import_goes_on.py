"""Work in hand that is taken over is somebody's, and what is there is not doubled."""

from odoo.fields import Command
from odoo.tests import tagged

from ..rig.merger import MergerMixin
from ..rig.takeover import LINE, ImportCase

IN_HAND = {
    **{
        key: value
        for key, value in LINE.items()
        if key not in ("resolved_at", "published_at", "result")
    },
    "state": "In hand",
    "number": "CŨ-002",
}


@tagged("-at_install", "post_install")
class TestWorkInHand(ImportCase):
    def test_it_is_its_agencys(self):
        self.taken_in(IN_HAND)
        part = self.report("CŨ-002").assignment_ids
        self.assertEqual(part.handler_id, self.handler)
        self.assertEqual(part.leader_id, self.leader)
        step = part.step_ids.filtered(lambda row: row.state == "open")
        self.assertEqual(step.code, "process")
        self.assertEqual(step.user_id, self.handler)
        mine = self.env["civic.assignment"].with_user(self.handler)
        self.assertIn(part.id, mine.search([("handler_id", "=", self.handler.id)]).ids)
        self.assertFalse(self.env["mail.activity"].search([("res_id", "=", part.id)]))

    def test_what_is_done_is_nobodys(self):
        self.taken_in(LINE)
        self.assertFalse(self.report().assignment_ids.handler_id)

    def test_its_holder_is_warned_of_what_comes(self):
        """Nothing is told of what has passed; the next rung reaches the agency."""
        self.taken_in({**IN_HAND, "deadline": "01/01/2030"})
        step = self.report("CŨ-002").step_ids.filtered(lambda row: row.state == "open")
        self.assertTrue(step.alert_at)
        alerts = self.env["civic.alert"]
        due = alerts._raise_due(step.most_at.replace(year=step.most_at.year + 1), 100)
        mine = [row for row in due if row[0] == step.id]
        self.assertTrue(mine)
        self.assertIn(self.handler, alerts._tell(mine))

    def successor(self):
        heir = self.make_agency(
            "Sở Xây dựng mới",
            "SXDM",
            self.make_user("heir_handler", "civic_report.group_handler"),
            self.make_user("heir_leader", "civic_report.group_leader"),
        )
        self.agency.with_env(self.env["civic.succession"]._keyed().env).write(
            {"active": False, "successor_ids": [Command.set(heir.ids)]}
        )
        return heir

    def test_of_an_agency_that_has_ended(self):
        heir = self.successor()
        self.taken_in(IN_HAND, LINE)
        report = self.report("CŨ-002")
        part = report.assignment_ids
        self.assertEqual(part.agency_id, heir)
        self.assertEqual(report.agency_id, heir)
        self.assertEqual(part.handler_id, heir.focal_handler_id)
        step = part.step_ids.filtered(lambda row: row.state == "open")
        self.assertEqual((step.agency_id, step.user_id), (heir, heir.focal_handler_id))
        event = report.event_ids.filtered(lambda row: row.code == "succeed")
        self.assertIn(heir.name, event.note)
        # What is done was done by the one that there was.
        self.assertEqual(self.report().agency_id, self.agency)
        self.assertEqual(self.report().assignment_ids.agency_id, self.agency)

    def test_an_agency_that_ended_without_successor(self):
        self.agency.active = False
        faults = self.faults(LINE, IN_HAND)
        [(place, words)] = faults.items()
        self.assertEqual(place, (3, "Agency"))
        self.assertIn("none stands in its place", words)


@tagged("-at_install", "post_install")
class TestTakenInAgain(ImportCase):
    def notes(self, row):
        return row.fault_ids.filtered(lambda fault: fault.severity == "note")

    def test_a_system_is_known_however_it_is_written(self):
        self.taken_in(LINE)
        for typed in ("paht 2019", "PAHT2019", " PAHT–2019 ", "paht_2019"):
            with self.subTest(typed):
                row = self.checked(LINE, source=typed)
                self.assertEqual((row.good_count, row.known_count), (0, 1))
                self.assertEqual(row.source, "PAHT-2019")
                self.assertIn("PAHT-2019", self.notes(row)[:1].message)
        row = self.checked(LINE, source="PAHT-2020")
        self.assertEqual((row.good_count, row.known_count), (1, 0))
        self.assertEqual(row.used_sources, "PAHT-2019")

    def test_what_has_moved_on_is_shown(self):
        self.taken_in({**IN_HAND, "number": "CŨ-001"})
        report = self.report()
        again = self.checked(LINE, {**LINE, "number": "CŨ-009"})
        self.assertEqual((again.known_count, again.differing_count), (1, 1))
        [note] = self.notes(again)
        self.assertEqual((note.line, note.column), (2, "State"))
        self.assertIn("In hand", note.message)
        self.assertIn("Done", note.message)
        self.assertIn("05/03/2026 14:00", note.message)
        again.action_start()
        self.go_on(again)
        self.assertEqual(again.made_count, 1)
        self.assertEqual(report.state, "processing")
        # Looked at anew, it is counted once.
        row = self.checked(LINE)
        row.action_check()
        self.assertEqual(row.differing_count, 1)

    def test_the_same_line_does_not_differ(self):
        lines = [
            {**LINE, "accepted_at": "02/03/2026", "resolved_at": "05/03/2026"},
            {**IN_HAND, "deadline": "09/03/2026"},
            {
                **{key: LINE[key] for key in ("received_at", "subject", "category")},
                **{"number": "3", "description": "Sai.", "state": "Refused"},
                **{"closed_at": "03/03/2026", "reason": "Không thuộc thẩm quyền"},
            },
        ]
        self.taken_in(*lines)
        again = self.checked(*lines)
        self.assertEqual((again.known_count, again.differing_count), (3, 0))
        self.assertFalse(self.notes(again))


@tagged("-at_install", "post_install")
class TestTakenInAndMerged(MergerMixin, ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_neighbour()

    def taken_in_there(self, number):
        report = self.make_other()
        report.sudo()._elevated().write(
            {"imported_from": "PAHT-2019", "imported_number": number}
        )
        return report.sudo()

    def test_one_system_of_both_stays_one(self):
        self.taken_in(LINE)
        theirs = self.taken_in_there("CŨ-002")
        self.merge()
        self.assertEqual(theirs.imported_from, "PAHT-2019")
        self.assertEqual(self.checked(IN_HAND).known_count, 1)

    def test_two_systems_of_one_name(self):
        self.taken_in(LINE)
        theirs = self.taken_in_there("CŨ-001")
        self.merge()
        self.assertEqual(theirs.imported_from, f"PAHT-2019 · {self.other.name}")
        row = self.checked(LINE)
        self.assertEqual(row.known_count, 1)
        words = "\n".join(row.fault_ids.mapped("message"))
        self.assertIn(theirs.imported_from, words)
