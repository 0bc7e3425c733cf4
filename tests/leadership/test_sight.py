"""Early sight: what is counted each night, said in words, and who sees it."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from ..rig.common import CivicCase, local

NOW = "2026-11-20 00:30"
WEEK = timedelta(days=7)


@tagged("-at_install", "post_install")
class TestSight(CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ward, cls.other_ward = cls.env["civic.ward"].create(
            [
                {"name": f"Phường {number}", "company_id": cls.company.id}
                for number in (1, 2)
            ]
        )
        cls.sights = cls.env["civic.sight"]
        cls.env["civic.report"].search([])._elevated().write(
            {"received_at": local("2020-01-01 08:00")}
        )

    def setUp(self):
        super().setUp()
        with self.at("2020-01-01 08:00"):
            self.model = self.make_report()
        self.env.flush_all()

    def insert(self, moments, **values):
        """Reports like the model that came in at these moments."""
        values = {"state": "processing", "visibility": "public", **values}
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO civic_report (name, subject, description, kind, track,
                    channel_id, company_id, procedure_id, received_at, category_id,
                    %(names)s)
                SELECT 'X-' || md5(random()::text), subject, description, kind, track,
                       channel_id, company_id, procedure_id, moment, category_id,
                       %(values)s
                  FROM civic_report, unnest(%(moments)s::timestamp[]) AS moment
                 WHERE id = %(model)s
                """,
                names=SQL(", ").join(map(SQL.identifier, values)),
                values=SQL(", ").join(SQL("%s", value) for value in values.values()),
                moments=list(moments),
                model=self.model.id,
            )
        )

    def look(self, kind=None):
        with self.at(NOW):
            self.sights._cron_look_ahead()
        rows = self.sights.search([("company_id", "=", self.company.id)])
        return rows.filtered(lambda row: row.kind == kind) if kind else rows

    def spread(self, count, weeks_ago):
        """Moments in a whole week that ended so many weeks before today."""
        end = local("2026-11-20 00:00") - weeks_ago * WEEK
        return [end - (number + 0.5) * WEEK / count for number in range(count)]

    # ------------------------------------------------------------------
    # What rises
    # ------------------------------------------------------------------

    def test_what_rises_in_one_ward(self):
        for week in range(12):
            self.insert(self.spread(2, week), ward_id=self.other_ward.id)
            self.insert(self.spread(8 if week < 4 else 1, week), ward_id=self.ward.id)
        self.insert(self.spread(9, 53), ward_id=self.ward.id)
        rows = self.look("rising")
        keys = {(row.category_id, row.ward_id) for row in rows}
        self.assertIn((self.category, self.ward), keys)
        self.assertNotIn((self.category, self.other_ward), keys)
        row = rows.filtered(lambda row: row.category_id and row.ward_id)
        self.assertEqual((row.recent_count, row.before_count), (32, 8))
        self.assertEqual(row.expected, 4)
        self.assertEqual(row.year_ago_count, 9)
        self.assertIn("32 reports from 23/10 to 19/11/2026", row.why)
        self.assertIn("a year ago brought 9", row.why)
        self.assertEqual(row.label, f"{self.category.name} · {self.ward.name}")

    def test_as_many_as_ever_is_no_news(self):
        for week in range(12):
            self.insert(self.spread(5, week), ward_id=self.ward.id)
        self.assertFalse(self.look("rising"))

    def test_today_and_the_same_matter_are_left_out(self):
        for week in range(4, 12):
            self.insert(self.spread(1, week), ward_id=self.ward.id)
        self.insert([local("2026-11-20 00:10")] * 40, ward_id=self.ward.id)
        self.insert(self.spread(40, 1), ward_id=self.ward.id, state="joined")
        self.insert(self.spread(40, 1), ward_id=self.ward.id, state="cancelled")
        self.insert(self.spread(40, 1), ward_id=self.ward.id, visibility="secret")
        self.assertFalse(self.look("rising"))

    def test_what_states_no_category_or_ward(self):
        self.insert(self.spread(40, 1), ward_id=self.ward.id)
        self.env.cr.execute(
            SQL("UPDATE civic_report SET category_id = NULL WHERE name LIKE 'X-%%'")
        )
        rows = self.look("rising")
        self.assertEqual(
            [(row.category_id.id, row.ward_id) for row in rows], [(False, self.ward)]
        )

    # ------------------------------------------------------------------
    # Where it comes again
    # ------------------------------------------------------------------

    def test_places(self):
        place = {"latitude": 16.4631, "longitude": 107.5902, "map_cell": 5}
        first = local("2026-08-03 08:00")
        self.insert(
            [first],
            state="done",
            published_at=first + WEEK,
            closed_at=first + WEEK,
            **place,
        )
        self.insert([first + n * WEEK for n in (2, 3, 5)], **place)
        self.insert([first + n * WEEK for n in range(6)], **{**place, "latitude": 16.5})
        rows = self.look("place")
        self.assertEqual((len(rows), rows.recent_count, rows.again_count), (1, 4, 3))
        self.assertIn("since 03/08/2026, the latest on 07/09/2026", rows.why)
        action = rows.with_user(self.manager).action_open()
        found = (
            self.env["civic.report"].with_user(self.manager).search(action["domain"])
        )
        self.assertEqual(len(found), 4)

    # ------------------------------------------------------------------
    # Who will be late
    # ------------------------------------------------------------------

    def backlog(self, count, results):
        """Open matters due when the second working day from now ends, and results of
        the last weeks."""
        with self.at("2026-11-18 08:00"):
            report = self.walk_to("processing")
        self.env.flush_all()
        part = report.assignment_ids
        self.insert([local("2026-11-18 08:00")] * (count + sum(results)))
        self.env.cr.execute(
            "SELECT id FROM civic_report WHERE name LIKE 'X-%%' ORDER BY id"
        )
        ids = [id_ for (id_,) in self.env.cr.fetchall()]
        moments = [
            local("2026-11-19 10:00") - week * WEEK
            for week, done in enumerate(results)
            for _number in range(done)
        ]
        self.env.cr.execute(
            """
            INSERT INTO civic_assignment (report_id, agency_id, company_id, role, state,
                                          dispatched_at, deadline, approved_at)
            SELECT report, %s, %s, 'lead', CASE WHEN moment IS NULL THEN 'processing'
                   ELSE 'approved' END, %s, %s, moment
              FROM unnest(%s::int[], %s::timestamp[]) AS row (report, moment)
            """,
            (
                self.agency.id,
                self.company.id,
                local("2026-11-18 08:00"),
                local("2026-11-23 17:00"),
                ids,
                [None] * count + moments,
            ),
        )
        return part

    def test_more_than_the_best_week(self):
        """Ten a week at best, two a day: of thirty due on Monday, and one that is late
        already, four are done by then."""
        self.backlog(30, (5, 10, 5, 0))
        row = self.look("agency")
        self.assertEqual(row.agency_id, self.agency)
        self.assertEqual((row.open_count, row.done_in_weeks), (31, 20))
        self.assertEqual(row.late_at_best_count, 27)
        self.assertGreater(row.late_count, row.late_at_best_count)
        self.assertEqual(row.late_from, local("2026-11-23 17:00"))
        self.assertIn("first on 23/11/2026 17:00", row.why)
        action = row.with_user(self.province_leader).action_open()
        parts = self.env["civic.assignment"].with_user(self.province_leader)
        self.assertEqual(parts.search_count(action["domain"]), 31)

    def test_little_work_is_no_backlog(self):
        """Three matters in two days, eight a week at best."""
        self.backlog(2, (8, 1, 0, 2))
        self.assertFalse(self.look("agency"))

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------

    def test_counted_anew_each_night(self):
        self.backlog(30, (0, 0, 0, 0))
        first = self.look()
        self.assertTrue(first)
        again = self.look()
        self.assertFalse(first.exists())
        self.assertEqual(len(again), len(first))

    def test_queries_do_not_grow(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.look()
            return self.cr.sql_log_count - before

        self.insert(self.spread(40, 1), ward_id=self.ward.id)
        queries()
        few = queries()
        for week in range(12):
            self.insert(self.spread(30, week), ward_id=self.other_ward.id)
        self.assertEqual(queries(), few)

    def test_who_sees_it(self):
        self.backlog(30, (0, 0, 0, 0))
        rows = self.look()
        for user in (self.manager, self.administrator, self.province_leader):
            self.assertTrue(rows.with_user(user).mapped("why"))
        for user in (self.operator, self.handler, self.leader, self.coordinator):
            self.assertFalse(rows.with_user(user).has_access("read"))

    def test_another_province_sees_nothing_of_it(self):
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        other.with_context(allowed_company_ids=other.ids)._civic_set_up()
        other.civic_procedure_id = self.procedure
        self.backlog(30, (0, 0, 0, 0))
        self.assertTrue(self.look())
        self.assertFalse(self.sights.search([("company_id", "=", other.id)]))
