"""What the module had put everywhere goes where it was asked for.

Sites of companies that take reports in keep their menus and their look; other sites
lose them. Limits are counted in the same calendars as before.
"""

from odoo import api
from odoo.api import SUPERUSER_ID

MODULE = "civic_report"
# External id of the menu that every new site copied → last part of the new one.
MENUS = {
    "website_menu_reports": "menu_reports",
    "website_menu_send": "menu_send",
    "website_menu_lookup": "menu_lookup",
    "website_menu_figures": "menu_figures",
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    companies = env["res.company"].search([("civic_procedure_id", "!=", False)])
    for company in companies:
        company.civic_calendar_id = company.resource_calendar_id
    sites = env["website"].search([("company_id", "in", companies.ids)])
    for old, new in MENUS.items():
        _hand_over(env, sites, old, new)
    sites.write({"civic_reports": True, "civic_theme": True})


def _hand_over(env, sites, old, new):
    """Let the sites own their copies of a menu; delete it everywhere else."""
    template = env.ref(f"{MODULE}.{old}", raise_if_not_found=False)
    if not template:
        return
    copies = env["website.menu"].search(
        [("url", "=", template.url), ("website_id", "!=", False)]
    )
    for site in sites:
        own = copies.filtered(lambda menu, site=site: menu.website_id == site)[:1]
        if own:
            site._civic_own(own, new)
            copies -= own
    if template.website_id:  # its last copy bears the external id
        template = template.browse()
    else:
        # Deleted below the main menu, it would take every site's copy with it.
        template.parent_id = False
    others = copies.filtered(lambda menu: menu.website_id not in sites)
    (others | template).unlink()
    env["ir.model.data"].search([("module", "=", MODULE), ("name", "=", old)]).unlink()
