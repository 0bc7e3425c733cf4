from odoo import api, fields, models

from ..ground.health import LOOK, OK, Check
from ..messages.outbox import EMERGENCY
from ..messages.ways import _check_phone
from ..workflow.alert import CENTRE
from ..workflow.transitions import OPEN_ASSIGNMENT_STATES

# What the Centre's duty telephone is told of: a duty of an emergency is overdue.
URGENT = "urgent_late"
# Agencies that a check names.
MOST_NAMED = 20


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    emergency_centre_after = fields.Integer(
        "Emergency: Centre Told After (minutes)",
        default=0,
        help="How long after the deadline of an emergency the Centre on duty is told, "
        "on its screens, by SMS and by a call; 0: at once, as the agency.",
    )
    emergency_province_after = fields.Integer(
        "Emergency: Province Told After (minutes)", default=30
    )

    _emergency_ladder = models.Constraint(
        "CHECK (emergency_centre_after >= 0 AND emergency_province_after >= 0)",
        "People are told at the deadline or after it.",
    )

    def _ladder(self, track):
        if track == "emergency":
            return self.emergency_centre_after, self.emergency_province_after
        return super()._ladder(track)


class ResCompany(models.Model):
    _inherit = "res.company"

    civic_duty_phone = fields.Char(
        "Centre's Duty Telephone",
        help="Of whoever is on duty at the intake centre at any hour. It gets an SMS "
        "and is called when a duty of an emergency is overdue.",
    )

    @api.constrains("civic_duty_phone")
    def _check_civic_duty_phone(self):
        for company in self.filtered("civic_duty_phone"):
            _check_phone(self.env, company.civic_duty_phone)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    civic_duty_phone = fields.Char(
        related="company_id.civic_duty_phone", readonly=False
    )


class CivicAlert(models.Model):
    """The ladder of emergencies: whoever is on duty at the Centre, at once."""

    _inherit = "civic.alert"

    @api.model
    def _tell(self, alerts):
        counts = super()._tell(alerts)
        steps = self._urgent_steps(alerts)
        if steps:
            self.env["civic.outbox"]._queue_urgent(steps)
        return counts

    @api.model
    def _urgent_steps(self, alerts):
        """Duties of emergencies of which the Centre is told in this pass."""
        climbed = [step for step, before, level in alerts if before < CENTRE <= level]
        steps = self.env["civic.step"].browse(climbed)
        return steps.filtered(lambda step: step.track == "emergency")

    @api.model
    def _audience_above(self, alerts):
        """Of an emergency every operator is told, not the managers alone."""
        audience = super()._audience_above(alerts)
        told = {user_id for user_id, rung, _count in audience if rung == CENTRE}
        operators = self.env.ref("civic_report.group_operator")
        for company, steps in self._urgent_steps(alerts).grouped("company_id").items():
            audience += [
                (user.id, CENTRE, len(steps))
                for user in operators.all_user_ids
                if user.id not in told and company in user.company_ids
            ]
        return audience


class CivicNotice(models.Model):
    _inherit = "civic.notice"

    audience = fields.Selection(
        selection_add=[("centre", "The Centre's duty telephone")],
        ondelete={"centre": "cascade"},
    )

    @api.model
    def _selection_event(self):
        label = self.env._("A duty of an emergency is overdue")
        return [*super()._selection_event(), (URGENT, label)]


