from odoo import models

# Role → the one screen that whoever has it sees first. Of several the first one counts.
LANDINGS = {
    "wall": "civic_board_action_wall",
    "province_leader": "civic_board_action_province",
    "administrator": "civic_health_action",
    "operator": "civic_report_action_intake",
    "leader": "civic_board_action_unit",
    "handler": "civic_assignment_action_work",
    "coordinator": "civic_report_action_coordination",
}


class ResUsers(models.Model):
    _inherit = "res.users"

    def _civic_landing_id(self):
        """Id of the action that this user's role begins with; None without a role."""
        self.ensure_one()
        for role, name in LANDINGS.items():
            if self.has_group(f"civic_report.group_{role}"):
                # An administrator may have deleted it: then Odoo's own way is taken.
                action = self.env.ref(f"civic_report.{name}", raise_if_not_found=False)
                return action.id if action else None
        return None


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Signing in leads to the screen of one's role, unless the user has chosen
        another one in the preferences."""
        info = super().session_info()
        if info.get("uid") and not info.get("home_action_id"):
            info["home_action_id"] = self.env.user._civic_landing_id() or False
        return info
