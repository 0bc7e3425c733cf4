from collections.abc import Callable
from typing import NamedTuple

from werkzeug.exceptions import abort

from odoo import http
from odoo.exceptions import UserError
from odoo.http import SessionExpiredException, request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.ground.paths import ACCOUNT_PAGE, PROVED_PAGE, lookup_path
from ..models.report.form import is_id
from .website import (
    SECRET_HEADERS,
    count,
    file_response,
    page_values,
    proof_of,
    say_when,
    uploaded_files,
)

PAGE_SIZE = 20
AMENDED = ("message", "address", "latitude", "longitude")


class Act(NamedTuple):
    """What the sender does with one form of the own page.

    :param form: name of the form; what went wrong is said there
    :param text: its field whose text is kept when something goes wrong
    :param do: function of report, proof of its sender and the posted form
    :param row: field that names the row, where each row of a list has such a form
    """

    form: str
    text: str
    do: Callable
    row: str = ""

    def name_of(self, posted):
        return f"{self.form}_{posted.get(self.row, '')}" if self.row else self.form


class Own(NamedTuple):
    """A report, and whoever has proved to be its sender.

    :param report: civic.report, elevated
    :param proof: see `civic.report._as_sender`
    :param path: address of the page; the addresses of its forms and files begin with it
    """

    report: object
    proof: object
    path: str


def _id(posted, name):
    raw = posted.get(name, "")
    return int(raw) if is_id(raw) else 0


def _answer_disclosure(report, _proof, posted):
    disclosures = request.env["civic.disclosure"]
    found = disclosures._of_own_report_sudo(report, _id(posted, "disclosure"))
    if not found:
        raise request.not_found()
    found._answer_as_citizen(posted.get("answer", ""))


# By the end of the address to which a form is sent.
ACTS = {
    "bo-sung": Act(
        "supply",
        "message",
        lambda report, proof, posted: report._supply_as(
            proof, posted.get("message", ""), uploaded_files("files")
        ),
    ),
    "danh-gia": Act(
        "rate",
        "comment",
        lambda report, proof, posted: report._rate_as(
            proof, _id(posted, "level"), posted.get("comment", "")
        ),
    ),
    "hoi-them": Act(
        "follow_up",
        "body",
        lambda report, proof, posted: report._follow_up_as(
            proof, posted.get("body", ""), _id(posted, "part")
        ),
    ),
    "xem-lai": Act(
        "appeal",
        "body",
        lambda report, proof, posted: report._appeal_as(
            proof, _id(posted, "violation"), posted.get("body", "")
        ),
        row="violation",
    ),
    "rieng-tu": Act(
        "privacy",
        "",
        lambda report, proof, posted: report._choose_privacy_as(
            proof, posted.get("wish") == "private"
        ),
    ),
    "bao-tin": Act(
        "tell_by",
        "",
        lambda report, proof, posted: report._tell_by_as(
            proof, posted.get("tell_by", "")
        ),
    ),
    "danh-tinh": Act("disclosure", "", _answer_disclosure),
    "xac-nhan": Act(
        "statement",
        "",
        lambda report, proof, posted: report._confirm_statement_as(proof),
    ),
    "sua": Act(
        "amend",
        "message",
        lambda report, proof, posted: report._amend_as(
            proof,
            {
                "ward_id": _id(posted, "ward_id"),
                **{name: posted.get(name, "") for name in AMENDED},
            },
        ),
    ),
    "rut-lai": Act(
        "withdraw",
        "reason",
        lambda report, proof, posted: report._withdraw_as(
            proof, posted.get("reason", "")
        ),
    ),
}


def own_route(end="", **options):
    """A route of the sender's own page, at both of its addresses: of accounts, and of
    those who have proved by a one-time code who they are."""
    return http.route(
        [f"{page}/<string:code>{end}" for page in (ACCOUNT_PAGE, PROVED_PAGE)],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        **options,
    )


def find_own(code):
    """The report at the requested address, for its sender.

    Whoever has not signed in, or has not proved it within the last half hour, is led to
    where that is done; whether there is such a report is not told.

    :return: Own
    """
    reports, user = request.env["civic.site.list"], request.env.user
    if not request.httprequest.path.startswith(f"{PROVED_PAGE}/"):
        if user._is_public():
            raise SessionExpiredException("Session expired")
        report = reports._find_own_sudo(code, user)
        proof, path = user, ACCOUNT_PAGE
    else:
        report = proof_of(code)
        if not report:
            abort(request.redirect(lookup_path(code, over="1")))
        proof, path = report._sender_grant(), PROVED_PAGE
    if not report:
        raise request.not_found()
    return Own(report, proof, f"{path}/{report.name.lower()}")


class CivicPortal(CustomerPortal):
    """What citizens see of the reports that they sent."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "civic_report_count" in counters:
            reports = request.env["civic.site.list"]
            values["civic_report_count"] = reports._count_own_sudo(request.env.user)
        return values

    @http.route(
        ACCOUNT_PAGE,
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def civic_own_list(self, older="", **_query):
        reports, next_key = request.env["civic.site.list"]._search_own_sudo(
            request.env.user, older=older, limit=PAGE_SIZE
        )
        return self._render(
            "civic_report.portal_own_list",
            reports=[report._own_card_values() for report in reports],
            older_link=next_key and f"{ACCOUNT_PAGE}?older={next_key}",
            locks=request.env["civic.reporter"]._own_lock_notices_sudo(
                request.env.user
            ),
            followed=self._followed() if not older else [],
        )

    @own_route(methods=["GET"], readonly=True)
    def civic_own_page(self, code, **_query):
        return self._render_own(find_own(code))

    @own_route("/tep/<int:index>", methods=["GET"], multilang=False, readonly=True)
    def civic_own_file(self, code, index, size="", **_query):
        files = find_own(code).report._own_files()
        if index >= len(files):
            raise request.not_found()
        return file_response(files[index], size)

    @own_route("/gia-han/<int:index>", methods=["GET"], multilang=False, readonly=True)
    def civic_own_notice(self, code, index, **_query):
        """A notice by which an agency asked for more time (ST Điều 14.3)."""
        files = find_own(code).report._own_notices()
        if index >= len(files):
            raise request.not_found()
        return file_response(files[index], "")

    @own_route("/<string:act>", methods=["POST"])
    def civic_own_act(self, code, act, **_post):
        """Do one of `ACTS`, then show the report."""
        own = find_own(code)
        if act not in ACTS:
            raise request.not_found()
        posted = request.httprequest.form
        try:
            count("act")
            with request.env.cr.savepoint():
                ACTS[act].do(own.report, own.proof, posted)
        except UserError as error:
            failed = {
                "form": ACTS[act].name_of(posted),
                "error": error.args[0],
                "text": posted.get(ACTS[act].text, ""),
                "posted": posted,
            }
            answer = self._render_own(own, failed, error.http_status)
            return say_when(answer, error)
        return request.redirect(own.path)

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _followed(self):
        support = request.env["civic.support"]
        reports = support._followed_sudo(request.env.user)
        return [report._public_card_values() for report in reports]

    def _render_own(self, own, failed=None, status=200):
        is_account = own.path.startswith(ACCOUNT_PAGE)
        layout = "portal.portal_layout" if is_account else "civic_report.proved_layout"
        return self._render(
            "civic_report.portal_own_report",
            status=status,
            report=own.report._own_values(),
            own_path=own.path,
            is_account=is_account,
            layout=layout,
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
            headers=SECRET_HEADERS,
        )
