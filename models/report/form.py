from datetime import datetime

import pytz

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.text import (
    InvalidEmail,
    InvalidIdentityNumber,
    InvalidPhone,
    clean,
    decimal_number,
    email_normalized,
    identity_number,
    is_number,
    phone_e164,
)
from .report import MAX_DESCRIPTION, MAX_SUBJECT

# What of the form is text, written by hand.
TEXTS = (
    *("subject", "description", "address"),
    *("name", "phone", "email", "reporter_address", "citizen_id"),
)
MAX_NAME = 100
MAX_ADDRESS = 300
# What a citizen fills in; whatever else is sent is ignored.
FORM_FIELDS = (
    "kind",
    "subject",
    "description",
    "category_id",
    "ward_id",
    "address",
    "latitude",
    "longitude",
    "occurred_at",
    "private",
    "name",
    "phone",
    "email",
    "reporter_address",
    "citizen_id",
    "is_organisation",
    "consent",
    "danger",
    "seen_duplicates",
    "key",
    "recurrence_of",
    "proof",
)
MAX_LENGTHS = {
    "subject": MAX_SUBJECT,
    "description": MAX_DESCRIPTION,
    "address": MAX_ADDRESS,
    "name": MAX_NAME,
    "phone": 40,
    "email": 254,
    "reporter_address": MAX_ADDRESS,
    "citizen_id": 20,
}


def is_id(raw):
    """Whether a string is a number that PostgreSQL takes for an id."""
    return is_number(raw) and len(raw) < 10


class FormError(ValidationError):
    """What is wrong with a form, field by field.

    :param errors: dict of field name → words for the citizen
    """

    def __init__(self, errors):
        super().__init__("\n".join(errors.values()))
        self.errors = errors


