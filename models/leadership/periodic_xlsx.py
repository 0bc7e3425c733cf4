import io

import xlsxwriter

from odoo import models

# How each kind of column shows its numbers.
FORMATS = {
    "percent": "0.0",
    "change": "+0.0;-0.0;0.0",
    "signed": "+#,##0;-#,##0;0",
    "days": "#,##0.0",
    "number": "#,##0",
}
# What is text stays text: no formula and no link is made of it.
AS_TEXT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
MOST_NAME = 31


class CivicPeriodicReport(models.Model):
    """The spreadsheet of a report: the same sentences and the same tables."""

    _inherit = "civic.periodic.report"

    def _make_xlsx(self):
        """:return: bytes of the spreadsheet"""
        self.ensure_one()
        output = io.BytesIO()
        book = xlsxwriter.Workbook(output, AS_TEXT)
        # Made again of the same rows it is the same.
        book.set_properties({"title": self.title, "created": self.opened_at})
        styles = _Styles(book)
        self._write_body(book.add_worksheet("Báo cáo"), styles)
        for sheet, tables in self._sheets():
            self._write_sheet(book.add_worksheet(sheet), tables, styles)
        book.close()
        return output.getvalue()

    def _sheets(self):
        """(name, tables) of each annex."""
        found = {}
        for table in self._tables():
            found.setdefault(table.number, []).append(table)
        return [(f"PL{number}"[:MOST_NAME], rows) for number, rows in found.items()]

    def _write_body(self, sheet, styles):
        sheet.set_column(0, 0, 110)
        name, about, span = self._head_words()
        lines = [
            ("title", name),
            ("title", about),
            ("span", span),
            ("text", f"Số: {self.number}" if self.number else ""),
            ("text", self.scope or ""),
        ]
        for heading, paragraphs in self._sections():
            lines += [("bold", heading)]
            lines += [("text", text) for text in paragraphs]
        for at, (style, text) in enumerate(row for row in lines if row[1]):
            sheet.write_string(at, 0, text, styles.of(style))

    def _write_sheet(self, sheet, tables, styles):
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        at = 0
        widths = {}
        for table in tables:
            sheet.write_string(at, 0, table.title, styles.of("bold"))
            at += 1
            for column, each in enumerate(table.columns):
                sheet.write_string(at, column, each.title, styles.of("head"))
                widths[column] = max(widths.get(column, 0), each.width)
            at += 1
            for row in table.rows:
                _write_row(sheet, at, table.columns, row, styles)
                at += 1
            if table.total:
                _write_row(sheet, at, table.columns, table.total, styles, bold=True)
                at += 1
            at += 1
        for column, width in widths.items():
            sheet.set_column(column, column, width)


class _Styles:
    """Styles of one book, each made once."""

    def __init__(self, book):
        self.book = book
        self.made = {}

    def of(self, name, bold=False):
        if (name, bold) not in self.made:
            self.made[name, bold] = self.book.add_format(self._look_of(name, bold))
        return self.made[name, bold]

    def _look_of(self, name, bold):
        plain = {"font_name": "Times New Roman", "font_size": 12, "text_wrap": True}
        named = {
            "title": {"bold": True, "align": "center"},
            "span": {"italic": True, "align": "center"},
            "bold": {"bold": True, "text_wrap": False},
            "head": {"bold": True, "align": "center", "valign": "vcenter", "border": 1},
            "text": {},
        }
        if name in named:
            return {**plain, **named[name]}
        cell = {"border": 1, "valign": "top", "bold": bold}
        if name in FORMATS:
            cell["num_format"] = FORMATS[name]
        return {**plain, **cell}


def _write_row(sheet, at, columns, row, styles, bold=False):
    for place, (column, value) in enumerate(zip(columns, row, strict=True)):
        style = styles.of(f"{column.kind}", bold)
        if column.kind == "text":
            style = styles.of("cell", bold)
        if value is None:
            sheet.write_blank(at, place, None, style)
        elif isinstance(value, str):
            sheet.write_string(at, place, value, style)
        else:
            sheet.write_number(at, place, value, style)
