"""Borders of wards as GeoJSON (RFC 7946) has them: read, checked, made small.

Plain data: a geometry is a dict with `type` Polygon or MultiPolygon and `coordinates`,
longitude before latitude.
"""

from __future__ import annotations

import json
import math

from .text import fold

# Of one border as text; the largest communes of Viet Nam need a tenth of it.
MOST_BYTES = 500_000
# Of a file with all wards of a province.
MOST_FILE_BYTES = 60_000_000
# Of one border; a screen shows no more.
MOST_POINTS = 20_000
# Decimal places that are kept: about a metre.
PLACES = 5
# Names under which offices put a ward's official code and its name into a file.
CODE_NAMES = ("code", "ma", "ma_xa", "maxa", "ward_code", "ma_dvhc", "gso_id")
NAME_NAMES = ("name", "ten", "ten_xa", "tenxa", "ward_name", "ten_dvhc")


class InvalidBorder(ValueError):
    """What is no border; `str` says why, by one of the codes below."""


NOT_JSON = "not_json"
NOT_AREA = "not_area"
NOT_RING = "not_ring"
OFF_GLOBE = "off_globe"
TOO_LARGE = "too_large"


def read_border(text: str) -> dict:
    """Read the border of one ward.

    :param text: a geometry, a feature, or a collection of a single feature
    :return: the geometry, its coordinates rounded to about a metre
    :raise InvalidBorder: with a code of this module
    """
    if len(text) > MOST_BYTES:
        raise InvalidBorder(TOO_LARGE)
    value = _loaded(text)
    if value.get("type") == "FeatureCollection":
        features = value.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise InvalidBorder(NOT_AREA)
        value = features[0]
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
    return read_geometry(value)


def read_collection(text: str) -> list[tuple[str, str, object]]:
    """Read a file with the borders of many wards.

    :return: list of (code or "", name or "", geometry as it stands there), for
        `read_geometry` to look at
    :raise InvalidBorder: it is no collection of features
    """
    if len(text) > MOST_FILE_BYTES:
        raise InvalidBorder(TOO_LARGE)
    value = _loaded(text)
    features = value.get("features")
    if value.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise InvalidBorder(NOT_AREA)
    return [
        (*_names(feature.get("properties")), feature.get("geometry"))
        for feature in features
        if isinstance(feature, dict)
    ]


def read_geometry(value: object) -> dict:
    """Check a geometry and round it.

    :raise InvalidBorder: with a code of this module
    """
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise InvalidBorder(NOT_AREA)
    coordinates = value.get("coordinates")
    if not isinstance(coordinates, list) or not coordinates:
        raise InvalidBorder(NOT_AREA)
    polygons = [coordinates] if kind == "Polygon" else coordinates
    read = [_polygon(polygon) for polygon in polygons]
    if sum(len(ring) for polygon in read for ring in polygon) > MOST_POINTS:
        raise InvalidBorder(TOO_LARGE)
    return {"type": kind, "coordinates": read[0] if kind == "Polygon" else read}


def as_text(geometry: dict) -> str:
    """Write a geometry as short as it goes."""
    return json.dumps(geometry, separators=(",", ":"))


def middle(geometry: dict) -> tuple[float, float]:
    """The middle of the largest part of an area, by its outer ring.

    :return: (latitude, longitude)
    """
    coordinates = geometry["coordinates"]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    area, latitude, longitude = max(_centre(polygon[0]) for polygon in polygons)
    del area
    return round(latitude, PLACES), round(longitude, PLACES)


def ward_key(name: str) -> str:
    """What two spellings of a ward's name have in common."""
    return " ".join(fold(name or "").split())


def _loaded(text: str) -> dict:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidBorder(NOT_JSON) from None
    if not isinstance(value, dict):
        raise InvalidBorder(NOT_JSON)
    return value


def _names(properties: object) -> tuple[str, str]:
    known = {}
    if isinstance(properties, dict):
        known = {str(name).lower(): value for name, value in properties.items()}

    def first(names):
        found = (known[name] for name in names if known.get(name) not in (None, ""))
        return str(next(found, "")).strip()

    return first(CODE_NAMES), first(NAME_NAMES)


def _polygon(rings: object) -> list:
    if not isinstance(rings, list) or not rings:
        raise InvalidBorder(NOT_RING)
    return [_ring(ring) for ring in rings]


def _ring(points: object) -> list:
    """A ring is closed and has a surface: four points at least, the last the first."""
    if not isinstance(points, list) or len(points) < 4:
        raise InvalidBorder(NOT_RING)
    ring = [_point(point) for point in points]
    if ring[0] != ring[-1]:
        raise InvalidBorder(NOT_RING)
    return ring


def _point(point: object) -> list:
    if not isinstance(point, list) or len(point) < 2:
        raise InvalidBorder(NOT_RING)
    longitude, latitude = point[:2]
    for figure, most in ((longitude, 180), (latitude, 90)):
        # Python takes True for 1, and JSON of Python knows NaN.
        if type(figure) not in (int, float) or not math.isfinite(figure):
            raise InvalidBorder(NOT_RING)
        if abs(figure) > most:
            raise InvalidBorder(OFF_GLOBE)
    return [round(longitude, PLACES), round(latitude, PLACES)]


def _centre(ring: list) -> tuple[float, float, float]:
    """(area in square degrees, latitude, longitude) of a ring, by the shoelace; of one
    without a surface the middle of its corners."""
    # Counted from a corner: the sums stay small.
    east, north = ring[0]
    twice = sum_x = sum_y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
        x1, x2, y1, y2 = x1 - east, x2 - east, y1 - north, y2 - north
        cross = x1 * y2 - x2 * y1
        twice += cross
        sum_x += (x1 + x2) * cross
        sum_y += (y1 + y2) * cross
    if abs(twice) < 1e-12:
        corners = ring[:-1]
        return (
            0.0,
            sum(y for _x, y in corners) / len(corners),
            sum(x for x, _y in corners) / len(corners),
        )
    return abs(twice) / 2, north + sum_y / (3 * twice), east + sum_x / (3 * twice)
