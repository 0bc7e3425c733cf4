import re
import time

from odoo import api, fields, models

from ..tools import facebook, pbx, sms_in, zalo
from ..tools.signed import Malformed, read_json
from .civic_vault import VaultError

# Where providers keep pictures, unless the gateway says otherwise.
MEDIA_HOSTS = {
    "zalo": ".zdn.vn .zadn.vn",
    "facebook": ".fbcdn.net .fbsbx.com",
}
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
        if not hasattr(self, f"_take_in_{self.kind}"):
            return UNKNOWN
        try:
            if not self._is_signed(raw, headers):
                return UNSIGNED
            getattr(self, f"_take_in_{self.kind}")(raw)
        except Malformed:
            return MALFORMED
        except VaultError:
            return LATER
        return OK

    def _is_signed(self, raw, headers):
        """Whether the provider has sent this, and not long ago.

        :raises Malformed, VaultError: see `_take_in`
        """
        secret, now = self._secret("webhook_secret"), time.time()
        if self.kind == "zalo":
            header = headers.get(zalo.HEADER, "")
            return zalo.is_signed(raw, header, self.account or "", secret, now)
        if self.kind == "facebook":
            header = headers.get(facebook.HEADER, "")
            signed = facebook.is_signed(raw, header, secret)
            return signed and facebook.is_fresh(raw, now)
        if self.kind == "sms":
            return sms_in.is_signed(secret, raw, headers.get(sms_in.HEADER, ""), now)
        return pbx.is_signed(raw, headers, secret, now)

    def _take_in_zalo(self, raw):
        # What became of our template messages comes to the same address.
        event = read_json(raw)
        if not self.env["civic.outbox"]._take_zalo_receipt(self, event):
            self._keep_messages(zalo.split(raw))

    def _take_in_facebook(self, raw):
        self._keep_messages(facebook.split(raw))

    def _take_in_sms(self, raw):
        self._keep_messages(sms_in.split(raw))

    def _keep_messages(self, events):
        inbox = self.env["civic.inbox"]
        for message, kept in events:
            inbox._store_message(self.kind, message, kept, self.company_id)

    def _challenge(self, query):
        """What Facebook is answered that asks whether this address is ours, or ""."""
        if self.kind != "facebook":
            return ""
        return facebook.challenge(query, self.token)

    # ------------------------------------------------------------------
    # Fetching
    # ------------------------------------------------------------------

    @api.model
    def _media_hosts(self, company, kind):
        """Whom to ask for files that messages of this kind name.

        :return: list of hosts, see `tools.fetch`
        """
        named = self._of(company, kind).media_hosts or MEDIA_HOSTS.get(kind, "")
        return named.replace(",", " ").split()
