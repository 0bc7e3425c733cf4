from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .website import page_values, uploaded_files

PAGE_SIZE = 20
SHOWN_INLINE = ("image/", "video/", "audio/")


class CivicPortal(CustomerPortal):
    """What a citizen with an account sees of the own reports."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "civic_report_count" in counters:
            values["civic_report_count"] = request.env["civic.report"]._count_own_sudo(
                request.env.user
            )
        return values

    @http.route(
        "/my/phan-anh",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def civic_own_list(self, older="", **_query):
        reports, next_key = request.env["civic.report"]._search_own_sudo(
            request.env.user, older=older, limit=PAGE_SIZE
        )
        return self._render(
            "civic_report.portal_own_list",
            reports=[
                {**report._card_values(), "path": self._path(report)}
                for report in reports
            ],
            older_link=next_key and f"/my/phan-anh?older={next_key}",
        )

    @http.route(
        "/my/phan-anh/<string:code>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def civic_own_page(self, code, **_query):
        return self._render_own(self._find_own(code))

    @http.route(
        "/my/phan-anh/<string:code>/tep/<int:index>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        multilang=False,
        readonly=True,
    )
    def civic_own_file(self, code, index, **_query):
        files = self._find_own(code)._own_files()
        if index >= len(files):
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(files[index])
        # Documents may hold scripts: they are saved, never opened in the site's name.
        inline = stream.mimetype.startswith(SHOWN_INLINE)
        return stream.get_response(as_attachment=not inline)

    @http.route(
        "/my/phan-anh/<string:code>/bo-sung",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def civic_supply(self, code, **_post):
        report = self._find_own(code)
        message = request.httprequest.form.get("message", "")
        try:
            with request.env.cr.savepoint():
                report._supply_as(request.env.user, message, uploaded_files("files"))
        except UserError as error:
            return self._render_own(report, supply_error=error.args[0], message=message)
        return request.redirect(self._path(report))

    @http.route(
        "/my/phan-anh/<string:code>/danh-gia",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def civic_rate(self, code, **_post):
        report = self._find_own(code)
        level = request.httprequest.form.get("level", "")
        comment = request.httprequest.form.get("comment", "")
        level_id = int(level) if level.isdecimal() and len(level) < 10 else 0
        try:
            with request.env.cr.savepoint():
                report._as_sender(request.env.user).rate(level_id, comment)
        except UserError as error:
            return self._render_own(report, rate_error=error.args[0], comment=comment)
        return request.redirect(self._path(report))

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _find_own(self, code):
        report = request.env["civic.report"]._find_own_sudo(code, request.env.user)
        if not report:
            raise request.not_found()
        return report

    def _path(self, report):
        return f"/my/phan-anh/{report.name.lower()}"

    def _render_own(self, report, **values):
        failed = "supply_error" in values or "rate_error" in values
        return self._render(
            "civic_report.portal_own_report",
            status=422 if failed else 200,
            report=report._own_values(),
            own_path=self._path(report),
            **values,
        )

    def _render(self, template, status=200, **values):
        return request.render(
            template,
            {
                **self._prepare_portal_layout_values(),
                **page_values(**values),
                "page_name": "civic_reports",
            },
            status=status,
            headers={"Cache-Control": "no-store"},
        )
