from odoo import models

from ..ground.key import lock_rows


class CivicCase(models.AbstractModel):
    """What is decided beside a report and its assignments: it goes through the door by
    rows of its own, see :mod:`.case_transitions`."""

    _name = "civic.case"
    _inherit = ["civic.door"]
    _description = "Case of its own"

    # What its guards look at besides, a many2one: locked with it.
    _locked_with = None

    def _lock_rows(self):
        if self._locked_with:
            lock_rows(self[self._locked_with])
        return super()._lock_rows()

    def _refresh_clock(self):
        """A case has no duties of several holders: its deadline is its own."""

    def _event_target(self):
        """Of which report the history tells what becomes of it; empty for none."""
        return {}

    def _react_record(self, act):
        told = self.filtered(lambda case: case._event_target())
        if not told or act.transition.event is None:
            return None
        return super(CivicCase, told)._react_record(act)
