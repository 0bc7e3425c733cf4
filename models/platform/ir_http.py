from werkzeug.exceptions import InternalServerError

from odoo import models
from odoo.http import request

from ..ground.paths import ACCOUNT_PAGE, PROVED_PAGE, is_our_path
from ..vault.vault import VaultError
from .plain_errors import cause, is_our_failure, plain_json

FORMS = ("/phan-anh/gui", f"{ACCOUNT_PAGE}/", f"{PROVED_PAGE}/")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Give the site's scripts their words in the visitor's language."""
        return [*super()._get_translation_frontend_modules_name(), "civic_report"]

    @classmethod
    def _get_error_html(cls, env, code, values):
        """Say in plain words that a form was too large to be read, or that a page needs
        the key of the vault."""
        view = env["ir.ui.view"]
        if code == 413 and request.httprequest.path.startswith(FORMS):
            return code, view._render_template("civic_report.website_too_large", values)
        if isinstance(values.get("exception"), VaultError):
            values = {**values, "message": env["civic.vault"]._closed_words()}
            page = "civic_report.website_unavailable"
            return code, view._render_template(page, values)
        return super()._get_error_html(env, code, values)

    @classmethod
    def _handle_error(cls, exception):
        """Tell system administrators alone how this module failed inside.

        Tracebacks, and what a database says about the row that it refuses, are in the
        server's log. What other apps answer is theirs.
        """
        response = super()._handle_error(exception)
        kind = request.dispatcher.routing_type
        is_json = kind in ("jsonrpc", "json2")
        if not (is_json or isinstance(exception, InternalServerError)):
            return response  # a page, which tells nothing of this
        failure = cause(exception)
        ours = is_our_path(request.httprequest.path) or is_our_failure(failure)
        if ours and not cls._civic_sees_tracebacks():
            if is_json:
                cls._civic_plain_body(response, failure)
            else:
                cls._civic_plain_page(exception, failure)
        return response

    @classmethod
    def _civic_sees_tracebacks(cls):
        env = request.env
        if not env or not env.uid:
            return False
        env.cr.rollback()  # nothing can be asked where a query has failed
        return env.user.has_group("base.group_system")

    @classmethod
    def _civic_failed_words(cls):
        return request.env._("Something failed on the server. Try again later.")

    @classmethod
    def _civic_plain_body(cls, response, failure):
        text = response.get_data(as_text=True)
        response.set_data(plain_json(text, failure, cls._civic_failed_words()))

    @classmethod
    def _civic_plain_page(cls, exception, failure):
        """An export's or a letter's error: JSON within the page of status 500."""
        if exception.response:
            cls._civic_plain_body(exception.response, failure)
        elif (exception.description or "").startswith("{"):
            words = cls._civic_failed_words()
            exception.description = plain_json(exception.description, failure, words)

    def session_info(self):
        """Tell the Centre when identities are closed, as soon as its screens open."""
        info = super().session_info()
        user = self.env.user
        if user.has_group("civic_report.group_operator"):
            info["civic_vault_problem"] = self.env["civic.vault"]._problem()
        return info
