from odoo import api, models

from .duty_way import LISTED, PATHS, Turn

# Somebody's turn: the Centre's to decide, and the handler's to keep the deadline.
ASKED, REJECTED = "extension", "extension_rejected"
PATHS[ASKED] = "civic-extensions"
LISTED[ASKED] = "civic.extension"
ACTIVITY = "activity_extension"


class CivicExtension(models.Model):
    """Whoever decides on more time is told that it is asked for, and whoever asked of
    what was decided: the deadline runs on meanwhile."""

    _name = "civic.extension"
    _inherit = ["civic.extension", "civic.waiting"]

    _turn_code = ASKED

    def _react_tell_decided(self, act):
        reports = self.assignment_id.report_id
        self.env["mail.activity"]._civic_reminders(reports, ACTIVITY).action_archive()
        # The new deadline of what is granted is told as a duty of its own.
        if act.transition.verb == "reject":
            turns = [Turn.at_agency(REJECTED, row, row.assignment_id) for row in self]
            self.env["civic.outbox"].sudo()._queue_turns(turns)


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def _react_tell_centre(self, act):
        self.extension_ids.filtered(lambda row: row.state == "asked")._tell_centre()
        self.report_id._remind_operator(ACTIVITY)


class CivicDutyWay(models.Model):
    _inherit = "civic.duty.way"

    @api.model
    def _selection_code(self):
        labels = {
            ASKED: self.env._("Decide on an extension"),
            REJECTED: self.env._("No extension: the deadline stays"),
        }
        return [*super()._selection_code(), *labels.items()]
