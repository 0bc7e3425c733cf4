from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.text import clean
from ..ground.guard import check_length, reason_text, required_text
from ..ground.key import is_inside

MAX_MERIT = 5000
MAX_DOCUMENT = 100


class CivicReward(models.Model):
    """A proposal to reward who has helped: whoever sent a report, an agency, an officer
    (HUE Điều 20, ST Điều 29, QN Điều 13, BP Điều 16).

    A citizen is named by the report alone; who that is, the Centre knows.
    """

    _name = "civic.reward"
    _inherit = ["civic.act"]
    _description = "Proposed reward"
    _order = "id desc"
    _open_states = ("proposed",)
    _act_link = "reward_id"
    _typed_texts = ("merit",)
    _creatable_fields = frozenset(
        {
            *("kind", "report_id", "agency_id", "officer_id", "merit"),
            *("proposer_agency_id", "company_id"),
        }
    )

    kind = fields.Selection(
        [
            ("citizen", "Whoever sent a report"),
            ("agency", "Agency"),
            ("officer", "Officer"),
        ],
        "For",
        required=True,
        default="citizen",
    )
    report_id = fields.Many2one(
        "civic.report",
        index="btree_not_null",
        ondelete="restrict",
        help="Of a citizen: nothing here says who that is.",
    )
    agency_id = fields.Many2one(
        "civic.agency", index="btree_not_null", ondelete="restrict"
    )
    officer_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False)]",
    )
    merit = fields.Text(required=True)
    proposer_agency_id = fields.Many2one(
        "civic.agency",
        "Proposed By",
        index="btree_not_null",
        ondelete="restrict",
        help="The agency whose head proposes it (ST Điều 29.2); empty: the Centre.",
    )
    proposed_by_id = fields.Many2one(
        "res.users", "Entered By", readonly=True, ondelete="restrict"
    )
    proposed_at = fields.Datetime("Proposed", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("decided", "Decided to reward"),
            ("declined", "Declined"),
        ],
        required=True,
        default="proposed",
        readonly=True,
    )
    decision_number = fields.Char(readonly=True)
    decision_date = fields.Date(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime("Decision Entered", readonly=True)
    decline_reason = fields.Text("Why It Was Declined", readonly=True)
    event_ids = fields.One2many("civic.act.event", "reward_id", "History")

    @api.depends("kind", "report_id", "agency_id", "officer_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            # sudo: the name of what it is for, as its reader may know it
            names = row.sudo()
            whom = {
                "citizen": names.report_id.name,
                "agency": names.agency_id.name,
                "officer": names.officer_id.name,
            }.get(row.kind)
            row.display_name = " · ".join(filter(None, [kinds.get(row.kind), whom]))

    # ------------------------------------------------------------------
    # Proposing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not is_inside(self.env):
            self._check_may_propose(vals_list)
        rewards = super().create(vals_list)
        for reward in rewards:
            reward._check_whole_proposal()
        rewards._check_officers()
        rewards._check_merits()
        rewards._elevated().write(
            {"proposed_by_id": self.env.uid, "proposed_at": self._now()}
        )
        rewards._log_act("reward_proposed")
        return rewards

    @api.model
    def _check_may_propose(self, vals_list):
        """:raises AccessError: unless the caller leads the agency that proposes, or
        manages the Centre"""
        if self.env.user.has_group("civic_report.group_centre_manager"):
            return
        led = self._led_agency_ids()
        for vals in vals_list:
            if vals.get("proposer_agency_id") not in led:
                raise AccessError(
                    self.env._("The head of an agency proposes: choose one you lead.")
                )

    def _check_whole_proposal(self):
        """:raises UserError: what is missing, or does not fit"""
        proposal = self.sudo()  # sudo: whom it is for is compared, not told
        needed = {
            "citizen": (proposal.report_id, self.env._("Choose the report.")),
            "agency": (proposal.agency_id, self.env._("Choose the agency.")),
            "officer": (proposal.officer_id, self.env._("Choose the officer.")),
        }
        whom, words = needed[proposal.kind]
        if not whom:
            raise UserError(words)
        others = {
            "citizen": proposal.agency_id or proposal.officer_id,
            "agency": proposal.report_id or proposal.officer_id,
            "officer": proposal.report_id,
        }
        if others[proposal.kind]:
            raise UserError(self.env._("A proposal is for one: choose nobody else."))
        required_text(self.env, proposal.merit, self.env._("what the merit is"))

    def _check_merits(self):
        """:raises UserError: for words that name who sent a report"""
        for company, rows in self.grouped("company_id").items():
            reports = rows.report_id
            reports._check_words_to_agencies(rows.mapped("merit"), company, reports)

    def _check_officers(self):
        """Heads propose people of their own agency.

        :raises UserError: for anybody else
        """
        # sudo: who works where is compared, not told
        proposals = self.sudo().filtered("officer_id")
        for proposal in proposals:
            if proposal.company_id not in proposal.officer_id.company_ids:
                raise UserError(
                    self.env._(
                        "%s belongs to another province.", proposal.officer_id.name
                    )
                )
        for agency, rows in proposals.grouped("proposer_agency_id").items():
            if not agency:
                continue  # the Centre proposes anybody
            roster = agency._roster("handler") | agency._roster("leader")
            if others := rows.officer_id - roster:
                raise UserError(
                    self.env._(
                        "%(name)s does not work at %(agency)s.",
                        name=others[0].name,
                        agency=agency.name,
                    )
                )

    @api.constrains("report_id", "agency_id", "proposer_agency_id", "company_id")
    def _check_reward_company(self):
        for reward in self.sudo():
            companies = (
                reward.report_id.company_id
                | reward.agency_id.company_id
                | reward.proposer_agency_id.company_id
            )
            if companies - reward.company_id:
                raise ValidationError(self.env._("Choose what is of this province."))

    def _act_agency(self):
        return self.proposer_agency_id

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    def decide_reward(self, document, date):
        """Enter the decision by which it was rewarded.

        :param document: number of the decision
        :param date: its day, ISO or date
        """
        self.ensure_one()
        reward = self._enter("decide_reward")
        document = required_text(
            self.env, document, self.env._("the number of the decision")
        )
        check_length(self.env, document, MAX_DOCUMENT)
        reward._walk(
            "decide_reward",
            {
                "decision_number": clean(document),
                "decision_date": reward._checked_decision_date(date),
                "decided_by_id": self.env.uid,
                "decided_at": self._now(),
            },
            note=document,
        )
        return True

    def _checked_decision_date(self, date):
        try:
            day = fields.Date.to_date(date)
        except (TypeError, ValueError):
            day = None
        if not day or day > self.company_id._civic_today():
            raise UserError(
                self.env._("Give the day of the decision: today or before.")
            )
        return day

    def decline_reward(self, reason):
        """Say that it is not rewarded.

        :param reason: why, as whoever proposed it reads
        """
        self.ensure_one()
        reward = self._enter("decline_reward")
        reason = reason_text(self.env, reason, self.env._("why"))
        about = reward.report_id
        about._check_words_to_agencies([reason], reward.company_id, about)
        reward._walk(
            "decline_reward",
            {
                "decline_reason": reason,
                "decided_by_id": self.env.uid,
                "decided_at": self._now(),
            },
            note=reason,
        )
        return True
