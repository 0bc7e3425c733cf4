import io

import xlsxwriter

from odoo import http
from odoo.http import content_disposition, request

# What spreadsheets take for the name of a sheet.
LONGEST_TITLE = 31


class CivicBoardExport(http.Controller):
    """What a leader's screen shows, as a workbook."""

    @http.route(
        "/civic_report/board/<kind>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def board_xlsx(self, kind, period="month", company=""):
        """The tables of a screen; see `civic.board._sheets` for who may have them.

        :param company: id of the province that the screen shows; by default the
            reader's main one. Another's is refused, as everywhere
        """
        board = request.env["civic.board"].with_context(lang=request.env.lang)
        if company:
            chosen = int(company) if company.isdecimal() else 0
            board = board.with_context(allowed_company_ids=[chosen])
        sheets = board._sheets(kind, period)
        return request.make_response(
            _workbook(sheets),
            headers=[
                (
                    "Content-Type",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                ("Content-Disposition", content_disposition(f"{kind}.xlsx")),
                ("Cache-Control", "private, no-store"),
            ],
        )


def _workbook(sheets):
    """:param sheets: list of (title, head, rows) of plain values
    :return: bytes of a workbook whose text is text: no formula, no link
    """
    output = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(output, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True})
        # Rates and hours: kept unrounded, shown as screens show them.
        tenths = book.add_format({"num_format": "0.0"})
        for title, head, rows in sheets:
            sheet = book.add_worksheet(title[:LONGEST_TITLE])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(head) - 1, 0), 18)
            sheet.write_row(0, 0, head, bold)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if value is not None:
                        style = (tenths,) if isinstance(value, float) else ()
                        sheet.write(number, column, value, *style)
    return output.getvalue()
