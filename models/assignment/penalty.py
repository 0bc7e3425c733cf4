from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import clean
from ..ground.guard import required_text


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    penalty_lifts_limit = fields.Boolean(
        "An Administrative Penalty Lifts the Limit",
        help="While it is imposed, the law on it sets the time to handle (HUE Điều "
        "7.3, 10.4; BG Phần 2, mục 4.1).",
    )
    penalty_recorded = fields.Boolean(
        "Penalties Are Recorded",
        help="The record of the violation, the decision and its execution are kept and "
        "followed up, without any effect on the limit (BP Điều 6.2d).",
    )


class CivicAssignment(models.Model):
    """An administrative penalty: asked for by the handler, confirmed by a leader of the
    agency, ended by either; its record, decision and execution."""

    _inherit = "civic.assignment"

    penalty_procedure = fields.Boolean(
        readonly=True,
        help="An administrative penalty is being imposed, as a leader has confirmed.",
    )
    penalty_state = fields.Selection(
        [
            ("asked", "To be confirmed"),
            ("confirmed", "Under way"),
            ("ended", "Ended"),
        ],
        "Penalty",
        readonly=True,
        copy=False,
    )
    penalty_basis = fields.Char("Legal Basis of the Penalty", readonly=True)
    penalty_record_number = fields.Char("Record of the Violation", readonly=True)
    penalty_record_date = fields.Date("Date of the Record", readonly=True)
    penalty_asked_by_id = fields.Many2one("res.users", "Asked By", readonly=True)
    penalty_confirmed_at = fields.Datetime("Confirmed", readonly=True)
    penalty_ended_at = fields.Datetime("Penalty Ended", readonly=True)
    penalty_decision_number = fields.Char("Penalty Decision", readonly=True)
    penalty_decision_date = fields.Date("Date of the Decision", readonly=True)
    penalty_executed_at = fields.Date("Executed", readonly=True)

    # ------------------------------------------------------------------
    # Asking, confirming, ending
    # ------------------------------------------------------------------

    def ask_penalty(self, basis, record_number, record_date):
        """Ask the agency's leader to confirm that a penalty is being imposed
        (HUE Điều 7.3, 10.4; BP Điều 6.2d).

        :param basis: the law under which it is
        :param record_number: number of the record of the violation (biên bản)
        :param record_date: its date, ISO or date
        """
        number = required_text(
            self.env,
            record_number,
            self.env._("the number of the record of the violation"),
        )
        return self._ask_penalty(basis, number, self._penalty_date(record_date))

    def mark_penalty(self, basis, record_number=None, record_date=None):
        """Earlier name of `ask_penalty`, without the record if need be: others call it
        so, and may until the next major version."""
        date = self._penalty_date(record_date) if record_date else False
        number = clean(record_number) if isinstance(record_number, str) else False
        return self._ask_penalty(basis, number, date)

    def _ask_penalty(self, basis, number, date):
        assignments = self._enter("ask_penalty")
        basis = required_text(
            self.env, basis, self.env._("the legal basis of the penalty")
        )
        assignments._walk(
            "ask_penalty",
            {
                "penalty_state": "asked",
                "penalty_basis": basis,
                "penalty_record_number": number,
                "penalty_record_date": date,
                "penalty_asked_by_id": self.env.uid,
                "penalty_ended_at": False,
            },
            note=" · ".join(filter(None, [basis, number, str(date or "")])),
        )
        return True

    def _guard_penalty_known(self):
        procedure = self.report_id.procedure_id
        if not (procedure.penalty_lifts_limit or procedure.penalty_recorded):
            return self.env._(
                "%s knows no penalty that changes the time to handle.", procedure.name
            )
        return None

    def _guard_no_penalty(self):
        if self.penalty_procedure:
            return self.env._("%s: a penalty is under way already.", self.display_name)
        if self._awaits_confirmation():
            return self.env._(
                "%s: a penalty has been asked for already; a leader confirms it.",
                self.display_name,
            )
        return None

    def _awaits_confirmation(self):
        return self.penalty_state == "asked" and bool(
            self.step_ids.filtered(
                lambda step: step.code == "confirm_penalty" and step.state == "open"
            )
        )

    def confirm_penalty(self):
        """Confirm, as a leader of the agency, that a penalty is being imposed: where
        the procedure says so, the limit is lifted."""
        assignments = self._enter("confirm_penalty")
        for assignment in assignments:
            assignment._walk(
                "confirm_penalty",
                {
                    "penalty_procedure": True,
                    "penalty_state": "confirmed",
                    "penalty_confirmed_at": self._now(),
                },
                note=assignment.penalty_basis,
            )
        return True

    def _guard_penalty_asked(self):
        if not self._awaits_confirmation():
            return self.env._("%s: no penalty has been asked for.", self.display_name)
        return None

    def _guard_penalty_of_another(self):
        is_own = self.penalty_asked_by_id == self.env.user
        if is_own and not self.report_id.procedure_id.handler_may_approve:
            return self.env._(
                "%s: you asked for it yourself; another leader of the agency "
                "must confirm it.",
                self.display_name,
            )
        return None

    def end_penalty(self, reason):
        """End a penalty, or do not confirm one that was asked for.

        The limit runs again from now, with what was left of it.

        :param reason: why: imposed, given up, not what it was taken for
        """
        assignments = self._enter("end_penalty")
        reason = required_text(self.env, reason, self.env._("why the penalty ends"))
        for assignment in assignments:
            going = assignment.penalty_procedure
            assignment._walk(
                "end_penalty",
                {
                    "penalty_procedure": False,
                    "penalty_state": "ended",
                    "penalty_ended_at": self._now() if going else False,
                },
                note=reason,
                # What was never confirmed concerns nobody outside.
                event_values={"is_public": going},
            )
        return True

    def _guard_penalty_going(self):
        if not self.penalty_procedure and not self._awaits_confirmation():
            return self.env._("%s: no penalty is under way.", self.display_name)
        return None

    # ------------------------------------------------------------------
    # Decision and execution (BP Điều 6.2d)
    # ------------------------------------------------------------------

    def record_penalty_decision(self, number, date):
        """Note the decision on the penalty; its execution is followed up from now.

        :param number: of the decision (quyết định xử phạt)
        :param date: its date, ISO or date
        """
        self.ensure_one()
        assignment = self._enter("record_penalty_decision")
        number = required_text(
            self.env, number, self.env._("the number of the decision")
        )
        date = self._penalty_date(date)
        self._check_order(assignment.penalty_record_date, date)
        assignment._walk(
            "record_penalty_decision",
            {"penalty_decision_number": number, "penalty_decision_date": date},
            note=f"{number} · {date}",
        )
        return True

    def record_penalty_execution(self, date):
        """Note that the decision has been executed: nothing is left to follow up.

        :param date: when, ISO or date
        """
        self.ensure_one()
        assignment = self._enter("record_penalty_execution")
        date = self._penalty_date(date)
        self._check_order(assignment.penalty_decision_date, date)
        assignment._walk(
            "record_penalty_execution",
            {"penalty_executed_at": date},
            note=str(date),
        )
        return True

    def _guard_penalty_undecided(self):
        if not self.penalty_confirmed_at:
            return self.env._("%s: no penalty is under way.", self.display_name)
        if self.penalty_decision_number:
            return self.env._(
                "Decision %s is there already.", self.penalty_decision_number
            )
        return None

    def _guard_penalty_unexecuted(self):
        if not self.penalty_decision_date or self.penalty_executed_at:
            return self.env._(
                "%s: there is no decision that is still to be executed.",
                self.display_name,
            )
        return None

    def _penalty_date(self, value):
        """:raises UserError: for what is no date of today or before"""
        try:
            date = fields.Date.to_date(value)
        except (TypeError, ValueError):
            date = None
        if not date or date > self.company_id[:1]._civic_today() or date.year < 2000:
            raise UserError(self.env._("Give a date of today or before."))
        return date

    @api.model
    def _check_order(self, before, after):
        if before and after < before:
            raise UserError(
                self.env._(
                    "This cannot have been before %s.", before.strftime("%d/%m/%Y")
                )
            )

    # ------------------------------------------------------------------
    # The limit
    # ------------------------------------------------------------------

    def _react_lift_limit(self, act):
        for assignment in self:
            going = act.before[assignment]["penalty_procedure"]
            if assignment.penalty_procedure != going and assignment._lifts_limit():
                assignment._retime()

    def _lifts_limit(self):
        return self.report_id.procedure_id.penalty_lifts_limit

    def _handling_clock(self, code):
        if self.penalty_procedure and self._lifts_limit():
            return {"deadline": False}
        same = self.step_ids.filtered(lambda step: step.code == code)
        if self.penalty_ended_at and same and not same[-1].deadline:
            return self._resumed_clock(same.filtered("deadline")[-1:], same[-1])
        return super()._handling_clock(code)

    def _granted_clock(self):
        if self.penalty_procedure and self._lifts_limit():
            return {"deadline": False}
        return super()._granted_clock()

    def _resumed_clock(self, before, lifted):
        """What was left of a duty when the penalty was confirmed, from its end on.

        :param before: civic.step that was timed then; empty: the limit begins now
        :param lifted: civic.step that went on without a limit
        """
        if not before:
            return {}
        ended = self.penalty_ended_at
        # The result may have lain with the Centre when the penalty ended.
        waits = [
            (max(start, ended), end)
            for start, end in self._holds_since(lifted)
            if end > ended
        ]
        resumed = self._shifted_clock(
            before, (self.penalty_confirmed_at, ended), *waits
        )
        granted = self._granted_clock()
        # An extension that was granted meanwhile is not lost by it.
        if granted and granted["deadline"] > resumed["deadline"]:
            return granted
        return resumed
