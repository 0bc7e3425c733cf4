from dataclasses import dataclass

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError

from ...tools.text import clean
from ..ground.citizen import as_citizen
from ..report.form import FormError


@dataclass(frozen=True)
class Sending:
    """A form as a citizen sent it.

    :param form: dict of strings as the browser sent them, see `FORM_FIELDS`;
        occurred_at is local time in ISO form. Anything else is ignored.
    :param files: list of bytes, in the order of the form
    :param user: res.users who is signed in; empty or the public user otherwise
    :param company: res.company whose website it is
    :param channel: code of a civic.channel
    :param visitor: for whom sending is counted, see `civic.throttle`; not counted where
        none is given
    :param offer: offer what is very likely the same matter, instead of sending
    """

    form: dict
    files: list
    user: models.BaseModel
    company: models.BaseModel
    channel: str = "web"
    visitor: dict | None = None
    offer: bool = False

    @property
    def sender(self):
        """Whose account sends it: res.users, empty where nobody has signed in."""
        user = self.user
        return user if user and not user._is_public() else self.company.env["res.users"]


class CivicForm(models.AbstractModel):
    """Takes in what citizens fill in."""

    _inherit = "civic.form"

    @api.model
    def _submit_sudo(self, sending):
        """Take in what a citizen filled in.

        :param sending: `Sending`
        :return: the report, elevated; the earlier one if `key` was sent before
        :raises FormError: with every error of the form at once
        :raises UserError: where the way is closed, with where to turn
        :raises TooMany: when a limit against floods is reached
        :raises DuplicatesOffered: nothing is sent yet
        """
        # sudo: citizens have no rights on the tables; what they may set is listed here
        model = as_citizen(self).sudo().with_company(sending.company)
        reports = model.env["civic.report"]
        key = _key_of(sending.form)
        earlier = reports._sent_under(key, sending.company)
        if earlier:
            model._check_sent_again(sending.form, earlier)
            return earlier
        model._check_way(sending.form, sending.company, sending.channel)
        values, identity, media = model._read_sending(sending)
        model._admit(sending, values, identity)
        try:
            report = reports._create_submitted(
                values, identity, media, sending.sender, key, sending.channel
            )
            model._begin(report, sending)
        except UniqueViolation:
            # Sent twice at once and the other was first: the transaction has to be run
            # again to see it.
            raise ConcurrencyError(f"report {key} is being sent by another request")
        return report

    @api.model
    def _check_sent_again(self, form, report):
        """Tell a second click from another matter, written into a page gone back to.

        :param report: that was made of a form with the same key
        :raises FormError: when the text is another one
        """
        if clean(form.get("description") or "") != report._whole_words().description:
            raise FormError(
                {
                    "key": self.env._(
                        "This form was sent already, as report %s. If this is another "
                        "matter, send it now: it becomes a report of its own.",
                        report.name,
                    )
                }
            )

    @api.model
    def _read_sending(self, sending):
        """What was filled in.

        :return: (values of the report, identity of its sender, files as read)
        :raises FormError: with every error of the form at once
        """
        company = sending.company
        values, identity, errors = self._read_form(
            sending.form, sending.files, company._civic_procedure()
        )
        media = self._read_files(sending.files, errors)
        if errors:
            raise FormError(errors)
        if sending.channel == "web":
            identity["lang"] = self.env["civic.reporter"]._page_lang()
        return {**values, "company_id": company.id}, identity, media

    @api.model
    def _admit(self, sending, values, identity):
        """Let it in, unless it is likely known, or too much comes from one side.

        :raises DuplicatesOffered: for what is very likely known
        :raises TooMany: when a limit against floods is reached
        """
        if sending.offer and values.get("track") != "emergency":
            self._check_offers_sudo(values, sending.company)
        if sending.visitor:
            # Whoever is signed in answers with the account for whatever is typed.
            phone = not sending.sender and identity["phone"]
            self.env["civic.throttle"]._check(
                "send", {**sending.visitor, "phone": phone}, sending.form.get("proof")
            )

    @api.model
    def _begin(self, report, sending):
        """What follows at once when a report was made of a form."""
        report._recurs_after(sending.form.get("recurrence_of"), sending.sender)
        if sending.channel == "web":
            report._ask_verification()
        report._flush_as_citizen()

    @api.model
    def _is_sent_sudo(self, form, company):
        """Whether this form has made a report already.

        Whoever sends it at the same moment is waited for: a form that is sent several
        times at once counts once, and makes one report.

        :param form: as of `Sending`
        :raises ConcurrencyError: see `civic.report._hold_key`; the transaction has to
            be run again
        """
        # sudo: as in _submit_sudo; only whether there is one is told
        reports = self.env["civic.report"].sudo().with_company(company)
        return bool(reports._sent_under(_key_of(form), company))


def _key_of(form):
    """What tells this form from any other; False where the browser gave nothing."""
    return clean(form.get("key") or "", multiline=False)[:64] or False
