"""What waits for the province has a limit, holders and the ladder; agencies wait."""

from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ..rig.acts import ActsCase


@tagged("-at_install", "post_install")
class TestDesignateLimit(ActsCase):
    def asked(self, moment="2026-11-16 09:00", verb="ask_designation", **values):
        with self.at(moment):
            state = "received" if verb == "ask_designation" else "processing"
            report = self.walk_to(state, self.make_report(**values))
            getattr(report, verb)("Chưa rõ thẩm quyền.")
        return report

    def climb(self, moment):
        """Who is told of how many late duties by the pass of a moment."""
        alerts = self.env["civic.alert"]
        with self.at(moment):
            due = alerts._raise_due(self.env["civic.door"]._now(), 100)
            return {user: counts["late"] for user, counts in alerts._tell(due).items()}

    def test_one_working_day(self):
        report = self.asked()  # a Monday
        step = self.step_of(report, "designate")
        self.assertLocal(step.deadline, "2026-11-17 17:00")
        self.assertEqual(step.user_id, self.province_leader)
        with self.at("2026-11-17 17:00:01"):
            self.assertTrue(step.is_overdue)
            self.assertTrue(report.is_overdue)

    def test_all_leaders_of_the_province_are_warned(self):
        second = self.make_user("province_2", "civic_report.group_province_leader")
        self.asked()
        self.env["civic.outbox"].search([]).unlink()
        told = self.climb("2026-11-17 16:30")
        self.assertLessEqual({self.province_leader, second}, set(told))
        told = self.climb("2026-11-17 17:01")
        self.assertEqual((told[self.province_leader], told[second]), (1, 1))
        # Four hours later the Centre; the leaders are not told again.
        told = self.climb("2026-11-17 21:10")
        self.assertEqual(told.get(self.manager), 1)
        self.assertNotIn(second, told)
        # A day later the last rung, once each.
        told = self.climb("2026-11-18 17:10")
        self.assertEqual((told[self.province_leader], told[second]), (1, 1))

    def test_leaders_of_another_province_hear_nothing(self):
        self.set_up_neighbour()
        self.asked()
        for moment in ("2026-11-17 16:30", "2026-11-17 17:01", "2026-11-18 17:10"):
            self.assertNotIn(self.beyond_province, self.climb(moment))

    def test_an_archived_leader_of_the_province(self):
        second = self.make_user("province_2", "civic_report.group_province_leader")
        report = self.asked()
        second.active = False
        self.assertNotIn(second, self.climb("2026-11-17 17:01"))
        self.assertEqual(
            self.step_of(report, "designate").user_id, self.province_leader
        )

    def test_where_no_text_names_who_decides(self):
        self.procedure = self.env.ref("civic_report.procedure_bg")
        self.assertFalse(self.procedure._limit("normal", "designate"))
        self.assertFalse(self.procedure._limit("emergency", "designate"))

    # ------------------------------------------------------------------
    # Agencies meanwhile
    # ------------------------------------------------------------------

    def test_clocks_of_agencies_stand_still(self):
        """Taking in as well: it may turn out to be another agency's."""
        with self.at("2026-11-16 09:00"):
            report = self.walk_to("processing")
        with self.at("2026-11-16 09:10"):
            report.escalate("Không thống nhất.")
        part = report.sudo().assignment_ids
        with self.at("2026-11-16 16:00"):
            self.assertFalse(part.is_overdue)
            part.with_user(self.handler).sudo(False).accept()
            self.assertFalse(part.step_ids.filtered("is_late"))
            self.assertNotIn(
                "process",
                part.step_ids.filtered(lambda s: s.state == "open").mapped("code"),
            )

    def test_what_was_late_before_stays_late(self):
        with self.at("2026-11-16 09:00"):
            report = self.walk_to("processing")
        with self.at("2026-11-16 15:00"):
            report.escalate("Không thống nhất.")
        late = report.sudo().assignment_ids.step_ids.filtered("is_late")
        self.assertEqual(late.mapped("code"), ["accept"])

    def test_the_province_s_delay_is_nobody_else_s(self):
        """On time is what the Centre and the agencies did in time."""
        report = self.asked("2026-10-05 09:00")
        with self.at("2026-10-20 09:00"):
            report.with_user(self.province_leader).designate(
                self.agency.ids, "Giao Sở."
            )
            self.assertTrue(self.step_of(report, "designate", "done").is_late)
            report.dispatch([self.agency.id])
            report.assignment_ids.with_user(self.handler).accept()
            self.submit(report.assignment_ids)
            report.assignment_ids.with_user(self.leader).approve()
            report.public_result = "Xong."
            report.publish()
        with self.at("2026-10-20 10:00"):
            figures = self.env["civic.figure"]
            figures._refresh(self.env["civic.door"]._now())
        row = figures.search(
            [
                ("company_id", "=", self.company.id),
                ("dimension", "=", "category"),
                ("key", "=", self.category.id),
                ("month", "=", "2026-10-01"),
            ]
        )
        self.assertEqual((row.handled, row.on_time), (1, 1))

    def test_nobody_reads_that_the_centre_holds_it(self):
        report = self.asked()
        words = self.step_of(report, "designate")._holder_words()
        self.assertIn("People's Committee", words)


@tagged("-at_install", "post_install")
class TestDesignateLimitUpdate(ActsCase):
    """Procedures of before get the limit, copies too, on each track of their own."""

    def migrate(self):
        path = file_path("civic_report/migrations/19.0.1.4.0/post-designate_limit.py")
        self.env.flush_all()
        load_script(path, "post_designate_limit").migrate(self.cr, "19.0.1.3.0")
        self.env.invalidate_all()

    def copied(self, name, **values):
        shipped = self.env.ref(f"civic_report.procedure_{name}")
        own = shipped.copy({"company_id": self.company.id, **values})
        own.limit_ids.filtered(lambda row: row.step == "designate").unlink()
        return own

    def tracks(self, procedure):
        rows = procedure.limit_ids.filtered(lambda row: row.step == "designate")
        return sorted(rows.mapped("track"))

    def test_copies(self):
        copies = {code: self.copied(code) for code in ("hue", "st", "bg", "qn", "bp")}
        self.migrate()
        both = ["emergency", "normal"]
        self.assertEqual(
            {code: self.tracks(own) for code, own in copies.items()},
            {"hue": both, "st": both, "bg": [], "qn": ["normal"], "bp": both},
        )
        row = copies["hue"].limit_ids.filtered(lambda row: row.step == "designate")[:1]
        self.assertEqual((row.value, row.unit), (1, "working_day"))
        self.assertIn("Điều 3.8", row.source)
        self.assertEqual(copies["hue"]._limit("normal", "designate").value, 1)

    def test_one_s_own_figure_stays_and_twice_is_once(self):
        own = self.copied("hue", code="RIENG")
        own.limit_ids = [
            Command.create({"step": "designate", "value": 3, "unit": "working_day"})
        ]
        self.migrate()
        self.migrate()
        rows = own.limit_ids.filtered(
            lambda row: row.step == "designate" and row.track == "normal"
        )
        self.assertEqual(rows.mapped("value"), [3])
