from odoo import fields, models

from ..ground.guard import required_text

GIVEN_UP = ("dead", "dropped", "expired")


class CivicOutbox(models.Model):
    """What operators do with messages that did not go out."""

    _inherit = "civic.outbox"

    decided_by_id = fields.Many2one("res.users", readonly=True)
    decision = fields.Char(readonly=True)

    def replay(self):
        """Send again what was given up, once its cause has been mended.

        :raises MissingError, AccessError, UserError: see `_enter_queue`
        """
        rows = self._enter_queue(GIVEN_UP)
        rows.write(
            {
                "state": self._ready_state,
                "strikes": 0,
                "due_at": self.env["civic.door"]._now(),
                "expires_at": False,
                "decided_by_id": self.env.uid,
                "decision": self.env._("To be sent again."),
            }
        )
        rows._log_decision("notice_replayed")
        self.env.ref("civic_report.cron_outbox").sudo()._trigger()
        return True

    def drop(self, reason):
        """Leave untold what was given up.

        :param reason: why, for whoever asks later
        :raises MissingError, AccessError, UserError: see `_enter_queue`
        """
        rows = self._enter_queue(("dead",))
        reason = required_text(self.env, reason, self.env._("a reason"))
        rows.write(
            {"state": "dropped", "decided_by_id": self.env.uid, "decision": reason}
        )
        rows._log_decision("notice_dropped", reason)
        return True

    def _log_decision(self, code, reason=None):
        """Say in each report's history what was decided about its messages."""
        key = self.report_id._elevated().env
        self.env["civic.event"].with_env(key)._log(
            [
                row.report_id._prepare_note(
                    code, "\n".join(filter(None, (row.notice_id.display_name, reason)))
                )
                for row in self
                if row.report_id
            ]
        )
