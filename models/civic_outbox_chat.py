from odoo import api, models

from ..tools.ask import AskError
from .civic_gateway_zalo import OPENAPI
from .civic_outbox_delivery import Undelivered
from .civic_reporter import CHAT_IDS

# By what a sender on each of these channels is known.
ACCOUNTS = {"zalo": "zalo_id", "facebook": "facebook_id"}
# What Zalo's errors mean for another try; those that are not here: not now.
ZALO_KINDS = {
    # The recipient: unknown, no follower, wrote too long ago, wants none, too many.
    **dict.fromkeys((-207, -213, -217, -219, -227, -230, -232, -234, -244), "refused"),
    # The text.
    **dict.fromkeys((-203, -204), "refused"),
    # We: keys, rights, the application, the Official Account.
    **dict.fromkeys((-201, -202, -205, -206, -211, -216, -218, -220, -221), "server"),
    **dict.fromkeys((-224, -235, -240), "server"),
}


class CivicOutbox(models.Model):
    """Answers in the conversation in which a report was sent: the providers allow them
    for some time after the sender's last message. Later they refuse, and the next way
    is tried. The words are those of the SMS.

    Zalo: ``POST https://openapi.zalo.me/v3.0/oa/message/cs`` with the header
    access_token, recipient.user_id and message.text; answered by error (0: sent) and
    data.message_id (developers.zalo.me, “Tin tư vấn”).
    Facebook: ``POST https://graph.facebook.com/<version>/me/messages`` with
    recipient.id, messaging_type "RESPONSE" and message.text; answered by recipient_id
    and message_id (developers.facebook.com, “Send API”).
    """

    _inherit = "civic.outbox"

    @api.model
    def _prepare_about(self, notice, report, assignment, event):
        """Who wrote in a chat is answered there, in the words of the SMS."""
        rows = super()._prepare_about(notice, report, assignment, event)
        notice_id, audience, channel, expiry_hours = notice
        if audience == "reporter" and channel == "sms" and self._is_chat(report):
            chat = (notice_id, audience, "chat", expiry_hours)
            rows += super()._prepare_about(chat, report, assignment, event)
        return rows

    @api.model
    def _is_chat(self, report):
        """Whether a report came by a chat in which its sender can be answered."""
        kinds = {kind for _company, kind in self.env["civic.gateway"]._active_ids()}
        if not kinds & ACCOUNTS.keys():
            return False
        # sudo: whoever acts on a report need not know how its sender is reached
        report = report.sudo()
        provider = report.channel_id.code
        if (
            provider not in ACCOUNTS
            or not report.reporter_id[CHAT_IDS[ACCOUNTS[provider]]]
        ):
            return False
        return bool(self.env["civic.gateway"]._of(report.company_id, provider))

    def _gateway(self):
        if self.channel != "chat":
            return super()._gateway()
        provider = self.report_id.channel_id.code
        return self.env["civic.gateway"]._of(self.company_id, provider)

    def _deliver_chat(self, connections):
        """Send this row as a message in the conversation.

        :raises Undelivered: with what that means for another try
        """
        self._check_gateway()
        gateway = self._gateway()
        account = self._recipient()[ACCOUNTS[gateway.kind]]
        if not account:
            raise Undelivered("nobody", self.env._("The sender has left the chat."))
        try:
            getattr(self, f"_say_on_{gateway.kind}")(
                gateway, account, self._short_text()
            )
        except AskError as error:
            raise Undelivered(error.kind, gateway._words_of(error)) from None

    def _say_on_zalo(self, gateway, account, text):
        answer = gateway._zalo_ask(
            "POST",
            gateway._zalo_url(OPENAPI, "v3.0/oa/message/cs"),
            json={"recipient": {"user_id": account}, "message": {"text": text}},
        )
        error = answer.get("error")
        if error != 0:
            known = isinstance(error, int)
            kind = ZALO_KINDS.get(error, "temporary") if known else "unsure"
            code = error if known else "?"
            raise Undelivered(kind, self.env._("Zalo does not deliver it (%s).", code))

    def _say_on_facebook(self, gateway, account, text):
        token = gateway._secret("access_key")
        try:
            answer = gateway._ask(
                "POST",
                gateway._url("me/messages"),
                headers={"Authorization": f"Bearer {token}"},
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
