from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...tools.working_time import InvalidLimit, check_limit
from .limit import UNITS, Limit


class CivicProcedure(models.Model):
    """What a province's regulation says, as data.

    The code reads the figures and flags of the procedure that a report came in under;
    nothing in it depends on which province that is. What a text does not say is empty
    here and does not exist for those under it: no figure of one regulation is another's
    default. Only what no regulation gives (warnings, how long data is kept) has one.
    """

    _name = "civic.procedure"
    _inherit = ["civic.links"]
    _description = "Procedure"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    decision_number = fields.Char(help="Number and date of the decision behind it.")
    date_from = fields.Date("In Force From")
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every company may use it."
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Calendar",
        help="Empty: that of the company's civic reports. An agency with a calendar of "
        "its own keeps it.",
    )
    limit_ids = fields.One2many(
        "civic.procedure.limit", "procedure_id", "Limits", copy=True
    )
    channel_ids = fields.Many2many("civic.channel", string="Channels")
    scale_id = fields.Many2one("civic.rating.scale", "Rating Scale", required=True)
    letter_form = fields.Selection(
        [
            ("plain", "Plain letter (HUE Phụ lục 1)"),
            ("official", "Official letter (ST Phụ lục I)"),
            ("official_qn", "Official letter (QN Phụ lục II)"),
            ("display", "Display form (BG)"),
        ],
        "Form of the Result",
        required=True,
    )
    letter_source = fields.Char(help="The annex that holds the form.")

    accept_step = fields.Boolean("Agencies Take In Before They Handle", default=True)
    assign_step = fields.Boolean("Leaders Assign Before Work Begins")
    process_from_dispatch = fields.Boolean(
        "Time to Handle Runs From the Dispatch",
        help="Otherwise from taking in, or from the leader's assignment.",
    )
    sensitive_consult = fields.Boolean(
        "Sensitive Reports Go Through the Coordinating Agency",
        help="It says who is competent before, and agrees with the result after.",
    )
    extension_allowed = fields.Boolean("Handlers May Ask for an Extension")
    opinions_accepted = fields.Boolean(
        "Takes Opinions In", help="Proposals about administrative rules (QN Điều 2)."
    )
    verify_first_time = fields.Boolean(
        "First-time Reporters Are Verified",
        help="Whoever sends one for the first time is called, or proves it by a code, "
        "before the report is dispatched. Receiving it confirms nobody.",
    )
    intake_always = fields.Boolean(
        "Reports Are Taken In Day and Night",
        default=True,
        help="Off: in office hours; emergencies always at any time.",
    )
    emergency_from_verification = fields.Boolean(
        "Emergencies Are Timed From Their Verification",
        help="The limit of the intake begins anew when an emergency has been found "
        "true (BG Phần 2, mục 4.1).",
    )
    lead_and_co = fields.Boolean(
        "One Lead, Others Help",
        help="Of several agencies one leads and answers for all. Otherwise each "
        "handles and approves its own part.",
    )
    leader_may_edit = fields.Boolean("Leaders May Correct a Result and Approve It")
    handler_may_approve = fields.Boolean(
        "Handlers May Approve Their Own Result",
        help="For agencies where one person is both focal handler and focal leader.",
    )
    supplement_lapse = fields.Selection(
        [("cancel", "Cancelled"), ("refuse", "Refused")],
        "Without an Answer, a Report Is",
        help="When the time of a request for a supplement is over. Empty: it goes on "
        "waiting.",
    )

    disclosure_answer_days = fields.Integer(
        "Citizen's Answer on Identity (days)",
        default=5,
        help="How long a citizen has to agree that an agency learns who sent a "
        "report; silence counts as a refusal.",
    )
    disclosure_max_days = fields.Integer(
        "Longest Access to Identity (days)", default=30
    )
    retention_years = fields.Integer(
        "Identity Kept (years)",
        default=5,
        help="After the last report of a person was closed; then who it was is "
        "deleted, and the reports stay.",
    )

    warn_half = fields.Integer(
        "First Warning (%)", default=50, help="Share of the limit that has passed."
    )
    warn_most = fields.Integer("Second Warning (%)", default=80)
    centre_after = fields.Integer(
        "Centre Told After (minutes)",
        default=240,
        help="How long after the deadline the Centre is told; the holder and the "
        "agency's leader are told at once.",
    )
    province_after = fields.Integer("Province Told After (minutes)", default=1440)
    roster_days = fields.Integer(
        "Focal People Replaced Within (days)",
        help="HUE Điều 18.1, ST Điều 26.1. 0: the text gives no time.",
    )

    violation_source = fields.Char(
        "Article on Conduct", help="Named to senders whose account is locked."
    )
    harassment_source = fields.Char("Article on Harassing Calls")
    violation_limit = fields.Integer(
        "Violations Before an Account Is Locked",
        help="An account is locked after more than this many (ST Điều 17.1). 0: the "
        "text knows no lock by count; the Centre locks by hand, with a legal basis.",
    )
    account_lock_months = fields.Integer(
        "Accounts Are Locked For (months)",
        help="0: until a Centre manager unlocks it; ST Điều 17.1 names no end.",
    )
    follow_up_violation_limit = fields.Integer(
        "Violating Follow-ups Before a Lock",
        help="Asking about answers is locked after more than this many (ST Điều "
        "17.1). 0: never by count.",
    )
    follow_up_violation_months = fields.Integer(
        "Counted Within (months)",
        help="By calendar months, from the day of the first (ST Điều 17.1).",
    )
    follow_up_lock_months = fields.Integer(
        "Follow-ups Are Locked For (months)",
        help="ST Điều 17.1. 0: until a Centre manager unlocks it.",
    )
    satisfaction_threshold = fields.Float(
        "Satisfaction Threshold (%)", help="ST Điều 17.2–17.3. 0: not evaluated."
    )
    recurrence_limit = fields.Integer(
        "Same Matter Reported Again",
        help="More than this many times puts an agency on the list (ST Điều 17.2). 0: "
        "not evaluated.",
    )
    unanswered_threshold = fields.Float(
        "Follow-ups Unanswered (%)", help="ST Điều 17.3. 0: not evaluated."
    )
    late_return_threshold = fields.Float("Late Returns (%)")
    sent_back_threshold = fields.Float("Results Sent Back (%)")
    recurring_threshold = fields.Float("Handled Matters Recurring (%)")
    directive_limit = fields.Integer(
        "Correction Directives a Year", help="ST Điều 17.3. 0: not evaluated."
    )

    period_cutoff_day = fields.Integer(
        "Periods Close on Day",
        help="Last day of a month's period, the next day begins the following one; "
        "0: calendar months.",
    )

    require_email = fields.Boolean("E-mail Required")
    require_address = fields.Boolean("Reporter's Address Required")
    require_citizen_id = fields.Boolean("Citizen Identity Number Required")
    require_place = fields.Boolean("Place Required")
    require_time = fields.Boolean("Time of the Event Required")
    require_picture = fields.Boolean("Picture or Video Required")

    _code_once = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "A procedure of this code exists already."
    )
    _conduct_sensible = models.Constraint(
        "CHECK (violation_limit >= 0 AND follow_up_violation_limit >= 0 "
        "AND account_lock_months BETWEEN 0 AND 120 "
        "AND follow_up_violation_months BETWEEN 0 AND 120 "
        "AND follow_up_lock_months BETWEEN 0 AND 120 "
        "AND (COALESCE(follow_up_violation_limit, 0) = 0 "
        "OR COALESCE(follow_up_violation_months, 0) >= 1))",
        "Violations and months are not below 0, and months at most 120. A number of "
        "follow-ups is counted within at least a month.",
    )

    def _conduct_words(self, source="violation_source"):
        """The article by which conduct is judged, as senders are told it.

        :param source: name of the field that holds it
        """
        self.ensure_one()
        procedure = self.sudo()  # sudo: what a citizen is told of a regulation
        decision = procedure.decision_number or procedure.name
        return ", ".join(filter(None, [procedure[source], decision]))

    _privacy_figures = models.Constraint(
        "CHECK (disclosure_answer_days BETWEEN 1 AND 60 "
        "AND disclosure_max_days BETWEEN 1 AND 366 "
        "AND retention_years BETWEEN 1 AND 100)",
        "Give a citizen 1 to 60 days to answer, access to an identity 1 to 366 days, "
        "and keep identities 1 to 100 years.",
    )

    # ------------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------------

    def _ladder(self, track):
        """Minutes after the deadline of a track at which the Centre and the province
        are told.

        :return: (minutes, minutes)
        """
        return self.centre_after, self.province_after

    def _limit(self, track, code):
        """The limit of a step.

        A track that has limits of its own is timed by them alone; one that has none is
        timed as the normal track.

        :return: Limit, or None where the regulation sets none
        """
        return self._limits(track).get(code)

    def _assigns(self, track):
        """Whether a leader has to say who handles a report before work begins: in an
        emergency only where the text names it for emergencies."""
        self.ensure_one()
        return self.assign_step and (
            track != "emergency" or "assign" in self._limits(track)
        )

    def _limits(self, track):
        """All limits of a track: {step code: Limit}."""
        limits = self._all_limits()
        return limits.get(track) or limits.get("normal") or {}

    @tools.ormcache("self.id")
    def _all_limits(self):
        limits = defaultdict(dict)
        # sudo: figures are no secret, yet citizens have no rights on procedures
        for row in self.sudo().limit_ids:
            limits[row.track][row.step] = Limit(row.value, row.unit, row.grace_minutes)
        return dict(limits)

    @tools.ormcache("self.id")
    def _limit_sources(self):
        """Articles that set the limits: {(track, step code): words}.

        A track without limits of its own has those of the normal one, as `_limits`.
        """
        # sudo: articles are no secret, yet citizens have no rights on procedures
        rows = self.sudo().limit_ids
        return {(row.track, row.step): row.source for row in rows if row.source}

    def _limit_article(self, track, code):
        """The article that sets a limit, with its decision, as people are told it:
        “Điều 7.3, 43/2020/QĐ-UBND”; empty where none does."""
        self.ensure_one()
        own_track = track if track in self._all_limits() else "normal"
        source = self._limit_sources().get((own_track, code))
        procedure = self.sudo()  # sudo: what people are told of a regulation
        decision = procedure.decision_number or procedure.name
        return f"{source}, {decision}" if source else ""


