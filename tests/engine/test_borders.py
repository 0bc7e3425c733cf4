import json

from odoo.tests import BaseCase

from ...tools import borders

SQUARE = [[107.0, 16.0], [107.2, 16.0], [107.2, 16.1], [107.0, 16.1], [107.0, 16.0]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE]}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


class TestBorders(BaseCase):
    def refused(self, value):
        text = value if isinstance(value, str) else json.dumps(value)
        with self.assertRaises(borders.InvalidBorder) as caught:
            borders.read_border(text)
        return str(caught.exception)

    def test_what_is_read(self):
        for value in (POLYGON, feature(POLYGON), collection(feature(POLYGON))):
            self.assertEqual(borders.read_border(json.dumps(value)), POLYGON)
        island = [[x + 1, y] for x, y in SQUARE]
        both = {"type": "MultiPolygon", "coordinates": [[SQUARE], [island]]}
        self.assertEqual(borders.read_border(json.dumps(both)), both)

    def test_what_is_refused(self):
        ring = [SQUARE[:-1]]
        cases = (
            ("{", borders.NOT_JSON),
            ("[1]", borders.NOT_JSON),
            ("[" * 100_000, borders.NOT_JSON),
            ({"type": "Point", "coordinates": [107, 16]}, borders.NOT_AREA),
            ({"type": "Polygon", "coordinates": []}, borders.NOT_AREA),
            ({"type": "Polygon"}, borders.NOT_AREA),
            (collection(feature(POLYGON), feature(POLYGON)), borders.NOT_AREA),
            (feature(None), borders.NOT_AREA),
            ({"type": "Polygon", "coordinates": ring}, borders.NOT_RING),
            ({"type": "Polygon", "coordinates": [SQUARE[:3]]}, borders.NOT_RING),
            ({"type": "Polygon", "coordinates": [[1, 2, 3, 1]]}, borders.NOT_RING),
            (
                json.dumps(POLYGON).replace("107.0", "true"),
                borders.NOT_RING,
            ),
            (json.dumps(POLYGON).replace("107.0", "NaN"), borders.NOT_RING),
            # Metres of a national grid in place of degrees.
            (json.dumps(POLYGON).replace("107.", "560107."), borders.OFF_GLOBE),
            (" " * (borders.MOST_BYTES + 1), borders.TOO_LARGE),
        )
        for value, code in cases:
            with self.subTest(str(value)[:60]):
                self.assertEqual(self.refused(value), code)

    def test_points_beyond_what_a_screen_shows(self):
        count = borders.MOST_POINTS
        ring = [[107 + row / count, 16] for row in range(count)] + [[107, 16]]
        with self.assertRaises(borders.InvalidBorder) as caught:
            borders.read_geometry({"type": "Polygon", "coordinates": [ring]})
        self.assertEqual(str(caught.exception), borders.TOO_LARGE)

    def test_rounded_to_a_metre(self):
        text = json.dumps(POLYGON).replace("16.1", "16.123456789")
        ring = borders.read_border(text)["coordinates"][0]
        self.assertEqual(ring[2], [107.2, 16.12346])
        self.assertNotIn(" ", borders.as_text(POLYGON))

    def test_the_middle_is_of_the_largest_part(self):
        self.assertEqual(borders.middle(POLYGON), (16.05, 107.1))
        islet = [[x / 10, y / 10] for x, y in SQUARE]
        both = {"type": "MultiPolygon", "coordinates": [[islet], [SQUARE]]}
        self.assertEqual(borders.middle(both), (16.05, 107.1))
        line = [[107, 16], [109, 16], [107, 16], [107, 16]]
        flat = {"type": "Polygon", "coordinates": [line]}
        latitude, longitude = borders.middle(flat)
        self.assertEqual((latitude, round(longitude, 3)), (16, 107.667))

    def test_a_file_of_many(self):
        text = json.dumps(
            collection(
                feature(POLYGON, MA_XA=19774, TEN="Phường Thuận Hóa"),
                feature(POLYGON, code="", name="Phú Xuân"),
                feature(None),
                7,
            )
        )
        rows = [row[:2] for row in borders.read_collection(text)]
        self.assertEqual(
            rows, [("19774", "Phường Thuận Hóa"), ("", "Phú Xuân"), ("", "")]
        )
        with self.assertRaises(borders.InvalidBorder):
            borders.read_collection(json.dumps(POLYGON))
        self.assertEqual(
            borders.ward_key("Phường  Thuận Hoá"), borders.ward_key("phường thuận hoá")
        )
