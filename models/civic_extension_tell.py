from odoo import api, models

from .civic_duty_way import LISTED, PATHS, Turn

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
    _waiting_state = "asked"

    def _decide(self, state, note=None, until=None):
        extension = super()._decide(state, note, until)
        assignment = extension.assignment_id
        assignment.report_id._end_reminders(ACTIVITY)
        if state == "rejected":
            # The new deadline of what is granted is told as a duty of its own.
            self.env["civic.outbox"].sudo()._queue_turns(
                [
                    Turn(
                        REJECTED,
                        f"{REJECTED}:{extension.id}",
                        assignment.report_id,
                        assignment,
                        assignment._step_holder("process"),
                        assignment.agency_id,
                        None,
                    )
                ]
            )
        return extension


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def request_extension(self, document, committed_date, reason, attachment_ids=None):
        """As everywhere; the Centre is told by the ways that it has."""
        result = super().request_extension(
            document, committed_date, reason, attachment_ids
        )
        assignment = self._elevated()
        asked = assignment.extension_ids.filtered(lambda row: row.state == "asked")
        asked._tell_centre()
        assignment.report_id._remind_operator(ACTIVITY)
        return result


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _end_reminders(self, name):
        """Nothing is left to do of what operators were reminded of.

        :param name: of the activity's type
        """
        self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self.env.ref(f"civic_report.{name}").id),
            ]
        ).action_archive()


class CivicDutyWay(models.Model):
    _inherit = "civic.duty.way"

    @api.model
    def _selection_code(self):
        labels = {
            ASKED: self.env._("Decide on an extension"),
            REJECTED: self.env._("No extension: the deadline stays"),
        }
        return [*super()._selection_code(), *labels.items()]
