from datetime import timedelta

from odoo import models

from ..workflow.activity import MAX_REMINDED


class CivicDataCase(models.AbstractModel):
    """A case of personal data, of which the Centre's managers are reminded."""

    _name = "civic.data.case"
    _inherit = ["civic.case", "civic.timed"]
    _description = "Case of personal data"

    # What reminds managers of it, see `_civic_reminder` of activities.
    _reminder_kind = None

    # ------------------------------------------------------------------
    # Reminding the Centre's managers
    # ------------------------------------------------------------------

    def _remind_managers(self, deadline=None):
        """One activity on each manager of the Centre, until the case is decided.

        :param deadline: naive UTC datetime; today by default
        """
        self.ensure_one()
        day = self.company_id._civic_today()
        if deadline:
            # The end of a day is midnight, which the calendar calls the next day.
            day = self.company_id._civic_date(deadline - timedelta(minutes=1))
        activities = self.env["mail.activity"]
        activities._civic_remind(
            [
                activities._civic_reminder(
                    self, self._reminder_kind, manager, day, self.display_name
                )
                for manager in self._managers_reminded()
            ]
        )

    def _managers_reminded(self):
        """The Centre's managers; for who is away a deputy who is one, too."""
        officers = self.env["res.users"]._civic_officers(
            "centre_manager", self.company_id
        )
        # Another deputy could do nothing here.
        return (officers._civic_deputies() & officers or officers)[:MAX_REMINDED]

    def _end_reminders(self):
        self.env["mail.activity"]._civic_reminders(self).action_archive()
