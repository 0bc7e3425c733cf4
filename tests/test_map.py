"""Where reports are: cells kept with them, and what the public map shows."""

from odoo.exceptions import ValidationError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.civic_report.tools import geo

from .common import CivicCase

HUE = {"latitude": 16.46372, "longitude": 107.59089}


@tagged("-at_install", "post_install")
class TestMapCell(CivicCase):
    def test_the_cell_follows_the_place(self):
        report = self.make_report(**HUE)
        self.assertEqual(report.map_cell, geo.cell(*HUE.values()))
        report.write({"latitude": 16.0, "longitude": 108.2})
        self.assertEqual(report.map_cell, geo.cell(16.0, 108.2))
        report.write({"latitude": 0, "longitude": 0})
        self.assertEqual(report.map_cell, 0)
        self.assertEqual(self.make_report().map_cell, 0)

    def test_impossible_places_are_refused_in_words(self):
        for latitude, longitude in ((999, 107), (-91, 107), (16, 181)):
            with self.subTest(latitude), self.assertRaises(ValidationError):
                self.make_report(latitude=latitude, longitude=longitude)

    def test_earlier_reports_get_theirs(self):
        places = [(16.46372, 107.59089), (-33.9, 18.4), (89.9, -179), (-90, 180)]
        made = [
            self.make_report(latitude=latitude, longitude=longitude)
            for latitude, longitude in places
        ]
        reports = self.env["civic.report"].union(*made, self.make_report())
        cells = reports.mapped("map_cell")
        self.env.flush_all()
        self.cr.execute("UPDATE civic_report SET map_cell = NULL")
        path = file_path("civic_report/migrations/19.0.1.3.0/pre-map_cell.py")
        load_script(path, "civic_pre_map_cell").migrate(self.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.assertEqual(reports.mapped("map_cell"), cells)
        self.assertEqual(cells.count(0), 1)
