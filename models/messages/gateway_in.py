import re

from odoo import api, fields, models

from ...tools.signed import Malformed
from ..vault.vault import VaultError

# Larger ones are nobody's event: pictures come as addresses.
LARGEST_EVENT = 1024 * 1024
ADDRESS = re.compile(r"[\w-]{1,100}", re.ASCII)
OK, MALFORMED, UNSIGNED, UNKNOWN, LATER = 200, 400, 401, 404, 503


class CivicGateway(models.Model):
    """What providers tell us: messages of citizens, calls.

    What comes is looked at only after its signature is found right, and is kept before
    the provider is answered: see `civic.inbox`.
    """

    _inherit = "civic.gateway"

    media_hosts = fields.Char(
        "Where Pictures Lie",
        help="Hosts of the provider from which pictures and recordings are fetched, "
        "with spaces between: cdn.example.com, .example.com for all below it, or a "
        "whole address such as https://pbx.example.com:8443. Nothing else is asked.",
    )
    webhook_url = fields.Char(
        "Address for the Provider",
        compute="_compute_webhook_url",
        help="What is entered at the provider as webhook; Facebook's verify token is "
        "its last part.",
    )

    @api.depends("token", "company_id")
    def _compute_webhook_url(self):
        for gateway in self:
            base = gateway.company_id._civic_base_url()
            gateway.webhook_url = f"{base}/civic_report/webhook/{gateway.token}"

    # ------------------------------------------------------------------
    # Taking in
    # ------------------------------------------------------------------

    @api.model
    def _by_address(self, token):
        """The gateway that an address names, whatever its kind; empty for none."""
        if not ADDRESS.fullmatch(token):
            return self.sudo().browse()
        # sudo: providers have no account with us
        kind = self.sudo().search([("token", "=", token)], limit=1).kind
        return self._by_token(token, kind) if kind else self.sudo().browse()

    def _take_in(self, raw, headers):
        """Keep what the provider sends.

        :param raw: bytes of the body
        :param headers: mapping of the request's headers
        :return: status of the answer; 503: it could not be kept, it is to be sent again
        """
        self.ensure_one()
        driver = self._driver()
        if not driver._listens:
            return UNKNOWN
        try:
            if not driver._is_signed(self, raw, headers):
                return UNSIGNED
            driver._take_in(self, raw)
        except Malformed:
            return MALFORMED
        except VaultError:
            return LATER
        return OK

    # ------------------------------------------------------------------
    # Fetching
    # ------------------------------------------------------------------

    @api.model
    def _media_hosts(self, company, kind):
        """Whom to ask for files that messages of this kind name.

        :return: list of hosts, see `tools.fetch`
        """
        usual = self.env["civic.driver"]._of(kind)._media_hosts
        named = self._of(company, kind).media_hosts or usual
        return named.replace(",", " ").split()
