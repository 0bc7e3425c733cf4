"""Codes of reports: "PA-26-004217" is report 4217 of the year 2026.

People read codes over the telephone and type them from paper: :func:`parse_report_code`
forgives what they leave out, and every code has one written form.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

PREFIX = re.compile(r"[A-Z]{1,8}")
CENTURY = 2000
DIGITS = 6
MAX_NUMBER = 10**9 - 1
# Longer input is not a code; it is not searched for one either.
MAX_INPUT = 64

BETWEEN = r"[\s\-‐‑‒–—−./_]*"
BETWEEN_WORDS = r"[\s\-‐‑‒–—−./_]+"
TYPED = re.compile(
    rf"(?P<prefix>[A-Z]{{1,8}})?{BETWEEN}"
    rf"(?:20(?P<long>[0-9]{{2}}){BETWEEN_WORDS}|(?P<short>[0-9]{{2}}){BETWEEN})"
    r"(?P<number>[0-9]{1,9})"
)


class InvalidCode(ValueError):
    """Not the code of a report."""

    code = "invalid_code"

    def __init__(self) -> None:
        super().__init__("invalid report code")


class ReportCode(NamedTuple):
    """A code in its parts; ``str()`` gives its one written form."""

    prefix: str
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year - CENTURY:02d}-{self.number:0{DIGITS}d}"


def report_code(prefix: str, year: int, number: int) -> str:
    """Return the code of the number-th report of a year.

    :param prefix: one to eight letters A–Z, the company's.
    :param year: 2000 to 2099, in full.
    :param number: from 1; beyond 999999 the code grows by a digit.
    :raise InvalidCode: a part is out of range.
    """
    if not PREFIX.fullmatch(prefix) or not CENTURY <= year < CENTURY + 100:
        raise InvalidCode
    if not 1 <= number <= MAX_NUMBER:
        raise InvalidCode
    return str(ReportCode(prefix, year, number))


def parse_report_code(text: str | None, prefix: str | None = None) -> ReportCode:
    """Read a code as a person gives it.

    Small letters, other dashes, spaces, full-width digits, missing separators and
    missing zeros are forgiven, and the year may be in full if a separator follows:
    "pa 26 4217", "PA264217" and "PA-2026-4217" are all PA-26-004217.

    :param prefix: the company's prefix: it may then be missing from the text too, and
        another one is refused.
    :raise InvalidCode: not a code.
    """
    typed = unicodedata.normalize("NFKC", (text or "")[:MAX_INPUT]).strip().upper()
    match = TYPED.fullmatch(typed.removeprefix("#"))
    if not match or len(text or "") > MAX_INPUT:
        raise InvalidCode
    found = match["prefix"] or prefix
    number = int(match["number"])
    if not found or (prefix and found != prefix) or not number:
        raise InvalidCode
    year = CENTURY + int(match["long"] or match["short"])
    return ReportCode(found, year, number)


def spoken(code: str) -> str:
    """Return a code as it is read aloud, sign by sign: "P A – 2 6 – 0 0 4 2 1 7"."""
    return " – ".join(" ".join(part) for part in (code or "").split("-") if part)
