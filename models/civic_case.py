from datetime import timedelta

from odoo import api, models

from .transitions import CASE_TRANSITIONS

# Managers who are reminded of a case; a Centre has fewer.
MAX_REMINDED = 20


class CivicCase(models.AbstractModel):
    """A case of personal data: it goes through the door by a table of its own."""

    _name = "civic.case"
    _inherit = ["civic.door"]
    _description = "Case of personal data"

    # External id of the activity that reminds managers of it.
    _activity_type = None

    @api.model
    def _transition(self, verb):
        return CASE_TRANSITIONS[self._name, verb]

    def _allowed_verbs(self, roles):
        self.ensure_one()
        return {
            row.verb
            for row in CASE_TRANSITIONS.values()
            if row.model == self._name
            and self.state in row.sources
            and roles & row.actors
        }

    def _refresh_clock(self):
        """A case has no duties of several holders: its deadline is its own."""

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
        # Quick update: no mails.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": self.id,
                    "res_name": self.display_name,
                    "activity_type_id": self.env.ref(self._activity_type).id,
                    "summary": self.display_name,
                    "user_id": manager.id,
                    "date_deadline": day,
                    "automated": True,
                }
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
        self.env["mail.activity"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).action_archive()