class CivicOutbox(models.Model):
    """What the Centre's duty telephone is told, by SMS and by a call."""

    _inherit = "civic.outbox"

    audience = fields.Selection(
        selection_add=[("centre", "The Centre on duty")], ondelete={"centre": "cascade"}
    )

    @api.model
    def _queue_urgent(self, steps):
        """Tell the Centre on duty of overdue duties, each duty once.

        :param steps: civic.step
        """
        notices = self.env["civic.notice"]._by_event().get(URGENT, ())
        self._queue(
            [
                {
                    **self._prepare_row(notice, step.company_id),
                    "key": f"urgent:{step.id}:{notice[0]}",
                    "audience": "centre",
                    "report_id": step.report_id.id,
                    "agency_id": step.agency_id.id or None,
                    "priority": EMERGENCY,
                }
                for step in steps
                for notice in notices
                if step.company_id.sudo().civic_duty_phone
                and self._goes_by(notice[2], step.company_id, notice[0])
            ]
        )

    def _link(self):
        if self.audience == "centre":
            return f"{self._site()}/odoo/civic-intake"
        return super()._link()

    def _recipient(self):
        return self.company_id if self.audience == "centre" else super()._recipient()

    def _recipient_phone(self):
        if self.audience == "centre":
            return self._number(self.company_id.civic_duty_phone)
        return super()._recipient_phone()

    def _is_moot(self):
        if self.audience == "centre":
            # Somebody has seen to it meanwhile.
            return not self.report_id.is_overdue
        return super()._is_moot()


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def _begin_warn(self):
        """Remind the Centre of an emergency's agencies that no call reaches."""
        silent = self.filtered(
            lambda row: (
                row.report_id.track == "emergency" and not row.agency_id.duty_phone
            )
        )
        if silent:
            silent.report_id._remind_operator("activity_unanswered")


class CivicEvent(models.Model):
    _inherit = "civic.event"

    def _react_tell_raised(self):
        """Tell the agencies at work, as of a new assignment, that it has turned out to
        be an emergency (HUE Điều 7.1a); the Centre of those that no call reaches."""
        for event in self.filtered(lambda row: row.report_id.track == "emergency"):
            at_work = event.report_id.assignment_ids.filtered(
                lambda row: row.state in OPEN_ASSIGNMENT_STATES
            )
            self.env["civic.outbox"]._queue_assigned(at_work, event)
            at_work._begin_warn()


class CivicAgency(models.Model):
    _inherit = "civic.agency"

    handles_emergencies = fields.Boolean(
        compute="_compute_handles_emergencies",
        search="_search_handles_emergencies",
        help="Competent for a category that is an emergency, or an emergency service.",
    )
    is_unreachable = fields.Boolean(
        "Without a Duty Telephone",
        compute="_compute_is_unreachable",
        search="_search_is_unreachable",
        help="It handles emergencies, and nobody can be called there.",
    )

    @api.depends("category_ids", "emergency_service")
    def _compute_handles_emergencies(self):
        urgent = self._urgent_categories()
        for agency in self:
            agency.handles_emergencies = bool(
                agency.emergency_service
                or agency.category_ids & urgent
                or agency in urgent.agency_ids
            )

    @api.depends("handles_emergencies", "duty_phone")
    def _compute_is_unreachable(self):
        for agency in self:
            agency.is_unreachable = agency.handles_emergencies and not agency.duty_phone

    @api.model
    def _urgent_categories(self):
        return self.env["civic.category"].search([("track", "=", "emergency")])

    def _search_handles_emergencies(self, operator, value):
        if operator != "in":
            return NotImplemented
        urgent = self._urgent_categories()
        domain = [
            "|",
            "|",
            ("emergency_service", "!=", False),
            ("category_ids", "in", urgent.ids),
            ("id", "in", urgent.agency_ids.ids),
        ]
        wanted = set(value)
        if wanted >= {True, False}:
            return [(1, "=", 1)]
        return domain if True in wanted else ["!", *domain]

    def _search_is_unreachable(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = [
            "&",
            ("handles_emergencies", "=", True),
            ("duty_phone", "in", [False, ""]),
        ]
        wanted = set(value)
        if wanted >= {True, False}:
            return [(1, "=", 1)]
        return domain if True in wanted else ["!", *domain]


class CivicHealth(models.Model):
    _inherit = "civic.health"

    def _health_check_duty_phones(self):
        _ = self.env._
        title = _("Duty telephones")
        bare = self._civic_companies().filtered(lambda row: not row.civic_duty_phone)
        agencies = self.env["civic.agency"].search(
            [("is_unreachable", "=", True)], limit=MOST_NAMED
        )
        missing = [*bare.mapped("name"), *agencies.mapped("name")]
        if not missing:
            return Check(title, OK, _("Everybody can be called in an emergency."))
        return Check(
            title,
            LOOK,
            _("Nobody can be called in an emergency at: %s.", ", ".join(missing)),
            _(
                "Enter the Centre's under Settings › Civic Reports, and those of "
                "agencies on their forms (filter “Without a Duty Telephone”)."
            ),
        )
