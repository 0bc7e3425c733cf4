from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.civic_report_submission import is_id
from .website import (
    file_response,
    page_values,
    say_when,
    uploaded_files,
    visitor,
)

PAGE_SIZE = 20


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
            reports=[report._own_card_values() for report in reports],
            older_link=next_key and f"/my/phan-anh?older={next_key}",
            locks=request.env["civic.reporter"]._own_lock_notices_sudo(
                request.env.user
            ),
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
    def civic_own_file(self, code, index, size="", **_query):
        files = self._find_own(code)._own_files()
        if index >= len(files):
            raise request.not_found()
        return file_response(files[index], size)

    @http.route(
        "/my/phan-anh/<string:code>/bo-sung",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def civic_supply(self, code, **_post):
        message = request.httprequest.form.get("message", "")
        return self._act(
            code,
            "supply",
            message,
            lambda report, user: report._supply_as(
                user, message, uploaded_files("files")
            ),
        )

    @http.route(
        "/my/phan-anh/<string:code>/danh-gia",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def civic_rate(self, code, **_post):
        level = request.httprequest.form.get("level", "")
        comment = request.httprequest.form.get("comment", "")
        return self._act(
            code,
            "rate",
            comment,
            lambda report, user: report._rate_as(
                user, int(level) if is_id(level) else 0, comment
            ),
        )

    @http.route(
        "/my/phan-anh/<string:code>/hoi-them",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def civic_follow_up(self, code, **_post):
        body = request.httprequest.form.get("body", "")
        return self._act(
            code,
            "follow_up",
            body,
            lambda report, user: report._follow_up_as(user, body),
        )

    @http.route(
        "/my/phan-anh/<string:code>/xem-lai",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def civic_appeal(self, code, **_post):
        violation = request.httprequest.form.get("violation", "")
        body = request.httprequest.form.get("body", "")
        return self._act(
            code,
            f"appeal_{violation}",
            body,
            lambda report, user: report._appeal_as(
                user, int(violation) if is_id(violation) else 0, body
            ),
        )

    @http.route(
        "/my/phan-anh/<string:code>/rieng-tu",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def civic_privacy(self, code, wish="", **_post):
        return self._act(
            code,
            "privacy",
            "",
            lambda report, user: report._choose_privacy_as(user, wish == "private"),
        )

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _find_own(self, code):
        report = request.env["civic.report"]._find_own_sudo(code, request.env.user)
        if not report:
            raise request.not_found()
        return report

    def _act(self, code, form, text, act):
        """Let the sender do something, then show the report.

        :param form: which form of the page it was; what went wrong is said there
        :param text: what was typed, kept if something went wrong
        :param act: function of report and user
        """
        report = self._find_own(code)
        try:
            request.env["civic.throttle"]._check("act", visitor())
            with request.env.cr.savepoint():
                act(report, request.env.user)
        except UserError as error:
            failed = {"form": form, "error": error.args[0], "text": text}
            answer = self._render_own(report, failed, error.http_status)
            return say_when(answer, error)
        return request.redirect(report._own_path())

    def _render_own(self, report, failed=None, status=200):
        return self._render(
            "civic_report.portal_own_report",
            status=status,
            report=report._own_values(),
            own_path=report._own_path(),
            failed=failed or {},
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
