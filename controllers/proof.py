from datetime import date

from odoo import http
from odoo.http import content_disposition, request

from ..models.ledger.root import MOST, SHOWN
from ..models.ledger.root_told import ROOT_PAGE
from ..models.report.form import is_id
from .portal import find_own, own_route
from .routes import page_route
from .website import SECRET_HEADERS, page_values

MAX_AGE = 300


class CivicProof(http.Controller):
    """What proves that the history is not rewritten: roots for everybody, receipts for
    senders."""

    @page_route(ROOT_PAGE)
    def civic_roots(self, **_query):
        roots = request.env["civic.event.root"]._public_roots_sudo(SHOWN)
        for row in roots:
            row["day"] = f"{date.fromisoformat(row['day']):%d/%m/%Y}"
        return request.render(
            "civic_report.website_roots",
            page_values(roots=roots, json=f"{ROOT_PAGE}.json"),
        )

    @page_route(f"{ROOT_PAGE}.json", multilang=False)
    def civic_roots_json(self, up_to="", **_query):
        """The latest roots, or those over at most so many events: receipts are older
        than what one answer holds."""
        size = int(up_to) if is_id(up_to) else None
        roots = request.env["civic.event.root"]._public_roots_sudo(MOST, size)
        answer = {"tree": "RFC 9162, SHA-256", "roots": roots}
        if len(roots) == MOST:
            # That root stands in both: its proof leads from one to the other.
            answer["earlier"] = f"{ROOT_PAGE}.json?up_to={roots[-1]['size']}"
        return request.make_json_response(
            answer,
            headers={"Cache-Control": f"public, max-age={MAX_AGE}"},
        )

    @own_route("/bien-nhan.json", methods=["GET"], multilang=False, readonly=True)
    def civic_own_receipt(self, code, **_query):
        """What proves the events of a report of one's own; 404 until a day is over."""
        report = find_own(code).report
        receipt = report._receipt()
        if not receipt:
            raise request.not_found()
        name = content_disposition(f"{report.name}.json")
        return request.make_json_response(
            receipt, headers={**SECRET_HEADERS, "Content-Disposition": name}
        )
