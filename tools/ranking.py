"""In what order agencies stand beside each other.

No regulation has a formula. By the rate of results in time, then by that of satisfied
senders, then by the number of results; agencies with few results have no place.
"""

from __future__ import annotations

from collections.abc import Iterable

# With fewer results a rate says nothing of an agency.
LEAST_RESULTS = 5
# Kind of an agency → among which it is ranked.
GROUPS = {"department": "department", "local": "local"}


def rate(part: int | None, whole: int | None) -> float | None:
    """Per cent, unrounded; of nothing there is none.

    It is rounded where it is shown, to one decimal, and compared as it is.
    """
    return 100 * (part or 0) / whole if whole else None


def group_of(kind: str | None) -> str:
    """Among which agencies one of a kind is ranked: department, local or other."""
    return GROUPS.get(kind, "other")


def ranked(rows: Iterable[dict], least: int = LEAST_RESULTS) -> list[dict]:
    """Give places within each group.

    :param rows: dicts with `group`, `number` (of results), `on_time_rate` and
        `satisfied_rate` (per cent or None) and `key`, by which equal ones are ordered
    :param least: with fewer results there is no place
    :return: the rows in their order, those without a place last, each with `place`;
        equal ones have the same
    """
    rows = sorted(
        rows,
        key=lambda row: (row["group"], row["number"] < least, _order(row), row["key"]),
    )
    found, before, count = [], None, 0
    for row in rows:
        if before is None or before["group"] != row["group"]:
            count = 0
        count += 1
        place = None
        if row["number"] >= least:
            same = count > 1 and before["place"] is not None and _same(before, row)
            place = before["place"] if same else count
        before = {**row, "place": place}
        found.append(before)
    return found


def _order(row: dict) -> tuple:
    """What has no rate comes behind what has one."""
    return (
        *(
            (row[name] is None, -(row[name] or 0))
            for name in ("on_time_rate", "satisfied_rate")
        ),
        -row["number"],
    )


def _same(one: dict, other: dict) -> bool:
    return _order(one) == _order(other)
