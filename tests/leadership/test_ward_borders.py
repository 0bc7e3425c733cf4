import base64
import json

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..rig.board import BoardCase

SQUARE = [[107.0, 16.0], [107.2, 16.0], [107.2, 16.1], [107.0, 16.1], [107.0, 16.0]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE]}


def feature(geometry=None, **properties):
    shape = geometry or POLYGON
    return {"type": "Feature", "properties": properties, "geometry": shape}


@tagged("-at_install", "post_install")
class TestWardBorders(BoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["civic.ward"].search([]).active = False
        cls.ward, cls.other = cls.env["civic.ward"].create(
            [
                {"name": "Phường Thuận Hóa", "code": "19774"},
                {"name": "Phường Phú Xuân", "code": "19789"},
            ]
        )

    def load(self, *features):
        text = json.dumps({"type": "FeatureCollection", "features": list(features)})
        return self.load_file(text.encode())

    def load_file(self, content):
        wizards = self.env["civic.load.borders"].with_user(self.administrator)
        wizard = wizards.create({"upload": base64.b64encode(content)})
        return wizard.action_confirm()

    def test_a_border_says_where_the_middle_is(self):
        self.ward.border = json.dumps(feature())
        self.assertEqual(json.loads(self.ward.border), POLYGON)
        self.assertEqual(round(self.ward.latitude, 4), 16.05)
        self.assertEqual(round(self.ward.longitude, 4), 107.1)
        self.assertTrue(self.ward.has_border)

    def test_what_is_no_border_is_refused_in_words(self):
        for text in ("x", "{}", json.dumps({"type": "Point", "coordinates": [1, 2]})):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.ward.border = text
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.ward.latitude = 160

    def test_a_file_of_all_wards(self):
        told = self.load(
            feature(ma_xa=19774),
            feature(name="phường  phú xuân"),
            feature(name="Xã khác", code="1"),
        )
        self.assertTrue(self.ward.has_border and self.other.has_border)
        self.assertIn("Xã khác", told["params"]["message"])
        self.assertIn("2", told["params"]["message"])

    def test_one_faulty_border_enters_none(self):
        flat = {"type": "Polygon", "coordinates": [SQUARE[:3]]}
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.load(feature(code="19774"), feature(flat, code="19789"))
        self.assertIn(self.other.name, str(caught.exception))
        self.env.invalidate_all()
        self.assertFalse(self.ward.has_border)
        for content in (b"\xff\xfe", b"{}", b"[]"):
            with self.assertRaises(UserError):
                self.load_file(content)

    def test_points_where_no_border_is_known(self):
        """The middle of what the public reported there; of few it would be somebody's
        place."""
        for number in range(6):
            place = {"latitude": 16.4 + number / 1000, "longitude": 107.5}
            self.walk_to("processing", self.make_report(ward_id=self.ward.id, **place))
        for _number in range(2):
            place = {"latitude": 16.9, "longitude": 107.9}
            self.walk_to("processing", self.make_report(ward_id=self.other.id, **place))
        self.env.flush_all()
        self.env["civic.ward"]._place_points()
        self.assertAlmostEqual(self.ward.latitude, 16.4025, 4)
        self.assertFalse(self.other.latitude)

    def test_the_map_of_the_screens(self):
        self.ward.border = json.dumps(POLYGON)
        wards = self.as_of(self.province_leader).read_map("province")["wards"]
        rows = {row["id"]: row for row in wards}
        self.assertEqual(rows[self.ward.id]["border"], POLYGON)
        self.assertIsNone(rows[self.other.id]["border"])
        self.assertIsNone(rows[self.other.id]["latitude"])

    def test_wards_on_the_page(self):
        self.make_report(ward_id=self.ward.id)
        self.count_now()
        [row] = self.page()["wards"]
        self.assertEqual((row["name"], row["open"]), (self.ward.name, 1))
        listed = self.listed("open", place={"ward": self.ward.id})
        self.assertEqual(listed.ward_id, self.ward)
