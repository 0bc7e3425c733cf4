import json

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from .portal import CivicPortal
from .routes import form_route, page_route
from .website import SECRET_HEADERS, page_values, visitor, website_company


class CivicIdentity(http.Controller):
    """The link by which a citizen without an account answers a disclosure."""

    @page_route("/phan-anh/danh-tinh/<string:code>", multilang=False)
    def civic_disclosure(self, code, **_query):
        return self._render(self._find(code), code)

    @form_route("/phan-anh/danh-tinh/<string:code>", multilang=False)
    def civic_disclosure_answer(self, code, answer="", **_post):
        disclosure = self._find(code)
        if not disclosure:
            return self._render(disclosure, code)
        try:
            with request.env.cr.savepoint():
                disclosure._answer_as_citizen(answer)
        except UserError as error:
            return self._render(disclosure, code, error.args[0], 422)
        disclosure.invalidate_recordset()
        return self._render(disclosure, code, answered=True)

    def _find(self, code):
        model = request.env["civic.disclosure"]
        # Codes cannot be guessed; who tries all the same is slowed, and not told.
        if request.env["civic.throttle"]._take("lookup", visitor()):
            return model
        return model._by_code_sudo(code, website_company())

    def _render(self, disclosure, code, error="", status=200, answered=False):
        """The question; whatever is wrong with a link, the same page and the same
        status."""
        values = disclosure._citizen_values() if disclosure else {}
        return request.render(
            "civic_report.website_disclosure",
            page_values(
                disclosure=values,
                action=f"/phan-anh/danh-tinh/{code}" if values else "",
                error=error,
                answered=answered,
            ),
            status=status if disclosure else 404,
            headers=SECRET_HEADERS,
        )


class CivicPortalIdentity(CivicPortal):
    """What a citizen with an account sees of the own data, and asks about it."""

    @http.route(
        "/my/du-lieu",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def civic_own_data(self, **_query):
        return self._render_data()

    @http.route("/my/du-lieu", type="http", auth="user", methods=["POST"], website=True)
    def civic_ask_about_data(self, kind="", **_post):
        reporter = self._own_reporter()
        if not reporter:
            raise request.not_found()
        form = request.httprequest.form
        details = {
            name: form.get(name, "")
            for name in ("message", "name", "phone", "email_from", "address")
        }
        try:
            with request.env.cr.savepoint():
                reporter._ask_about_data(kind, details)
        except UserError as error:
            return self._render_data({"kind": kind, "error": error.args[0]}, 422)
        return request.redirect("/my/du-lieu")

    @http.route(
        "/my/du-lieu/ban-sao",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def civic_own_copy(self, **_post):
        """The copy as a file for machines; made for this answer and not kept."""
        reporter = self._own_reporter()
        if not reporter:
            raise request.not_found()
        data = json.dumps(
            reporter._take_own_copy(), ensure_ascii=False, indent=1
        ).encode()
        return request.make_response(
            data,
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition("du-lieu-ca-nhan.json")),
                ("Cache-Control", "private, no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    def _own_reporter(self):
        return request.env["civic.reporter"]._of_account_sudo(
            request.env.user, website_company()
        )

    def _render_data(self, failed=None, status=200):
        reporter = self._own_reporter()
        return self._render(
            "civic_report.portal_own_data",
            status=status,
            data=reporter._own_data_values() if reporter else None,
            failed=failed or {},
        )


class CivicCentreFiles(http.Controller):
    """Files that the Centre hands over, made for one answer and never kept."""

    @http.route("/civic/du-lieu/<int:request_id>", type="http", auth="user")
    def civic_copy(self, request_id):
        """The copy of a person's data, to be printed; the look is written down."""
        data_request = request.env["civic.data.request"].browse(request_id)
        data = data_request._copy_for_centre()
        return request.render(
            "civic_report.data_copy_page", {"data": data}, headers=SECRET_HEADERS
        )

    @http.route(
        "/civic/ho-so-chuyen/<int:diversion_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def civic_take_out_form(self, diversion_id, **_query):
        return self._render_take_out(diversion_id)

    def _render_take_out(self, diversion_id, error="", status=200):
        diversion = request.env["civic.diversion"].browse(diversion_id).exists()
        if not diversion._filtered_access("read"):
            raise request.not_found()
        return request.render(
            "civic_report.take_out_page",
            {"diversion": diversion, "error": error},
            status=status,
            headers=SECRET_HEADERS,
        )

    @http.route(
        "/civic/ho-so-chuyen/<int:diversion_id>",
        type="http",
        auth="user",
        methods=["POST"],
    )
    def civic_take_out(self, diversion_id, passphrase="", again="", **_post):
        diversion = request.env["civic.diversion"].browse(diversion_id)
        try:
            with request.env.cr.savepoint():
                if passphrase != again:
                    raise UserError(request.env._("The two passphrases differ."))
                name, data = diversion._take_out(passphrase)
        except UserError as error:
            return self._render_take_out(diversion_id, error.args[0], 422)
        return request.make_response(
            data,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "private, no-store"),
            ],
        )
