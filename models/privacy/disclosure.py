from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.fields import Domain

from ..ground.citizen import as_citizen
from ..ground.guard import ids_of, required_text
from ..ground.key import CitizenGrant
from ..ground.sql_states import sql_states

# What can be asked for, each by its name.
IDENTITY_FIELDS = ("name", "phone", "email_from", "address", "citizen_id")
# Asked for, and not answered yet.
UNANSWERED = ("requested", "asked")


class CivicDisclosure(models.Model):
    """The identity of a reporter, opened to named persons for a while.

    With the reporter's consent (HUE Điều 5.5, ST Điều 4.5); a competent authority may
    have it without consent only where the law says so, which a Centre manager decides
    and answers for.
    """

    _name = "civic.disclosure"
    _inherit = ["civic.data.case"]
    _description = "Disclosure of identity"
    _order = "id desc"
    _open_states = (*UNANSWERED, "granted")
    _reminder_kind = "activity_disclosure"
    _reminders_end_by_verbs = True

    report_id = fields.Many2one(
        "civic.report", required=True, index=True, readonly=True, ondelete="restrict"
    )
    reporter_id = fields.Many2one(
        "civic.reporter",
        index=True,
        readonly=True,
        ondelete="restrict",
        groups="civic_report.group_operator",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    assignment_id = fields.Many2one(
        "civic.assignment", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    agency_id = fields.Many2one(
        "civic.agency",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The agency that asks; empty when the Centre asks for an authority.",
    )
    authority = fields.Char(
        readonly=True, help="Police, court or other body for which the Centre asks."
    )
    document = fields.Char(
        "Written Request", readonly=True, help="Its number and date."
    )
    reason = fields.Text("Needed For", required=True, readonly=True)
    legal_basis = fields.Char(required=True, readonly=True)
    field_names = fields.Char(
        required=True, readonly=True, help="Names of the identity fields asked for."
    )
    asked_data = fields.Char("Data Asked For", compute="_compute_asked_data")
    user_ids = fields.Many2many(
        "res.users",
        "civic_disclosure_user_rel",
        string="Who May Look",
        readonly=True,
    )
    days = fields.Integer("For How Many Days", required=True, readonly=True)
    state = fields.Selection(
        [
            ("requested", "Awaiting the Centre"),
            ("asked", "Awaiting the citizen"),
            ("granted", "Given"),
            ("declined", "Refused by the Centre"),
            ("refused", "Not agreed"),
            ("withdrawn", "Consent withdrawn"),
            ("ended", "Ended"),
        ],
        required=True,
        default="requested",
        readonly=True,
    )
    consent = fields.Selection(
        [
            ("asked", "Asked"),
            ("given", "Given"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn by the citizen"),
        ],
        readonly=True,
        help="Empty while the citizen has not been asked, and where the law does "
        "without.",
    )
    without_consent = fields.Boolean("By Force of Law", readonly=True)
    law_basis = fields.Char("Law Behind It", readonly=True)
    evidence = fields.Char(
        "How the Citizen Answered",
        readonly=True,
        help="Where an operator wrote the answer down.",
    )
    requested_by_id = fields.Many2one("res.users", "Asked By", readonly=True)
    requested_at = fields.Datetime("Asked", required=True, readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime("Decided", readonly=True)
    decision_note = fields.Text(readonly=True)
    answered_at = fields.Datetime("Answered", readonly=True)
    expires_at = fields.Datetime("Open Until", readonly=True, index="btree_not_null")
    closed_at = fields.Datetime("Closed", readonly=True)
    is_in_force = fields.Boolean(
        "In Force", compute="_compute_is_in_force", search="_search_is_in_force"
    )

    _one_open = models.UniqueIndex(
        "(report_id, agency_id) "
        f"WHERE agency_id IS NOT NULL AND state IN {sql_states(UNANSWERED)}",
        "This agency has asked for the identity behind this report already.",
    )
    _one_open_by_document = models.UniqueIndex(
        "(report_id, document) "
        f"WHERE document IS NOT NULL AND state IN {sql_states(UNANSWERED)}",
        "This written request has been entered already.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("report_id.name", "agency_id.name", "authority")
    def _compute_display_name(self):
        for disclosure in self:
            # sudo: who has left the report still reads the own request
            row = disclosure.sudo()
            row_name = row.agency_id.name or row.authority or ""
            disclosure.display_name = f"{row.report_id.name} · {row_name}"

    @api.depends("field_names")
    @api.depends_context("lang")
    def _compute_asked_data(self):
        labels = self.env["civic.reporter"]._identity_labels()
        for disclosure in self:
            disclosure.asked_data = ", ".join(
                labels[name] for name in disclosure._names()
            )

    def _names(self):
        return (self.field_names or "").split(",") if self.field_names else []

    @api.depends("state", "expires_at")
    def _compute_is_in_force(self):
        now = self._now()
        for disclosure in self:
            disclosure.is_in_force = disclosure._is_in_force(now)

    def _is_in_force(self, now):
        return bool(
            self.state == "granted" and self.expires_at and now < self.expires_at
        )

    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        in_force = Domain("state", "=", "granted") & Domain(
            "expires_at", ">", self._now()
        )
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        return in_force if True in wanted else ~in_force

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    @api.model
    def _request(self, target, people, vals):
        """Write a request down; called by the verbs of reports and assignments.

        :param target: report or assignment, let in by the door
        :param people: res.users who may be named
        :param vals: dict: reason, legal_basis, field_names (list), user_ids (list),
            days, and for an authority: authority, document
        :return: the disclosure
        """
        report = target if target._name == "civic.report" else target.report_id
        # The same answer whoever the person is: a restriction is not told here.
        names = self._checked_names(vals.get("field_names"))
        users = self._checked_people(people, vals.get("user_ids"))
        agency = target.agency_id if target != report else self.env["civic.agency"]
        if not agency:
            self._check_first(report, vals.get("document"))
        text = partial(required_text, self.env)
        disclosure = self.with_env(target.env).create(
            {
                "report_id": report.id,
                "reporter_id": report.reporter_id.id,
                "company_id": report.company_id.id,
                "assignment_id": target.id if target != report else False,
                "agency_id": agency.id,
                "authority": vals.get("authority"),
                "document": vals.get("document"),
                "reason": text(
                    vals.get("reason"), self.env._("what the identity is needed for")
                ),
                "legal_basis": text(
                    vals.get("legal_basis"), self.env._("the legal basis")
                ),
                "field_names": ",".join(names),
                "user_ids": [(6, 0, users.ids)],
                "days": self._checked_days(report, vals.get("days")),
                "requested_by_id": self.env.uid,
                "requested_at": target._now(),
            }
        )
        disclosure._remind_managers()
        return disclosure

    @api.model
    def _check_first(self, report, document):
        """Refuse the written request that was entered and waits for its answer."""
        same = Domain("report_id", "=", report.id)
        same &= Domain("state", "in", UNANSWERED) & Domain("document", "=", document)
        # sudo: of a request of the Centre
        if self.sudo().search_count(same, limit=1):
            raise UserError(
                self.env._("%s has asked already: wait for the answer.", document)
            )

    @api.model
    def _checked_names(self, names):
        unknown = set(names or ()) - set(IDENTITY_FIELDS)
        if not names or unknown:
            raise UserError(
                self.env._(
                    "Choose what you need to know: %s.", ", ".join(IDENTITY_FIELDS)
                )
            )
        return [name for name in IDENTITY_FIELDS if name in names]

    @api.model
    def _checked_people(self, people, user_ids):
        ids = set(ids_of(user_ids))
        users = people.filtered(lambda user: user.active and user.id in ids)
        if not ids or set(users.ids) != ids:
            raise MissingError(
                self.env._("Not found: name people who work on this report.")
            )
        return users

    @api.model
    def _checked_days(self, report, days):
        longest = report.procedure_id.disclosure_max_days
        if not isinstance(days, int) or not 0 < days <= longest:
            raise UserError(
                self.env._("Ask for 1 to %s days.", longest),
            )
        return days

    # ------------------------------------------------------------------
    # The Centre decides
    # ------------------------------------------------------------------

    def ask_citizen(self):
        """Pass the request on to the citizen, who agrees or does not (HUE Điều 5.5).

        Called again while the answer is out, it sends a new link; the old one is void
        and the time to answer stays what it was.
        """
        self.ensure_one()
        disclosure = self._enter("ask_citizen")
        now = self._now()
        values = {"consent": "asked"}
        if disclosure.state == "requested":
            days = disclosure.report_id.procedure_id.disclosure_answer_days
            values |= {
                **disclosure._decision_values(),
                "deadline": now + timedelta(days=days),
            }
        disclosure._walk("ask_citizen", values)
        return True

    def _guard_data_kept(self):
        if self.reporter_id.anonymised_at:
            return self.env._("The citizen's data has been deleted.")
        return None

    def _guard_data_unrestricted(self):
        if self.reporter_id.restricted_at:
            return self.env._(
                "The citizen has had the use of the own data restricted: refuse "
                "the request."
            )
        return None

    def _guard_answer_in_time(self):
        if self.state == "asked" and not self._awaits_answer():
            return self.env._("The time to answer has passed.")
        return None

    def decline(self, reason):
        """Refuse the request; the citizen is not troubled with it.

        :param reason: what the asking agency is told
        """
        self.ensure_one()
        disclosure = self._enter("decline")
        reason = required_text(self.env, reason, self.env._("a reason"))
        disclosure._walk(
            "decline",
            {
                **disclosure._decision_values(reason),
                "closed_at": self._now(),
            },
        )
        return True

    def decide_by_law(self, law_basis, note):
        """Give the identity to a competent authority without the citizen's consent.

        The exception to the rule: only for an authority's written request, only where
        a law does without consent (Luật 91/2025/QH15, Điều 19.1), never by the person
        who wrote the request down. The citizen sees it on the own page.

        :param law_basis: article of the law that does without consent
        :param note: why it applies here
        """
        self.ensure_one()
        disclosure = self._enter("decide_by_law")
        text = partial(required_text, self.env)
        law_basis = text(law_basis, self.env._("the law that does without consent"))
        note = text(note, self.env._("why the law applies here"))
        disclosure._walk(
            "decide_by_law",
            {
                **disclosure._decision_values(note),
                "without_consent": True,
                "law_basis": law_basis,
                "expires_at": disclosure._end_of_access(),
            },
        )
        return True

    def _guard_authority_asks(self):
        if not self.authority or not self.document:
            return self.env._(
                "Agencies have an identity with the citizen's consent alone: ask "
                "the citizen."
            )
        return None

    def _guard_asked_by_another(self):
        if self.requested_by_id.id == self.env.uid:
            return self.env._(
                "You wrote this request down: another manager decides to do "
                "without consent."
            )
        return None

    def end_disclosure(self):
        """Close a request, or access that is no longer needed."""
        self.ensure_one()
        disclosure = self._enter("end_disclosure")
        disclosure._walk(
            "end_disclosure", {**self._no_link(), "closed_at": self._now()}
        )
        return True

    def _react_end_reminders(self, act):
        self._end_reminders()

    def _decision_values(self, note=None):
        return {
            "decided_by_id": self.env.uid,
            "decided_at": self._now(),
            "decision_note": note,
        }

    def _end_of_access(self):
        return self._now() + timedelta(days=self.days)

    # ------------------------------------------------------------------
    # Helpers of the door
    # ------------------------------------------------------------------

    def _own_roles(self):
        user = self.env.user
        roles = {disclosure: set() for disclosure in self}
        for disclosure, mine in roles.items():
            # sudo: the persons named are compared, not shown
            row = disclosure.sudo()
            if user == row.requested_by_id:
                mine.add("asker")
            if user in row.user_ids and disclosure._works_on_it(user):
                mine.add("named")
            if disclosure._has_grant():
                mine.add("reporter")
        return roles

    def _works_on_it(self, user):
        """Whether this person still may see the report, and in the same function."""
        report = self.sudo().report_id.with_user(user)
        if not user.active or not report._filtered_access("read"):
            return False
        agency = self.sudo().agency_id
        if agency:
            return agency.id in user._civic_own_agency_ids()
        return user.has_group("civic_report.group_operator")

    def _has_grant(self):
        grant = self.env.context.get("civic_grant")
        return (
            isinstance(grant, CitizenGrant)
            and bool(self)
            and all(row.report_id.id in grant.report_ids for row in self.sudo())
        )

    def _as_actor(self):
        """Citizens write as the technical user, as they do on reports."""
        if self.env.user._is_internal():
            return self
        return as_citizen(self)

    def _event_target(self):
        self.ensure_one()
        return {
            "report_id": self.report_id.id,
            "assignment_id": self.assignment_id.id,
            "company_id": self.company_id.id,
        }
