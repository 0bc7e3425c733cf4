"""The provinces, wards, communes and special zones of Vietnam, with their codes.

The table is that of Quyết định 19/2025/QĐ-TTg, in force since 1 July 2025, with what
later resolutions changed; see ``data/administrative_units/README.md``.
"""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent.parent / "data" / "administrative_units"
# What a full name begins with.
KINDS = {"Phường": "ward", "Xã": "commune", "Đặc khu": "zone"}


class Unit(NamedTuple):
    """A ward, commune or special zone.

    ``code`` has five digits, zeros in front included.
    """

    code: str
    name: str

    @property
    def kind(self) -> str:
        """``ward``, ``commune`` or ``zone``."""
        starts = self.name.startswith
        return next(kind for word, kind in KINDS.items() if starts(word))


def provinces(day: date) -> dict[str, str]:
    """Return the provinces as they are on a day: ``{two digits: full name}``."""
    renamed = _renamed(day)
    return {
        row["code"]: renamed.get(row["code"], row["name"])
        for row in _rows("provinces.tsv")
    }


def units(province: str, day: date) -> list[Unit]:
    """Return the wards, communes and special zones of a province as they are on a day.

    :param province: its code of two digits; an unknown one has none
    """
    renamed = _renamed(day)
    return [
        Unit(row["code"], renamed.get(row["code"], row["name"]))
        for row in _rows("units.tsv")
        if row["province"] == province
    ]


def province_of(codes: set[str]) -> str | None:
    """Return the code of the province that most of the units belong to."""
    found = [row["province"] for row in _rows("units.tsv") if row["code"] in codes]
    return max(sorted(set(found)), key=found.count, default=None)


def _renamed(day: date) -> dict[str, str]:
    return {
        row["code"]: row["name"]
        for row in _rows("changes.tsv")
        if date.fromisoformat(row["day"]) <= day
    }


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with open(FOLDER / name, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))
