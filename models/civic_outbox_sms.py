from odoo import models

from ..tools.ask import AskError
from ..tools.short_text import GSM_PARTS, WIDE_PARTS, plain
from ..tools.text import shorten
from .civic_outbox_delivery import Undelivered
from .sms_esms import SmsApiEsms

# As many messages as one text is paid as, at most.
MOST_PARTS = 3
DONE = frozenset({"success", "processing", "sent"})
# What a provider's state means for another try; the others: it may have been sent.
KINDS = {
    **dict.fromkeys(
        ("unregistered", "insufficient_credit", "registration_needed"), "server"
    ),
    **dict.fromkeys(
        (
            *("wrong_number_format", "sms_number_missing", "country_not_supported"),
            *("incompatible_content", "duplicate_message"),
        ),
        "refused",
    ),
}


class CivicOutbox(models.Model):
    """Delivery by SMS, through Odoo's interface of SMS providers, and without its
    table: that would keep the numbers in clear."""

    _inherit = "civic.outbox"

    def _deliver_sms(self, connections):
        """Send this row as an SMS.

        :raises Undelivered: with what that means for another try
        """
        self._check_gateway()
        company = self.company_id
        number = {"uuid": self.external_id, "number": self._recipient_phone()}
        provider_class = company._get_sms_api_class()
        provider = provider_class(self.with_company(company).env)
        provider._set_company(company)
        reports_url = False
        if issubclass(provider_class, SmsApiEsms):
            reports_url = self._receipt_url()
        message = {"content": self._short_text(), "numbers": [number]}
        try:
            [result] = provider._send_sms_batch([message], reports_url)
        except AskError as error:
            raise Undelivered(error.kind, self._gateway()._words_of(error)) from None
        except Exception as error:  # other providers raise what they like
            raise Undelivered(
                "unsure",
                self.env._("The SMS service failed (%s).", type(error).__name__),
            ) from None
        state = result.get("state")
        if state not in DONE:
            raise Undelivered(
                KINDS.get(state, "unsure"), self._gateway()._words_of_sms(state)
            )

    def _check_gateway(self):
        """:raises Undelivered: the gateway was archived after this was queued"""
        if not self._gateway():
            raise Undelivered("refused", self.env._("There is no gateway for it."))

    def _short_text(self):
        """The text on few lines, in letters that cost little if the company says so."""
        _subject, body = self._words()
        body = "\n".join(" ".join(line.split()) for line in body.split("\n"))
        if not self.company_id.civic_sms_plain:
            most = MOST_PARTS * WIDE_PARTS[1]
            return body if len(body) <= most else shorten(body, most)
        body, most = plain(body), MOST_PARTS * GSM_PARTS[1]
        # "…" has three letters there.
        return body if len(body) <= most else plain(shorten(body, most - 2))
