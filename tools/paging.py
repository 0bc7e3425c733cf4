"""Tables cut into what fits on a page, each part under its head again.

wkhtmltopdf without the patched Qt, as Debian has it, cuts through rows and repeats no
head; so where a page ends is reckoned beforehand, rather too early than too late.
Lengths are in points of paper.
"""

from __future__ import annotations

import math
import textwrap

LINE = 12.6  # of text of 10.5 points
LETTER = 5.0
AROUND = (5.0, 2.0)  # paddings and borders of a cell: across, down
TITLE = 42.0  # of a table, with what is left free around it


def shares(widths: list[float]) -> list[float]:
    """Return what part of the whole each width is."""
    whole = sum(widths) or 1
    return [width / whole for width in widths]


def row_height(texts: list[str], widths: list[float]) -> float:
    """Return how high a row is: as its highest cell."""
    lines = (
        _lines(text, width) for text, width in zip(texts, widths, strict=True) if text
    )
    return max(lines, default=1) * LINE + AROUND[1]


def _lines(text: str, width: float) -> int:
    letters = max(1, math.floor((width - AROUND[0]) / LETTER))
    return sum(len(textwrap.wrap(line, letters)) or 1 for line in text.splitlines())


def paged(
    tables: list[dict], width: float, height: float, used: float = 0
) -> list[dict]:
    """Return parts of tables, in their order.

    :param tables: dicts of `title` (or empty), `titles` of columns, `shares` of the
        width that they have, `rows` of texts; what else they hold, all parts hold
    :param width, height: of what a page may hold
    :param used: of the height, on the first page, before the first table
    :return: the same dicts for each part, with `breaks`: whether it begins a page, and
        `ends`: whether it is its table's last one; later parts have no title
    """
    parts, left = [], height - used
    for table in tables:
        widths = [width * share for share in table["shares"]]
        head = row_height(table["titles"], widths)
        rows = table["rows"]
        heights = [row_height(row, widths) for row in rows]
        at, title = 0, table["title"]
        while True:
            above = head + (TITLE if title else 0)
            breaks = above + (heights[at] if rows else LINE) > left < height
            left = (height if breaks else left) - above
            end = at
            while end < len(rows) and (end == at or heights[end] <= left):
                left -= heights[end]
                end += 1
            parts.append(
                {
                    **table,
                    "title": title,
                    "rows": rows[at:end],
                    "breaks": breaks,
                    "ends": end >= len(rows),
                }
            )
            at, title = end, ""
            if at >= len(rows):
                break
    return parts
