"""Tables of older cases: CSV or XLSX as other systems write them, read line by line.

What is wrong with the file as a whole is a :class:`TableError`; what is wrong with one
line is said of that line, and the lines after it are read all the same. Nothing of a
line stands in an error.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from openpyxl import load_workbook

from .text import ascii_digits, clean, words

MB = 1024 * 1024
# What a workbook may unpack to: its shared strings are held in memory.
MOST_UNPACKED = 512 * MB
MOST_PARTS = 5_000
MOST_COLUMNS = 200
# Longer than any field of a report: such a cell is a mistake, or a trap.
MOST_IN_CELL = 100_000
SEPARATORS = (",", ";", "\t", "|")
# Titles may stand above the line of headings.
LINES_ABOVE = 10
XLSX = b"PK\x03\x04"
XLS = b"\xd0\xcf\x11\xe0"
# A value kept from becoming a number or a formula, as spreadsheets write it.
AS_TEXT = re.compile(r'="([^"]*)"')
KEPT_SIGN = re.compile(r"'(?=[=+\-@])")
DAY = re.compile(
    r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4})"
    r"(?:[ T,]+(?P<time>.+))?"
)
ISO_DAY = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[ T]+(?P<time>.+))?"
)
CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:hg](?P<minute>\d{2})?)(?::(?P<second>\d{2})(?:\.\d+)?)?"
)


class TableError(ValueError):
    """The file cannot be read as a table.

    :param code: kind, sheet, headings, columns, twice, encoding, broken or too_large
    :param about: names of headings that are meant
    """

    def __init__(self, code: str, *about: str) -> None:
        super().__init__(code)
        self.code = code
        self.about = about


@dataclass
class Line:
    """One line of a table.

    :param number: as the file's program counts it, from 1
    :param cells: dict of key → text or datetime; empty cells are left out
    :param faults: list of (key or None, code): long, formula, error, width, unreadable
    """

    number: int
    cells: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)


@dataclass
class Table:
    """A file that was recognised.

    :param keys: which column is what; None for one that is not known
    :param unknown: headings that are not known
    :param lines: the lines, read while they are gone through
    :param encoding: of a CSV file
    :param skipped: names of sheets that are not read
    """

    keys: list
    unknown: list
    lines: Iterator[Line]
    encoding: str = ""
    skipped: tuple = ()


@dataclass(frozen=True)
class Text:
    """A file of text, decoded while it is read: as a whole it takes several times as
    much memory."""

    data: bytes
    encoding: str

    def opened(self) -> io.TextIOWrapper:
        stream = io.BytesIO(self.data)
        return io.TextIOWrapper(stream, encoding=self.encoding, newline="")


def read_table(data: bytes, headings: dict) -> Table:
    """Recognise a file, by its content.

    :param headings: dict of a heading's :func:`words`, joined by blanks → key
    :raise TableError: it is no such table
    """
    if data.startswith(XLSX):
        return _read_workbook(data, headings)
    if data.startswith((XLS, b"%PDF", b"{\\rtf", b"\x1f\x8b")):
        raise TableError("kind")
    return _read_csv(Text(data, encoding_of(data)), headings)


# --- CSV ------------------------------------------------------------------------------


def encoding_of(data: bytes) -> str:
    """Return the encoding in which a file is written, read through in pieces.

    UTF-8 and UTF-16, with a mark or without; else Windows-1258, in which older
    Vietnamese programs write.

    :raise TableError: it is in none of these
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(data, "utf-16")
    head = data[:4096]
    if head.count(0) > len(head) // 4:
        # Letters of a heading are mostly of one byte: the other one is nought.
        is_little = head[1::2].count(0) > head[::2].count(0)
        return _checked(data, "utf-16-le" if is_little else "utf-16-be")
    try:
        return _checked(data, "utf-8-sig")
    except TableError:
        return _checked(data, "cp1258")


def _checked(data: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), MB):
            decoder.decode(data[start : start + MB])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise TableError("encoding") from None
    return encoding


def _read_csv(text: Text, headings: dict) -> Table:
    at, separator, names = _find_headings(text, headings)
    keys, unknown = _match(names, headings)
    return Table(keys, unknown, _csv_lines(text, separator, at, keys), text.encoding)


def _find_headings(text: Text, headings: dict) -> tuple[int, str, list]:
    """The record that holds the headings, and the separator that finds most of them."""
    best = (0, 0, ",", [])
    for separator in SEPARATORS:
        for number, (_line, row) in enumerate(_records(text, separator)):
            if number == LINES_ABOVE:
                break
            found = sum(_heading(name) in headings for name in row or ())
            if found > best[0]:
                best = (found, number, separator, row)
    if not best[0]:
        raise TableError("headings")
    return best[1:]


