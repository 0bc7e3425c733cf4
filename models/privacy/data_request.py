import json

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError

from ..ground.guard import check_visible, id_of, required_text
from ..ground.sql_states import sql_states
from .disclosure import IDENTITY_FIELDS

CHANNELS = [
    ("portal", "Own page"),
    ("paper", "Letter or visit"),
    ("telephone", "Telephone"),
    ("email", "E-mail"),
]


class CivicDataRequest(models.Model):
    """What a citizen asks of the Centre about the own personal data.

    Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Điều 4; the clocks are those of Nghị
    định 356/2025/NĐ-CP, Điều 5, held as `civic.data.limit`.
    """

    _name = "civic.data.request"
    _inherit = ["civic.data.case", "civic.sealed"]
    _description = "Request about personal data"
    _order = "id desc"
    _open_states = ("new", "acknowledged")
    _reminder_kind = "activity_data_request"
    _reminders_end_by_verbs = True

    reporter_id = fields.Many2one(
        "civic.reporter", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["civic.data.limit"]._selection_kind(),
        string="Right",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("new", "To answer"),
            ("acknowledged", "To fulfil"),
            ("fulfilled", "Fulfilled"),
            ("refused", "Refused"),
            ("joined", "Goes on with an earlier one"),
        ],
        required=True,
        default="new",
        readonly=True,
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    verification = fields.Char(
        "How the Person Was Verified",
        readonly=True,
        help="For requests that did not come from the own account.",
    )
    third_party = fields.Boolean(
        "A Third Party Must Act",
        readonly=True,
        help="An agency to which the data was given has to act as well.",
    )
    # What the citizen writes may hold personal data, the new ones above all: sealed
    # like the reporter's own, and deleted when the request has ended.
    details_sealed = fields.Binary(
        readonly=True, attachment=False, copy=False, groups="base.group_system"
    )
    has_details = fields.Boolean("Says More", readonly=True)
    received_at = fields.Datetime("Received", required=True, readonly=True)
    answer_due = fields.Datetime("First Answer Due By", required=True, readonly=True)
    fulfil_due = fields.Datetime("To Be Fulfilled By", required=True, readonly=True)
    acknowledged_at = fields.Datetime("First Answer", readonly=True)
    answered_late = fields.Boolean("First Answer Late", readonly=True)
    extended_at = fields.Datetime("Extended", readonly=True)
    extension_reason = fields.Text(readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)
    ended_late = fields.Boolean(readonly=True)
    ended_by_id = fields.Many2one("res.users", readonly=True)
    answer = fields.Text("Told to the Citizen", readonly=True)
    legal_basis = fields.Char("Legal Basis of the Refusal", readonly=True)
    obstacle = fields.Char(compute="_compute_obstacle")
    event_ids = fields.One2many(
        "civic.data.event",
        "request_id",
        "History",
        groups="civic_report.group_centre_manager",
    )

    _one_open = models.UniqueIndex(
        f"(reporter_id, kind) WHERE state IN {sql_states(_open_states)}",
        "Such a request of this person is open already.",
    )
    _open_by_deadline = models.Index(
        f"(company_id, deadline) WHERE state IN {sql_states(_open_states)}"
    )

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            request.display_name = self.env._(
                "Request %(number)s: %(kind)s",
                number=request.id or "",
                kind=labels.get(request.kind, ""),
            )

    @api.depends("kind", "state")
    def _compute_obstacle(self):
        """Why data cannot be deleted now, for whoever decides."""
        for request in self:
            asked = request.kind == "deletion" and request.state in self._open_states
            request.obstacle = asked and request.reporter_id._deletion_obstacle()

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    @api.model
    def open_for(self, reporter_id, kind, channel, verification, third_party=False):
        """Write down, as the Centre, a request that came by paper or telephone.

        New data to correct are entered on the reporter itself, not here.

        :param reporter_id: id of the civic.reporter
        :param kind: a key of `kind`
        :param channel: a key of `channel`
        :param verification: how it was made sure that it is the person
        :return: id of the request
        """
        reporter = self.env["civic.reporter"].search([("id", "=", id_of(reporter_id))])
        if not reporter or not self.env.user.has_group("civic_report.group_operator"):
            raise MissingError(self.env._("Not found: there is no such reporter."))
        verification = required_text(
            self.env, verification, self.env._("how the person was verified")
        )
        if channel not in dict(CHANNELS) or channel == "portal":
            raise UserError(self.env._("Choose how the request came."))
        return self._open(
            reporter, kind, channel, third_party=third_party, verification=verification
        ).id

    @api.model
    def _open(self, reporter, kind, channel, details=None, **values):
        """Open a request and start its clocks.

        :param details: dict of what the citizen wrote, sealed before it is kept
        :return: the request, elevated
        """
        if kind not in dict(self.env["civic.data.limit"]._selection_kind()):
            raise UserError(self.env._("Choose what you ask for."))
        model = self._elevated()
        reporter = reporter.with_env(model.env)
        if reporter.anonymised_at:
            raise UserError(self.env._("The data of this person has been deleted."))
        model._check_none_open(reporter, kind)
        now = self._now()
        due = model._due_times(reporter.company_id, kind, now, values)
        request = model.create(
            {
                "reporter_id": reporter.id,
                "company_id": reporter.company_id.id,
                "kind": kind,
                "channel": channel,
                "received_at": now,
                **due,
                **values,
            }
        )
        if details:
            request._seal_details(details)
        self.env["civic.data.event"]._log(
            "open", reporter.company_id, reporter, request
        )
        request._remind_managers(request.deadline)
        return request

    @api.model
    def _check_none_open(self, reporter, kind):
        """:raises UserError: where the same is asked for already"""
        same = [
            ("reporter_id", "=", reporter.id),
            ("kind", "=", kind),
            ("state", "in", self._open_states),
        ]
        if self.search_count(same, limit=1):
            raise UserError(
                self.env._("Such a request is open already: its answer comes first.")
            )

    @api.model
    def _due_times(self, company, kind, now, values):
        limit = self.env["civic.data.limit"]._of(kind)
        days = limit.third_party_days if values.get("third_party") else limit.days
        calendar = company._civic_calendar()
        answer, fulfil, answer_anyway = self.env["civic.step"]._deadlines(
            [now, now, now],
            [
                (limit.answer_days, "working_day"),
                (days, "day"),
                (limit.answer_days, "day"),
            ],
            [calendar, calendar, calendar],
        )
        # A calendar without working time is not at the cost of who asks.
        answer = answer or answer_anyway
        return {
            "answer_due": answer,
            "fulfil_due": fulfil,
            "clock_started_at": now,
            "deadline": answer,
            "overdue_from": answer,
        }

    # ------------------------------------------------------------------
    # Details
    # ------------------------------------------------------------------

    def _seal_details(self, details):
        data = json.dumps(details, ensure_ascii=False).encode()
        sealed = self._seal_bytes(data, self.id)
        self.write({"details_sealed": sealed, "has_details": True})

    def _details(self):
        """What the citizen wrote, in clear.

        :return: dict: message and new values of identity fields
        """
        sealed = self.sudo().with_context(bin_size=False).details_sealed
        return json.loads(self._open_bytes(sealed, self.id)) if sealed else {}

    def _vault_again(self):
        if not self.details_sealed:
            return {}
        data = json.dumps(self._details(), ensure_ascii=False).encode()
        return {"details_sealed": self._seal_bytes(data, self.id)}

    def _vault_write(self, values):
        self._elevated().write(values)

    def show_details(self, reason, words=None):
        """Read what the citizen wrote; written down like any look at the identity.

        :param reason, words: why, see `civic.reporter.show`
        :return: list of dicts: field, label, value
        """
        self.ensure_one()
        check_visible(self, self.env._("Not found: there is no such request."))
        details = self._details()
        names = [name for name in IDENTITY_FIELDS if name in details]
        self.reporter_id._check_show()
        given = self.env["civic.access"]._read_reason(reason, words)
        self.reporter_id._log_look(names, given)
        labels = self.env["civic.reporter"]._identity_labels()
        labels["message"] = self.env._("message")
        return [
            {"field": name, "label": labels[name], "value": details[name]}
            for name in ("message", *names)
            if details.get(name)
        ]

    # ------------------------------------------------------------------
    # Helpers of the door
    # ------------------------------------------------------------------

    @api.model
    def _verb_label(self, verb):
        _ = self.env._
        return {
            "acknowledge": _("Give the first answer"),
            "extend": _("Extend"),
            "fulfil": _("Fulfil"),
            "refuse_request": _("Refuse"),
        }[verb]

    def _react_record(self, act):
        """A history of its own: the events of reports are not of these."""
        verb = act.transition.verb
        for request in self:
            self.env["civic.data.event"]._log(
                verb, request.company_id, request.reporter_id, request, act.note
            )

    # ------------------------------------------------------------------
    # The citizen's page
    # ------------------------------------------------------------------

    def _citizen_values(self):
        """What the citizen sees of the own request.

        :return: dict of plain values
        """
        labels = dict(self._fields["kind"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "number": self.id,
            "kind": self.kind,
            "label": labels[self.kind],
            "state": self.state,
            "state_label": states[self.state],
            "received_at": self.received_at,
            "deadline": self.deadline,
            "is_overdue": self.is_overdue,
            "answer": self.answer or "",
            "legal_basis": self.legal_basis or "",
            "extension_reason": self.extension_reason or "",
            "ended_at": self.ended_at,
        }
