import uuid

from odoo.exceptions import UserError
from odoo.http import request

from ..models.questions.question import QUESTION_FIELDS
from ..models.report.form import FormError
from .report import CivicReportPage
from .routes import form_route, page_route
from .website import (
    SECRET_HEADERS,
    challenge_values,
    count,
    page_values,
    remember_device,
    say_when,
    visitor,
    website_company,
)

# Longer than any text that is taken, so that the limit can be told with the text kept.
MAX_TEXT = 20_000


class CivicQuestions(CivicReportPage):
    """Anybody asks about a published answer, where the regulation says so."""

    # The token is checked below, so that a page left open too long keeps its text.
    @form_route("/phan-anh/<string:slug>/hoi", csrf=False)
    def civic_ask(self, slug, **_post):
        """Take a question about the answer, and lead to the page of its own."""
        report = self._find_published(slug)
        posted = request.httprequest.form
        form = {name: posted.get(name, "")[:MAX_TEXT] for name in QUESTION_FIELDS}
        remember_device()
        try:
            count("form", form["proof"])
            self._check_token()
            with request.env.cr.savepoint():
                question = report._ask_sudo(
                    form, user=request.env.user, visitor=visitor()
                )
                path = question._link_path()
        except FormError as error:
            asking = {"values": form, "errors": error.errors}
            return self._render(report, asking=asking, status=422)
        except UserError as error:
            asking = {
                "values": form,
                "errors": {"form": error.args[0]},
                **challenge_values(error),
            }
            answer = self._render(report, asking=asking, status=error.http_status)
            return say_when(answer, error)
        return request.redirect(path)

    @page_route("/phan-anh/hoi/<string:code>", multilang=False)
    def civic_question(self, code, **_query):
        """What became of a question, for whoever holds its link."""
        return self._render_question(self._find_question(code))

    # No token: the code is the proof.
    @form_route(
        "/phan-anh/hoi/<string:code>", multilang=False, csrf=False, save_session=False
    )
    def civic_question_appeal(self, code, body="", **_post):
        """Appeal against the finding about a question."""
        question = self._find_question(code)
        if not question:
            return self._render_question(question)
        try:
            count("act")
            with request.env.cr.savepoint():
                question._appeal(body[:MAX_TEXT])
        except UserError as error:
            answer = self._render_question(
                question, error=error.args[0], typed=body, status=error.http_status
            )
            return say_when(answer, error)
        return request.redirect(f"/phan-anh/hoi/{code}")

    def _find_question(self, code):
        return request.env["civic.question"]._by_code_sudo(code, website_company())

    def _render_question(self, question, error="", typed="", status=200):
        """The same page for whatever is wrong with a link."""
        return request.render(
            "civic_report.website_question",
            page_values(
                question=question._page_values() if question else {},
                error=error,
                typed=typed[:MAX_TEXT],
            ),
            status=status if question else 404,
            headers=SECRET_HEADERS,
        )

    def _render(self, report, failed=None, is_asked=False, status=200, asking=None):
        """The page of the report, with the form as it was filled in."""
        return super()._render(
            report,
            failed,
            is_asked,
            status,
            asking={
                "values": {},
                "errors": {},
                "key": str(uuid.uuid4()),
                **(asking or {}),
            },
        )
