from odoo import api, fields, models

from ..ground.paths import PROVED_PAGE

MODULE = "civic_report"
THEME = "civic_report/static/src/website_theme/primary_variables.scss"


class Website(models.Model):
    """A site on which a company asks for the pages of its civic reports.

    Every site of the database has the routes; on a site that did not ask for them
    nothing leads there, and nothing looks otherwise than before.
    """

    _inherit = "website"

    civic_reports = fields.Boolean(
        help="Menus, the portal and the map for search engines lead to the civic "
        "reports of this site's company.",
    )
    civic_theme = fields.Boolean(
        "Fonts of the Visitor's Device",
        help="The pages load no fonts from elsewhere and have the buttons of the civic "
        "reports. It changes every page of this site.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        websites = super().create(vals_list)
        websites.filtered("civic_reports")._civic_show()
        websites.filtered("civic_theme")._civic_wear()
        return websites

    def write(self, vals):
        result = super().write(vals)
        if "civic_reports" in vals:
            asking = self.filtered("civic_reports")
            asking._civic_show()
            (self - asking)._civic_hide()
        if "civic_theme" in vals:
            self._civic_wear()
        return result

    # ------------------------------------------------------------------
    # Menus
    # ------------------------------------------------------------------

    @api.model
    def _civic_menu_values(self):
        """Values of the menus, by the last part of their external id."""
        _ = self.env._
        return {
            "reports": {"name": _("Reports"), "url": "/phan-anh", "sequence": 20},
            "send": {
                "name": _("Send a report"),
                "url": "/phan-anh/gui",
                "sequence": 21,
            },
            "lookup": {"name": _("Look up"), "url": PROVED_PAGE, "sequence": 21},
            "figures": {
                "name": _("Figures"),
                "url": "/phan-anh/thong-ke",
                "sequence": 22,
            },
        }

    def _civic_show(self):
        """Put the menus on these sites; those that are there stay as they are."""
        for website in self:
            for key in self._civic_menu_values():
                if not website._civic_menu(key):
                    website._civic_make_menu(key)

    def _civic_make_menu(self, key):
        # sudo: whoever may set up the site need not design it
        menus = self.env["website.menu"].sudo()
        menu = menus.create(
            {
                **self.with_context(lang="en_US")._civic_menu_values()[key],
                "parent_id": self.menu_id.id,
                "website_id": self.id,
            }
        )
        for code, _name in self.env["res.lang"].get_installed():
            words = self.with_context(lang=code)._civic_menu_values()[key]["name"]
            menu.with_context(lang=code).name = words
        self._civic_own(menu, f"menu_{key}")

    def _civic_hide(self):
        for website in self:
            for key in self._civic_menu_values():
                website._civic_menu(key).unlink()

    def _civic_menu(self, key):
        return self._civic_owned("website.menu", f"menu_{key}")

    # ------------------------------------------------------------------
    # Look
    # ------------------------------------------------------------------

    def _civic_wear(self):
        """Let these sites have the look that they ask for."""
        # sudo: whoever may set up the site need not design it
        assets = self.env["ir.asset"].sudo()
        for website in self:
            worn = website._civic_owned("ir.asset", "theme")
            if website.civic_theme and not worn:
                asset = assets.create(
                    {
                        "name": "Civic reports",
                        "bundle": "web._assets_primary_variables",
                        "directive": "prepend",
                        "path": THEME,
                        "website_id": website.id,
                    }
                )
                website._civic_own(asset, "theme")
            elif not website.civic_theme:
                worn.unlink()

    # ------------------------------------------------------------------
    # What goes away with the module
    # ------------------------------------------------------------------

    def _civic_own(self, record, name):
        """Give a record of this site an external id: uninstalling deletes it."""
        self.env["ir.model.data"].sudo()._update_xmlids(
            [
                {
                    "xml_id": f"{MODULE}.website_{self.id}_{name}",
                    "record": record,
                    "noupdate": True,
                }
            ]
        )

    def _civic_owned(self, model, name):
        """The record of this site that has this external id, elevated, or empty."""
        # sudo: pages and menus of the site are the module's own to keep
        found = self.env.ref(f"{MODULE}.website_{self.id}_{name}", False)
        return found.sudo() if found else self.env[model]


class ResCompany(models.Model):
    _inherit = "res.company"

    def _civic_show_reports(self):
        own_site = [("company_id", "=", self.id)]
        self.env["website"].search(own_site, limit=1).civic_reports = True
        return super()._civic_show_reports()
