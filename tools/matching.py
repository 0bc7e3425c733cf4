"""How likely two reports are about the same matter; plain Python without Odoo.

Each thing that two reports have in common, or not, is evidence for or against. Pieces
of evidence add up as logarithms of odds, as independent ones do, and the sum becomes a
number between 0 and 1. What is not known is evidence of nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from rapidfuzz import fuzz

from .geo import distance
from .text import fold

# Telephones in a street miss by so much: nearer than that, nothing is nearer.
GPS_METRES = 15
# Within so many metres lies what reports of one matter say, unless their category says.
USUAL_RADIUS = 100
# Texts are compared up to so many characters: the matter is told at the beginning.
COMPARED = 600
# Texts of fewer words than that say less.
TELLING_WORDS = 8
HALF_LIFE_DAYS = 45
LIKELY = 0.75
VERY_LIKELY = 0.9

WORD = re.compile(r"[^\W_]+")
# Folded words that every report may hold.
COMMON_WORDS = """
    a anh ay ba bac bao bi bo boi cac cach cai can chi chinh cho chua chung co con
    cua cung da dang de den deu di do doi duoc duong em gap gi giai giup gui han hay
    hien hoac hon huyen kha khac khi khong khu kinh la lai lam len lien luc luon ma
    mai mong mot nay nen neu ngay nguoi nha nham nhan nhieu nhu nhung noi o ong phan
    phia phuc phuong qua quan quang quy quyet ra rang rat roi sau se som su ta tai
    tang te thanh the theo thi thoi thuong tinh to toi trong truoc tu tung tuyen va
    van vao ve vi viec vo voi vu vuc xa xem xin xu y yeu
