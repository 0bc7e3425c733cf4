from odoo import models

from ..ground.health import BROKEN, OK, Check


class CivicHealth(models.Model):
    _inherit = "civic.health"

    def _health_check_successions(self):
        _ = self.env._
        title = _("Successions")
        stuck = self.env["civic.succession"].search(
            [("state", "=", "planned"), ("problem", "!=", False)], limit=10
        )
        if not stuck:
            return Check(title, OK, _("None is stuck."))
        return Check(
            title,
            BROKEN,
            "\n".join(f"{row.display_name}: {row.problem}" for row in stuck),
            _("Configuration › Successions: mend what is said there, or call it off."),
        )
