from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from .website import unavailable_page


class CivicLetters(http.Controller):
    @http.route(
        "/my/phan-anh/<string:code>/thu",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def own_letter(self, code):
        """The result letter of a report of one's own, as PDF.

        404 for another one's report, a missing one and one without a result alike.
        """
        report = request.env["civic.report"]._find_own_sudo(code, request.env.user)
        if report.state != "done" or report.visibility == "secret":
            raise request.not_found()
        try:
            pdf, _kind = request.env["ir.actions.report"]._render_qweb_pdf(
                "civic_report.letter_named", report.ids
            )
        except UserError:
            return unavailable_page(
                request.env._(
                    "The letter cannot be made at the moment. Try again in a few "
                    "minutes; the answer itself is on the page of the report."
                )
            )
        return request.make_response(
            pdf,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(pdf)),
                ("Content-Disposition", content_disposition(f"{report.name}.pdf")),
                ("Cache-Control", "private, no-store"),
            ],
        )
