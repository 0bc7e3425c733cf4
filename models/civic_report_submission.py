from datetime import datetime

import pytz
from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, MissingError, ValidationError
from odoo.fields import Domain

from ..tools.text import InvalidEmail, InvalidPhone, clean, email_normalized, phone_e164
from .civic_report import MAX_DESCRIPTION, MAX_SUBJECT
from .door import CitizenGrant

MAX_NAME = 100
MAX_ADDRESS = 300
# What a citizen fills in; whatever else is sent is ignored.
FORM_FIELDS = (
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
)
# Somebody is in danger: no picture and no paper is waited for.
NOT_IN_DANGER = ("files", "email", "reporter_address", "citizen_id", "occurred_at")
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
    return raw.isascii() and raw.isdecimal() and len(raw) < 10


class FormError(ValidationError):
    """What is wrong with a form, field by field.

    :param errors: dict of field name → words for the citizen
    """

    def __init__(self, errors):
        super().__init__("\n".join(errors.values()))
        self.errors = errors


class CivicReport(models.Model):
    """Reports sent by citizens through a form."""

    _inherit = "civic.report"

    @api.model
    def _submit_sudo(
        self, form, files, *, user, company, channel="web", visitor=None, offer=False
    ):
        """Take in what a citizen filled in.

        :param form: dict of strings as the browser sent them, see `FORM_FIELDS`;
            occurred_at is local time in ISO form. Anything else is ignored.
        :param files: list of bytes, in the order of the form
        :param user: res.users who is signed in; empty or the public user otherwise
        :param company: res.company whose website it is
        :param channel: code of a civic.channel
        :param visitor: for whom sending is counted, see `civic.throttle`; not counted
            where none is given
        :param offer: offer what is very likely the same matter, instead of sending
        :return: the report, elevated; the earlier one if `key` was sent before
        :raises FormError: with every error of the form at once
        :raises TooMany: when a limit against floods is reached
        :raises DuplicatesOffered: nothing is sent yet
        """
        # sudo: citizens have no rights on the tables; what they may set is listed here
        model = (
            self.with_user(self.env.ref("civic_report.user_citizen"))
            .sudo()
            .with_company(company)
        )
        key = (form.get("key") or "")[:64] or False
        earlier = model._submitted_before(key, company)
        if earlier:
            earlier._check_sent_again(form)
            return earlier
        values, identity, errors = model._read_form(
            form, files, company._civic_procedure()
        )
        media = model._read_files(files, errors)
        if errors:
            raise FormError(errors)
        if offer and values.get("track") != "emergency":
            model._check_offers_sudo(values, company)
        if channel == "web":
            identity["lang"] = self.env["civic.reporter"]._page_lang()
        sender = user if user and not user._is_public() else self.env["res.users"]
        if visitor:
            # Whoever is signed in answers with the account for whatever is typed.
            phone = not sender and identity["phone"]
            model.env["civic.throttle"]._check("send", {**visitor, "phone": phone})
        try:
            report = model._create_submitted(
                {**values, "company_id": company.id},
                identity,
                media,
                sender,
                key,
                channel,
            )
            report._recurs_after(form.get("recurrence_of"), sender)
            if channel == "web":
                report._ask_verification()
            report._flush_as_citizen()
            return report
        except UniqueViolation:
            # Sent twice at once and the other was first: the transaction has to be run
            # again to see it.
            raise ConcurrencyError(f"report {key} is being sent by another request")

    def _check_sent_again(self, form):
        """Tell a second click from another matter, written into a page gone back to.

        :raises FormError: when the text is another one
        """
        if clean(form.get("description") or "") != self.description:
            raise FormError(
                {
                    "key": self.env._(
                        "This form was sent already, as report %s. If this is another "
                        "matter, send it now: it becomes a report of its own.",
                        self.name,
                    )
                }
            )

    @api.model
    def _submitted_before(self, key, company):
        if not key:
            return self.browse()
        return self.search(
            [("submission_key", "=", key), ("company_id", "=", company.id)], limit=1
        )

    @api.model
    def _create_submitted(self, values, identity, media, sender, key, channel):
        company = self.env["res.company"].browse(values["company_id"])
        reporter = self.env["civic.reporter"]._for_sender(identity, company, sender)
        admitted = self._admission_values(reporter, values)
        channels = self.env["civic.channel"]
        report = self.create(
            {
                **values,
                "reporter_id": reporter.id,
                "channel_id": channels.search([("code", "=", channel)], limit=1).id,
            }
        )
        report._elevated().write({"submission_key": key, **admitted})
        self.env["ir.attachment"]._civic_attach(report, media, reporter)
        return report

    # ------------------------------------------------------------------
    # Supplement and rating
    # ------------------------------------------------------------------

    def _supply_as(self, proof, message, files):
        """Complete the own report with words and files (HUE Điều 13.3).

        :param proof: see `_as_sender`
        :param message: what is added
        :param files: list of bytes
        :raises UserError: in words for the citizen, also for files not accepted
        """
        self._supply_read_as(
            proof, message, self.env["ir.attachment"]._civic_read(files)
        )

    def _supply_read_as(self, proof, message, read_files):
        """As `_supply_as`, with files as `_civic_read` gives them."""
        self.ensure_one()
        report = self._as_sender(proof)
        report.supply(message)
        report = report.sudo()  # the verb has checked whose report it is
        attachments = self.env["ir.attachment"].with_env(report.env)
        attachments._civic_attach(report, read_files, report.reporter_id)
        report._flush_as_citizen()

    def _rate_as(self, proof, level_id, comment):
        """Rate the handling of the own report, see `rate`.

        :param proof: see `_as_sender`
        """
        self._as_sender(proof).rate(level_id, comment)

    def _follow_up_as(self, proof, body, assignment_id=None):
        """Ask about the answer to the own report, see `follow_up`.

        :param proof: see `_as_sender`
        """
        report = self._as_sender(proof)
        report.follow_up(body, assignment_id)
        report._flush_as_citizen()

    def _choose_privacy_as(self, proof, private):
        """Keep the own report private, or allow its publication.

        :param proof: see `_as_sender`
        :param private: whether it is to be kept private
        """
        report = self._as_sender(proof)
        if private:
            report.ask_private()
        else:
            report.allow_publication()

    def _sender_grant(self):
        """The right of whoever has proved to be the sender of these reports: by a
        one-time code, or by answering a message of ours."""
        return CitizenGrant(frozenset(self.ids))

    def _as_sender(self, proof):
        """These reports with the rights of their sender, without the sender's account.

        Officers who report as citizens are senders like any other.

        :param proof: the `res.users` who is signed in, or the grant of who has proved
            it otherwise, see `_sender_grant`
        :raises MissingError: when somebody else sent one of them
        """
        if isinstance(proof, CitizenGrant):
            is_proved = proof.report_ids.issuperset(self.ids)
        else:
            # sudo: the link to the sender is the intake centre's to read
            sent = (report._is_sent_by(proof) for report in self.sudo())
            is_proved = bool(proof) and all(sent)
        if not is_proved:
            raise MissingError(self.env._("Not found: it is not a report of yours."))
        return (
            self.with_user(self.env.ref("civic_report.user_citizen"))
            .sudo(False)
            .with_context(civic_grant=self._sender_grant())
        )

    def _is_sent_by(self, user):
        """Whether this account sent the report; the door's to ask, nobody's to read."""
        reporter = self.reporter_id
        return bool(reporter) and reporter._belongs_to(user)

    def _walk(self, verb, values=None, note=None, event_values=None):
        reports = super()._walk(verb, values, note, event_values)
        reports._flush_as_citizen()
        return reports

    def _flush_as_citizen(self):
        """Write now what is left to compute, if the technical user acts.

        At the end of the request it would be written in the name of the account that
        made the request, which is to stay unknown.
        """
        if self.env.user == self.env.ref("civic_report.user_citizen"):
            self.env.flush_all()

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
            for name in (
                "subject",
                "description",
                "address",
                "name",
                "phone",
                "email",
                "reporter_address",
                "citizen_id",
            )
        }
        self._check_required(text, form, files, procedure, errors)
        self._check_limits(text, errors)
        values = {
            "subject": text["subject"],
            "description": text["description"],
            "address": text["address"],
            "category_id": self._read_link(
                "civic.category", form, "category_id", errors
            ),
            "ward_id": self._read_link("civic.ward", form, "ward_id", errors),
            "occurred_at": self._read_moment(form, errors),
            **self._read_position(form, errors),
        }
        category = self.env["civic.category"].browse(values["category_id"] or [])
        values["report_properties"] = self._read_answers(category, form, errors)
        if category.track == "emergency" or form.get("danger"):
            values["track"] = "emergency"
        if form.get("private"):
            values["visibility"] = "private"
        elif category.track == "sensitive":
            values["visibility"] = "sensitive"
        identity = {
            "name": text["name"],
            "phone": self._read_phone(text["phone"], errors),
            "email_from": self._read_email(text["email"], errors),
            "address": text["reporter_address"],
            "citizen_id": text["citizen_id"],
            "is_organisation": bool(form.get("is_organisation")),
        }
        return values, identity, errors

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
            errors["consent"] = self.env._(
                "Agree to how your personal data is used; without it the centre may "
                "not keep your name and telephone number."
            )
        if form.get("danger"):
            for name in NOT_IN_DANGER:
                errors.pop(name, None)

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
            tz = pytz.timezone(self.env.company._civic_calendar().tz)
            moment = tz.localize(local.replace(tzinfo=None)).astimezone(pytz.utc)
        except (ValueError, OverflowError):
            errors["occurred_at"] = self.env._("Give the day and the time.")
            return False
        moment = moment.replace(tzinfo=None)
        if moment.year < 2000 or moment > self._now():
            errors["occurred_at"] = self.env._("The time must lie in the past.")
            return False
        return moment

    @api.model
    def _read_position(self, form, errors):
        raw = [(form.get(name) or "").strip() for name in ("latitude", "longitude")]
        if not any(raw):
            return {}
        try:
            latitude, longitude = (float(part) for part in raw)
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
