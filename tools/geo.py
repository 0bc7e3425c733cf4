"""Places on the map: cells of the plane by which an index finds what is near.

A cell is a tile of the Web Mercator map at zoom 14, about 2.3 km wide in Viet Nam, as
one integer that fits a column of four bytes. Beyond 85° of latitude that map ends:
what lies there counts as lying on its edge.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from .text import decimal_number

ZOOM = 14
SIDE = 1 << ZOOM  # cells from west to east, and from north to south
EDGE = 85.0511  # degrees of latitude where the map ends
EARTH = 6_371_000  # metres from its middle to its surface
# Longer texts are no numbers that anybody typed.
LONGEST_NUMBER = 24


class Box(NamedTuple):
    """Degrees; the west is never east of the east."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Tell whether a point lies in the box, its sides included."""
        return (
            self.south <= latitude <= self.north and self.west <= longitude <= self.east
        )


def cell(latitude: float, longitude: float) -> int:
    """Return the cell of a point, never 0 but in the map's north-western corner.

    :raise ValueError: not a position on the globe.
    """
    column, row = _column_row(latitude, longitude)
    return column << ZOOM | row


def cells_in_box(box: Box, limit: int) -> list[int] | None:
    """Return the cells that a box touches, or None when there are more than `limit`.

    :raise ValueError: a corner is not on the globe, or the sides are swapped.
    """
    if box.west > box.east or box.south > box.north:
        raise ValueError("the sides of the box are swapped")
    first_column, first_row = _column_row(box.north, box.west)
    last_column, last_row = _column_row(box.south, box.east)
    columns = range(first_column, last_column + 1)
    rows = range(first_row, last_row + 1)
    if len(columns) * len(rows) > limit:
        return None
    return [column << ZOOM | row for column in columns for row in rows]


def cells_around(
    latitude: float, longitude: float, metres: float, limit: int = 100
) -> list[int]:
    """Return the cells that hold every point within a distance of a place.

    :raise ValueError: not a position on the globe, or more than `limit` cells.
    """
    cells = cells_in_box(box_around(latitude, longitude, metres), limit)
    if cells is None:
        raise ValueError(f"more than {limit} cells lie within {metres:.0f} m")
    return cells


def box_around(latitude: float, longitude: float, metres: float) -> Box:
    """Return a box that holds every point within a distance of a place.

    It ends at the meridian of 180°: what lies beyond that is not looked for.
    """
    _check(latitude, longitude)
    angle = metres / EARTH
    # A touch wider, so that rounding leaves nothing out.
    high = math.degrees(angle) * 1.000001
    middle = math.radians(min(abs(latitude), EDGE))
    slope = math.sin(angle) / math.cos(middle)
    wide = math.degrees(math.asin(slope)) * 1.000001 if slope < 1 else 180.0
    return Box(
        max(longitude - wide, -180.0),
        max(latitude - high, -90.0),
        min(longitude + wide, 180.0),
        min(latitude + high, 90.0),
    )


def distance(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Return the metres between two positions, by the haversine formula."""
    one, two = math.radians(latitude), math.radians(other_latitude)
    half_height = math.sin((two - one) / 2)
    half_width = math.sin(math.radians(other_longitude - longitude) / 2)
    chord = half_height**2 + math.cos(one) * math.cos(two) * half_width**2
    return 2 * EARTH * math.asin(math.sqrt(min(chord, 1.0)))


def read_box(text: str | None) -> Box:
    """Return the box of a text "west,south,east,north" in degrees.

    A view that reaches beyond the globe is cut at its edge, as map programs send it.

    :raise ValueError: anything else.
    """
    parts = (text or "").split(",")
    if len(parts) != 4 or any(len(part) > LONGEST_NUMBER for part in parts):
        raise ValueError("not four numbers")
    west, south, east, north = map(decimal_number, parts)
    if not all(map(math.isfinite, (west, south, east, north))):
        raise ValueError("not finite")
    box = Box(max(west, -180), max(south, -90), min(east, 180), min(north, 90))
    if box.west > box.east or box.south > box.north:
        raise ValueError("the sides of the box are swapped")
    return box


def _column_row(latitude: float, longitude: float) -> tuple[int, int]:
    _check(latitude, longitude)
    column = int((longitude + 180) / 360 * SIDE)
    sine = math.sin(math.radians(min(max(latitude, -EDGE), EDGE)))
    row = int((0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * SIDE)
    return min(column, SIDE - 1), min(max(row, 0), SIDE - 1)


def _check(latitude: float, longitude: float) -> None:
    # Not a number compares as false.
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("not a position on the globe")
