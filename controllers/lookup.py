from odoo import http
from odoo.http import request

from ..models.ground.paths import ACCOUNT_PAGE, PROVED_PAGE, lookup_path
from ..models.province.throttle import TooMany
from ..models.vault.vault import VaultError
from ..tools.codes import InvalidCode, parse_report_code
from .routes import form_route, page_route
from .website import (
    SECRET_HEADERS,
    asker,
    challenge_values,
    count,
    digits_errors,
    forget_proof,
    is_proved_before,
    page_values,
    proof_of,
    remember_device,
    remember_proof,
    say_when,
    sent_report,
    sitemap_pages,
    unavailable_page,
    website_company,
)

SENT_PAGE = "/phan-anh/da-gui/<string:code>"


class CivicLookup(http.Controller):
    """A report is looked up by its code, and proved one's own by a one-time code.

    Whatever the code, the answers are the same: they do not tell whether there is such
    a report, nor whether its sender can be reached.
    """

    @page_route(PROVED_PAGE, sitemap=sitemap_pages)
    def civic_lookup(self, code="", sent="", over="", **_query):
        """The form for the code; once one has been asked for, the one for its digits.

        :param sent: the visitor has just asked for a one-time code
        :param over: the visitor may no longer see the page of the report
        """
        report_code = self._parsed(code)
        if report_code and proof_of(report_code):
            return request.redirect(f"{PROVED_PAGE}/{report_code.lower()}")
        problem = {}
        if over:
            problem = {"code": self._over()}
        return self._render(code, report_code, bool(sent and report_code), problem)

    @form_route(PROVED_PAGE)
    def civic_ask_code(self, code="", **_post):
        """Send the sender of the report a one-time code."""
        report_code = self._parsed(code)
        if not report_code:
            return self._render(code, "", False, {"code": self._no_code()}, 422)
        reports, user = request.env["civic.site.list"], request.env.user
        if reports._find_own_sudo(report_code, user):
            return request.redirect(f"{ACCOUNT_PAGE}/{report_code.lower()}")
        try:
            self._count(report_code)
            request.env["civic.code"]._ask_sudo(
                self._find(report_code),
                report_code,
                website_company(),
                asker(),
                is_proved_before(report_code),
            )
        except TooMany as error:
            return self._refuse(code, report_code, "code", error)
        except VaultError:
            return self._closed()
        return request.redirect(lookup_path(report_code, sent="1"))

    @form_route(f"{PROVED_PAGE}/ma")
    def civic_enter_code(self, code="", digits="", **_post):
        """Open the page of the report to whoever has the digits sent last."""
        report_code = self._parsed(code)
        if not report_code:
            return request.redirect(PROVED_PAGE)
        report = self._find(report_code)
        try:
            self._count(report_code)
            codes = request.env["civic.code"]
            is_right = codes._check_sudo(report, "lookup", digits, asker())
        except TooMany as error:
            return self._refuse(code, report_code, "digits", error)
        except VaultError:
            return self._closed()
        if not is_right:
            errors = digits_errors("wrong")
            return self._render(code, report_code, True, errors, 422)
        remember_proof(report)
        return request.redirect(f"{PROVED_PAGE}/{report_code.lower()}")

    @form_route(f"{PROVED_PAGE}/ket-thuc")
    def civic_leave(self, **_post):
        """End the time in which this browser may see the page of a report."""
        forget_proof()
        return request.redirect(PROVED_PAGE)

    # ------------------------------------------------------------------
    # Verifying first-time senders
    # ------------------------------------------------------------------

    @form_route(f"{SENT_PAGE}/xac-minh")
    def civic_verify(self, code, digits="", **_post):
        """Verify whoever has just sent a report by the digits of our message."""
        report = sent_report(code)
        try:
            self._count(report.name)
            is_right = report._verify_by_code_sudo(digits)
        except TooMany:
            return self._to_sent(report, "wait")
        except VaultError:
            return self._closed()
        if not is_right:
            return self._to_sent(report, "wrong")
        remember_proof(report)
        return self._to_sent(report)

    @form_route(f"{SENT_PAGE}/ma-moi")
    def civic_verify_again(self, code, **_post):
        """Send whoever has just sent a report a new code."""
        report = sent_report(code)
        try:
            self._count(report.name)
            report._ask_verification()
        except TooMany:
            return self._to_sent(report, "wait")
        except VaultError:
            return self._closed()
        return self._to_sent(report)

    def _to_sent(self, report, problem=""):
        path = SENT_PAGE.replace("<string:code>", report.name.lower())
        query = f"?digits={problem}" if problem else ""
        return request.redirect(f"{path}{query}#verify")

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _parsed(self, code):
        """The one written form of a code; empty for what is none."""
        try:
            return str(parse_report_code(code))
        except InvalidCode:
            return ""

    def _find(self, report_code):
        return request.env["civic.site.list"]._find_by_code_sudo(
            report_code, website_company()
        )

    def _count(self, report_code):
        """Count an act about a report: those of its sender's own browsers and those of
        whoever holds its code alone do not use up each other's."""
        code = "" if is_proved_before(report_code) else report_code
        count("lookup", request.httprequest.form.get("proof", ""), code=code)

    def _refuse(self, typed, report_code, field, error):
        """Say why to wait, beside the field; a browser may go on at once by work."""
        answer = self._render(
            typed,
            report_code,
            field == "digits",
            {field: error.args[0]},
            error.http_status,
            **challenge_values(error),
        )
        return say_when(answer, error)

    def _no_code(self):
        return request.env._(
            "This is not the code of a report. It is like PA-26-004217; it stands in "
            "our messages to you."
        )

    def _over(self):
        return request.env._(
            "The page of a report opens for half an hour after a one-time code was "
            "entered. Have a new code sent."
        )

    def _closed(self):
        return unavailable_page(
            request.env["civic.vault"]._with_contact(
                request.env._(
                    "One-time codes can be neither sent nor checked right now. Please "
                    "try again later."
                )
            )
        )

    def _render(self, typed, report_code, is_sent, errors=None, status=200, **more):
        """
        :param typed: the code as it was typed
        :param report_code: as it is written; empty for what is no code
        :param is_sent: whether the digits are asked for now
        :param errors: dict of field → words
        :param more: other values of the page
        """
        remember_device()
        company = website_company()
        public = request.env["civic.site.list"]._find_published_sudo(
            report_code.lower(), company
        )
        return request.render(
            "civic_report.website_lookup",
            page_values(
                typed=typed[:64],
                report_code=report_code,
                is_sent=is_sent,
                public_path=public and public._website_path(),
                public_subject=public.subject,
                errors=errors or {},
                valid_minutes=request.env["civic.code"]._valid_minutes(),
                centre_phone=company.phone,
                signed_in=not request.env.user._is_public(),
                **more,
            ),
            status=status,
            headers=SECRET_HEADERS if typed else {"Cache-Control": "no-store"},
        )
