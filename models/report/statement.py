import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..identity.reporter import CHAT_IDS, IDENTITY
from ..vault.vault import VaultError

# What an unproved sender may say of itself; account and ids of chats are proved.
SAID = tuple(
    name for name in IDENTITY if name != "user_id" and name not in CHAT_IDS
) + ("is_organisation",)


class CivicStatement(models.Model):
    """What a report says of its sender otherwise than is known of this sender.

    Whoever knows a name and a telephone number can send a form, a mail or an SMS, or
    call, in somebody's name. So nothing of it changes what is known: it stays here,
    sealed, with the report with which it came, until the Centre or a one-time code
    confirms it.
    """

    _name = "civic.statement"
    _inherit = ["civic.kept", "civic.sealed"]
    _description = "What a Report Says of Its Sender"
    _order = "id desc"
    _rec_name = "report_id"

    report_id = fields.Many2one(
        "civic.report", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    field_names = fields.Char(
        readonly=True, help="Names of what is said otherwise, never what is said."
    )
    state = fields.Selection(
        [("open", "To confirm"), ("confirmed", "Taken over"), ("dismissed", "Left")],
        required=True,
        readonly=True,
        default="open",
    )
    decided_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        ondelete="restrict",
        help="Empty where a one-time code confirmed it.",
    )
    decided_at = fields.Datetime("Decided", readonly=True)
    vault_ref = fields.Char(groups=fields.NO_ACCESS, readonly=True, copy=False)
    vault_blob = fields.Text(groups=fields.NO_ACCESS, readonly=True, copy=False)

    _once = models.UniqueIndex("(report_id)", "What it says is kept already.")

    @api.model
    def _keep(self, report, identity):
        """Keep what a report says of its sender otherwise than is known.

        :param report: civic.report, elevated, of a sender who is not proved
        :param identity: dict of identity fields as they were given
        """
        said = report.reporter_id._said_otherwise(identity)
        if not said:
            return
        keyed = self.with_env(report._elevated().env)
        names = ",".join(sorted(said))
        keyed.create(
            {
                "report_id": report.id,
                "company_id": report.company_id.id,
                "field_names": names,
                **self._seal_values(said, str(uuid.uuid4())),
            }
        )
        report._elevated().write({"statement_names": names, "has_statement": True})
        report._said_changed()

    def _said(self):
        """What is said, in clear, for code that has checked who asks.

        :return: dict of fields of `SAID`
        :raises VaultError: the key is missing or wrong
        """
        row = self.sudo()  # the sealed columns are nobody's to read
        return self._open_values(row.vault_ref, row.vault_blob)

    def _vault_again(self):
        if not self.vault_blob:
            return {}
        return self._seal_values(self._said(), self.vault_ref)

    def _vault_write(self, values):
        self._elevated_statement().write(values)

    def _elevated_statement(self):
        return self.with_env(self.env["civic.report"]._elevated().env)

    def _decide(self, state, user):
        """:param user: res.users who decides; empty for a one-time code"""
        self._elevated_statement().write(
            {
                "state": state,
                "decided_by_id": user.id,
                "decided_at": self.env["civic.door"]._now(),
            }
        )


class CivicReporter(models.Model):
    _inherit = "civic.reporter"

    def _said_otherwise(self, identity):
        """What is said of this reporter and differs from what is known.

        What is left empty says nothing; nor do capitals and spaces.

        :param identity: dict of identity fields
        :return: dict of those that differ, normalized
        """
        self.ensure_one()
        row = self.sudo()  # it is compared, and shown to nobody
        known = {**row._identity(), "is_organisation": row.is_organisation}
        said = {
            name: value
            for name, value in self._normalized(identity).items()
            if name in SAID and value and _plain(value) != _plain(known.get(name))
        }
        if any(identity.get(name) for name in CHAT_IDS):
            said.pop("name", None)  # a provider's name for the sender, if any
        return said

    def _shown(self, report):
        return {**super()._shown(report), "said": report._said_values()}


