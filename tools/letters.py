"""Pieces of result letters, in plain Python."""

from __future__ import annotations

from datetime import date


def long_date(day: date) -> str:
    """Return a date as letters write it: "ngày 05 tháng 02 năm 2026".

    Days below 10 and the months 1 and 2 take a leading zero, so that nobody can put a
    digit in front (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def paragraphs(text: str | None) -> list[str]:
    """Return the lines of a text that hold something, trimmed."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def enumeration(names: list[str]) -> str:
    """Return names as one phrase: "A", "A và B", "A, B và C"."""
    *first, last = names or [""]
    return f"{', '.join(first)} và {last}" if first else last
