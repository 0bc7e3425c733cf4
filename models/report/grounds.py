from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..province.limit import has_passed

# Said by the verb that it belongs to alone.
WITHDRAWN, DUPLICATE, NO_ANSWER = "withdrawn", "duplicate", "no_answer"
TURNING_AWAY = ("refuse", "cancel")
BY_ITS_VERB = (WITHDRAWN, DUPLICATE)


class CivicReason(models.Model):
    _inherit = "civic.reason"

    procedure_ids = fields.Many2many(
        "civic.procedure",
        "civic_procedure_reason_rel",
        "reason_id",
        "procedure_id",
        "Regulations That Know It",
        help="Empty: a ground under every regulation, such as what another law says.",
    )

    def write(self, vals):
        result = super().write(vals)
        if {"active", "code", "use", "procedure_ids"} & set(vals):
            # sudo: procedures of other companies lapse by the same ground
            procedures = self.env["civic.procedure"].sudo()
            lapsing = [("supplement_lapse", "!=", False)]
            procedures.search(lapsing)._check_lapse_ground()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_lapse(self):
        ground = self.filtered(lambda row: row.code == NO_ANSWER)
        if ground:
            raise UserError(
                self.env._(
                    "“%s” is the ground on which reports end whose sender does not "
                    "answer: it cannot be deleted.",
                    ground.name,
                )
            )


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    reason_ids = fields.Many2many(
        "civic.reason",
        "civic_procedure_reason_rel",
        "procedure_id",
        "reason_id",
        "Grounds",
        domain=[("use", "in", TURNING_AWAY)],
        help="On which reports may be refused or cancelled, besides those of every "
        "regulation.",
    )

    @api.constrains("supplement_lapse", "reason_ids")
    def _check_lapse_ground(self):
        """What ends without an answer ends on a ground of the procedure."""
        for procedure in self.filtered("supplement_lapse"):
            if not procedure._lapse_ground():
                raise ValidationError(
                    self.env._(
                        "%s ends reports whose sender does not answer in time: the "
                        "ground “no answer” has to be in use there.",
                        procedure.name,
                    )
                )

    def _lapse_ground(self):
        """The ground on which reports end whose sender did not answer.

        :return: civic.reason, empty where the procedure does not know it
        """
        return self._grounds().filtered(lambda row: row.code == NO_ANSWER)[:1]

    def _grounds(self):
        """On what reports under this procedure may be turned away.

        :return: civic.reason
        """
        self.ensure_one()
        # sudo: what a regulation says is no secret
        reasons = self.env["civic.reason"].sudo()
        return reasons.search(
            [
                ("use", "in", TURNING_AWAY),
                ("code", "not in", BY_ITS_VERB),
                *("|", ("procedure_ids", "=", False)),
                ("procedure_ids", "in", self.ids),
            ]
        )

    def _ends_duplicates(self):
        """Whether the text lets what the same person sent twice end (HUE Điều 13.1,
        ST Điều 10.5b); where it does not, it follows the first as anybody's does."""
        self.ensure_one()
        # sudo: a ground that everybody is told; citizens have no rights on the list
        ground = self.env.ref("civic_report.reason_duplicate").sudo()
        return not ground.procedure_ids or self in ground.procedure_ids


class CivicReport(models.Model):
    """The grounds on which a report may end without an answer: the procedure's."""

    _inherit = "civic.report"

    def _ground(self, reason):
        """The ground of this code or name, common to these reports.

        Free words explain a ground, they are none.

        :raises UserError: where the procedure does not know it, or it is too early
        """
        for procedure in self.procedure_id:
            grounds = procedure._grounds()
            ground = grounds.filtered(lambda row: reason in (row.code, row.name))[:1]
            if not ground:
                raise UserError(
                    self.env._(
                        "“%(reason)s” is no ground of %(procedure)s. Choose one, and "
                        "explain it in what the citizen is told: %(grounds)s.",
                        reason=reason,
                        procedure=procedure.name,
                        grounds=", ".join(grounds.mapped("name")),
                    )
                )
        if ground.code == NO_ANSWER:
            for report in self:
                report._check_no_answer()
        return ground

    def _check_no_answer(self):
        """:raises UserError: while the sender may still answer (HUE Điều 13.3–4)"""
        asked = self.step_ids.filtered(
            lambda step: step.code == "supplement" and step.state == "open"
        )
        if not asked:
            raise UserError(
                self.env._("%s: the sender is not being waited for.", self.name)
            )
        until = asked.overdue_from
        if not has_passed(until, self._now()):
            moment = self.company_id._civic_deadline_text(until) if until else "–"
            raise UserError(
                self.env._(
                    "%(report)s: its sender may answer until %(moment)s; only then is "
                    "it said that there was no answer.",
                    report=self.name,
                    moment=moment,
                )
            )
