from odoo import api, fields, models


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    return_in_accept = fields.Boolean(
        "Returned While Being Taken In",
        help="No time of its own is given to return what is not theirs: it belongs to "
        "taking in, and later it is late (BG Phần 2, mục 2, bước 1).",
    )


class CivicAssignment(models.Model):
    """Where returning belongs to taking in, a later return is late, and says so."""

    _inherit = "civic.assignment"

    return_is_late = fields.Boolean(
        "Return Would Be Late", compute="_compute_return_is_late"
    )

    @api.depends("return_deadline", "state")
    def _compute_return_is_late(self):
        now = self._now()
        for assignment in self:
            assignment.return_is_late = bool(
                assignment.return_deadline and assignment.return_deadline < now
            )

    @api.depends("report_id.procedure_id.return_in_accept")
    def _compute_return_deadline(self):
        result = super()._compute_return_deadline()
        for assignment in self.filtered(lambda row: not row.return_deadline):
            taking_in = assignment._return_clock()
            if assignment.state in self._transition("return_wrong").sources:
                assignment.return_deadline = taking_in.deadline
        return result

    def _return_clock(self):
        """The duty to take in whose time is the time to return, if any."""
        if not self.report_id.procedure_id.return_in_accept:
            return self.env["civic.step"]
        return self.step_ids.filtered(lambda step: step.code == "accept")[-1:]

    def _time_return(self):
        """Put a return that comes after taking in on record, by the time to take in.

        :return: those of the assignments that are late with it
        """
        steps = self.env["civic.step"].with_env(self.env)
        clocks = {row: row._return_clock() for row in self}
        steps._open(
            [
                {
                    **assignment._prepare_step(assignment._own_code("return_wrong")),
                    "started_at": taking_in.started_at,
                    "counted_from": taking_in.counted_from,
                    "deadline": taking_in.deadline,
                }
                for assignment, taking_in in clocks.items()
                if taking_in and taking_in.state == "done" and taking_in.deadline
            ]
        )
        return self.browse(
            [
                assignment.id
                for assignment, taking_in in clocks.items()
                if taking_in.deadline and taking_in.overdue_from < self._now()
            ]
        )
