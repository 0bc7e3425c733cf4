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
            self.env["civic.outbox"]._queue_alerts(counts, f"{step}:{level}")
        return counts