class CivicProcedureLimit(models.Model):
    _name = "civic.procedure.limit"
    _inherit = ["civic.links", "civic.cached"]
    _description = "Limit of a procedure"
    _order = "procedure_id, sequence, id"
    _rec_name = "step"

    procedure_id = fields.Many2one(
        "civic.procedure", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    track = fields.Selection(
        selection=lambda self: self.env["civic.step"]._selection_track(),
        required=True,
        default="normal",
    )
    step = fields.Selection(
        selection=lambda self: self.env["civic.step"]._selection_code(), required=True
    )
    value = fields.Float()
    unit = fields.Selection(UNITS, required=True, default="working_hour")
    grace_minutes = fields.Integer(
        "Grace (minutes)", help="How long after the deadline overdue counting starts."
    )
    source = fields.Char(help="Article of the regulation.")

    _one_per_step = models.UniqueIndex(
        "(procedure_id, track, step)", "This step has a limit on this track already."
    )
    _grace_positive = models.Constraint(
        "CHECK (grace_minutes >= 0)", "A grace cannot be negative."
    )

    @api.constrains("value", "unit")
    def _check_limit(self):
        for limit in self:
            try:
                check_limit(limit.value, limit.unit)
            except InvalidLimit as error:
                raise ValidationError(
                    self.env._(
                        "The limit of “%(step)s” makes no sense: %(value)s "
                        "%(unit)s. Give a positive figure, whole for days, of at most "
                        "ten years.",
                        step=dict(self.env["civic.step"]._selection_code())[limit.step],
                        value=limit.value,
                        unit=dict(
                            self._fields["unit"]._description_selection(self.env)
                        )[limit.unit].lower(),
                    )
                ) from error
