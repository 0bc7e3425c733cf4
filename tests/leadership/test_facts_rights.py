"""Who reads until when agencies had time, and what senders said of them."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..rig.acts import ActsCase

KEPT = ("civic.agency.deadline", "civic.rating")


@tagged("-at_install", "post_install")
class TestFactsRights(ActsCase):
    def setUp(self):
        super().setUp()
        self.set_up_above()
        self.set_up_neighbour()
        self.own = self.rated(self.agency)
        self.others = self.rated(self.other_agency)

    def rated(self, agency):
        """A report that an agency has answered and its sender has rated."""
        report = self.make_report()
        report.receive()
        report.dispatch([agency.id], incomplete_reason="Rõ rồi.")
        part = report.sudo().assignment_ids
        handler, leader = agency.focal_handler_id, agency.focal_leader_id
        part.with_user(handler).sudo(False).accept()
        part.with_user(handler).sudo(False).submit("Đã xử lý.", None)
        part.with_user(leader).sudo(False).approve()
        report.publish()
        level = self.procedure.scale_id.level_ids[0]
        report.with_user(self.citizen).rate(level.id)
        self.env.flush_all()
        self.env.invalidate_all()
        return report

    def read_by(self, user, model):
        """Reports of which somebody finds rows; None where none may be read at all."""
        rows = self.env[model].with_user(user).sudo(False)
        rows = rows.with_context(allowed_company_ids=user.company_id.ids)
        if not rows.has_access("read"):
            return None
        found = rows.search([]).report_id
        return found.sudo() & (self.own | self.others).sudo()

    def test_who_reads_which(self):
        own, both = self.own.sudo(), (self.own | self.others).sudo()
        none = own.browse()
        expected = {
            **dict.fromkeys((self.handler, self.leader, self.above_leader), own),
            **dict.fromkeys((self.other_handler, self.other_leader), both - own),
            **dict.fromkeys((self.operator, self.manager, self.province_leader), both),
            **dict.fromkeys((self.beyond_manager, self.beyond_province), none),
            self.beyond_leader: none,
            **dict.fromkeys((self.plain, self.citizen), None),
        }
        for model in KEPT:
            for user, reports in expected.items():
                with self.subTest(model, user=user.login):
                    self.assertEqual(self.read_by(user, model), reports)

    def test_by_id_as_by_search(self):
        for model in KEPT:
            rows = self.env[model].search([("report_id", "=", self.own.id)])
            self.assertTrue(rows)
            for user in (self.other_leader, self.beyond_manager, self.beyond_leader):
                with self.subTest(model, user=user.login):
                    self.env.invalidate_all()
                    with self.assertRaises(AccessError):
                        rows.with_user(user).sudo(False).read(["at"])

    def test_of_two_companies_the_chosen_one(self):
        self.manager.write({"company_ids": [(4, self.beyond.id)]})
        for model in KEPT:
            rows = self.env[model].with_user(self.manager).sudo(False)
            there = rows.with_context(allowed_company_ids=self.beyond.ids)
            self.assertFalse(there.search([]))

    def test_of_a_secret_report_who_has_it_in_hand(self):
        self.own.with_user(self.manager).set_visibility("secret", "Có tin mật.")
        self.env.invalidate_all()
        for model in KEPT:
            rows = self.env[model].with_user(self.province_leader).sudo(False)
            self.assertNotIn(self.own, rows.search([]).report_id)

    def test_nobody_writes(self):
        for model in KEPT:
            rows = self.env[model].search([("report_id", "=", self.own.id)])
            for user in (self.manager, self.administrator, self.leader):
                mine = rows.with_user(user).sudo(False)
                with self.subTest(model, user=user.login):
                    with self.assertRaises(UserError):
                        mine.write({"at": "2020-01-01"})
                    with self.assertRaises(UserError):
                        mine.unlink()
                    with self.assertRaises(AccessError):
                        mine.create({"report_id": self.own.id})
