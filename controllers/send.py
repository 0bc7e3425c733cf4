import uuid

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.civic_report_submission import FORM_FIELDS, FormError
from ..models.civic_throttle import TooMany
from ..models.civic_vault import VaultError
from .website import (
    MB,
    page_values,
    remember_device,
    say_when,
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

    @http.route(
        "/phan-anh/gui",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        sitemap=True,
    )
    def civic_form(self, **_query):
        # Nobody writes a report in vain.
        problem = request.env["civic.vault"]._problem()
        errors = {"form": problem} if problem else None
        return self._render_form(self._prefilled_form(), errors)

    # The token is checked below, so that a page left open too long keeps its text.
    @http.route(
        "/phan-anh/gui",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        csrf=False,
        sitemap=False,
    )
    def civic_send(self, **_post):
        posted = request.httprequest.form
        form = {name: posted.get(name, "")[:MAX_TEXT] for name in FORM_FIELDS}
        try:
            request.env["civic.throttle"]._check("form", visitor())
        except TooMany as error:
            return self._refuse(form, error)
        if not request.validate_csrf(posted.get("csrf_token")):
            return self._render_form(form, {"csrf_token": self._expired()}, 400)
        try:
            with request.env.cr.savepoint():
                report = request.env["civic.report"]._submit_sudo(
                    form,
                    uploaded_files("files"),
                    user=request.env.user,
                    company=website_company(),
                    visitor=visitor(),
                )
        except FormError as error:
            return self._render_form(form, error.errors, 422)
        except UserError as error:
            return self._refuse(form, error)
        self._remember_sent(report.name)
        return request.redirect(f"/phan-anh/da-gui/{report.name.lower()}")

    @http.route(
        "/phan-anh/da-gui/<string:code>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        sitemap=False,
    )
    def civic_sent(self, code, **_query):
        """What happens next, for whoever has just sent this report and nobody else."""
        if code.upper() not in request.session.get("civic_sent", ()):
            raise request.not_found()
        report = request.env["civic.report"]._find_by_code_sudo(code, website_company())
        if not report:
            raise request.not_found()
        return request.render(
            "civic_report.website_sent",
            page_values(
                code=report.name,
                state_sentence=report._state_sentence(),
                is_emergency=report.track == "emergency",
                signed_in=not request.env.user._is_public(),
            ),
            headers={"Cache-Control": "no-store"},
        )

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _prefilled_form(self):
        """An empty form; who is signed in finds the own name there."""
        form = dict.fromkeys(FORM_FIELDS, "")
        user = request.env.user
        if not user._is_public():
            form.update(
                name=user.name or "", email=user.email or "", phone=user.phone or ""
            )
        return form

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
        answer = self._render_form(form, {"form": words}, error.http_status)
        return say_when(answer, error)

    def _render_form(self, form, errors=None, status=200):
        errors = errors or {}
        remember_device()
        if not form["key"] or "key" in errors:
            form = {**form, "key": str(uuid.uuid4())}
        company = website_company()
        choices = request.env["civic.report"]._form_choices_sudo(company)
        return request.render(
            "civic_report.website_send",
            page_values(
                form=form,
                errors=errors,
                had_files=any(
                    upload.filename for upload in request.httprequest.files.values()
                ),
                choices=choices,
                limits=company._civic_upload_limits(),
                mb=MB,
                field=lambda name, **more: self._field(
                    name, form, errors, choices, more
                ),
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
