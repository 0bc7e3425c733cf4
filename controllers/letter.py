from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from .portal import find_own, own_route
from .website import unavailable_page


class CivicLetters(http.Controller):
    @own_route("/thu", methods=["GET"], readonly=True)
    def own_letter(self, code):
        """The result letter of a report of one's own, as PDF.

        404 for another one's report, a missing one and one without a letter alike.
        """
        own = find_own(code)
        if not own.report._has_own_letter():
            raise request.not_found()
        sender = own.report._as_sender(own.proof)
        try:
            pdf, _kind = sender.env["ir.actions.report"]._render_qweb_pdf(
                "civic_report.letter_named", sender.ids
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
                ("Content-Disposition", content_disposition(f"{own.report.name}.pdf")),
                ("Cache-Control", "private, no-store"),
            ],
        )