def _records(text: Text, separator: str) -> Iterator[tuple[int, list | None]]:
    """(number of the first line, cells) of each record; None for what is unreadable."""
    # Strict: a mark that is not closed would make the lines after it part of a cell.
    reader = csv.reader(text.opened(), delimiter=separator, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            yield start, next(reader)
        except StopIteration:
            return
        except csv.Error:
            # A cell past the reader's limit: it goes on with the next line.
            yield start, None


def _csv_lines(text: Text, separator: str, at: int, keys: list) -> Iterator[Line]:
    for number, (start, row) in enumerate(_records(text, separator)):
        if number <= at:
            continue
        if row is None:
            yield Line(start, faults=[(None, "unreadable")])
        elif any(cell.strip() for cell in row):
            yield _csv_line(start, row, keys)


def _csv_line(start: int, row: list, keys: list) -> Line:
    line = Line(start)
    if any(cell.strip() for cell in row[len(keys) :]):
        # Most often an unquoted separator in a text: every cell after it is wrong.
        line.faults.append((None, "width"))
    for key, cell in zip(keys, row, strict=False):
        if key:
            _take_text(line, key, cell)
    return line


def _take_text(line: Line, key: str, cell: str) -> None:
    if len(cell) > MOST_IN_CELL:
        line.faults.append((key, "long"))
        return
    quoted = AS_TEXT.fullmatch(cell.strip())
    text = clean(quoted[1] if quoted else cell)
    text = KEPT_SIGN.sub("", text, count=1) if KEPT_SIGN.match(text) else text
    if text:
        line.cells[key] = text


# --- XLSX -----------------------------------------------------------------------------


def _read_workbook(data: bytes, headings: dict) -> Table:
    _check_package(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        visible = [
            sheet
            for sheet in book.worksheets
            if getattr(sheet, "sheet_state", "visible") == "visible"
        ]
        hidden = [sheet.title for sheet in book.worksheets if sheet not in visible]
        for sheet in visible:
            # What a program says of the size is often wrong.
            sheet.reset_dimensions()
            found = _sheet_headings(sheet, headings)
            if found:
                at, names = found
                keys, unknown = _match(names, headings)
                skipped = (*hidden, *(x.title for x in visible if x is not sheet))
                lines = _sheet_lines(sheet, at, keys)
                return Table(keys, unknown, lines, skipped=skipped)
    except TableError:
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged workbook does to its reader
        raise TableError("broken") from None
    raise TableError("headings" if visible else "sheet")


def _check_package(data: bytes) -> None:
    """Refuse what would fill the memory: a package gives no more than it declares."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise TableError("broken") from None
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise TableError("kind")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise TableError("too_large")


def _sheet_headings(sheet, headings: dict) -> tuple[int, list] | None:
    best = (0, 0, [])
    rows = sheet.iter_rows(max_row=LINES_ABOVE, max_col=MOST_COLUMNS, values_only=True)
    for number, row in enumerate(rows, start=1):
        names = ["" if value is None else str(value) for value in row]
        found = sum(_heading(name) in headings for name in names)
        if found > best[0]:
            best = (found, number, names)
    return best[1:] if best[0] else None


def _sheet_lines(sheet, at: int, keys: list) -> Iterator[Line]:
    rows = sheet.iter_rows(min_row=at + 1, max_col=len(keys))
    number = at
    try:
        for number, row in enumerate(rows, start=at + 1):
            line = Line(number)
            for key, cell in zip(keys, row, strict=False):
                if key and cell.value is not None:
                    _take_cell(line, key, cell)
            if line.cells or line.faults:
                yield line
    except Exception:  # noqa: BLE001 - openpyxl raises any kind: a damaged sheet ends here
        yield Line(number + 1, faults=[(None, "unreadable")])


def _take_cell(line: Line, key: str, cell) -> None:
    value = cell.value
    if cell.data_type == "f":
        line.faults.append((key, "formula"))
    elif cell.data_type == "e":
        line.faults.append((key, "error"))
    elif isinstance(value, (datetime, date)):
        line.cells[key] = value
    elif isinstance(value, float) and value.is_integer():
        line.cells[key] = str(int(value))
    elif not isinstance(value, (bool, time)):
        _take_text(line, key, str(value))
    else:
        line.cells[key] = str(value)


# --- headings -------------------------------------------------------------------------


def heading_of(name: str) -> str:
    """A heading as it is compared: words without accents and signs."""
    return " ".join(words(name))


def _heading(name: str) -> str:
    return heading_of(name[:200])


def _match(names: list, headings: dict) -> tuple[list, list]:
    """Which column is what.

    :return: (keys, names that are not known)
    :raise TableError: two columns are the same, or there are too many
    """
    while names and not str(names[-1]).strip():
        names = names[:-1]
    if len(names) > MOST_COLUMNS:
        raise TableError("columns")
    keys = [headings.get(_heading(name)) for name in names]
    known = [key for key in keys if key]
    twice = [key for key in dict.fromkeys(known) if known.count(key) > 1]
    if twice:
        raise TableError("twice", *twice)
    unknown = [
        clean(name, multiline=False)[:60]
        for name, key in zip(names, keys, strict=True)
        if not key and name.strip()
    ]
    return keys, unknown


# --- values ---------------------------------------------------------------------------


def read_moment(value: str | datetime | date) -> tuple[datetime, bool]:
    """Return a local date and time as people of Viet Nam write it.

    "25/03/2024", "25/03/2024 14:30", "25-3-2024 8h05", "2024-03-25T14:30:00" and the
    dates of a workbook. A number of days is no date, nor is a year of two figures.

    :return: (naive local datetime, whether the time of day is known)
    :raise ValueError: anything else
    """
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=None, microsecond=0)
        return moment, moment.time() != time()
    if isinstance(value, date):
        return datetime.combine(value, time()), False
    typed = ascii_digits(value).strip()
    match = DAY.fullmatch(typed) or ISO_DAY.fullmatch(typed)
    if not match:
        raise ValueError("not a date")
    day = date(*(int(match[name]) for name in ("year", "month", "day")))
    if not match["time"]:
        return datetime.combine(day, time()), False
    clock = CLOCK.fullmatch(match["time"].strip())
    if not clock:
        raise ValueError("not a time of day")
    parts = [int(clock[name] or 0) for name in ("hour", "minute", "second")]
    return datetime.combine(day, time(*parts)), True