"""
COMMON = frozenset(COMMON_WORDS.split())


class Matter(NamedTuple):
    """What is compared of a report. Empty values stand for what is not known."""

    subject: str = ""
    text: str = ""
    address: str = ""
    # Ids of the category and of those above it, the highest first.
    line: tuple[int, ...] = ()
    ward: int = 0
    latitude: float = 0.0
    longitude: float = 0.0
    radius: float = USUAL_RADIUS
    at: datetime | None = None
    is_open: bool = True
    # Fingerprints of the files that came with it.
    pictures: frozenset[str] = frozenset()


class Match(NamedTuple):
    """How likely two reports are about the same matter, and why.

    :param score: from 0 to 1
    :param similarity: of the words, from 0 to 1
    :param metres: between the two, None where one has no position
    :param reasons: keys of what speaks for it, the strongest first: picture, near,
        words, place, category, time
    """

    score: float
    similarity: float
    metres: float | None
    reasons: tuple[str, ...]


class Folded(NamedTuple):
    """A matter whose words are made ready, once for all comparisons."""

    matter: Matter
    subject: str
    text: str
    count: int
    address: str


def prepare(matter: Matter) -> Folded:
    """Make a matter ready for being compared with many."""
    subject = _telling(matter.subject)
    text = _telling(f"{matter.subject} {matter.text}"[:COMPARED])
    return Folded(
        matter, subject, text, len(text.split()), " ".join(words(matter.address))
    )


def match(one: Matter | Folded, other: Matter | Folded) -> Match:
    """Return how likely two reports are about the same matter.

    The order of the two makes no difference.
    """
    one = one if isinstance(one, Folded) else prepare(one)
    other = other if isinstance(other, Folded) else prepare(other)
    similarity = _similarity(one, other)
    metres = _metres(one.matter, other.matter)
    evidence = {
        "picture": 8.0 if one.matter.pictures & other.matter.pictures else 0.0,
        "words": _weigh_words(similarity, min(one.count, other.count)),
        "category": _weigh_category(one.matter.line, other.matter.line),
        "time": _weigh_time(one.matter.at, other.matter.at),
    }
    if metres is None:
        evidence["place"] = _weigh_address(one, other)
    else:
        radius = max(one.matter.radius, other.matter.radius)
        evidence["near"] = _weigh_distance(metres, radius)
    is_closed = not (one.matter.is_open and other.matter.is_open)
    score = _probability(sum(evidence.values()) - 1.6 - 0.7 * is_closed)
    return Match(score, similarity, metres, _reasons(evidence))


def best(
    one: Matter, others: Iterable[tuple[object, Matter]], at_least: float, limit: int
) -> list[tuple[object, Match]]:
    """Return those of `others` that are likely about the same matter, likeliest first.

    :param others: pairs of a key and a matter
    :param at_least: least score
    :param limit: at most so many
    """
    ready = prepare(one)
    found = [(key, match(ready, other)) for key, other in others]
    likely = [pair for pair in found if pair[1].score >= at_least]
    return sorted(likely, key=lambda pair: -pair[1].score)[:limit]


def words(text: str | None) -> list[str]:
    """Return the folded words of a text, in its order."""
    return WORD.findall(fold(text))


def _telling(text: str) -> str:
    """Return the folded words that not every report holds."""
    return " ".join(word for word in words(text) if word not in COMMON)


def _similarity(one: Folded, other: Folded) -> float:
    """Return how alike the words are: the subjects, or all that is written."""
    if not one.count or not other.count:
        return 0.0
    whole = _alike(one.text, other.text)
    if not one.subject or not other.subject:
        return whole
    return max(whole, (_alike(one.subject, other.subject) + whole) / 2)


def _alike(one: str, other: str) -> float:
    """Return a ratio: words in another order are alike, and so is a part of a whole,
    though less."""
    part, whole = fuzz.token_set_ratio(one, other), fuzz.token_sort_ratio(one, other)
    return (0.5 * part + 0.5 * whole) / 100


def _metres(one: Matter, other: Matter) -> float | None:
    if not (_is_placed(one) and _is_placed(other)):
        return None
    return distance(one.latitude, one.longitude, other.latitude, other.longitude)


def _is_placed(matter: Matter) -> bool:
    return bool(matter.latitude or matter.longitude)


def _weigh_distance(metres: float, radius: float) -> float:
    """From +2.5 at the same place down to −6 far away, −0.3 at the radius."""
    share = max(0.0, metres - GPS_METRES) / max(radius, 1.0)
    return 2.5 - 8.5 * (1 - math.exp(-0.4 * share * share))


def _weigh_address(one: Folded, other: Folded) -> float:
    """Without positions: what was typed, and the ward."""
    weight = -0.8
    if one.address and other.address:
        alike = fuzz.token_sort_ratio(one.address, other.address) / 100
        weight = 5.0 * (alike - 0.6)
        numbers = [set(re.findall(r"\d+", row.address)) for row in (one, other)]
        if all(numbers) and not numbers[0] & numbers[1]:
            weight = min(weight, 0.0) - 1.0  # two houses of one street
    if one.matter.ward and other.matter.ward:
        weight += 0.4 if one.matter.ward == other.matter.ward else -3.0
    return weight


def _weigh_words(similarity: float, count: int) -> float:
    telling = 0.4 + 0.6 * min(count, TELLING_WORDS) / TELLING_WORDS
    return 6.5 * (similarity - 0.55) * telling if count else 0.0


def _weigh_category(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    if not one or not other:
        return 0.0
    if one[-1] == other[-1]:
        return 1.0
    return 0.4 if one[0] == other[0] else -1.5


def _weigh_time(one: datetime | None, other: datetime | None) -> float:
    if not one or not other:
        return 0.0
    days = abs((one - other).total_seconds()) / 86400
    return 0.5 - 2.5 * (1 - 0.5 ** (days / HALF_LIFE_DAYS))


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def _reasons(evidence: dict[str, float]) -> tuple[str, ...]:
    """Name what speaks for it; time alone says nothing."""
    strong = [key for key, weight in evidence.items() if weight > 0.3]
    return tuple(sorted(strong, key=lambda key: -evidence[key]))
