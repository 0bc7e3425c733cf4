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
