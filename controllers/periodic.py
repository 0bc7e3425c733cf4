from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request

from ..models.ground.guard import check_visible

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class CivicPeriodic(http.Controller):
    @http.route(
        "/civic_report/periodic/<int:periodic_id>/<string:file_kind>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def civic_periodic_file(self, periodic_id, file_kind, **_query):
        """The document or the spreadsheet of a periodic report: as it was issued, or of
        a draft as it stands.

        404 also for whoever may not read it, and for any other kind of file.
        """
        report = request.env["civic.periodic.report"].browse(periodic_id)
        if file_kind not in TYPES:
            raise request.not_found()
        try:
            check_visible(report)
            data = report._file(file_kind)
        except (AccessError, MissingError):
            raise request.not_found() from None
        except UserError as error:
            # The printing program does not answer: not forbidden, not missing.
            return request.make_response(str(error), status=503)
        shown = "inline" if file_kind == "pdf" else "attachment"
        name = report._file_name(file_kind)
        return request.make_response(
            data,
            headers=[
                ("Content-Type", TYPES[file_kind]),
                ("Content-Length", len(data)),
                ("Content-Disposition", content_disposition(name, shown)),
                ("Cache-Control", "private, no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
