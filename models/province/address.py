from odoo import models
from odoo.http import request

from ...tools.site_address import is_loopback, is_public_site
from ..ground.paths import is_our_path

BASE_URL, FREEZE = "web.base.url", "web.base.url.freeze"
# The address of the day when the module came, whoever signs in by which name later.
KEPT = "civic_report.base_url"


class ResCompany(models.Model):
    """Where links in messages lead.

    Odoo takes the name of the server from whatever address a system administrator has
    signed in by last. A link to a citizen holds a secret: it leads to the website's own
    domain, or to an address that does not move.
    """

    _inherit = "res.company"

    def _civic_base_url(self):
        """What links to this company's pages begin with, without a slash at the end."""
        return self._civic_base_url_state()["url"]

    def _civic_base_url_state(self):
        """Which address links begin with, and whether somebody has set it.

        :return: dict: url; source: "domain" of the website, "frozen" in the system
            parameters, "kept" since the installation, "loopback", this machine alone,
            or "guess", from the last signing in; is_sure: whether it was set by an
            administrator and is a site on the Internet over HTTPS
        """
        # sudo: a domain is public, and so is the address that messages bear
        domain = self.sudo().website_id.domain
        if domain:
            url, source = domain, "domain"
        else:
            url, source = self._civic_server_url()
        return {
            "url": url.rstrip("/"),
            "source": source,
            "is_sure": source in ("domain", "frozen") and is_public_site(url),
        }

    def _civic_base_url_problem(self):
        """What an administrator is told about the address in links, "" when all is
        well."""
        state = self._civic_base_url_state()
        if state["is_sure"]:
            return ""
        values = {"url": state["url"]}
        if state["source"] in ("domain", "frozen"):
            return self.env._(
                "Links in messages lead to %(url)s, which is no https:// address that "
                "citizens reach from outside.",
                **values,
            )
        return self.env._(
            "Links in messages lead to %(url)s, which nobody has confirmed: enter the "
            "domain of the website (Website › Configuration › Settings).",
            **values,
        )

    def _civic_server_url(self):
        """The server's address where no website has a domain, and where it is from."""
        # sudo: parameters are the system's
        parameters = self.env["ir.config_parameter"].sudo()
        current = parameters.get_param(BASE_URL) or ""
        if parameters.get_param(FREEZE):
            return current, "frozen"
        kept = parameters.get_param(KEPT)
        if kept and not is_loopback(kept):
            return kept, "kept"
        if is_loopback(current):
            return current, "loopback"
        return (kept, "kept") if kept else (current, "guess")

    def _civic_keep_base_url(self):
        """Let the address in links no longer follow who signs in; done once, when the
        module is installed.

        An address that looks like the site's own is frozen for Odoo's links, too; any
        other is kept for ours, and other apps' stay as they are.
        """
        # sudo: called when the module is installed or upgraded, by whoever does it
        parameters = self.env["ir.config_parameter"].sudo()
        current = parameters.get_param(BASE_URL)
        if not current or parameters.get_param(KEPT):
            return
        parameters.set_param(KEPT, current)
        if is_public_site(current) and not parameters.get_param(FREEZE):
            parameters.set_param(FREEZE, "True")


class Website(models.Model):
    _inherit = "website"

    def get_base_url(self):
        """On pages of this module, the address that is theirs whatever the server is
        called by: Odoo names it as the one of the page."""
        if self and _is_page_of_ours():
            return self._civic_base_url()
        return super().get_base_url()

    def _civic_base_url(self):
        """What links to this site's pages begin with, see the company's."""
        # sudo: visitors read no companies
        return (self.domain or self.sudo().company_id._civic_base_url()).rstrip("/")


class WebsiteSeoMetadata(models.AbstractModel):
    _inherit = "website.seo.metadata"

    def get_website_meta(self):
        """On pages of this module, what is shared names the site's own address; where
        the website has no domain, Odoo takes the name by which the server was asked.
        """
        meta = super().get_website_meta()
        if _is_page_of_ours():
            asked = request.httprequest.url_root
            own = f"{request.website._civic_base_url()}/"
            for values in (meta["opengraph_meta"], meta["twitter_meta"]):
                for name, value in values.items():
                    if value and value.startswith(asked):
                        values[name] = own + value.removeprefix(asked)
        return meta


def _is_page_of_ours():
    return bool(request) and is_our_path(request.httprequest.path)
