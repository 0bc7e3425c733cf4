import json

from werkzeug.exceptions import HTTPException

from odoo import models
from odoo.exceptions import UserError
from odoo.http import SessionExpiredException, request

from .civic_vault import VaultError
from .paths import ACCOUNT_PAGE, PROVED_PAGE

FORMS = ("/phan-anh/gui", f"{ACCOUNT_PAGE}/", f"{PROVED_PAGE}/")
# Errors whose words are meant for whoever called.
TOLD = (UserError, HTTPException, SessionExpiredException)


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
        """Tell system administrators alone how the server failed inside.

        Tracebacks, and what a database says about the row that it refuses, are in the
        server's log.
        """
        response = super()._handle_error(exception)
        if request.dispatcher.routing_type in ("jsonrpc", "json2"):
            if not cls._civic_sees_tracebacks():
                cls._civic_plain_error(response, isinstance(exception, TOLD))
        return response

    @classmethod
    def _civic_sees_tracebacks(cls):
        env = request.env
        return bool(env and env.uid) and env.user.has_group("base.group_system")

    @classmethod
    def _civic_plain_error(cls, response, is_told):
        """Take out of a JSON error what is for developers.

        :param is_told: whether the words of the error are meant for the caller
        """
        body = json.loads(response.get_data())
        details = body.get("error", {}).get("data", {}) if "error" in body else body
        details["debug"] = ""
        if not is_told:
            words = request.env._("Something failed on the server. Try again later.")
            details.update(message=words, arguments=[words])
        response.set_data(json.dumps(body))

    def session_info(self):
        """Tell the Centre when identities are closed, as soon as its screens open."""
        info = super().session_info()
        user = self.env.user
        if user.has_group("civic_report.group_operator"):
            info["civic_vault_problem"] = self.env["civic.vault"]._problem()
        return info
