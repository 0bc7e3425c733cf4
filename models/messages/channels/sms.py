from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sms.tools.sms_api import SmsApi, SmsApiBase

from ....tools import sms_in
from ....tools.ask import AskError
from ....tools.short_text import GSM_PARTS, WIDE_PARTS, plain
from ....tools.text import is_number, phone_national, shorten
from .driver import Undelivered

# What the provider's codes mean, in the words of Odoo's own providers.
ESMS_STATES = {
    "100": "success",
    "124": "success",  # it has this message already
    **dict.fromkeys(("99", "108", "177"), "wrong_number_format"),
    **dict.fromkeys(("101", "102", "104", "118", "140"), "unregistered"),
    "103": "insufficient_credit",
    "146": "incompatible_content",
}
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
        return ESMS_STATES.get(str(answer.get("CodeResult")), "server_error")


class CivicDriverSms(models.AbstractModel):
    """SMS to the Centre's number, each with its parts a report; and ours, through
    Odoo's interface of SMS providers, and without its table: that would keep the
    numbers in clear."""

    _name = "civic.driver.sms"
    _inherit = ["civic.driver.conversation"]
    _description = "Channel Driver: SMS"

    _code = "sms"
    _sequence = 20
    _providers = {"esms": "https://rest.esms.vn/MainService.svc/json", "odoo": ""}
    _asks = ("provider", "account", "secret", "sender", "media_hosts")
    # An SMS is seldom followed by another but for the parts of a long one.
    _window = timedelta(minutes=2)
    _sender_field = "phone"
    _tells = True
    _has_notices = True
    _officer_wish = "civic_tell_sms"
    _place = 3
    _most_listed = 4

    @api.model
    def _label(self):
        return self.env._("SMS")

    @api.model
    def _queue_label(self):
        return self.env._("SMS provider")

    @api.model
    def _provider_choices(self):
        labels = {
            "esms": self.env._("Brand name SMS (eSMS)"),
            "odoo": self.env._("SMS service set up in Odoo"),
        }
        return [*labels.items()]

    @api.model
    def _needs(self, gateway):
        if gateway.provider == "odoo":
            return ["provider", "webhook_secret"]
        return super()._needs(gateway)

    # ------------------------------------------------------------------
    # The button
    # ------------------------------------------------------------------

    @api.model
    def _test(self, gateway):
        if gateway.provider == "odoo":
            return self._test_odoo(gateway)
        return self._test_esms(gateway)

    @api.model
    def _test_esms(self, gateway):
        """Ask for the balance, which needs both keys."""
        keys = {"ApiKey": gateway.account or "", "SecretKey": gateway._secret("secret")}
        answer = gateway._ask("POST", gateway._url("GetBalance_json"), json=keys)
        code = str(answer.get("CodeResponse"))
        if code != "100":
            state = ESMS_STATES.get(code, "server_error")
            raise UserError(self._words_of_state(state))
        try:
            balance = int(answer["Balance"])
        except (KeyError, TypeError, ValueError):
            return self.env._("It works.")
        return self.env._("It works. Credit left: %s VND.", f"{balance:,}")

    @api.model
    def _test_odoo(self, gateway):
        """Say by which of Odoo's providers SMS go; sending one would cost."""
        provider = gateway.company_id._get_sms_api_class()
        if provider is SmsApi and not self.env["iap.account"].get("sms").account_token:
            raise UserError(
                self.env._("Odoo's SMS service has no account yet: see its settings.")
            )
        return self.env._("SMS go through the service that is set up in Odoo.")

    @api.model
    def _words_of_state(self, state):
        """What a provider's state means, for operators and administrators."""
        _ = self.env._
        return {
            "server_error": _("The SMS provider has a fault of its own."),
            "unregistered": _("The SMS provider does not accept our keys or sender."),
            "registration_needed": _("The sender is not registered for this country."),
            "insufficient_credit": _("The credit at the SMS provider is used up."),
            "wrong_number_format": _("The SMS provider does not reach this number."),
            "sms_number_missing": _("The SMS provider does not reach this number."),
            "country_not_supported": _("SMS do not go to this country."),
            "incompatible_content": _("The text is not one registered for the sender."),
        }.get(state, _("The SMS provider gives an answer nobody knows."))

    # ------------------------------------------------------------------
    # Messages of citizens
    # ------------------------------------------------------------------

    @api.model
    def _split(self, raw):
        return sms_in.split(raw)

    @api.model
    def _parse(self, raw):
        return sms_in.read(raw)

    @api.model
    def _nobody(self):
        return self.env._("Sender of an SMS")

    @api.model
    def _intake_note(self):
        return self.env._("Came by SMS: numbers of senders can be forged.")

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    @api.model
    def _reaches_agency(self, agency, urgent):
        return bool(agency.duty_phone and (urgent or agency.tell_sms))

    @api.model
    def _deliver(self, row, connections):
        """Send a message as an SMS."""
        gateway = self._gateway_needed(row)
        company = row.company_id
        number = {"uuid": row.external_id, "number": row._recipient_phone()}
        provider_class = company._get_sms_api_class()
        provider = provider_class(row.with_company(company).env)
        provider._set_company(company)
        reports_url = False
        if issubclass(provider_class, SmsApiEsms):
            reports_url = row._receipt_url()
        message = {"content": self._text(row), "numbers": [number]}
        try:
            [result] = provider._send_sms_batch([message], reports_url)
        except AskError as error:
            raise Undelivered(error.kind, gateway._words_of(error)) from None
        except Exception as error:  # other providers raise what they like
            raise Undelivered(
                "unsure",
                self.env._("The SMS service failed (%s).", type(error).__name__),
            ) from None
        state = result.get("state")
        if state not in DONE:
            words = self._words_of_state(state)
            raise Undelivered(KINDS.get(state, "unsure"), words)

    @api.model
    def _text(self, row):
        """The text on few lines, in letters that cost little if the company says so."""
        _subject, body = row._words()
        body = "\n".join(" ".join(line.split()) for line in body.split("\n"))
        if not row.company_id.civic_sms_plain:
            most = MOST_PARTS * WIDE_PARTS[1]
            return body if len(body) <= most else shorten(body, most)
        body, most = plain(body), MOST_PARTS * GSM_PARTS[1]
        # "…" has three letters there.
        return body if len(body) <= most else plain(shorten(body, most - 2))

    @api.model
    def _arrived(self, values):
        """What eSMS says of an SMS; see `SmsApiEsms`."""
        if _number(values.get("SendSuccess")) > 0:
            return True
        failed = _number(values.get("SendFailed")) > 0
        return False if failed or _number(values.get("SendStatus")) == 4 else None


def _number(value):
    """A whole number as a provider writes it; 0 for anything else."""
    text = str(value)
    return int(text) if is_number(text) and len(text) < 10 else 0


class ResCompany(models.Model):
    _inherit = "res.company"

    civic_sms_plain = fields.Boolean(
        "SMS Without Accents",
        default=True,
        help="An SMS with accents holds 70 letters, one without them 160.",
    )

    def _get_sms_api_class(self):
        """A company with a brand name sends its SMS under it."""
        self.ensure_one()
        if self.env["civic.gateway"]._of(self, "sms").provider == "esms":
            return SmsApiEsms
        return super()._get_sms_api_class()


class ResUsers(models.Model):
    _inherit = "res.users"

    civic_tell_sms = fields.Boolean(
        "Civic Reports by SMS",
        help="New work and overdue duties also come by SMS. Emergencies do anyway.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "civic_tell_sms"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "civic_tell_sms"]
