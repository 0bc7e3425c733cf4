from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _civic_superior_ids(self):
        """Ids of the agencies above those in which this user handles reports: they may
        assign work to the user (BG Phần 2, mục 2, bước 2)."""
        self.ensure_one()
        # sudo: which agencies a user belongs to is asked before anything can be read
        agencies = self.env["civic.agency"].sudo()
        own = agencies.search([("handler_ids", "in", self.ids)])
        if not own:
            return []
        return (agencies.search([("id", "parent_of", own.ids)]) - own).ids


class CivicAssignment(models.Model):
    """A leader assigns work to the departments and units below as well."""

    _inherit = "civic.assignment"

    def _assignable(self):
        """Who can be named: handlers of the agency and of its branches.

        :return: res.users
        """
        # sudo: branches may be hidden from the leader
        agencies = self.env["civic.agency"].sudo()
        branches = agencies.search([("id", "child_of", self.agency_id.ids)])
        return branches.handler_ids.filtered("active").sudo(False)

    def _own_roles(self):
        """Who was named in a branch handles it, though another agency's."""
        roles = super()._own_roles()
        user = self.env.user
        if not user.has_group("civic_report.group_handler"):
            return roles
        # sudo: as for the agency itself
        named = self.sudo().filtered(
            lambda row: row.handler_id == user and "handler" not in roles[row]
        )
        above = set(user._civic_superior_ids()) if named else ()
        for assignment in named:
            if assignment.agency_id.id in above:
                roles[assignment].add("handler")
        return roles
