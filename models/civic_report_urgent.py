from odoo import api, models

from ..tools.text import clean
from .citizen import as_citizen
from .civic_report_submission import MAX_LENGTHS, FormError

# Who somebody is, as the page after sending asks for it: how browsers fill it in.
ASKED_AFTER = {
    "name": ("text", "name"),
    "phone": ("tel", "tel"),
    "email": ("email", "email"),
    "reporter_address": ("text", "street-address"),
    "citizen_id": ("text", "off"),
}
# How much of a description is its subject where no other is given.
SUBJECT_CHARS = 80


class CivicReport(models.Model):
    """In an emergency nothing is asked for but what and where; who it was that sent it
    is asked for after (MATRIX: tracks)."""

    _inherit = "civic.report"

    @api.model
    def _is_urgent_form(self, form, category):
        """Whether a form tells of an emergency: its category, or whoever fills it in,
        says so."""
        said = form.get("danger") or form.get("emergency")
        return bool(said) or category.track == "emergency"

    @api.model
    def _read_urgent(self, text, form, category, errors):
        """Ask for what and where alone; what is said once is not asked for twice.

        :param text: dict of the form's texts; subject and description are completed
        """
        if not (text["subject"] or text["description"]):
            errors["description"] = self.env._("Describe what is wrong.")
        said = text["description"]
        if not text["subject"]:
            short = " ".join(said.split())[:SUBJECT_CHARS].strip()
            text["subject"] = short if len(said) <= SUBJECT_CHARS else f"{short}…"
        if not said:
            text["description"] = text["subject"]
        if not (text["address"] or self._has_place(form)):
            errors["address"] = self.env._(
                "Say where it is: street, village, landmark."
            )

    @api.model
    def _has_place(self, form):
        """Whether a position or a ward says where it is."""
        position = form.get("latitude") and form.get("longitude")
        return bool(position or (form.get("ward_id") or "").strip())

    @api.model
    def _reporter_of(self, identity, company, sender):
        """The reporter of an incoming report; empty where nobody has said who it is.

        :param identity: dict of identity fields
        :param sender: res.users, empty for an anonymous sender
        """
        reporters = self.env["civic.reporter"]
        said = any(
            identity.get(name)
            for name in ("name", "phone", "email_from", "address", "citizen_id")
        )
        if not (said or sender):
            return reporters
        name = identity.get("name") or sender.name or self.env._("Name not given")
        return reporters._for_sender({**identity, "name": name}, company, sender)

    # ------------------------------------------------------------------
    # After it was sent
    # ------------------------------------------------------------------

    def _asked_sender_sudo(self):
        """What the page after sending asks whoever did not say who it was.

        :return: list of dict: name, label, type, autocomplete, maxlength, required;
            empty where the sender is known
        """
        report = self.sudo()  # sudo: only whether somebody is known
        if report.reporter_id:
            return []
        labels = self._asked_labels()
        required = self._required_fields(report.procedure_id)
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
        text = {name: clean(form.get(name) or "", False) for name in ASKED_AFTER}
        errors = {
            name: message
            for name, message in report._required_fields(report.procedure_id).items()
            if name in text and not text[name]
        }
        if not form.get("consent"):
            errors["consent"] = report._consent_words()
        report._check_limits(dict.fromkeys(MAX_LENGTHS, "") | text, errors)
        identity = report._read_identity(text, form, errors)
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
