from odoo import api, fields, models
from odoo.exceptions import MissingError

from ..ground.citizen import as_citizen
from ..province.limit import has_passed

# Answers of a citizen, and the verbs behind them.
ANSWERS = {
    "agree": "give_consent",
    "refuse": "refuse_consent",
    "withdraw": "withdraw_consent",
}
# Rows of a citizen's page; more looks than these are a matter for the Centre.
MAX_ROWS = 100


class CivicDisclosure(models.Model):
    """What the citizen sees of disclosures, and answers."""

    _name = "civic.disclosure"
    _inherit = ["civic.secret.link", "civic.disclosure"]

    _link_page = "/phan-anh/danh-tinh"
    _link_purpose = "disclosure-link"

    # Of the link only its key and its hash are kept; see tools/secret_link.py.
    link_key = fields.Char(
        readonly=True, copy=False, index="btree_not_null", groups="base.group_system"
    )
    link_hash = fields.Char(readonly=True, copy=False, groups="base.group_system")
    link_expires_at = fields.Datetime(
        readonly=True, copy=False, groups="base.group_system"
    )

    # ------------------------------------------------------------------
    # The link
    # ------------------------------------------------------------------

    def _react_send_link(self, act):
        for asked in self:
            asked.write({**asked._new_link(), "link_expires_at": asked.deadline})

    def _link_path(self):
        """Path of the page on which the citizen answers; empty without a link."""
        return self._secret_path()

    @api.model
    def _no_link(self):
        return {"link_key": False, "link_hash": False, "link_expires_at": False}

    @api.model
    def _by_code_sudo(self, code, company):
        found = super()._by_code_sudo(code, company)
        return found.filtered(
            lambda row: not has_passed(row.link_expires_at, self._now())
        )

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------

    def _answer_as_citizen(self, answer):
        """Agree, refuse or withdraw, for whoever proved to be the sender.

        :param answer: a key of `ANSWERS`
        :raises MissingError: for anything else
        """
        self.ensure_one()
        if answer not in ANSWERS:
            raise MissingError(self.env._("Not found: there is nothing to answer."))
        grant = self.sudo().report_id._sender_grant()
        citizen = as_citizen(self).with_context(civic_grant=grant)
        getattr(citizen, ANSWERS[answer])()

    @api.model
    def _of_own_report_sudo(self, report, disclosure_id):
        """One of a report's disclosures, for who proved to have sent the report."""
        # sudo: citizens have no rights on the table; the report is the guard
        return self.sudo().search(
            [
                ("id", "=", disclosure_id),
                ("report_id", "=", report.id),
                ("state", "in", self._shown_states()),
            ],
            limit=1,
        )

    @api.model
    def _shown_states(self):
        """What the citizen was asked, or is told of; the rest was never opened."""
        return ("asked", "granted", "refused", "withdrawn", "ended")

    # ------------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------------

    def _citizen_values(self):
        """What the citizen is told of one disclosure.

        :return: dict of plain values
        """
        self.ensure_one()
        now = self._now()
        labels = self.env["civic.reporter"]._identity_labels()
        verbs = self._verbs_of({"reporter"})
        return {
            "id": self.id,
            "code": self.report_id.name,
            "subject": self.report_id.subject,
            "who": self.agency_id.name or self.authority,
            "for_authority": bool(self.authority),
            "document": self.document or "",
            "reason": self.reason,
            "legal_basis": self.legal_basis,
            "data": [labels[name] for name in self._names()],
            "days": self.days,
            "people": len(self.user_ids),
            "answer_by": self.deadline,
            "state_words": self._citizen_state_words(now),
            "is_asked": "refuse_consent" in verbs,
            "can_agree": "give_consent" in verbs,
            "is_in_force": self._is_in_force(now),
            "can_withdraw": "withdraw_consent" in verbs,
            "without_consent": self.without_consent,
            "law_basis": self.law_basis or "",
            "expires_at": self.expires_at,
            "answered_at": self.answered_at,
        }

    def _citizen_state_words(self, now):
        _ = self.env._
        if self.state == "granted":
            if not self._is_in_force(now):
                return _("Over: nobody may look any more.")
            if self.without_consent:
                return _("Given by force of law, without your consent.")
            return _("You agreed.")
        if self.state == "refused" and not self.answered_at:
            return _("You did not answer in time: nothing was given.")
        return {
            "asked": _("Your answer is asked for."),
            "refused": _("You did not agree: nothing was given."),
            "withdrawn": _("You withdrew your consent: nobody may look any more."),
            "ended": _("Closed: nobody may look any more."),
        }[self.state]

    def _looker_words(self, user):
        """Who looked, by agency and role and never by name."""
        _ = self.env._
        if not self.agency_id:
            return _("Intake centre, for %s", self.authority)
        role = _("leader") if user in self.agency_id.leader_ids else _("handler")
        return f"{self.agency_id.name}: {role}"


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    def _link(self):
        """The question to the citizen has a link of its own, told anew each time."""
        if self.notice_id.event != "ask_citizen":
            return super()._link()
        asked = self.report_id.disclosure_ids.filtered(
            lambda row: row.state == "asked" and row.assignment_id == self.assignment_id
        )
        path = asked[:1]._link_path() if asked else ""
        return self._site() + path if path else super()._link()


class CivicReport(models.Model):
    _inherit = "civic.report"

    disclosure_ids = fields.One2many(
        "civic.disclosure",
        "report_id",
        "Disclosures",
        groups="civic_report.group_operator,civic_report.group_handler,"
        "civic_report.group_leader,civic_report.group_province_leader",
    )

    def _disclosure_values(self):
        """Who asked who sent this report, and who looked.

        :return: dict: disclosures, looks
        """
        disclosures = self.disclosure_ids.filtered(
            lambda row: (
                row.state in row._shown_states()
                and (row.state != "ended" or row.decided_at)
            )
        )[:MAX_ROWS]
        return {
            "disclosures": [row._citizen_values() for row in disclosures],
            "looks": self._look_values(),
        }

    def _awaits_disclosure_answer(self):
        """Whether an agency has asked the sender for the identity."""
        return any(
            row._lets({"reporter"}, "refuse_consent") for row in self.disclosure_ids
        )
