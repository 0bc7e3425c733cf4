import csv
import io

from odoo import http
from odoo.http import content_disposition, request

from ..models.figures.figure import COUNTS, NAMES
from ..tools.text import spreadsheet_safe
from .routes import page_route
from .website import page_values, sitemap_pages, website_company

MAX_AGE = 300


class CivicFigures(http.Controller):
    """Figures for everybody, as a page and as open data."""

    @page_route("/phan-anh/thong-ke", sitemap=sitemap_pages)
    def civic_figures(self, period="", current="", **_query):
        return request.render(
            "civic_report.website_figures",
            page_values(
                figures=self._figures(period, current), decimal=self._decimal()
            ),
        )

    @page_route("/phan-anh/thong-ke.json", multilang=False)
    def civic_figures_json(self, period="", current="", **_query):
        figures = self._figures(period, current)
        figures.pop("periods")
        return request.make_json_response(
            {
                **figures,
                "first": figures["first"].isoformat(),
                "last": figures["last"].isoformat(),
            },
            headers={"Cache-Control": f"public, max-age={MAX_AGE}"},
        )

    @page_route("/phan-anh/thong-ke.csv", multilang=False)
    def civic_figures_csv(self, period="", by="category", current="", **_query):
        if by not in NAMES:
            raise request.not_found()
        names = ("label", *COUNTS, "in_hand", "on_time_rate", "satisfied_rate")
        output = io.StringIO()
        writer = csv.writer(output)
        writer.writerow(names)
        for row in self._figures(period, current)[by]:
            writer.writerow(
                spreadsheet_safe(str(row[name])) if name == "label" else row[name]
                for name in names
            )
        return request.make_response(
            # The mark by which spreadsheets know UTF-8.
            "\ufeff" + output.getvalue(),
            headers=[
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"phan-anh-{by}.csv")),
                ("Cache-Control", f"public, max-age={MAX_AGE}"),
            ],
        )

    def _figures(self, period, current=""):
        return request.env["civic.figure"]._public_figures_sudo(
            website_company(), period, current == "1"
        )

    def _decimal(self):
        return request.env["res.lang"]._get_data(code=request.env.lang).decimal_point
