from datetime import datetime

from odoo import api, fields, models

# Ends when somebody ends it.
FOREVER = datetime(9999, 12, 31, 23, 59, 59)


class CivicLock(models.Model):
    """A time in which a sender may not send, or may not ask about answers (ST Điều
    17.1)."""

    _name = "civic.lock"
    _inherit = ["civic.kept"]
    _description = "Lock"
    _order = "since desc, id desc"
    _rec_name = "what"

    reporter_id = fields.Many2one(
        "civic.reporter", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    what = fields.Selection(
        [("account", "Sending reports"), ("follow_up", "Asking about answers")],
        "Locked",
        required=True,
        readonly=True,
    )
    since = fields.Datetime(required=True, readonly=True)
    until = fields.Datetime(required=True, readonly=True)
    until_text = fields.Char("Locked Until", compute="_compute_until_text")
    reason = fields.Text(required=True, readonly=True)
    source = fields.Char("Article", readonly=True)
    locked_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        ondelete="restrict",
        help="Empty: locked by the count of violations.",
    )
    ended_at = fields.Datetime("Ended", readonly=True)
    ended_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    end_reason = fields.Text("Why It Ended", readonly=True)
    is_void = fields.Boolean(
        "Without Ground",
        readonly=True,
        help="A finding that led to it was lifted: the others go on counting.",
    )

    _one_at_a_time = models.UniqueIndex(
        "(reporter_id, what) WHERE ended_at IS NULL", "This sender is locked already."
    )

    @api.depends("until", "company_id")
    def _compute_until_text(self):
        for lock in self:
            lock.until_text = lock._until_words()

    def _until_words(self):
        """Until when, as it is told: a moment, or by whom it can be ended."""
        if self.until == FOREVER:
            return self.env._("until the intake centre lifts it")
        # sudo: the company's calendar says how a moment is read here
        return self.company_id.sudo()._civic_deadline_text(self.until)

    def _in_force(self, now):
        return self.filtered(lambda lock: not lock.ended_at and lock.until > now)

    def _ended(self, now):
        """When the count of violations begins anew: at the end of the last lock."""
        moments = [
            min(lock.ended_at or lock.until, lock.until)
            for lock in self
            if not lock.is_void and (lock.ended_at or lock.until <= now)
        ]
        return max(moments, default=datetime.min)
