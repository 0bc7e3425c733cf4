from odoo import models
from odoo.exceptions import UserError

from odoo.addons.sms.tools.sms_api import SmsApi

from .sms_esms import STATES, SmsApiEsms


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_sms_api_class(self):
        """A company with a brand name sends its SMS under it."""
        self.ensure_one()
        if self.env["civic.gateway"]._of(self, "sms").provider == "esms":
            return SmsApiEsms
        return super()._get_sms_api_class()


class CivicGateway(models.Model):
    _inherit = "civic.gateway"

    def _test_esms(self):
        """Ask for the balance, which needs both keys."""
        answer = self._ask(
            "POST",
            self._url("GetBalance_json"),
            json={"ApiKey": self.account or "", "SecretKey": self._secret("secret")},
        )
        code = str(answer.get("CodeResponse"))
        if code != "100":
            raise UserError(self._words_of_sms(STATES.get(code, "server_error")))
        try:
            balance = int(answer["Balance"])
        except (KeyError, TypeError, ValueError):
            return self.env._("It works.")
        return self.env._("It works. Credit left: %s VND.", f"{balance:,}")

    def _test_odoo(self):
        """Say by which of Odoo's providers SMS go; sending one would cost."""
        provider = self.company_id._get_sms_api_class()
        if provider is SmsApi and not self.env["iap.account"].get("sms").account_token:
            raise UserError(
                self.env._("Odoo's SMS service has no account yet: see its settings.")
            )
        return self.env._("SMS go through the service that is set up in Odoo.")

    def _words_of_sms(self, state):
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
