from odoo import api, models

# An object that RPC cannot send: who is told of a new assignment is not told of its
# duties besides.
TOLD = object()


class CivicEvent(models.Model):
    """Whatever enters the history is told to whom it concerns."""

    _inherit = "civic.event"

    @api.model
    def _log(self, vals_list):
        events = super()._log(vals_list)
        self.env["civic.outbox"]._queue_events(events)
        return events


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def _start(self):
        told = self.with_context(civic_told=TOLD)
        result = super(CivicAssignment, told)._start()
        self.env["civic.outbox"]._queue_assigned(self)
        return result


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
