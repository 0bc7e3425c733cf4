from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..ground.guard import required_text

LONGEST = timedelta(days=366)
PROMISE = "activity_promise"
# A duty of each role: who holds it is reminded.
HELD = {"handler": "process", "leader": "approve"}


class CivicAssignment(models.Model):
    """A result may be a commitment with a date (HUE Phụ lục 1): the date is kept as
    such, reminded of, and marked when it has passed."""

    _inherit = "civic.assignment"

    promised_date = fields.Date(
        "Work Will Be Done By",
        copy=False,
        help="Where the result is a commitment: its date, which the citizen reads.",
    )
    promise_kept_at = fields.Datetime("Commitment Kept", readonly=True, copy=False)
    promise_passed = fields.Boolean(
        "Commitment Passed",
        readonly=True,
        copy=False,
        help="Its date has passed and nobody has said that the work is done.",
    )

    _promises = models.Index(
        "(promised_date) WHERE promised_date IS NOT NULL AND promise_kept_at IS NULL"
    )

    @api.constrains("promised_date")
    def _check_promised_date(self):
        for assignment in self.filtered("promised_date"):
            today = assignment.company_id._civic_today()
            if not today <= assignment.promised_date <= today + LONGEST:
                raise ValidationError(
                    self.env._("Commit to a date from today on and within a year.")
                )

    def keep_promise(self, note):
        """Tell that the work to which the result committed is done.

        :param note: what was done, which everybody reads who reads the result
        """
        assignments = self._enter("keep_promise")
        note = required_text(self.env, note, self.env._("what was done"))
        assignments._walk(
            "keep_promise",
            {"promise_kept_at": self._now()},
            note=note,
        )
        return True

    def _guard_promise_open(self):
        if not self.promised_date or self.promise_kept_at:
            return self.env._("%s has no open commitment.", self.display_name)
        return None

    # ------------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------------

    def _react_remind_promise(self, act):
        self.filtered("promised_date")._remind_of_promise("handler")

    def _react_end_promise(self, act):
        """It was kept, is answered anew, or came to nothing."""
        if promised := self.filtered("promised_date"):
            promised.write({"promise_passed": False})
            promised._end_promise_reminders()

    def _remind_of_promise(self, role):
        """An activity on the day of the commitment.

        :param role: "handler" or "leader": whose
        """
        activities = self.env["mail.activity"]
        activities._civic_remind(
            [
                activities._civic_reminder(
                    assignment,
                    PROMISE,
                    person,
                    assignment.promised_date,
                    assignment.report_id.name,
                )
                for assignment in self
                if (
                    # Who has answered may have left since, or be away.
                    person := assignment._step_holder(HELD[role])._civic_deputies()
                )
            ]
        )

    def _pass_promises(self):
        """Remind whoever goes on of what was promised by those who have left."""
        open_ = self.filtered(lambda row: row.promised_date and not row.promise_kept_at)
        open_._end_promise_reminders()
        open_._remind_of_promise("handler")
        open_.filtered("promise_passed")._remind_of_promise("leader")

    def _end_promise_reminders(self):
        self.env["mail.activity"]._civic_reminders(self, PROMISE).action_archive()

    @api.model
    def _cron_mark_promises(self, limit=500):
        """Mark the commitments whose date has passed, and remind the leaders."""
        cron = self.env["ir.cron"]
        for company in self._promising_companies():
            passed = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "approved"),
                    ("promised_date", "<", company._civic_today()),
                    ("promise_kept_at", "=", False),
                    ("promise_passed", "=", False),
                ],
                limit=limit,
            )._elevated()
            if not passed:
                continue
            passed._mark_passed()
            remaining = limit if len(passed) == limit else 0
            if not cron._commit_progress(len(passed), remaining=remaining):
                break

    def _mark_passed(self):
        self.write({"promise_passed": True})
        self._log_note("promise_passed", False)
        self._remind_of_promise("leader")

    @api.model
    def _promising_companies(self):
        return self.env["res.company"].search([("civic_procedure_id", "!=", False)])


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _promise_values(self):
        """To what the published answer commits, and whether it was kept."""
        if not self.published_at or self.state != "done":
            return []
        return [
            {
                "agency": part.agency_id.name,
                "date": part.promised_date,
                "kept_at": part.promise_kept_at,
                "is_passed": part.promise_passed,
            }
            for part in self._answered_parts()
            if part.promised_date
        ]
