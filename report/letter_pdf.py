from collections import OrderedDict
from functools import cache
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from odoo import models
from odoo.tools.misc import file_path
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

FONT = "Civic Letter"
FONT_SIZE = 13
# Of the page's number, from the upper edge.
BASELINE = 14 * mm


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Letters are drawn one by one, each with page numbers of its own.

        Without the patched Qt, as Debian has it, wkhtmltopdf knows neither headers nor
        where one letter of many begins.
        """
        if not res_ids or not self._civic_is_letter(report_ref):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        report = self._get_report(report_ref)
        letters = self.env[f"report.{report.report_name}"]
        # One letter that may not be read refuses all, before work begins.
        letters._checked(res_ids)
        streams = OrderedDict()
        for res_id in dict.fromkeys(res_ids):
            drawn = super()._render_qweb_pdf_prepare_streams(report_ref, data, [res_id])
            paper = report.get_paperformat()
            drawn[res_id]["stream"] = number_pages(
                drawn[res_id]["stream"],
                paper.margin_left,
                paper.margin_right,
                letters._numbered_from,
            )
            streams.update(drawn)
        return streams


def number_pages(stream, margin_left, margin_right, begins=None):
    """Write the numbers of the pages after the first into the upper margin, centred
    over the text (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.7).

    :param stream: a PDF, as a binary stream
    :param margin_left: in millimetres, as the other one
    :param begins: words of pages with which the numbers begin anew
    :return: a binary stream
    """
    reader = PdfFileReader(stream)
    if len(reader.pages) == 1:
        return stream
    counted = _counted(reader.pages, begins)
    numbers = _numbers(reader.pages, counted, margin_left, margin_right)
    writer = PdfFileWriter()
    for index, number in enumerate(counted):
        writer.addPage(reader.pages[index])
        if number > 1:
            writer.getPage(index).mergePage(numbers.pages[index])
    numbered = BytesIO()
    writer.write(numbered)
    return numbered


def _counted(pages, begins):
    """The number of each page."""
    found = []
    for page in pages:
        is_first = bool(begins) and begins in " ".join(page.extract_text().split())
        found.append(1 if is_first or not found else found[-1] + 1)
    return found


def _numbers(pages, counted, margin_left, margin_right):
    """As many transparent pages of the same size, their numbers on them."""
    drawn = BytesIO()
    canvas = Canvas(drawn, initialFontName=_font(), initialFontSize=FONT_SIZE)
    for number, page in zip(counted, pages, strict=True):
        width, height = (float(side) for side in page.mediaBox[2:])
        canvas.setPageSize((width, height))
        centre = (margin_left * mm + width - margin_right * mm) / 2
        canvas.drawCentredString(centre, height - BASELINE, str(number))
        canvas.showPage()
    canvas.save()
    return PdfFileReader(drawn)


@cache
def _font():
    path = file_path("civic_report/static/fonts/Tinos-Regular.ttf")
    pdfmetrics.registerFont(TTFont(FONT, path))
    return FONT
