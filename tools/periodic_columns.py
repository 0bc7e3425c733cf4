"""The tables of periodic reports: which columns they have and what stands in a cell.

A line of a report keeps its figures; PDF and spreadsheet make the same cells of them,
by these columns. The words are those of administrative documents, in their language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

NOTHING = "–"
# Of a rate in time where the text sets no time.
UNTIMED = "không quy định"
TENTH = Decimal("0.1")
# Fewer cases than these are marked: they say little, and count all the same.
FEW = 10
# Kinds of columns that are written to one decimal.
TENTHS = ("percent", "change", "days")
Cell = int | float | str | None


@dataclass(frozen=True)
class Column:
    """A column of a table.

    :param key: of the figure that it shows
    :param title: as the table has it
    :param kind: order (of the row), number, signed, days (to a tenth), percent (of the
        figure `of`), fraction (with the figure `of`), text or day
    :param of: key of the figure that it is compared with
    :param width: in letters, about
    """

    key: str
    title: str
    kind: str = "number"
    of: str = ""
    width: int = 9


def tenths(value: float | None) -> float | None:
    """Return a number to one decimal, halves away from zero."""
    if value is None:
        return None
    return float(Decimal(str(value)).quantize(TENTH, ROUND_HALF_UP))


def percent(part: float | None, whole: float | None) -> float | None:
    """Return a rate to one decimal; of nothing there is none."""
    if not whole:
        return None
    exact = Decimal(100) * Decimal(str(part or 0)) / Decimal(str(whole))
    return float(exact.quantize(TENTH, ROUND_HALF_UP))


def cell(column: Column, figures: dict) -> Cell:
    """Return what stands in a cell, as a spreadsheet has it; None for nothing.

    :param figures: of the line: numbers, texts, days as “2026-11-14”
    """
    value = figures.get(column.key)
    if column.kind == "percent":
        whole = figures.get(column.of)
        return UNTIMED if _is_untimed(column, figures) else percent(value, whole)
    if column.kind == "change":
        before = figures.get(column.of)
        # Nothing before: no percentage says how much more it is.
        return percent((value or 0) - before, before) if before else None
    if column.kind == "signed":
        before = figures.get(column.of)
        return None if before is None else (value or 0) - before
    if column.kind == "fraction":
        whole = figures.get(column.of)
        few = " (ít hơn 10)" if whole and whole < FEW else ""
        return f"{value or 0}/{whole}{few}" if whole else None
    if column.kind == "days":
        return tenths(value)
    if column.kind == "number":
        return value if value is None else int(value)
    if column.kind == "day":
        return day_text(value) or None
    return value or None


def _is_untimed(column: Column, figures: dict) -> bool:
    return (
        column.of == "timed"
        and not figures.get("timed")
        and bool(figures.get("no_limit"))
    )


def cell_text(column: Column, value: Cell) -> str:
    """Return a cell as it is printed: 1.234; 83,3; +5; “–” for nothing."""
    if value is None:
        return "" if column.kind in ("text", "day", "order") else NOTHING
    if isinstance(value, str):
        return value
    sign = "+" if column.kind in ("signed", "change") and value > 0 else ""
    # A spreadsheet gives a whole number back as one.
    return sign + number_text(float(value) if column.kind in TENTHS else value)


def number_text(value: float | None) -> str:
    """Return a number as it is written here: 1.234 and 83,3."""
    if value is None:
        return NOTHING
    text = f"{tenths(value):,.1f}" if isinstance(value, float) else f"{value:,}"
    return text.translate(str.maketrans(",.", ".,"))


def day_text(value: str | date | datetime | None) -> str:
    """Return a day as tables have it: 14/11/2026."""
    if not value:
        return ""
    day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{day:%d/%m/%Y}"


def _text(key: str, title: str, width: int = 14) -> Column:
    return Column(key, title, "text", width=width)


def _day(key: str, title: str) -> Column:
    return Column(key, title, "day", width=14)


# PL1: of categories, channels and places alike; the title of the second column differs.
OVERVIEW = (
    Column("carried", "Tồn kỳ trước"),
    Column("received", "Tiếp nhận trong kỳ"),
    Column("reopened", "Mở lại"),
    Column("total", "Tổng"),
    Column("refused", "Không tiếp nhận"),
    Column("forwarded", "Chuyển theo dõi"),
    Column("done", "Đã xử lý"),
    Column("on_time", "Đúng hạn"),
    Column("late", "Trễ hạn"),
    Column("on_time", "Tỷ lệ đúng hạn (%)", "percent", of="done"),
    Column("open", "Đang xử lý"),
    Column("overdue", "Quá hạn"),
    Column("received", "So với kỳ trước (±)", "signed", of="before"),
    Column("received", "So với kỳ trước (%)", "change", of="before"),
)
AGENCIES = (
    Column("carried", "Tồn"),
    Column("given", "Được giao"),
    Column("returned", "Trả lại"),
    Column("returned_late", "Trả lại trễ"),
    Column("done", "Đã có kết quả"),
    Column("on_time", "Đúng hạn"),
    Column("late", "Trễ hạn"),
    Column("on_time", "Tỷ lệ (%)", "percent", of="timed"),
    Column("open", "Đang xử lý"),
    Column("overdue", "Quá hạn"),
    Column("extended", "Gia hạn"),
    Column("extended_open", "Quá cam kết"),
    Column("fixed", "Trung tâm trả lại"),
    Column("asked", "Tương tác", width=10),
    Column("unanswered", "Chưa trả lời"),
    Column("recurred", "Phản ánh lại"),
    Column("urged", "Số lần đôn đốc"),
    Column("directives", "Văn bản chỉ đạo", width=7),
    # What was late when a duty was dropped is in no other figure, and not forgotten.
    Column("dropped_late", "Trễ khi thôi giao", width=7),
)
LATE = (
    _text("code", "Mã", 18),
    _text("subject", "Nội dung", 28),
    _text("agency", "Cơ quan", 20),
    _day("given_at", "Ngày giao"),
    _text("deadline", "Hạn", 16),
    _day("done_at", "Ngày có kết quả"),
    Column("days_late", "Số ngày trễ", "days"),
    _day("extended_to", "Gia hạn đến"),
    _text("explanation", "Giải trình", 24),
    _text("note", "Đề xuất", 20),
)
# Of the list against agencies, where who was responsible is named besides.
RESPONSIBLE = (
    *LATE[:-2],
    _text("handler", "Người xử lý", 18),
    _text("leader", "Lãnh đạo", 18),
    LATE[-1],
)
# What a message at the close of work shows of the overdue.
LATE_TODAY = (
    _text("code", "Mã", 19),
    _text("subject", "Nội dung", 30),
    _text("agency", "Cơ quan", 22),
    _text("deadline", "Hạn", 16),
    Column("days_late", "Trễ (ngày)", "days"),
    _text("step", "Bước", 18),
)
STUCK = (
    _text("code", "Mã", 21),
    _text("subject", "Nội dung", 30),
    _text("agencies", "Các cơ quan", 28),
    _text("waits", "Chờ chỉ định / không thống nhất từ ngày", 24),
    _text("note", "Kiến nghị", 18),
)
LIST = (
    Column("a", "a) Quá hạn (số)"),
    Column("b", "b) Gia hạn chưa có kết quả (số)"),
    Column("c_part", "c) Hài lòng (n/m)", "fraction", of="c_whole", width=14),
    Column("c_part", "c) Hài lòng (%)", "percent", of="c_whole"),
    Column("d", "d) Phản ánh lại quá 3 lần (số)"),
    _text("grounds", "Căn cứ", 12),
    _text("note", "Ghi chú", 24),
)
EVALUATION = (
    Column("given", "Được giao", width=11),
    Column("done", "Đã có kết quả", width=10),
    Column("on_time", "Đúng hạn (%)", "percent", of="timed", width=11),
    Column("e1_part", "E1 Văn bản chấn chỉnh", width=11),
    *(
        column
        for number, title in (
            (2, "Hài lòng, chấp nhận"),
            (3, "Tương tác không phản hồi"),
            (4, "Trả lại quá hạn"),
            (5, "Không đảm bảo nội dung"),
            (6, "Lặp lại"),
        )
        for column in (
            Column(
                f"e{number}_part",
                f"E{number} {title} (n/m)",
                "fraction",
                of=f"e{number}_whole",
                width=14,
            ),
            Column(
                f"e{number}_part", f"E{number} (%)", "percent", of=f"e{number}_whole"
            ),
        )
    ),
)
# Where the procedure has thresholds: who is barred, and what was decided.
DECIDED = (
    _text("breaches", "Vi phạm (E…)", 12),
    _text("considered", "Xét HTXSNV", 17),
    _text("decision", "Quyết định, lý do", 24),
)
EXPLANATIONS = (
    _text("agency", "Cơ quan", 24),
    _text("code", "Mã", 18),
    _text("cause", "Nguyên nhân", 34),
    _text("remedy", "Biện pháp khắc phục", 34),
    _day("new_date", "Thời hạn mới"),
    _day("signed_at", "Ngày ký"),
)
# Of the satisfaction by agency; a column for each level of the scale goes between.
RATED = (Column("rated", "Số lượt đánh giá"),)
RATES = (
    Column("satisfied", "Tỷ lệ hài lòng (%)", "percent", of="rated"),
    Column("pleased", "Tỷ lệ hài lòng và chấp nhận (%)", "percent", of="rated"),
)
