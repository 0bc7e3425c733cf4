"""What periodic reports say, in the language and the form of administrative documents.

Every number comes from the figures that the report keeps; nothing is counted here.
"""

from __future__ import annotations

from datetime import date

from .periodic_columns import NOTHING, day_text, number_text, percent

QUARTERS = ("I", "II", "III", "IV")
ABOUT = "tiếp nhận, xử lý phản ánh hiện trường"
TITLES = {
    "day": "Báo cáo nhanh kết quả {about} {period}",
    "whole": "Kết quả {about} {period}",
    "list": "Danh sách cơ quan, đơn vị để xảy ra các trường hợp phải báo cáo {period}",
    "evaluation": "Đánh giá kết quả {about} của các cơ quan, đơn vị {period}",
    "slow": "Về việc chậm xử lý phản ánh hiện trường",
    "rules": "Kết quả tiếp nhận, xử lý phản ánh, kiến nghị về quy định hành chính "
    "{period}",
}
# Sections that people write, by the name of their text.
WRITTEN = {
    "difficulties": "Khó khăn, vướng mắc",
    "proposals": "Kiến nghị, đề xuất",
}
NONE_WRITTEN = "Không có."


def period_name(kind: str, first: date, last: date) -> str:
    """Return what a period is called: “tháng 11 năm 2026”.

    Periods are named after the month in which they end.
    """
    if kind == "day":
        return f"ngày {day_text(last)}"
    if kind == "week":
        year, week, _day = last.isocalendar()
        return f"tuần {week} năm {year}"
    if kind == "month":
        return f"tháng {_month(last)} năm {last.year}"
    if kind == "quarter":
        return f"quý {QUARTERS[(last.month - 1) // 3]} năm {last.year}"
    if kind == "half":
        return f"6 tháng {'đầu' if last.month <= 6 else 'cuối'} năm {last.year}"
    if kind in ("year", "interior"):
        return f"năm {last.year}"
    return f"từ ngày {day_text(first)} đến ngày {day_text(last)}"


def short_name(kind: str, first: date, last: date) -> str:
    """Return the same in few letters, for a message: “tuần 47”."""
    if kind == "week":
        return f"tuần {last.isocalendar()[1]}"
    if kind in ("month", "quarter", "half", "year", "interior"):
        return period_name(kind, first, last).replace(" năm ", "/")
    return f"{first:%d/%m}-{last:%d/%m}"


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month <= 2 else str(day.month)


def title(form: str, kind: str, first: date, last: date) -> str:
    """Return the trích yếu of a report."""
    period = period_name(kind, first, last)
    return TITLES[form].format(about=ABOUT, period=period)


def span(first: date, last: date) -> str:
    """Return which days the figures are of."""
    return f"(Số liệu từ ngày {day_text(first)} đến ngày {day_text(last)})"


def rate_text(part: int | None, whole: int | None) -> str:
    """Return a rate as sentences have it: “83,3 %”; of nothing “–”."""
    value = percent(part, whole)
    return NOTHING if value is None else f"{number_text(value)} %"


def enumerated(rows: list[tuple[str, int]]) -> str:
    """Return names with their numbers: “Cổng thông tin 12; điện thoại 3”."""
    return "; ".join(f"{name} {number_text(number)}" for name, number in rows if number)


def intake(whole: dict, channels: list, categories: list) -> list[str]:
    """Return section I: what came in, and how.

    :param whole: figures of the whole
    :param channels, categories: (name, number that came in)
    """
    n = _numbers(whole)
    lines = [
        f"Tồn kỳ trước chuyển sang: {n['carried']}; tiếp nhận trong kỳ: "
        f"{n['received']}; mở lại: {n['reopened']}; tổng số: {n['total']}.",
        f"Không tiếp nhận: {n['refused']}, trong đó trùng lặp {n['duplicates']}, "
        f"người gửi rút {n['withdrawn']}, không bổ sung đúng hạn {n['no_answer']}. "
        f"Chuyển cơ quan khác theo dõi: {n['forwarded']}.",
    ]
    if whole.get("before") is not None:
        lines.append(
            f"Kỳ trước tiếp nhận {n['before']}; kỳ này "
            f"{_compared(whole.get('received') or 0, whole['before'])}."
        )
    for words, rows in (
        ("kênh tiếp nhận", channels),
        ("lĩnh vực", categories),
    ):
        if said := enumerated(rows):
            lines.append(f"Theo {words}: {said}.")
    if whole.get("urgent"):
        lines.append(
            f"Khẩn cấp: {n['urgent']}; từ khi tiếp nhận đến khi chuyển xử lý: trung vị "
            f"{n['urgent_median']} phút, lâu nhất {n['urgent_worst']} phút; chậm: "
            f"{n['urgent_late']}."
        )
    return lines


