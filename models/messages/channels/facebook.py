import time

from odoo import api, models
from odoo.exceptions import UserError

from ....tools import facebook
from ....tools.ask import AskError


class CivicDriverFacebook(models.AbstractModel):
    """Facebook: the page through which citizens write to the Centre, and are answered.

    ``POST https://graph.facebook.com/<version>/me/messages`` with recipient.id,
    messaging_type "RESPONSE" and message.text; answered by recipient_id and message_id
    (developers.facebook.com, “Send API”).
    """

    _name = "civic.driver.facebook"
    _inherit = ["civic.driver.conversation"]
    _description = "Channel Driver: Facebook"

    _code = "facebook"
    _sequence = 40
    _providers = {"facebook": "https://graph.facebook.com/v21.0"}
    _asks = ("account", "secret", "access_key", "token", "media_hosts")
    _media_hosts = ".fbcdn.net .fbsbx.com"
    _sender_field = "facebook_id"
    _answers = True

    @api.model
    def _label(self):
        return self.env._("Facebook")

    @api.model
    def _gateway_label(self):
        return self.env._("Facebook Messenger")

    @api.model
    def _provider_choices(self):
        return [("facebook", self.env._("Facebook page"))]

    @api.model
    def _test(self, gateway):
        """Ask for the name of the page to which the access token belongs."""
        answer = gateway._ask(
            "GET", gateway._url("me"), headers=self._authorization(gateway)
        )
        if not answer.get("name"):
            raise UserError(self.env._("Facebook does not know our page."))
        return self.env._("It works: we are “%s”.", str(answer["name"])[:100])

    @api.model
    def _authorization(self, gateway):
        return {"Authorization": f"Bearer {gateway._secret('access_key')}"}

    # ------------------------------------------------------------------
    # Messages of citizens
    # ------------------------------------------------------------------

    @api.model
    def _is_signed(self, gateway, raw, headers):
        header = headers.get(facebook.HEADER, "")
        signed = facebook.is_signed(raw, header, gateway._secret("webhook_secret"))
        return signed and facebook.is_fresh(raw, time.time())

    @api.model
    def _challenge(self, gateway, query):
        return facebook.challenge(query, gateway.token)

    @api.model
    def _split(self, raw):
        return facebook.split(raw)

    @api.model
    def _parse(self, raw):
        return facebook.read(raw)

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    @api.model
    def _say(self, gateway, account, text):
        try:
            answer = gateway._ask(
                "POST",
                gateway._url("me/messages"),
                headers=self._authorization(gateway),
                json={
                    "recipient": {"id": account},
                    "messaging_type": "RESPONSE",
                    "message": {"text": text},
                },
            )
        except AskError as error:
            if error.status == 403:
                # So it says of a conversation that has ended, not of our keys.
                raise AskError("refused", "refused", error.status) from None
            raise
        if not answer.get("message_id"):
            raise AskError("unsure", "garbled")
