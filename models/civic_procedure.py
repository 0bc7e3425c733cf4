from collections import namedtuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools.working_time import InvalidLimit, check_limit
from .civic_step import UNITS

Limit = namedtuple("Limit", "value unit grace_minutes")


class CivicProcedure(models.Model):
    """What a province's regulation says, as data.

    The code reads the figures and flags of the procedure that a report came in under;
    nothing in it depends on which province that is.
    """

    _name = "civic.procedure"
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
        help="Empty: the company's. An agency with a calendar of its own keeps it.",
    )
    limit_ids = fields.One2many("civic.procedure.limit", "procedure_id", "Limits")
    channel_ids = fields.Many2many("civic.channel", string="Channels")
    scale_id = fields.Many2one("civic.rating.scale", "Rating Scale", required=True)
    letter_form = fields.Selection(
        [("plain", "Plain letter")],
        "Form of the Result",
        required=True,
        default="plain",
    )
    letter_source = fields.Char(help="The annex that holds the form.")

    accept_step = fields.Boolean("Agencies Take In Before They Handle", default=True)
    assign_step = fields.Boolean("Leaders Assign Before Work Begins")
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
        required=True,
        default="cancel",
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

    # ------------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------------

    def _limit(self, track, code):
        """The limit of a step: that of the track, else that of the normal track.

        :return: Limit, or None where the regulation sets none
        """
        limits = self._limits()
        if (track, code) in limits:
            return limits[track, code]
        return limits.get(("normal", code))

    @tools.ormcache("self.id")
    def _limits(self):
        """All limits: {(track, step code): Limit or None}."""
        # sudo: figures are no secret, yet citizens have no rights on procedures
        return {
            (row.track, row.step): (
                Limit(row.value, row.unit, row.grace_minutes)
                if row.has_deadline
                else None
            )
            for row in self.sudo().limit_ids
        }


class CivicProcedureLimit(models.Model):
    _name = "civic.procedure.limit"
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
    has_deadline = fields.Boolean(
        "Has a Deadline",
        default=True,
        help="Off: this track times the step but sets no deadline for it.",
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

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
