import uuid

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.province.throttle import TooMany
from ..models.report.answers import ANSWER, MAX_QUESTIONS
from ..models.report.form import FORM_FIELDS, FormError
from ..models.site.sketch import DuplicatesOffered
from ..models.site.submission import Sending
from ..models.vault.vault import VaultError
from .routes import form_route, page_route
from .website import (
    MB,
    challenge_values,
    count,
    digits_errors,
    has_acted,
    page_values,
    remember_device,
    say_when,
    sent_report,
    sitemap_pages,
    uploaded_files,
    visitor,
    website_company,
)

SENT_KEPT = 10
# Longer than any text that is taken, so that the limit can be told with the text kept.
MAX_TEXT = 2 * MB
HELP = {"files", "address", "description", "phone", "occurred_at"}


class CivicSend(http.Controller):
    """The form by which citizens send reports."""

    @page_route("/phan-anh/gui", sitemap=sitemap_pages)
    def civic_form(self, **query):
        # Nobody writes a report in vain.
        problem = request.env["civic.vault"]._problem()
        errors = {"form": problem} if problem else None
        form = self._prefilled_form(query.get("tai-dien"))
        if query.get("khan-cap"):
            form["danger"] = "1"
        return self._render_form(form, errors)

    # The token is checked below, so that a page left open too long keeps its text.
    @form_route("/phan-anh/gui", csrf=False)
    def civic_send(self, **_post):
        posted = request.httprequest.form
        form = self._posted_form(posted)
        company = website_company()
        try:
            # What was sent already leads to its receipt, however often it comes.
            if not request.env["civic.form"]._is_sent_sudo(form, company):
                count("form", form["proof"])
        except TooMany as error:
            return self._refuse(form, error)
        if posted.get("next"):
            return self._render_form(form, is_next=True)
        if not request.validate_csrf(posted.get("csrf_token")):
            return self._answer_errors(form, {"csrf_token": self._expired()}, 400)
        try:
            with request.env.cr.savepoint():
                report = request.env["civic.form"]._submit_sudo(
                    Sending(
                        form,
                        uploaded_files("files"),
                        user=request.env.user,
                        company=company,
                        visitor=visitor(),
                        offer=not (
                            form["seen_duplicates"] or form.get("recurrence_of")
                        ),
                    )
                )
        except FormError as error:
            return self._answer_errors(form, error.errors, 422)
        except DuplicatesOffered as error:
            return self._answer_offers(form, error.rows)
        except UserError as error:
            return self._refuse(form, error)
        has_acted()
        self._remember_sent(report.name)
        path = f"/phan-anh/da-gui/{report.name.lower()}"
        if self._is_script():
            return request.make_json_response({"path": path, "code": report.name})
        return request.redirect(path)

    @page_route("/phan-anh/gui/cau-hoi")
    def civic_questions(self, category="", **_query):
        """The questions of a category, as a part of the form."""
        return request.render(
            "civic_report.website_send_questions",
            {"questions": self._questions(category), "form": {}, "errors": {}},
        )

    # POST, so that what is being written stands in no log of addresses.
    @http.route(
        "/phan-anh/gui/goi-y",
        type="jsonrpc",
        auth="public",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def civic_suggest(self, **sketch):
        """A category for what has been written so far; empty when too many ask."""
        return self._sketched("_sketch_suggestion_sudo", sketch, {})

    @http.route(
        "/phan-anh/gui/trung",
        type="jsonrpc",
        auth="public",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def civic_duplicates(self, **sketch):
        """Published reports of what may be the same matter."""
        return self._sketched("_sketch_duplicates_sudo", sketch, [])

    @page_route("/phan-anh/gui/phien")
    def civic_form_token(self, **_query):
        """A fresh token for a form that was open for long."""
        return request.make_json_response(
            {"csrf_token": request.csrf_token()}, headers={"Cache-Control": "no-store"}
        )

    @page_route("/phan-anh/da-gui/<string:code>")
    def civic_sent(self, code, digits="", **_query):
        """What happens next, for whoever has just sent this report and nobody else.

        :param digits: what was wrong with a one-time code, see `CivicLookup`
        """
        return self._render_sent(sent_report(code), digits_errors(digits))

    @form_route("/phan-anh/da-gui/<string:code>/nguoi-gui")
    def civic_say_sender(self, code, **post):
        """Keep who sent an emergency, as the browser says that has just sent it."""
        report = sent_report(code)
        form = {name: post.get(name, "")[:MAX_TEXT] for name in FORM_FIELDS}
        try:
            count("form", "")
            report._say_sender_sudo(form)
        except FormError as error:
            return self._render_sent(report, error.errors, form)
        except UserError as error:
            return self._render_sent(report, {"sender": error.args[0]}, form)
        return request.redirect(f"/phan-anh/da-gui/{report.name.lower()}#verify")

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _render_sent(self, report, errors, said=None):
        """What happens next, and what is wrong with what was said after it."""
        return request.render(
            "civic_report.website_sent",
            page_values(
                code=report.name,
                state_sentence=report._state_sentence(),
                reception=report._reception_words(),
                is_emergency=report.track == "emergency",
                asked=report._asked_sender_sudo(),
                said=said or {},
                signed_in=not request.env.user._is_public(),
                verification=report._verification_values(),
                valid_minutes=request.env["civic.code"]._valid_minutes(),
                errors=errors,
            ),
            headers={"Cache-Control": "no-store"},
        )

    def _prefilled_form(self, again=None):
        """An empty form; who is signed in finds the own name there.

        :param again: code of the answered report whose matter is happening again
        """
        form = dict.fromkeys(FORM_FIELDS, "")
        user = request.env.user
        if not user._is_public():
            form.update(
                # Accounts of providers that tell nothing are named as they sign in.
                name=user.name if user.name != user.login else "",
                email=user.email if "@" in (user.email or "") else "",
                phone=user.phone or "",
            )
        if again:
            model = request.env["civic.form"]
            form |= model._recurrence_form_sudo(again, website_company(), user)
        return form

    def _posted_form(self, posted):
        """What was filled in: the form's own fields, and answers to questions."""
        names = [name for name in posted if name.startswith(ANSWER)][:MAX_QUESTIONS]
        return {
            name: posted.get(name, "")[:MAX_TEXT] for name in (*FORM_FIELDS, *names)
        }

    def _is_script(self):
        """Whether the form's script asks, which shows what is wrong by itself."""
        return request.httprequest.headers.get("Accept") == "application/json"

    def _sketched(self, method, sketch, nothing):
        """Help with what is being written; without it the form goes on all the same."""
        if request.env["civic.throttle"]._take("sketch", visitor()):
            return nothing
        return getattr(request.env["civic.form"], method)(website_company(), sketch)

    def _answer_errors(self, form, errors, status):
        if self._is_script():
            return request.make_json_response({"errors": errors}, status=status)
        return self._render_form(form, errors, status)

    def _answer_offers(self, form, rows):
        """Show once what may be the same matter; sent again, the form goes through."""
        if self._is_script():
            return request.make_json_response({"duplicates": rows}, status=409)
        form = {**form, "seen_duplicates": "1"}
        return self._render_form(form, status=409, offers=rows)

    def _questions(self, category_id):
        return request.env["civic.form"]._form_questions_sudo(
            website_company(), category_id
        )

    def _remember_sent(self, code):
        """Let this browser, and no other, see what happens next."""
        earlier = request.session.get("civic_sent", [])
        request.session["civic_sent"] = [*earlier, code][-SENT_KEPT:]

    def _expired(self):
        return request.env._(
            "This page was open for too long. What you wrote is still here: press Send "
            "again."
        )

    def _refuse(self, form, error):
        """Say why nothing was sent, with the form as it was filled in."""
        words = error.args[0]
        if isinstance(error, VaultError):
            words += " " + request.env._("What you wrote is still here.")
        return say_when(self._answer_refusal(form, words, error), error)

    def _answer_refusal(self, form, words, error):
        values = challenge_values(error)
        errors = {"form": words}
        if self._is_script():
            return request.make_json_response(
                {"errors": errors, **values}, status=error.http_status
            )
        form = {**form, "proof": values["ticket"]}
        return self._render_form(form, errors, error.http_status, **values)

    def _render_form(
        self, form, errors=None, status=200, offers=(), is_next=False, **more
    ):
        """The whole page.

        :param offers: reports that may be the same matter
        :param is_next: somebody without scripts asked for the category's questions
        :param more: other values of the page
        """
        errors = errors or {}
        remember_device()
        if not form["key"] or "key" in errors:
            form = {**form, "key": str(uuid.uuid4())}
        company = website_company()
        choices = request.env["civic.form"]._form_choices_sudo(company)
        return request.render(
            "civic_report.website_send",
            page_values(
                form=form,
                questions=self._questions(form["category_id"]),
                errors=errors,
                offers=offers,
                is_next=is_next,
                reach=company._civic_reach(),
                map_settings=company._civic_map(),
                had_files=any(
                    upload.filename for upload in request.httprequest.files.values()
                ),
                choices=choices,
                limits=company._civic_upload_limits(),
                mb=MB,
                field=lambda name, **options: self._field(
                    name, form, errors, choices, options
                ),
                **more,
            ),
            status=status,
            # Going back to a form that was sent makes a new one; it holds names too.
            headers={"Cache-Control": "no-store"},
        )

    def _field(self, name, form, errors, choices, more):
        """Attributes of one control: name, bounds, and how its error is announced."""
        described = [f"{name}_help"] if name in HELP else []
        if name in errors:
            described.append(f"{name}_error")
        kind = more.pop("class", "form-control")
        return {
            "id": name,
            "name": name,
            "class": f"{kind} is-invalid" if name in errors else kind,
            "required": "required" if name in choices["required"] else None,
            "maxlength": choices["lengths"].get(name),
            "aria-invalid": "true" if name in errors else None,
            "aria-describedby": " ".join(described) or None,
            **more,
        }
