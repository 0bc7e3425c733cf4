"""Figures of officers: hand-reckoned, and for whom."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..rig.acts import ActsCase

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@tagged("-at_install", "post_install")
class TestOfficerFigures(ActsCase):
    def figures(self, user=None):
        people = self.handler | self.leader | self.other_handler
        found = self.env["civic.officer.figures"]._count_officers(
            people, self.company, FIRST, LAST
        )
        return found[(user or self.handler).id]

    def play(self):
        """Taken in late, sent back once, corrected once for the Centre, rated."""
        with self.at("2026-11-02 08:00"):
            report = self.walk_to("processing")
        with self.at("2026-11-02 14:00"):
            report.assignment_ids.with_user(self.handler).accept()
        with self.at("2026-11-03 08:00"):
            part = report.assignment_ids
            self.submit(part)
            part.with_user(self.leader).send_back("Thiếu ảnh.")
            self.submit(part)
            part.with_user(self.leader).approve()
            report.request_fix(part.ids, "Sai mẫu.")
            self.submit(part)
            part.with_user(self.leader).approve()
            report.public_result = "Xong."
            report.publish()
            level = report.procedure_id.scale_id.level_ids[:1]
            report.with_user(self.citizen).rate(level.id, "")
        return report

    def test_by_hand(self):
        self.play()
        handler, leader = self.figures(), self.figures(self.leader)
        # Taking in, and handling three times.
        self.assertEqual((handler["given"], handler["done"]), (4, 4))
        self.assertEqual((handler["late"], dict(handler["codes"])), (1, {"accept": 1}))
        self.assertEqual(handler["overdue"], 0)
        self.assertEqual(handler["sent_back"], 2, "by the leader, and by the Centre")
        self.assertEqual((leader["given"], leader["done"], leader["late"]), (3, 3, 0))
        self.assertEqual(leader["sent_back"], 1, "what the Centre gave back")
        for figures in (handler, leader):
            self.assertEqual((figures["rated"], figures["satisfied"]), (1, 1))
        self.assertEqual(self.figures(self.other_handler)["given"], 0)

    def test_the_period_s_ends(self):
        """What began before and ends after is neither given nor done in it; what is
        overdue at its end is."""
        with self.at("2026-10-30 08:00"):
            self.walk_to("accepted")
        self.assertEqual(self.figures()["given"], 0)
        self.assertEqual(self.figures()["overdue"], 1)
        with self.at("2026-11-30 23:59"):
            self.walk_to("processing")
        self.assertEqual(self.figures()["given"], 1)
        with self.at("2026-12-01 00:00"):
            self.walk_to("processing")
        self.assertEqual(self.figures()["given"], 1)

    def test_three_queries(self):
        for _index in range(3):
            self.play()
        self.env.flush_all()
        self.figures()
        with self.assertQueryCount(3):
            self.figures()

    # ------------------------------------------------------------------
    # For whom
    # ------------------------------------------------------------------

    def listed(self, user):
        model = self.env["civic.wizard.officer.figures"].with_user(user)
        with Form(model) as form:
            form.date_from, form.date_to = FIRST, LAST
        action = form.save().action_confirm()
        return self.env["civic.officer.figure"].with_user(user).search(action["domain"])

    def test_own_leader_and_those_above(self):
        self.play()
        self.assertEqual(self.listed(self.leader).user_id, self.handler | self.leader)
        for user in (self.manager, self.province_leader):
            people = self.listed(user).user_id
            self.assertLessEqual(self.handler | self.other_handler, people)
        row = self.listed(self.leader).filtered(lambda r: r.user_id == self.handler)
        self.assertEqual(row.late_words, "Take in: 1")

    def test_nobody_else(self):
        for user in (self.handler, self.operator, self.coordinator, self.plain):
            with self.assertRaises(AccessError):
                self.listed(user)

    def test_not_what_somebody_else_asked_for(self):
        rows = self.listed(self.manager)
        leader = self.env["civic.officer.figure"].with_user(self.leader)
        self.assertFalse(leader.search([("id", "in", rows.ids)]))

    def test_the_second_agency_and_the_other_province(self):
        self.set_up_neighbour()
        self.assertNotIn(self.other_handler, self.listed(self.leader).user_id)
        self.assertNotIn(self.handler, self.listed(self.beyond_manager).user_id)

    def test_a_period_that_means_nothing(self):
        model = self.env["civic.wizard.officer.figures"].with_user(self.manager)
        for first, last in ((LAST, FIRST), (date(2020, 1, 1), LAST)):
            with Form(model) as form:
                form.date_from, form.date_to = first, last
            with self.assertRaisesRegex(UserError, "period"):
                form.save().action_confirm()