class CivicForm(models.AbstractModel):
    """The form by which citizens report: what it offers, and what is read from it."""

    _name = "civic.form"
    _description = "Form of citizens"

    # ------------------------------------------------------------------
    # What the form offers
    # ------------------------------------------------------------------

    @api.model
    def _form_choices_sudo(self, company):
        """What a citizen can choose from and has to fill in.

        :return: dict: categories and guided (not taken in) as lists of (id, name,
            guidance), emergencies as set of ids, wards as list of (id, name), required
            as set of field names, lengths as dict, regulation as words
        """
        # sudo: lists for everybody, whatever the visitor's account may read
        model = self.sudo().with_company(company)
        procedure = company._civic_procedure()
        domain = model._choice_domain()
        categories = model.env["civic.category"].search(domain)
        required = {*model._required_fields(procedure), "consent"}
        if procedure.require_picture:
            required.add("files")
        return {
            "categories": [
                (row.id, row.name, "") for row in categories if row.accepted
            ],
            "emergencies": {row.id for row in categories if row.track == "emergency"},
            "guided": [
                (row.id, row.name, row.guidance or "")
                for row in categories
                if not row.accepted
            ],
            "wards": [
                (row.id, row.name) for row in model.env["civic.ward"].search(domain)
            ],
            "required": required,
            "lengths": MAX_LENGTHS,
            "regulation": procedure.decision_number or procedure.name,
        }

    # ------------------------------------------------------------------
    # Reading the form
    # ------------------------------------------------------------------

    @api.model
    def _read_form(self, form, files, procedure):
        """Values of the report and of its sender, and what is wrong with them.

        :return: (values, identity, errors)
        """
        errors = {}
        text = {
            name: clean(form.get(name) or "", multiline=name == "description")
            for name in TEXTS
        }
        unlisted = {}
        category_id = self._read_link("civic.category", form, "category_id", unlisted)
        category = self.env["civic.category"].browse(category_id or [])
        if self._is_urgent_form(form, category):
            self._read_urgent(text, form, category, errors)
        else:
            self._check_required(text, form, files, procedure, errors)
        self._check_limits(text, errors)
        errors.update(unlisted)
        values = {
            "subject": text["subject"],
            "description": text["description"],
            "address": text["address"],
            "category_id": category_id,
            "ward_id": self._read_link("civic.ward", form, "ward_id", errors),
            "occurred_at": self._read_moment(form, errors),
            **self._read_position(form, errors),
        }
        values["report_properties"] = self._read_answers(category, form, errors)
        if self._is_urgent_form(form, category):
            values["track"] = "emergency"
        if form.get("private"):
            values["visibility"] = "private"
        elif category.track == "sensitive":
            values["visibility"] = "sensitive"
        return values, self._read_identity(text, form, errors), errors

    @api.model
    def _read_identity(self, text, form, errors):
        """Who sends it, by the names of `civic.reporter`."""
        return {
            "name": text["name"],
            "phone": self._read_phone(text["phone"], errors),
            "email_from": self._read_email(text["email"], errors),
            "address": text["reporter_address"],
            "citizen_id": self._read_citizen_id(text["citizen_id"], errors),
            "is_organisation": bool(form.get("is_organisation")),
        }

    @api.model
    def _required_fields(self, procedure):
        """Names of the form's fields that a procedure requires, with their words."""
        _ = self.env._
        required = {
            "subject": _("Say in a few words what is wrong."),
            "description": _("Describe what is wrong."),
            "name": _("Give your full name; only the intake centre sees it."),
            "phone": _("Give a telephone number at which the centre can reach you."),
        }
        if procedure.require_email:
            required["email"] = _("Give your e-mail address.")
        if procedure.require_address:
            required["reporter_address"] = _("Give your address.")
        if procedure.require_citizen_id:
            required["citizen_id"] = _("Give your citizen identity number.")
        if procedure.require_place:
            required["address"] = _("Say where it is: street, village, landmark.")
        if procedure.require_time:
            required["occurred_at"] = _("Say when it happened or when you saw it.")
        return required

    @api.model
    def _check_required(self, text, form, files, procedure, errors):
        for name, message in self._required_fields(procedure).items():
            if not text.get(name, (form.get(name) or "").strip()):
                errors[name] = message
        if form.get("latitude") and form.get("longitude"):
            # The device's position says where it is.
            errors.pop("address", None)
        if procedure.require_picture and not files:
            errors["files"] = self.env._("Add at least one picture or video.")
        if not form.get("consent"):
            errors["consent"] = self._consent_words()

    @api.model
    def _consent_words(self):
        return self.env._(
            "Agree to how your personal data is used; without it the centre may not "
            "keep your name and telephone number."
        )

    @api.model
    def _check_limits(self, text, errors):
        for name, limit in MAX_LENGTHS.items():
            if len(text[name]) > limit:
                errors[name] = self.env._(
                    "At most %(limit)s characters; this has %(length)s.",
                    limit=limit,
                    length=len(text[name]),
                )

    @api.model
    def _read_link(self, model, form, name, errors):
        raw = (form.get(name) or "").strip()
        if not raw:
            return False
        known = Domain("id", "=", int(raw)) if is_id(raw) else Domain.FALSE
        record = self.env[model].search(known & self._choice_domain(), limit=1)
        if not record:
            errors[name] = self.env._("Choose one of the list.")
            return False
        if model == "civic.category" and not record.accepted:
            errors[name] = record.guidance or self.env._(
                "Such matters are not taken in."
            )
        return record.id

    @api.model
    def _choice_domain(self):
        """Records of this company, and those common to all."""
        return Domain("company_id", "in", [self.env.company.id, False])

    @api.model
    def _read_moment(self, form, errors):
        raw = (form.get("occurred_at") or "").strip()
        if not raw:
            return False
        try:
            local = datetime.fromisoformat(raw)
            tz = pytz.timezone(self.env.company._civic_calendar()._civic_tz())
            moment = tz.localize(local.replace(tzinfo=None)).astimezone(pytz.utc)
        except (ValueError, OverflowError):
            errors["occurred_at"] = self.env._("Give the day and the time.")
            return False
        moment = moment.replace(tzinfo=None)
        if moment.year < 2000 or moment > self.env["civic.door"]._now():
            errors["occurred_at"] = self.env._("The time must lie in the past.")
            return False
        return moment

    @api.model
    def _read_position(self, form, errors):
        raw = [(form.get(name) or "").strip() for name in ("latitude", "longitude")]
        if not any(raw):
            return {}
        try:
            latitude, longitude = map(decimal_number, raw)
        except ValueError:
            latitude = longitude = float("nan")
        # NaN fails both comparisons; 0/0 is a device that did not know.
        on_map = -90 <= latitude <= 90 and -180 <= longitude <= 180
        if not on_map or (latitude, longitude) == (0, 0):
            errors["address"] = self.env._(
                "The position is not on the map: type the place instead."
            )
            return {}
        return {"latitude": latitude, "longitude": longitude}

    @api.model
    def _read_phone(self, raw, errors):
        if not raw:
            return False
        try:
            return phone_e164(raw)
        except InvalidPhone:
            errors.setdefault(
                "phone",
                self.env._(
                    "This is not a telephone number. Write it like 0912 345 678."
                ),
            )
            return False

    @api.model
    def _read_citizen_id(self, raw, errors):
        if not raw:
            return ""
        try:
            return identity_number(raw)
        except InvalidIdentityNumber:
            errors.setdefault(
                "citizen_id",
                self.env._(
                    "This is not an identity number. Write the 12 digits of the card, "
                    "the 9 of an older one, or the number of a passport."
                ),
            )
            return ""

    @api.model
    def _read_email(self, raw, errors):
        if not raw:
            return False
        try:
            return email_normalized(raw)
        except InvalidEmail:
            errors.setdefault(
                "email",
                self.env._(
                    "This is not an e-mail address. Write it like ten@example.com."
                ),
            )
            return False

    @api.model
    def _read_files(self, files, errors):
        """Cleaned files; what cannot be taken is said beside the field."""
        try:
            return self.env["ir.attachment"]._civic_read(files)
        except ValidationError as error:
            errors["files"] = error.args[0]
            return []
