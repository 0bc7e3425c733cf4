from odoo import http
from odoo.exceptions import MissingError, UserError
from odoo.http import content_disposition, request

from ..models.report.form import is_id


class CivicOriginals(http.Controller):
    @http.route("/civic_report/original", type="http", auth="user", methods=["POST"])
    def original(self, attachment_id="", reason="", words="", **_post):
        """A citizen's file as it came in, for the Centre; the look is kept on record.

        What is wrong is said as plain text.
        """
        files = request.env["ir.attachment"]
        id_ = int(attachment_id) if is_id(attachment_id) else 0
        try:
            name, data = files._civic_fetch_original(id_, reason, words)
        except UserError as error:
            status = 404 if isinstance(error, MissingError) else error.http_status
            return request.make_response(
                error.args[0],
                headers=[("Content-Type", "text/plain; charset=utf-8")],
                status=status,
            )
        return request.make_response(
            data,
            headers=[
                # It is saved, never shown: it may hold anything.
                ("Content-Type", "application/octet-stream"),
                ("Content-Length", len(data)),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
