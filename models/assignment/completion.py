from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..workflow.transitions import APPROVING


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    def _counts_from_completion(self, track, code):
        """Whether a duty on the result is timed from the completion on the spot: that
        of an emergency, where the text sets a time of its own for it (ST Điều 19, HUE
        Điều 10.4, BG 4.1)."""
        return (
            track == "emergency"
            and code in APPROVING
            and code in self._all_limits().get(track, {})
        )


class CivicAssignment(models.Model):
    """When the work on the spot was done: from then the result of an emergency is
    timed."""

    _inherit = "civic.assignment"

    completed_at = fields.Datetime(
        "Completed on the Spot",
        copy=False,
        help="When the work on the spot was done; the time for the result of an "
        "emergency counts from then.",
    )
    asks_completion = fields.Boolean(compute="_compute_asks_completion")

    @api.depends("report_id.track", "report_id.procedure_id", "role")
    def _compute_asks_completion(self):
        for assignment in self:
            report = assignment.report_id
            assignment.asks_completion = report.procedure_id._counts_from_completion(
                report.track, assignment._own_code("approve")
            )

    @api.constrains("completed_at")
    def _check_completed_at(self):
        for assignment in self.filtered("completed_at"):
            if assignment.completed_at > self._now():
                raise ValidationError(
                    self.env._(
                        "%s: what was completed on the spot lies in the past.",
                        assignment.display_name,
                    )
                )
            company = assignment.company_id
            if assignment.completed_at < assignment.dispatched_at:
                raise ValidationError(
                    self.env._(
                        "%(assignment)s was dispatched on %(moment)s: it cannot have "
                        "been completed before.",
                        assignment=assignment.display_name,
                        moment=company._civic_moment_text(assignment.dispatched_at),
                    )
                )

    @api.model
    def _read_completion(self, moment):
        """A moment as a caller gives it.

        :raises UserError: where it is none
        """
        try:
            return fields.Datetime.to_datetime(moment or False)
        except (TypeError, ValueError):
            raise UserError(self.env._("Give the day and the time.")) from None

    def _check_completed(self, given):
        """:raises UserError: where the completion is asked for and nobody says it"""
        if self.asks_completion and not (given or self.completed_at):
            raise UserError(
                self.env._(
                    "%s: enter when the work on the spot was completed; the time for "
                    "the result of an emergency counts from then.",
                    self.display_name,
                )
            )

    def _completion_words(self, moment):
        """What the history says of it; None for no moment."""
        if not moment:
            return None
        label = self._fields["completed_at"]._description_string(self.env)
        return f"{label}: {self[:1].company_id._civic_moment_text(moment)}"

    # ------------------------------------------------------------------
    # The clock
    # ------------------------------------------------------------------

    def _prepare_step(self, code):
        spec = super()._prepare_step(code)
        report = self.report_id
        timed = report.procedure_id._counts_from_completion(report.track, code)
        # What the Centre sent back was in time once: the new round counts from now.
        if timed and self.completed_at and "fix" not in self.event_ids.mapped("code"):
            return {**spec, "counted_from": self.completed_at}
        return spec
