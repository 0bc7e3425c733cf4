from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request


class CivicArchive(http.Controller):
    @http.route(
        "/civic_report/archive/<string:code>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def civic_archive(self, code, **_query):
        """A package for the archives: one report, or those of a year (HUE Điều 14.1).

        404 also for whoever may not have it.
        """
        try:
            package = request.env["civic.report"]._archive_package(code)
        except (AccessError, MissingError):
            raise request.not_found() from None
        response = request.make_response(
            wrap_file(request.httprequest.environ, package),
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Disposition", content_disposition(f"phan-anh-{code}.zip")),
                ("Cache-Control", "private, no-store"),
            ],
        )
        response.direct_passthrough = True
        return response
