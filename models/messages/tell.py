from odoo import api, models


class CivicEvent(models.Model):
    """Whatever enters the history is told to whom it concerns."""

    _inherit = "civic.event"

    def _react_tell(self):
        self.env["civic.outbox"]._queue_events(self)


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def _begin_tell(self):
        self.env["civic.outbox"]._queue_assigned(self)


class CivicAlert(models.Model):
    _inherit = "civic.alert"

    @api.model
    def _tell(self, alerts):
        """Alerts reach officers who are not at their screen, too."""
        counts = super()._tell(alerts)
        if counts:
            # Each rung of a duty is climbed once: the first one names the pass.
            step, _before, level = min(alerts)
            self.env["civic.outbox"]._queue_alerts(
                counts, f"{step}:{level}", self._urgently_told(alerts)
            )
        return counts

    @api.model
    def _urgently_told(self, alerts):
        """Ids of the users whom these alerts tell of an emergency."""
        steps = self.env["civic.step"].browse([step for step, *_levels in alerts])
        urgent = set(steps.filtered(lambda step: step.track == "emergency").ids)
        audience = self._audience([row for row in alerts if row[0] in urgent])
        return {user_id for user_id, _level, _count in audience}
