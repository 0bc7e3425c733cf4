"""The documents of a periodic report, read again."""

import io
import re
from unittest.mock import patch

from openpyxl import load_workbook
from pypdf import PdfReader

from ...tools.periodic_columns import cell_text
from .counted import PeriodicCase
from .letters import LetterPdfCase

NUMBER = re.compile(r"[+-]?\d[\d.]*(?:,\d)?")


def numbers(text):
    """Numbers in a text, as they are written."""
    return NUMBER.findall(text)


class Documents:
    """For cases that draw and read the documents of periodic reports."""

    def draw_pdfs(self):
        """Have PDFs drawn until the test ends: else Odoo draws none in tests."""
        report = self.registry["civic.periodic.report"]
        made = report._make_pdf_sudo

        def forced(records):
            return made(records.with_context(force_report_rendering=True))

        self.startPatcher(patch.object(report, "_make_pdf_sudo", forced))

    def reader_of(self, data):
        return PdfReader(io.BytesIO(data))

    def words_of(self, data):
        """The words of a PDF, one space between them."""
        pages = self.reader_of(data).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def rows_of(self, data, sheet):
        """Rows of a spreadsheet's sheet, empty cells and all."""
        book = load_workbook(io.BytesIO(data))
        return [*book[sheet].iter_rows(values_only=True)]


class FilesCase(Documents, PeriodicCase):
    def with_late(self):
        part = self.walk_to("processing").assignment_ids.sudo()
        counted = self.counted_of(
            {self.agency: {"given": 1234}, self.other_agency: {"on_time": 7}}
        )
        counted["agency"][self.agency.id]["carried"] = 2
        counted["agency"][self.agency.id]["open"] = 1226
        return {"counted": counted, "late": [self.late_row(part)]}

    def sheets(self, data):
        """dict of sheet → rows of cells that hold something"""
        book = load_workbook(io.BytesIO(data))
        return {
            sheet.title: [
                [cell for cell in row if cell is not None]
                for row in sheet.iter_rows(values_only=True)
            ]
            for sheet in book
        }


class PdfCase(FilesCase, LetterPdfCase):
    def setUp(self):
        super().setUp()
        self.draw_pdfs()

    def assertSameNumbers(self, report, pdf, xlsx):
        """Every number of every table, in the document and in the spreadsheet."""
        drawn = numbers(self.text(self.reader_of(pdf)))
        sheets = self.sheets(xlsx)
        for table in report._tables():
            rows = sheets[f"PL{table.number}"]
            at = rows.index([table.title]) + 2
            for row, cells in zip(table.texts(), rows[at:], strict=False):
                values = iter(cells)
                for column, printed in zip(table.columns, row, strict=True):
                    if printed in ("", "–"):
                        continue
                    self.assertEqual(cell_text(column, next(values)), printed)
                    if column.kind not in ("text", "day"):
                        self.assertIn(printed, drawn, f"{table.dimension}: {printed}")
