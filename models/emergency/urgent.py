from odoo import models

from ...tools.text import clean
from ..ground.citizen import as_citizen
from ..report.form import MAX_LENGTHS, FormError

# Who somebody is, as the page after sending asks for it: how browsers fill it in.
ASKED_AFTER = {
    "name": ("text", "name"),
    "phone": ("tel", "tel"),
    "email": ("email", "email"),
    "reporter_address": ("text", "street-address"),
    "citizen_id": ("text", "off"),
}


class CivicReport(models.Model):
    """Who sent an emergency is asked for after it was sent (MATRIX: tracks)."""

    _inherit = "civic.report"

    def _asked_sender_sudo(self):
        """What the page after sending asks whoever did not say who it was.

        :return: list of dict: name, label, type, autocomplete, maxlength, required;
            empty where the sender is known
        """
        report = self.sudo()  # sudo: only whether somebody is known
        if report.reporter_id:
            return []
        labels = self._asked_labels()
        required = self.env["civic.form"]._required_fields(report.procedure_id)
        return [
            {
                "name": name,
                "label": labels[name],
                "type": kind,
                "autocomplete": autocomplete,
                "maxlength": MAX_LENGTHS[name],
                "required": name in required,
            }
            for name, (kind, autocomplete) in ASKED_AFTER.items()
            if name in required or name == "email"
        ]

    def _asked_labels(self):
        _ = self.env._
        return {
            "name": _("Full name"),
            "phone": _("Telephone"),
            "email": _("E-mail"),
            "reporter_address": _("Your address"),
            "citizen_id": _("Citizen identity number"),
        }

    def _say_sender_sudo(self, form):
        """Keep who sent a report, as the one says who has just sent it.

        :param form: dict of strings: fields of `ASKED_AFTER`, and consent
        :raises FormError: with every error at once
        """
        self.ensure_one()
        # sudo: citizens have no rights on the tables; the page has checked who asks
        report = as_citizen(self).sudo()
        if report.reporter_id:
            return  # a second click
        model = report.env["civic.form"]
        text = {name: clean(form.get(name) or "", False) for name in ASKED_AFTER}
        errors = {
            name: message
            for name, message in model._required_fields(report.procedure_id).items()
            if name in text and not text[name]
        }
        if not form.get("consent"):
            errors["consent"] = model._consent_words()
        model._check_limits(dict.fromkeys(MAX_LENGTHS, "") | text, errors)
        identity = model._read_identity(text, form, errors)
        if errors:
            raise FormError(errors)
        report._elevated()._keep_sender(identity)

    def _keep_sender(self, identity):
        """Link a report to who it is that sent it; the history knows that it was."""
        reporter = self._reporter_of(identity, self.company_id, self.env["res.users"])
        self.reporter_id = reporter
        self.env["civic.statement"]._keep(self, identity)
        self.env["civic.reporter"]._mask_words_of(self)
        self._log_note("say_sender", None)
        self._ask_verification()
        self._flush_as_citizen()
