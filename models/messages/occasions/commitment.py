from odoo import api, models

from ...assignment.commitment import HELD
from .duty_way import Turn

# Somebody's turn: on the day of a commitment, and when it has passed.
DUE, PASSED = "promise", "promise_passed"


class CivicAssignment(models.Model):
    """Commitments are told by the ways that people have: on their day to the handler,
    passed to the leader and the Centre."""

    _inherit = "civic.assignment"

    def _mark_passed(self):
        result = super()._mark_passed()
        self._tell_of_promise(PASSED, "leader")
        return result

    @api.model
    def _cron_mark_promises(self, limit=500):
        result = super()._cron_mark_promises(limit)
        for company in self._promising_companies():
            now = self._now()
            if company._civic_awake(now) > now:
                continue
            # What has been told is not told again: see `civic.outbox.key`.
            self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "approved"),
                    ("promised_date", "=", company._civic_today()),
                    ("promise_kept_at", "=", False),
                ],
                limit=limit,
            )._elevated()._tell_of_promise(DUE, "handler")
        return result

    def _tell_of_promise(self, code, role):
        """:param role: "handler" or "leader": whose turn it is at the agency"""
        self.env["civic.outbox"]._queue_turns(
            [
                Turn.at_agency(code, row, row, HELD[role], f":{row.promised_date}")
                for row in self
            ]
        )


class CivicDutyWay(models.Model):
    _inherit = "civic.duty.way"

    @api.model
    def _selection_code(self):
        labels = {
            DUE: self.env._("Commitment due today"),
            PASSED: self.env._("Commitment passed"),
        }
        return [*super()._selection_code(), *labels.items()]


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    @api.model
    def _prepare_turn(self, turn, row, notice, officers):
        rows = super()._prepare_turn(turn, row, notice, officers)
        # It has time until the office opens.
        return [{**row, "is_quiet": turn.code in (DUE, PASSED)} for row in rows]

    @api.model
    def _not_before(self, row, moment):
        moment = super()._not_before(row, moment)
        if not row.get("is_quiet"):
            return moment
        company = self.env["res.company"].browse(row["company_id"])
        return company._civic_awake(moment)

    def _is_moot(self):
        """What was promised has been done meanwhile."""
        if (self.facts or {}).get("duty") not in (DUE, PASSED):
            return super()._is_moot()
        return not self.report_id.assignment_ids.filtered(
            lambda row: row.promised_date and not row.promise_kept_at
        )
