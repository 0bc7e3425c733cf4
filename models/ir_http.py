from odoo import models
from odoo.http import request

FORMS = ("/phan-anh/gui", "/my/phan-anh/")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_error_html(cls, env, code, values):
        """Say in plain words that a form was too large to be read."""
        if code == 413 and request.httprequest.path.startswith(FORMS):
            view = env["ir.ui.view"]
            return code, view._render_template("civic_report.website_too_large", values)
        return super()._get_error_html(env, code, values)

    def session_info(self):
        """Tell the Centre when identities are closed, as soon as its screens open."""
        info = super().session_info()
        user = self.env.user
        if user.has_group("civic_report.group_operator"):
            info["civic_vault_problem"] = self.env["civic.vault"]._problem()
        return info
