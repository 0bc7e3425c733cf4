from odoo.tests import tagged

from ..rig.site import WebsiteCase


@tagged("-at_install", "post_install")
class TestFigures(WebsiteCase):
    """Counts for the public, kept by month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.figures = cls.env["civic.figure"]
        cls.figures.search([]).unlink()

    def count(self, text, period=""):
        with self.at(text):
            self.figures._cron_refresh()
            return self.figures._public_figures_sudo(self.company, period)

    def tell(self):
        """November 2026: one answered in time and rated, one answered late, one in
        hand, one refused; October: one overdue."""
        with self.at("2026-10-28 09:00"):
            self.walk_to("accepted")
        with self.at("2026-11-16 08:00"):
            good, late, _in_hand, refused = [self.make_report() for _ in range(4)]
            self.walk_to("done", good)
            good.with_user(self.citizen).rate(
                self.procedure.scale_id.level_ids[0].id, ""
            )
            refused.refuse("incomplete", "Thiếu địa điểm.")
            self.walk_to("accepted", late)
        with self.at("2026-11-27 10:00"):
            self.submit(late.assignment_ids)
            late.assignment_ids.with_user(self.leader).approve()
            late.publish()

    def test_counts(self):
        self.tell()
        total = self.count("2026-11-27 10:30")["total"]
        self.assertEqual(
            {name: total[name] for name in ("received", "refused", "handled")},
            {"received": 5, "refused": 1, "handled": 2},
        )
        self.assertEqual((total["on_time"], total["on_time_rate"]), (1, 50.0))
        self.assertEqual((total["rated"], total["satisfied_rate"]), (1, 100.0))
        self.assertEqual(total["in_hand"], 2)
        self.assertEqual(total["overdue"], 2)

    def test_who_is_not_satisfied_has_rated(self):
        bad = self.procedure.scale_id.level_ids.filtered(
            lambda level: not level.is_satisfied
        )
        with self.at("2026-11-16 08:00"):
            for level in (self.procedure.scale_id.level_ids[0], bad[0]):
                report = self.walk_to("done")
                report.with_user(self.citizen).rate(level.id, "")
        # As Odoo keeps what is false of a row that was loaded with the module.
        self.env.flush_all()
        self.cr.execute(
            "UPDATE civic_rating_level SET is_satisfied = NULL WHERE id = %s",
            bad[0].ids,
        )
        total = self.count("2026-11-16 09:00")["total"]
        self.assertEqual((total["rated"], total["satisfied"]), (2, 1))
        self.assertEqual(total["satisfied_rate"], 50.0)
        # The next answer is rated anew.
        with self.at("2026-11-16 10:00"):
            report.reopen("Chưa sửa xong.")
        self.assertEqual(self.count("2026-11-16 10:30")["total"]["rated"], 1)
        self.assertFalse(report.rating_level_id)
        [kept] = report.sudo().event_ids.filtered(lambda row: row.code == "rating_kept")
        self.assertIn(bad[0].name, kept.note)

    def test_what_is_corrected_is_counted_anew(self):
        other = self.env["civic.category"].search(
            [("track", "=", "normal"), ("id", "!=", self.category.id)], limit=1
        )
        with self.at("2026-11-16 08:00"):
            report = self.walk_to("done")
        self.count("2026-11-16 09:00")
        with self.at("2026-11-20 08:00"):
            report.category_id = other
        figures = self.count("2026-11-20 09:00")
        self.assertEqual([row["label"] for row in figures["category"]], [other.name])

    def test_by_month_agency_and_period(self):
        self.tell()
        figures = self.count("2026-11-27 10:30")
        self.assertEqual(
            [(row["label"], row["received"]) for row in figures["months"]],
            [("10/2026", 1), ("11/2026", 4)],
        )
        [agency] = figures["agency"]
        self.assertEqual((agency["label"], agency["received"]), (self.agency.name, 3))
        self.assertEqual(agency["on_time"], 1)
        november = self.figures._public_figures_sudo(self.company, "2026-11")
        self.assertEqual(november["total"]["received"], 4)
        self.assertIn(("2026-10", "10/2026"), november["periods"])
        self.assertEqual(
            self.figures._public_figures_sudo(self.company, "2025")["months"], []
        )

    def test_only_what_changed_is_counted_again(self):
        self.tell()
        self.count("2026-11-27 11:30")
        rows = self.figures.search([]).ids
        self.count("2026-11-27 13:00")
        self.assertEqual(self.figures.search([]).ids, rows)
        with self.at("2026-11-27 14:00"):
            self.make_report()
        total = self.count("2026-11-27 15:00")["total"]
        self.assertEqual(total["received"], 6)
        self.assertTrue(set(rows) & set(self.figures.search([]).ids))

    def test_a_year_ago_is_not_in_the_last_twelve_months(self):
        with self.at("2025-11-03 09:00"):
            self.make_report()
        with self.at("2025-12-03 09:00"):
            self.make_report()
        with self.at("2026-11-20 09:00"):
            figures = self.count("2026-11-20 09:00")
        self.assertEqual([row["label"] for row in figures["months"]], ["12/2025"])

    def test_pages(self):
        self.tell()
        self.count("2026-11-27 10:30")
        page = self.page("/phan-anh/thong-ke?period=2026")
        self.assertIn("50.0 %", self.text(page))
        data = self.url_open("/phan-anh/thong-ke.json?period=2026-11").json()
        self.assertEqual(data["total"]["received"], 4)
        table = self.url_open("/phan-anh/thong-ke.csv?period=2026&by=agency").text
        self.assertIn(self.agency.name, table)
        self.assertEqual(
            self.url_open("/phan-anh/thong-ke.csv?by=reporter").status_code, 404
        )
        # What makes no sense is the last twelve months.
        self.page("/phan-anh/thong-ke?period=2026-13'")

    def test_another_company_counts_apart(self):
        self.tell()
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        other.civic_procedure_id = self.procedure
        self.count("2026-11-27 10:30")
        figures = self.figures._public_figures_sudo(other, "2026")
        self.assertEqual(figures["total"]["received"], 0)

    def test_cost(self):
        self.tell()
        self.count("2026-11-27 10:30")
        self.env.invalidate_all()
        with self.assertQueryCount(9):
            self.figures._public_figures_sudo(self.company, "2026")
