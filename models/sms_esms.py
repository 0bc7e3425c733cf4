from odoo.addons.sms.tools.sms_api import SmsApiBase

from ..tools.text import phone_national

# What the provider's codes mean, in the words of Odoo's own providers.
STATES = {
    "100": "success",
    "124": "success",  # it has this message already
    **dict.fromkeys(("99", "108", "177"), "wrong_number_format"),
    **dict.fromkeys(("101", "102", "104", "118", "140"), "unregistered"),
    "103": "insufficient_credit",
    "146": "incompatible_content",
}


class SmsApiEsms(SmsApiBase):
    """SMS under a brand name, through a Vietnamese HTTP gateway.

    The format is that of eSMS, which others in the country speak alike; public
    documentation: developers.esms.vn, “Send OTP/Customer care message”, “Callback Url”,
    “Table of error codes”.

    Asked: ``POST <address>/SendMultipleMessage_V4_post_json/`` with ApiKey, SecretKey,
    Brandname, SmsType "2" (customer care), Phone, Content, IsUnicode "0" or "1",
    RequestId (a message with the same one is taken once), CallbackUrl.
    Answered: CodeResult ("100": taken in) and SMSID. What became of it comes to the
    CallbackUrl by GET: SMSID, SendStatus, SendSuccess, SendFailed, RequestId.
    """

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """Send each message by itself: the provider takes one number at a time.

        :param delivery_reports_url: where it tells what became of the message
        :return: list of dicts uuid, state; see `SmsApi._send_sms_batch`
        :raises AskError: when it cannot be told what became of the first one
        """
        gateway = self.env["civic.gateway"]._of(self.company, "sms")
        return [
            {
                "uuid": number["uuid"],
                "state": self._send_one(
                    gateway, message["content"], number, delivery_reports_url
                ),
            }
            for message in messages
            for number in message["numbers"]
        ]

    def _send_one(self, gateway, content, number, callback):
        answer = gateway._ask(
            "POST",
            gateway._url("SendMultipleMessage_V4_post_json/"),
            json={
                "ApiKey": gateway.account or "",
                "SecretKey": gateway._secret("secret"),
                "Brandname": gateway.sender or "",
                "SmsType": "2",
                "Phone": phone_national(number["number"]).replace(" ", ""),
                "Content": content,
                "IsUnicode": "0" if content.isascii() else "1",
                "RequestId": number["uuid"],
                **({"CallbackUrl": callback} if callback else {}),
            },
        )
        return STATES.get(str(answer.get("CodeResult")), "server_error")