def results(whole: dict) -> list[str]:
    """Return section II: what was handled."""
    n = _numbers(whole)
    lines = [
        f"Đã xử lý, phản hồi: {n['done']}; đúng hạn: {n['on_time']} "
        f"({rate_text(whole.get('on_time'), whole.get('done'))}); trễ hạn: "
        f"{n['late']}. Đang xử lý cuối kỳ: {n['open']}.",
        f"Tương tác sau trả lời: {n['asked']}; đã trả lời: {n['answered']}; chưa trả "
        f"lời: {n['unanswered']}. Phản ánh lại: {n['recurred']}.",
    ]
    if whole.get("median_hours") is not None:
        lines.append(
            f"Thời gian xử lý (giờ làm việc): trung vị {n['median_hours']}; 90 % số "
            f"phản ánh trong {n['ninety_hours']}."
        )
    return lines


def overdue(whole: dict) -> list[str]:
    """Return section III: what is late or stuck."""
    n = _numbers(whole)
    return [
        f"Quá hạn chưa xử lý xong: {n['overdue']}; số cơ quan có việc quá hạn: "
        f"{n['late_agencies']}. Đã gia hạn, quá ngày cam kết chưa có kết quả: "
        f"{n['extended_open']}.",
        f"Chờ UBND tỉnh chỉ định hoặc chưa thống nhất: {n['stuck']}.",
    ]


def satisfaction(whole: dict, levels: list) -> list[str]:
    """Return section IV: what senders thought of the answers.

    :param levels: (name, number) of each level of the scale, those of nobody too
    """
    n = _numbers(whole)
    lines = [
        f"Số lượt đánh giá: {n['rated']}; hài lòng: {n['satisfied']} "
        f"({rate_text(whole.get('satisfied'), whole.get('rated'))}); hài lòng và chấp "
        f"nhận: {rate_text(whole.get('pleased'), whole.get('rated'))}."
    ]
    if levels:
        said = "; ".join(f"{name} {number_text(count)}" for name, count in levels)
        lines.append(f"Theo mức: {said}.")
    return lines


def day_lines(today: dict, month: dict) -> list[tuple[str, str]]:
    """Return the seven lines of the report at the close of work (ST Điều 28.1).

    :param today: figures of the day
    :param month: figures since the month's cut-off
    :return: (what, number or numbers)
    """
    n, m = _numbers(today), _numbers(month)
    return [
        ("Tiếp nhận", f"trong ngày {n['received']}; luỹ kế tháng {m['received']}"),
        ("Không tiếp nhận", n["refused"]),
        ("Đã phân phối", n["given"]),
        ("Đã công khai, trả lời", n["done"]),
        ("Đang xử lý", n["open"]),
        ("Quá hạn", f"Trung tâm {n['late_centre']}; cơ quan {n['late_parts']}"),
        ("Khẩn cấp", n["urgent"]),
    ]


def _numbers(figures: dict) -> _Numbers:
    return _Numbers(
        {
            key: number_text(value)
            for key, value in figures.items()
            if isinstance(value, (int, float)) or value is None
        }
    )


class _Numbers(dict):
    """Numbers as texts; one that was not counted is none."""

    def __missing__(self, key):
        return "0"


def _compared(now: int, before: int) -> str:
    change = now - before
    if not change:
        return "không đổi"
    words = f"{'tăng' if change > 0 else 'giảm'} {number_text(abs(change))}"
    rate = percent(abs(change), before)
    return words if rate is None else f"{words} ({number_text(rate)} %)"
