from odoo import api, fields, models
from odoo.fields import Domain

from ..ground.key import is_inside
from ..ground.sql_states import sql_states
from ..ground.words_field import MODE
from ..workflow.transitions import (
    APPROVING,
    CO_CODES,
    ENDED_WITHOUT_RESULT,
    HANDLING,
    OPEN_ASSIGNMENT_STATES,
    RETURNING,
)


class CivicAssignment(models.Model):
    """The part of a report that one agency has to handle."""

    _name = "civic.assignment"
    _inherit = ["civic.timed"]
    _description = "Assignment"
    _order = "id desc"

    report_id = fields.Many2one(
        "civic.report", required=True, index=True, readonly=True, ondelete="restrict"
    )
    agency_id = fields.Many2one(
        "civic.agency", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    role = fields.Selection(
        [
            ("lead", "Lead"),
            ("co", "Co-agency"),
            ("parallel", "Parallel"),
            ("follow_up", "For follow-up"),
        ],
        required=True,
        readonly=True,
    )
    parent_id = fields.Many2one(
        "civic.assignment",
        "Lead's Assignment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    co_ids = fields.One2many("civic.assignment", "parent_id", "Co-agencies")
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("accepted", "Taken in"),
            ("assigned", "Assigned"),
            ("processing", "In hand"),
            ("submitted", "Awaiting approval"),
            ("approved", "Approved"),
            ("returned", "Returned"),
            ("dropped", "Dropped"),
        ],
        required=True,
        default="pending",
        readonly=True,
        copy=False,
        group_expand="_group_expand_state",
    )
    handler_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    leader_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    note = fields.Text("Note from the Centre", readonly=True)
    result = fields.Text(
        help="What was done, or a commitment with a date (HUE Phụ lục 1)."
    )
    result_attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_assignment_result_rel",
        string="Evidence",
        bypass_search_access=True,
    )
    dispatched_at = fields.Datetime("Dispatched", readonly=True)
    accepted_at = fields.Datetime("Taken In", readonly=True)
    submitted_at = fields.Datetime("Submitted", readonly=True)
    submitted_by_id = fields.Many2one("res.users", readonly=True)
    approved_at = fields.Datetime("Approved", readonly=True)
    approved_by_id = fields.Many2one("res.users", readonly=True)
    return_reason = fields.Text(readonly=True)
    suggested_agency_id = fields.Many2one("civic.agency", readonly=True)
    return_deadline = fields.Datetime(
        "Can Be Returned Until", compute="_compute_return_deadline"
    )
    send_back_count = fields.Integer("Times Sent Back", readonly=True)
    send_back_reason = fields.Text("Why It Was Sent Back", readonly=True)
    step_ids = fields.One2many("civic.step", "assignment_id", "Duties")
    event_ids = fields.One2many("civic.event", "assignment_id", "History")

    report_code = fields.Char(related="report_id.name", string="Code")
    subject = fields.Char(related="report_id.subject", depends_context=("uid", MODE))
    category_id = fields.Many2one(related="report_id.category_id")
    ward_id = fields.Many2one(related="report_id.ward_id")
    address = fields.Char(related="report_id.address", depends_context=("uid", MODE))
    latitude = fields.Float(related="report_id.latitude")
    longitude = fields.Float(related="report_id.longitude")
    occurred_at = fields.Datetime(related="report_id.occurred_at")
    track = fields.Selection(related="report_id.track")
    report_description = fields.Text(
        "What the Citizen Reports", compute="_compute_report_description"
    )
    report_attachment_ids = fields.Many2many(
        related="report_id.attachment_ids", string="Citizen's Pictures"
    )
    leader_may_edit = fields.Boolean(related="report_id.procedure_id.leader_may_edit")
    submit_waits = fields.Char(
        "Not Yet",
        compute="_compute_submit_waits",
        help="What the result waits for before the handler can submit it.",
    )
    is_mine = fields.Boolean(
        "Mine", compute="_compute_is_mine", search="_search_is_mine"
    )
    quick_search = fields.Char("Search", store=False, search="_search_quick")

    _one_active = models.UniqueIndex(
        f"(report_id, agency_id) WHERE state NOT IN {sql_states(ENDED_WITHOUT_RESULT)}",
        "This agency has this report already.",
    )
    # An agency's board and its list of what is due.
    _open_by_agency = models.Index(
        f"(agency_id, deadline) WHERE state IN {sql_states(OPEN_ASSIGNMENT_STATES)}"
    )

    _files_field = "result_attachment_ids"
    _editable_fields = frozenset(
        {
            *("result", "result_attachment_ids", "completed_at", "promised_date"),
            *("ready_answer_id", "draft_version"),
        }
    )

    @api.depends("report_code", "agency_id")
    def _compute_display_name(self):
        for assignment in self:
            assignment.display_name = (
                f"{assignment.report_code} · {assignment.agency_id.name}"
            )

    @api.depends("step_ids.state", "step_ids.deadline")
    def _compute_return_deadline(self):
        for assignment in self:
            window = assignment.step_ids.filtered(
                lambda step: step.code in RETURNING and step.state == "open"
            )
            assignment.return_deadline = window[:1].deadline

    @api.depends("report_id.standardised_description", "report_id.description")
    @api.depends_context("uid", MODE)
    def _compute_report_description(self):
        for assignment in self:
            report = assignment.report_id
            assignment.report_description = (
                report.standardised_description or report.description
            )

    @api.depends("state", "co_ids.state", "report_id.state")
    @api.depends_context("uid")
    def _compute_submit_waits(self):
        """In the words with which the door refuses."""
        submit = self._transition("submit")
        for assignment, roles in self._door_roles().items():
            theirs = roles & submit.actors and assignment.state in submit.sources
            refusal = theirs and assignment._refusal(submit)
            assignment.submit_waits = str(refusal) if refusal else False

    @api.depends("handler_id", "leader_id", "state", "clock_code")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for assignment in self:
            holders = self.env["res.users"]
            if assignment._is_leaders_turn():
                holders |= assignment.leader_id
            if assignment.state != "submitted":
                holders |= assignment.handler_id
            assignment.is_mine = self.env.user in holders

    def _is_leaders_turn(self):
        """Whether a leader approves now, or says who handles it (BG Phần 2, mục 2)."""
        return self.state == "submitted" or self.clock_code == "assign"

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        leaders_turn = Domain("state", "=", "submitted") | Domain(
            "clock_code", "=", "assign"
        )
        people = (self.env.user | self.env.user._civic_absent()).ids
        mine = (leaders_turn & Domain("leader_id", "in", people)) | (
            Domain("state", "!=", "submitted") & Domain("handler_id", "in", people)
        )
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        return mine if True in wanted else ~mine

    def _search_quick(self, operator, value):
        domain = self.env["civic.report"]._search_quick(operator, value)
        return (
            domain if domain is NotImplemented else Domain("report_id", "any", domain)
        )

    def _search_display_name(self, operator, value):
        if operator in ("ilike", "like"):
            return self._search_quick(operator, value)
        return super()._search_display_name(operator, value)

    @api.model
    def _group_expand_state(self, states, domain):
        """The board shows every column that work passes through, empty or not."""
        hidden = {"assigned"} if "assigned" not in states else set()
        return [state for state in OPEN_ASSIGNMENT_STATES if state not in hidden]

    # ------------------------------------------------------------------
    # Drafting the result
    # ------------------------------------------------------------------

    def write(self, vals):
        if not is_inside(self.env) and self._editable_fields & set(vals):
            self._check_drafting()
            result = super().write(self._next_draft(vals))
            # A first draft is work begun.
            started = self.filtered(lambda row: row.state in ("accepted", "assigned"))
            if started:
                started._enter("draft")._walk("draft")
            return result
        return super().write(vals)

    def _check_drafting(self):
        """As `_enter` of the verb that it is, without holding the rows: who types on
        does nothing that others wait for.

        :raises AccessError, UserError: unless the handler is at work on it
        """
        self.check_access("read")  # whoever may not see it reads no name of it
        transition = self._transition("draft")
        self._check_roles(transition)
        self._check_state(transition)
        self._check_guards(transition)

    # ------------------------------------------------------------------
    # Helpers of the door
    # ------------------------------------------------------------------

    def _agency_in_charge(self):
        """Who goes on with this part: its agency, or the one in its place."""
        agency = self.agency_id
        if agency.active:
            return agency
        current = agency._in_force().filtered("active")
        if not current:
            return agency
        report = self.report_id
        return max(
            current,
            key=lambda row: report._rate_agency(
                row, report.category_id, report.ward_id
            )[0],
        )

    def _own_roles(self):
        user = self.env.user
        roles = {assignment: set() for assignment in self}
        for role in ("handler", "leader"):
            mine = set(user._civic_role_agency_ids(role))
            for assignment in self if mine else ():
                # sudo: a branch may be hidden from this list, not from the check
                if assignment.sudo().agency_id.id in mine:
                    roles[assignment].add(role)
        return roles

    def _event_target(self):
        self.ensure_one()
        return {
            "report_id": self.report_id.id,
            "assignment_id": self.id,
            "company_id": self.company_id.id,
        }

    def _step_domain(self):
        return [("assignment_id", "in", self.ids), ("state", "=", "open")]

    def _due_steps(self, codes):
        """The assignment's duties by the names they have for a co-agency; handling
        only when it is this agency's turn."""
        return [code for code in map(self._own_code, codes) if self._is_due(code)]

    def _own_code(self, code):
        if self.role == "co":
            return CO_CODES.get(code, code)
        if code == "process" and "approved" in self.co_ids.mapped("state"):
            # What comes back to a lead is the result put together.
            return "consolidate"
        return code

    def _is_due(self, code):
        if code == "assign":
            return self._is_assigned_first()
        if code not in HANDLING:
            return True
        if self._is_assigned_first() and self.state in ("pending", "accepted"):
            return False
        at_work = self.step_ids.filtered(
            lambda step: step.state == "open" and step.code in HANDLING
        )
        return not at_work and not self._active_co()

    def _is_assigned_first(self):
        """Whether a leader has to say who handles it before work begins."""
        return self.report_id.procedure_id._assigns(self.report_id.track)

    def _code_anew(self, code):
        """The duty that the report's track has in place of an open one.

        On reports, whose duties every track has, it stays.
        """
        if self.state != "accepted":
            return code
        is_assigned_first = self._is_assigned_first()
        if code == "assign" and not is_assigned_first:
            return self._own_code("process")
        if code in HANDLING and is_assigned_first:
            return "assign"
        return code

    def _active_co(self):
        """Co-agencies whose part is not finished."""
        return self.co_ids.filtered(lambda row: row.state in OPEN_ASSIGNMENT_STATES)

    def _prepare_step(self, code):
        self.ensure_one()
        return {
            "report": self.report_id,
            "assignment": self,
            "agency": self.agency_id,
            "code": code,
            "holder": self._step_holder(code),
            "started_at": self._now(),
        }

    def _step_holder(self, code):
        if code in (*APPROVING, "assign"):
            return self.leader_id or self.agency_id.focal_leader_id
        return self.handler_id or self.agency_id.focal_handler_id

    def _duties(self):
        return self.step_ids

    def _refresh_clock(self):
        steps = self.env["civic.step"]
        steps._refresh_clocks(self)
        steps._refresh_clocks(self.report_id)
