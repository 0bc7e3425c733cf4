from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, MissingError, ValidationError
from odoo.sql_db import db_connect
from odoo.tools import SQL

from ..tools.text import clean, is_number
from .citizen import CITIZEN, as_citizen
from .civic_report import MAX_DESCRIPTION, MAX_SUBJECT
from .door import CitizenGrant

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


def _key_of(form):
    """What tells this form from any other; False where the browser gave nothing."""
    return clean(form.get("key") or "", multiline=False)[:64] or False


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
        model = as_citizen(self).sudo().with_company(company)
        key = _key_of(form)
        earlier = model._sent_under(key, company)
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
            model.env["civic.throttle"]._check(
                "send", {**visitor, "phone": phone}, form.get("proof")
            )
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
        if clean(form.get("description") or "") != self._whole_words().description:
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
    def _is_sent_sudo(self, form, company):
        """Whether this form has made a report already.

        Whoever sends it at the same moment is waited for: a form that is sent several
        times at once counts once, and makes one report.

        :param form: as of `_submit_sudo`
        :raises ConcurrencyError: see `_hold_key`; the transaction has to be run again
        """
        # sudo: as in _submit_sudo; only whether there is one is told
        model = self.sudo().with_company(company)
        return bool(model._sent_under(_key_of(form), company))

    @api.model
    def _sent_under(self, key, company):
        """The report that a form made; else this transaction alone may make it.

        The key is locked before anything is counted or drawn from a sequence, and
        until the end of the transaction.
        """
        earlier = self._submitted_before(key, company)
        if key and not earlier:
            self._hold_key(key, company)
        return earlier

    @api.model
    def _hold_key(self, key, company):
        """Wait for whoever is sending this form; then nobody else may until the end.

        :raises ConcurrencyError: it was sent after this transaction began to look
        """
        name = f"civic.submission:{company.id}:{key}"
        self.env.execute_query(
            SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", name)
        )
        # What was committed meanwhile is seen by a transaction that begins now.
        with db_connect(self.env.cr.dbname).cursor() as cr:
            query = "SELECT FROM civic_report WHERE submission_key = %s"
            cr.execute(f"{query} AND company_id = %s", [key, company.id])
            if cr.rowcount:
                raise ConcurrencyError("this form was being sent by another request")

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
        reporter = self._reporter_of(identity, company, sender)
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
        if reporter and not sender:
            self.env["civic.statement"]._keep(report, identity)
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
        report._attach_sent(read_files)

    def _attach_sent(self, read_files):
        """Hang files on the report after a verb of its sender."""
        report = self.sudo()  # the verb has checked whose report it is
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
        return as_citizen(self).with_context(civic_grant=self._sender_grant())

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
        if self.env.user == self.env.ref(CITIZEN):
            self.env.flush_all()
