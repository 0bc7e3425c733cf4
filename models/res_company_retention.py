from odoo import fields, models
from odoo.exceptions import AccessError


class ResCompany(models.Model):
    _inherit = "res.company"

    civic_retention_begun = fields.Boolean(
        "Identities Are Deleted After Retention",
        readonly=True,
        help="A Centre manager begins with it, having looked at the list.",
    )

    def action_civic_begin_retention(self):
        """Delete, from the next night on, identities that were kept long enough.

        :return: how many would be deleted now
        """
        return self._civic_switch_retention(True)

    def action_civic_pause_retention(self):
        """Delete no identity until a manager begins again.

        :return: how many wait
        """
        return self._civic_switch_retention(False)

    def _civic_switch_retention(self, begun):
        self.ensure_one()
        user = self.env.user
        if (
            not user.has_group("civic_report.group_centre_manager")
            or self not in user.company_ids
        ):
            raise AccessError(
                self.env._("Only Centre managers decide how long data is kept.")
            )
        # sudo: officers write nothing on companies; the manager has been checked
        company = self.sudo()
        count = company.env["civic.reporter"].search_count(
            [("id", "in", company.env["civic.reporter"]._over_retention_query(self))]
        )
        if company.civic_retention_begun != begun:
            company.civic_retention_begun = begun
            self.env["civic.data.event"]._log(
                "retention_begun" if begun else "retention_paused",
                self,
                note=self.env._("%s identities are due.", count),
            )
        return count