class CivicReport(models.Model):
    """What a report says of its sender, for the Centre to take over or to leave."""

    _inherit = "civic.report"

    statement_ids = fields.One2many(
        "civic.statement",
        "report_id",
        "What It Says of Its Sender",
        groups="civic_report.group_operator",
    )
    statement_names = fields.Char(
        readonly=True,
        copy=False,
        groups="civic_report.group_operator",
        help="Names of what it says otherwise and nobody has confirmed.",
    )
    said_otherwise = fields.Char(
        "Said of the Sender",
        compute="_compute_said_otherwise",
        groups="civic_report.group_operator",
        help="What this report says of its sender otherwise than is known, and nobody "
        "has confirmed; names of the data alone.",
    )

    @api.depends("statement_names")
    @api.depends_context("lang")
    def _compute_said_otherwise(self):
        labels = {
            **self.env["civic.reporter"]._identity_labels(),
            "is_organisation": self.env._("That it is an organisation"),
        }
        for report in self:
            names = (report.statement_names or "").split(",")
            report.said_otherwise = ", ".join(
                labels[name] for name in names if name in labels
            )

    def confirm_statement(self):
        """Take over, as an operator, what this report says of its sender.

        It becomes what is known of the sender; the change is kept on record.

        :raises UserError: nothing is left to confirm; without the key
        """
        for report, own in zip(self._enter("confirm_statement"), self, strict=True):
            statement = report._open_statement()
            said = statement._said()
            report.reporter_id.write(said)
            self.env["civic.access"]._log(
                report.reporter_id, "change", report=own, shown=said
            )
            statement._decide("confirmed", self.env.user)
            report._walk("confirm_statement", {"statement_names": False})
        return True

    def dismiss_statement(self):
        """Leave what is known of the sender as it is; what was said stays readable.

        :raises UserError: nothing is left to decide
        """
        for report in self._enter("dismiss_statement"):
            report._open_statement()._decide("dismissed", self.env.user)
            report._walk("dismiss_statement", {"statement_names": False})
        return True

    def _open_statement(self):
        return self.statement_ids.filtered(lambda row: row.state == "open")

    def _guard_says_otherwise(self):
        if not self.statement_names:
            return self.env._(
                "%s says nothing of its sender that waits to be confirmed.", self.name
            )
        return None

    def _prove_statement(self):
        """Take over what this report says: its sender has proved to be the reporter.

        Elevated reports only, in the name of the citizens' technical user.
        """
        statement = self._open_statement()
        if statement:
            said = statement._said()
            self.reporter_id.write(said)
            self.env["civic.access"]._log(
                self.reporter_id, "change", report=self, shown=said
            )
            statement._decide("confirmed", self.env["res.users"])
            self._walk("prove_statement", {"statement_names": False})

    def _confirm_statement_as(self, proof):
        """Confirm, as the sender on the own page, what the own report says otherwise.

        :param proof: see `_as_sender`: an account, or a one-time code that went to what
            is known of the sender
        :raises UserError: nothing is left to confirm
        """
        report = self._as_sender(proof)._elevated()
        report._lock_rows()
        if words := report._guard_says_otherwise():
            raise UserError(words)
        report._prove_statement()
        report._flush_as_citizen()

    def _said_changed(self):
        """Something else is said of the sender than before."""

    def _said_values(self):
        """What this report says of its sender otherwise than is known, whoever decided
        what about it.

        :return: dict of fields of `SAID`; empty where it cannot be opened
        """
        try:
            # sudo: for the dialog that has asked why, and for the copy of one's data
            return self.sudo().statement_ids._said()
        except VaultError:
            return {}


class CivicEvent(models.Model):
    _inherit = "civic.event"

    @api.model
    def _selection_code(self):
        _ = self.env._
        labels = {
            "confirm_statement": _("Sender's details taken over from the report"),
            "dismiss_statement": _("Sender's details in the report not taken over"),
            "prove_statement": _("Sender's details confirmed by a one-time code"),
        }
        return [*super()._selection_code(), *labels.items()]


def _plain(value):
    """A value without what says nothing: capitals and spaces."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else value
