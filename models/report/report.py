import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...tools.text import fold
from ..ground.sql_states import sql_states
from ..ground.trigram import trigram_index
from ..workflow.transitions import NOT_TAKEN_IN, OPEN_REPORT_STATES

MAX_DESCRIPTION = 10_000
MAX_SUBJECT = 200
MAX_SEARCH_WORDS = 8


class CivicReport(models.Model):
    """A citizen's report from the spot (phản ánh hiện trường).

    It carries no identity: that is the reporter's, which the intake centre alone sees.
    """

    _name = "civic.report"
    _inherit = ["civic.timed"]
    _description = "Report"
    _order = "received_at desc, id desc"

    name = fields.Char("Code", readonly=True, copy=False, index=True)
    subject = fields.Char(required=True)
    description = fields.Text(
        "Original Text",
        required=True,
        groups="base.group_user",
        help="What the citizen wrote; never changed (ST Điều 2.4).",
    )
    standardised_description = fields.Text(
        "Standardised Text",
        help="The text as corrected by the Centre; the public page shows this one.",
    )
    supplied_text = fields.Text(
        "Supplement",
        readonly=True,
        groups="base.group_user",
        help="What the citizen added when asked to complete the report.",
    )
    kind = fields.Selection(
        [("field_report", "On-the-spot report"), ("opinion", "Opinion")],
        required=True,
        default="field_report",
        help="An opinion proposes a change of administrative rules (QN Điều 2).",
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("supplementing", "Awaiting supplement"),
            ("received", "Received"),
            ("consulting", "Awaiting coordination"),
            ("designating", "Awaiting designation"),
            ("processing", "In hand"),
            ("resolved", "Awaiting publication"),
            ("concurring", "Awaiting agreement"),
            ("done", "Done"),
            ("joined", "Joined to an earlier report"),
            ("forwarded", "Forwarded for follow-up"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="new",
        readonly=True,
        copy=False,
        group_expand="_group_expand_state",
    )
    category_id = fields.Many2one("civic.category", index=True, ondelete="restrict")
    track = fields.Selection(
        selection=lambda self: self.env["civic.step"]._selection_track(),
        required=True,
        default="normal",
    )
    channel_id = fields.Many2one(
        "civic.channel", required=True, ondelete="restrict", index=True
    )
    reporter_id = fields.Many2one(
        "civic.reporter",
        ondelete="restrict",
        index="btree_not_null",
        groups="civic_report.group_operator",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    procedure_id = fields.Many2one(
        "civic.procedure", required=True, readonly=True, ondelete="restrict"
    )
    operator_id = fields.Many2one(
        "res.users",
        readonly=True,
        index="btree_not_null",
        help="Who at the Centre has taken this report.",
    )
    occurred_at = fields.Datetime("Happened")
    address = fields.Char("Place")
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    ward_id = fields.Many2one("civic.ward", index="btree_not_null", ondelete="restrict")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_report_attachment_rel",
        string="Pictures and Files",
        bypass_search_access=True,
        groups="base.group_user",
    )
    public_attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_report_public_attachment_rel",
        string="Pictures for the Public",
        domain="[('id', 'in', attachment_ids)]",
        bypass_search_access=True,
        groups="base.group_user",
        help="What the Centre has looked at and lets everybody see.",
    )
    visibility = fields.Selection(
        [
            ("public", "Public"),
            ("private", "Private at the sender's request"),
            ("sensitive", "Sensitive"),
            ("secret", "Secret"),
        ],
        required=True,
        default="public",
    )
    is_published = fields.Boolean(
        "On the Public Page", compute="_compute_is_published", store=True
    )
    agency_id = fields.Many2one(
        "civic.agency", "Main Agency", readonly=True, index="btree_not_null"
    )
    assignment_ids = fields.One2many("civic.assignment", "report_id", "Assignments")
    step_ids = fields.One2many("civic.step", "report_id", "Duties")
    event_ids = fields.One2many("civic.event", "report_id", "History")
    interaction_ids = fields.One2many("civic.interaction", "report_id", "Follow-ups")
    coordinator_agency_id = fields.Many2one(
        "civic.agency",
        "Coordinating Agency",
        readonly=True,
        index="btree_not_null",
        help="Says who is competent and agrees with the result of a sensitive report.",
    )
    consulted_at = fields.Datetime("Consulted", readonly=True)
    concurred_at = fields.Datetime("Agreed", readonly=True)
    suggested_agency_ids = fields.Many2many(
        "civic.agency",
        "civic_report_suggested_agency_rel",
        string="Suggested Agencies",
        readonly=True,
        help="Whom the coordinating agency or the province named.",
    )
    duplicate_of_id = fields.Many2one(
        "civic.report",
        readonly=True,
        index="btree_not_null",
        groups="civic_report.group_operator",
        help="The Centre's alone: it may be private.",
    )
    support_count = fields.Integer("Also Reported By", readonly=True, default=0)
    public_result = fields.Text(
        "Published Result", help="The result as edited for the citizen and the public."
    )
    reason_id = fields.Many2one("civic.reason", "Ground", readonly=True)
    reason = fields.Char(readonly=True)
    reason_message = fields.Text("Told to the Citizen", readonly=True)
    received_at = fields.Datetime("Arrived", readonly=True, copy=False)
    dispatched_at = fields.Datetime("Dispatched", readonly=True, copy=False)
    resolved_at = fields.Datetime("Handled", readonly=True, copy=False)
    published_at = fields.Datetime("Published", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed", readonly=True, copy=False)
    rating_level_id = fields.Many2one("civic.rating.level", "Rating", readonly=True)
    rating_comment = fields.Text(readonly=True, groups="base.group_user")
    rated_at = fields.Datetime("Rated", readonly=True)
    submission_key = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Given by the form, so that sending twice makes one report.",
    )
    search_text = fields.Text(
        compute="_compute_search_text",
        store=True,
        groups="base.group_user",
    )
    quick_search = fields.Char(
        "Search", store=False, search="_search_quick", groups="base.group_user"
    )

    _name_once = models.UniqueIndex(
        "(company_id, name)", "A report of this code exists already."
    )
    _submission_once = models.UniqueIndex(
        "(company_id, submission_key) WHERE submission_key IS NOT NULL",
        "This report has been sent already.",
    )
    # The operator's board: open reports by the duty due first.
    _open_by_deadline = models.Index(
        f"(company_id, deadline) WHERE state IN {sql_states(OPEN_REPORT_STATES)}"
    )
    # Public list and lists of the back office: the latest first.
    _published_latest = models.Index(
        "(company_id, received_at DESC, id DESC) WHERE is_published IS TRUE"
    )
    _latest = models.Index("(received_at DESC, id DESC)")
    # index="trigram" would index unaccent(…), which “like” on folded text never uses.
    _words_search = models.Index(trigram_index("search_text"))

    _files_field = "attachment_ids"
    _editable_fields = frozenset(
        {
            "subject",
            "standardised_description",
            "category_id",
            "track",
            "occurred_at",
            "address",
            "latitude",
            "longitude",
            "ward_id",
            "attachment_ids",
            "public_attachment_ids",
            "public_result",
            "report_properties",
        }
    )
    _creatable_fields = frozenset(
        {
            "description",
            "channel_id",
            "reporter_id",
            "company_id",
            "kind",
            "visibility",
        }
    )

    # ------------------------------------------------------------------
    # Computes and searches
    # ------------------------------------------------------------------

    @api.depends("state", "visibility", "dispatched_at")
    def _compute_is_published(self):
        """Work in hand is public too: HUE Điều 14.2 makes the whole course public."""
        for report in self:
            report.is_published = bool(
                report.visibility == "public"
                and report.dispatched_at
                and report.state not in NOT_TAKEN_IN
            )

    @api.depends(
        "name",
        "subject_masked",
        "description_masked",
        "standardised_description_masked",
        "address_masked",
        "ward_id.name",
    )
    def _compute_search_text(self):
        """By what agencies read: what is masked for them must not be found either."""
        for report in self:
            # sudo: officers of agencies write nothing here, the text is theirs to find
            parts = report.sudo()
            report.search_text = fold(
                "\n".join(
                    part
                    for part in (
                        parts.name,
                        parts.subject_masked,
                        parts.standardised_description_masked,
                        parts.description_masked,
                        parts.address_masked,
                        parts.ward_id.name,
                    )
                    if part
                )
            )

    def _search_quick(self, operator, value):
        """Every word, accents or not, in any order."""
        if operator not in ("ilike", "like", "="):
            return NotImplemented
        return self._words_domain("search_text", value)

    @api.model
    def _words_domain(self, field, text):
        """Every word of `text` is in a folded field, in any order, taken literally."""
        words = fold(text or "").split()[:MAX_SEARCH_WORDS]
        return Domain.AND(Domain(field, "like", escape_psql(word)) for word in words)

    def _search_display_name(self, operator, value):
        if operator in ("ilike", "like"):
            return self._search_quick(operator, value)
        return super()._search_display_name(operator, value)

    @api.model
    def _group_expand_state(self, states, domain):
        """The board shows every open column that is used here, empty or not."""
        rare = {"consulting", "designating", "concurring"} - set(states)
        return [state for state in OPEN_REPORT_STATES if state not in rare]

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------

    @api.constrains("latitude", "longitude")
    def _check_position(self):
        for report in self:
            latitude, longitude = report.latitude, report.longitude
            if not latitude and not longitude:
                continue
            if not (
                math.isfinite(latitude)
                and math.isfinite(longitude)
                and abs(latitude) <= 90
                and abs(longitude) <= 180
            ):
                raise ValidationError(
                    self.env._("This position is not on the map. Pick the place again.")
                )

    @api.constrains("occurred_at")
    def _check_occurred_at(self):
        limit = self._now() + timedelta(minutes=5)
        for report in self.filtered("occurred_at"):
            if not report.occurred_at.year >= 2000 or report.occurred_at > limit:
                raise ValidationError(
                    self.env._("The time of the event must lie in the past.")
                )

    @api.constrains("subject", "description")
    def _check_length(self):
        for report in self:
            if len(report.subject) > MAX_SUBJECT:
                raise ValidationError(
                    self.env._("Shorten the subject to %s characters.", MAX_SUBJECT)
                )
            if len(report.description) > MAX_DESCRIPTION:
                raise ValidationError(
                    self.env._("Shorten the text to %s characters.", MAX_DESCRIPTION)
                )

    @api.constrains("category_id", "ward_id", "reporter_id", "company_id")
    def _check_companies(self):
        for report in self.sudo():
            for linked in (report.category_id, report.ward_id, report.reporter_id):
                if linked.company_id and linked.company_id != report.company_id:
                    raise ValidationError(
                        self.env._(
                            "%(record)s belongs to another province.",
                            record=linked.display_name,
                        )
                    )

    # ------------------------------------------------------------------
    # Helpers of the door
    # ------------------------------------------------------------------

    def _keyed(self):
        """The current user's own rights, with the key of the door."""
        return self.with_context(civic_door=self._elevated().env.context["civic_door"])

    def _event_target(self):
        self.ensure_one()
        return {"report_id": self.id, "company_id": self.company_id.id}
