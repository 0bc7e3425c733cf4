"""Cells of the map: known tiles, and nothing near is ever left out."""

import math
import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools import geo

properties = settings(max_examples=200, deadline=None, derandomize=True, database=None)
latitudes = st.floats(-84, 84)
longitudes = st.floats(-180, 180)
HUE = (16.4637, 107.5909)
NONE = float("nan")


class TestCells(unittest.TestCase):
    def test_tiles_as_every_map_numbers_them(self):
        rows = {
            HUE: (13088, 7432),
            (21.0285, 105.8542): (13009, 7212),
            (0.0, 0.0): (8192, 8192),
            (85.2, -180.0): (0, 0),
            (-90.0, 180.0): (16383, 16383),
        }
        for position, (column, row) in rows.items():
            with self.subTest(position):
                self.assertEqual(geo.cell(*position), column * 16384 + row)

    def test_no_position_has_no_cell(self):
        for position in ((91, 0), (0, -181), (NONE, 0), (0, NONE), (math.inf, 0)):
            with self.subTest(position), self.assertRaises(ValueError):
                geo.cell(*position)

    @properties
    @given(st.floats(-90, 90), longitudes)
    def test_a_cell_fits_its_column(self, latitude, longitude):
        self.assertIn(geo.cell(latitude, longitude), range(2**28))

    def test_cells_of_a_box_are_bounded(self):
        street = geo.Box(107.590, 16.463, 107.591, 16.464)
        self.assertEqual(geo.cells_in_box(street, 1), [geo.cell(*HUE)])
        city = geo.Box(107.55, 16.44, 107.62, 16.49)
        cells = geo.cells_in_box(city, 100)
        self.assertEqual(len(cells), len(set(cells)))
        self.assertEqual(len(cells), 16)
        self.assertEqual(geo.cells_in_box(city, 16), cells)
        self.assertIsNone(geo.cells_in_box(city, 15))
        self.assertIsNone(geo.cells_in_box(geo.Box(-180, -90, 180, 90), 10_000))

    def test_swapped_sides(self):
        for box in (geo.Box(2, 0, 1, 1), geo.Box(0, 2, 1, 1)):
            with self.subTest(box), self.assertRaises(ValueError):
                geo.cells_in_box(box, 10)

    @properties
    @given(latitudes, longitudes, st.floats(0, 0.05), st.floats(0, 0.05), st.data())
    def test_a_box_s_cells_hold_all_its_points(self, south, west, high, wide, data):
        box = geo.Box(west, south, min(west + wide, 180), south + high)
        latitude = data.draw(st.floats(box.south, box.north))
        longitude = data.draw(st.floats(box.west, box.east))
        self.assertTrue(box.holds(latitude, longitude))
        self.assertIn(geo.cell(latitude, longitude), geo.cells_in_box(box, 10_000))

    @properties
    @given(latitudes, longitudes, st.floats(1, 3000), st.data())
    def test_cells_around_hold_all_that_is_near(self, latitude, longitude, far, data):
        other = (
            latitude + data.draw(st.floats(-0.03, 0.03)),
            min(max(longitude + data.draw(st.floats(-0.03, 0.03)), -180), 180),
        )
        if geo.distance(latitude, longitude, *other) <= far:
            around = geo.cells_around(latitude, longitude, far, limit=5000)
            self.assertIn(geo.cell(*other), around)
            self.assertTrue(geo.box_around(latitude, longitude, far).holds(*other))

    def test_around_is_bounded(self):
        self.assertLessEqual(len(geo.cells_around(*HUE, 500)), 4)
        with self.assertRaises(ValueError):
            geo.cells_around(*HUE, 100_000)


class TestDistance(unittest.TestCase):
    def test_known_distances(self):
        rows = (
            (HUE, HUE, 0),
            ((0, 0), (0, 1), 111_195),
            ((21.0285, 105.8542), (10.7769, 106.7009), 1_143_000),
            ((90, 0), (-90, 0), 20_015_087),
            ((0, 180), (0, -180), 0),
        )
        for one, other, metres in rows:
            with self.subTest(one=one, other=other):
                found = geo.distance(*one, *other)
                self.assertAlmostEqual(found, metres, delta=max(1, metres * 0.005))

    @properties
    @given(latitudes, longitudes, latitudes, longitudes)
    def test_there_and_back(self, latitude, longitude, other, elsewhere):
        there = geo.distance(latitude, longitude, other, elsewhere)
        back = geo.distance(other, elsewhere, latitude, longitude)
        self.assertAlmostEqual(there, back, places=3)
        self.assertTrue(0 <= there <= 20_015_088)


class TestReadBox(unittest.TestCase):
    def test_four_numbers(self):
        self.assertEqual(
            geo.read_box("107.5,16.4,107.6,16.5"), (107.5, 16.4, 107.6, 16.5)
        )

    def test_beyond_the_globe_is_cut(self):
        self.assertEqual(geo.read_box("-540,-100,540,100"), (-180, -90, 180, 90))

    def test_anything_else(self):
        for text in (
            *(None, "", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1;2;3;4"),
            *("nan,0,1,1", "inf,0,1,1", "2,0,1,1", "0,2,1,1", "200,0,300,1"),
            *("1" * 25 + ",0,1,1", "0,0,1,1e999", "'; DROP TABLE x;,0,1,1"),
        ):
            with self.subTest(text), self.assertRaises(ValueError):
                geo.read_box(text)

    @properties
    @given(st.text(st.sampled_from("0123456789.,-+eEinfa ٣"), max_size=60))
    def test_never_another_error(self, text):
        try:
            box = geo.read_box(text)
        except ValueError:
            return
        self.assertTrue(box.west <= box.east and box.south <= box.north)
