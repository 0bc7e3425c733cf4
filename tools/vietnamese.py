"""Numbers in figures and Vietnamese words, as letters write them; plain Python."""

from __future__ import annotations

from num2words import num2words

UNITS = {
    "minute": "phút",
    "hour": "giờ",
    "working_hour": "giờ làm việc",
    "day": "ngày",
    "working_day": "ngày làm việc",
}
# Beyond it num2words leaves the hundreds out: 1005 would read "một nghìn lẻ năm".
LARGEST = 999


def figures_and_words(number: int) -> str:
    """Return a whole number as letters write it: "06 (sáu)".

    :raises ValueError: for fractions, negative numbers and those above 999
    """
    if number != int(number) or not 0 <= number <= LARGEST:
        raise ValueError(f"not a whole number from 0 to {LARGEST}: {number}")
    return f"{int(number):02d} ({num2words(int(number), lang='vi')})"


def term(value: int, unit: str) -> str:
    """Return a limit as letters write it: "06 (sáu) ngày làm việc".

    :param unit: a key of `UNITS`
    :raises ValueError: as `figures_and_words`, and for an unknown unit
    """
    if unit not in UNITS:
        raise ValueError(f"unknown unit: {unit}")
    return f"{figures_and_words(value)} {UNITS[unit]}"
