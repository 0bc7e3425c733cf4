from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import file_open

from ..tools.push import LONGEST_ENDPOINT
from .public import sitemap_reports
from .routes import form_route, page_route
from .website import (
    SECRET_HEADERS,
    challenge_values,
    count,
    file_response,
    page_values,
    remember_device,
    say_when,
    website_company,
)


def known_person():
    """By what the visitor is known: the account, or this browser's name.

    :return: (kind, value) as `civic.support` takes it; None for who was never seen
    """
    user = request.env.user
    if not user._is_public():
        return "account", user.id
    device = request.session.get("civic_device")
    return ("device", device["id"]) if device else None


class CivicReportPage(http.Controller):
    """One published report, and what visitors do with it."""

    @page_route("/phan-anh/<string:slug>", sitemap=sitemap_reports)
    def civic_page(self, slug, **query):
        report = self._find_published(slug)
        path = report._website_path()
        if f"/phan-anh/{slug}" != path:
            return request.redirect(path, code=301)
        return self._render(report, is_asked=query.get("da-gui") == "theo-doi")

    @page_route("/phan-anh/anh/<string:code>/<int:index>", multilang=False)
    def civic_picture(self, code, index, size="", **_query):
        files = self._find_published(code)._public_files()
        if index >= len(files):
            raise request.not_found()
        return file_response(files[index][1], size)

    # The tokens are checked below: a page left open too long says what to do.
    @form_route("/phan-anh/<string:slug>/toi-cung-gap", csrf=False)
    def civic_support(self, slug, wish="", **_post):
        """Count the visitor as having met the same, once, or no longer."""
        remember_device()
        return self._act(
            slug,
            "support",
            lambda report: report._support_as(known_person(), wish != "off"),
        )

    @form_route("/phan-anh/<string:slug>/theo-doi", csrf=False)
    def civic_follow(self, slug, wish="", **_post):
        """Follow with the account, or have an address asked whether it wants to."""
        user = request.env.user
        if not user._is_public():
            return self._act(
                slug, "follow", lambda report: report._follow_as(user, wish != "off")
            )
        remember_device()
        email = request.httprequest.form.get("email", "")[:300]
        return self._act(
            slug,
            "follow",
            lambda report: report._follow_by_email(email),
            query="?da-gui=theo-doi",
            text=email,
        )

    @form_route("/phan-anh/<string:slug>/theo-doi-thiet-bi", csrf=False)
    def civic_follow_push(self, slug, wish="", **_post):
        """Let this browser be notified, or no longer; any other wish only asks.

        :return: JSON: followed, or error in words for the visitor
        """
        report = self._find_published(slug)
        posted = request.httprequest.form
        endpoint, p256dh, auth = (
            posted.get(name, "")[: LONGEST_ENDPOINT + 1]
            for name in ("endpoint", "p256dh", "auth")
        )
        try:
            self._check_token()
            if wish in ("on", "off"):
                remember_device()
                count("follow")
            if wish == "on":
                report._follow_on_device(endpoint, p256dh, auth)
            elif wish == "off":
                report._unfollow_on_device(endpoint)
        except UserError as error:
            answer = {"error": error.args[0]}
            answer = request.make_json_response(answer, status=error.http_status)
            return say_when(answer, error)
        return request.make_json_response(
            {"followed": report._is_followed_on(endpoint)},
            headers={"Cache-Control": "no-store"},
        )

    @http.route(
        "/phan-anh/push.js",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def civic_push_worker(self, **_query):
        """The service worker that shows notifications; pages below alone may use it."""
        with file_open("civic_report/static/src/push/worker.js") as file:
            content = file.read()
        return request.make_response(
            content,
            [("Content-Type", "text/javascript"), ("Cache-Control", "no-cache")],
        )

    # ------------------------------------------------------------------
    # The link in messages to followers
    # ------------------------------------------------------------------

    @page_route("/phan-anh/theo-doi/<string:code>", multilang=False)
    def civic_following(self, code, **_query):
        """What the link stands for; opening it changes nothing, since mail programs
        open links by themselves."""
        return self._render_following(self._find_following(code))

    # No token: the code is the proof, and mail programs send this by themselves
    # (RFC 8058).
    @form_route(
        "/phan-anh/theo-doi/<string:code>",
        multilang=False,
        csrf=False,
        save_session=False,
    )
    def civic_following_answer(self, code, wish="", **_post):
        support = self._find_following(code)
        report = support.report_id
        if support and wish == "on":
            support._confirm()
        elif support:
            support._stop()
            support = support.browse()
        return self._render_following(support, report, answered=True)

    def _find_following(self, code):
        return request.env["civic.support"]._by_code_sudo(code, website_company())

    def _render_following(self, support, report=None, answered=False):
        """The same page for whatever is wrong with a link."""
        report = report or support.report_id
        return request.render(
            "civic_report.website_following",
            page_values(answered=answered, **report._following_values(support)),
            status=200 if report else 404,
            headers=SECRET_HEADERS,
        )

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _find_published(self, slug):
        report = request.env["civic.site.list"]._find_published_sudo(
            slug, website_company()
        )
        if not report:
            raise request.not_found()
        return report

    def _check_token(self):
        """:raises UserError: when the token of the form is too old"""
        if not request.validate_csrf(request.httprequest.form.get("csrf_token")):
            raise UserError(
                request.env._("This page was open for too long: press again.")
            )

    def _act(self, slug, scope, act, query="", text=""):
        """Let a visitor do something, then show the report.

        :param scope: what is counted against floods, and which form of the page it was
        :param act: function of the report
        :param query: what the page is told of it
        :param text: what was typed, kept if something went wrong
        """
        report = self._find_published(slug)
        try:
            count(scope, request.httprequest.form.get("proof", ""))
            self._check_token()
            with request.env.cr.savepoint():
                act(report)
        except UserError as error:
            failed = {
                "form": scope,
                "error": error.args[0],
                "text": text,
                **challenge_values(error),
            }
            answer = self._render(report, failed=failed, status=error.http_status)
            return say_when(answer, error)
        return request.redirect(f"{report._website_path()}{query}#{scope}")

    def _render(self, report, failed=None, is_asked=False, status=200, **more):
        """The whole page.

        :param more: other values of the page
        """
        shown = report._visitor_values(
            request.env.user, known_person(), request.website._civic_base_url()
        )
        return request.render(
            "civic_report.website_report",
            page_values(failed=failed or {}, is_asked=is_asked, **shown, **more),
            status=status,
        )
