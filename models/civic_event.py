from odoo import api, fields, models
from odoo.exceptions import UserError


class CivicEvent(models.Model):
    """What happened, once and for all: events are only ever added."""

    _name = "civic.event"
    _inherit = ["civic.kept"]
    _description = "Event"
    _order = "at desc, id desc"
    _rec_name = "code"

    report_id = fields.Many2one(
        "civic.report", required=True, index=True, ondelete="restrict", readonly=True
    )
    assignment_id = fields.Many2one(
        "civic.assignment", index="btree_not_null", ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    agency_id = fields.Many2one(related="assignment_id.agency_id")
    code = fields.Selection("_selection_code", "Event", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "By",
        readonly=True,
        ondelete="restrict",
        help="Empty for what citizens and the system did.",
    )
    at = fields.Datetime("When", required=True, readonly=True)
    from_state = fields.Char(readonly=True)
    to_state = fields.Char(readonly=True)
    note = fields.Text(readonly=True)
    is_public = fields.Boolean(readonly=True)

    @api.model
    def _selection_code(self):
        """Every verb of the table of transitions, and what happens beside them."""
        _ = self.env._
        # A dict: of tuples the export would take the codes for terms.
        labels = {
            "send": _("Sent"),
            "import": _("Brought in from an older system"),
            "merge": _("Province became part of another"),
            "take": _("Taken by an operator"),
            "receive": _("Received"),
            "request_supplement": _("Supplement requested"),
            "supply": _("Supplement given"),
            "add": _("Sender told more"),
            "sender_wrote": _("Mail of its sender, for the Centre"),
            "other_wrote": _("Mail of somebody else, for the Centre"),
            "agency_wrote": _("Mail from the agency, unproved"),
            "thanks": _("Its sender says thanks"),
            "danger": _("Speaks of an emergency"),
            "transfer": _("Put through to the emergency service"),
            "record_outcome": _("Outcome entered by the Centre"),
            "record_result": _("Result sent by the agency, entered by the Centre"),
            "grave": _("Commander on duty alerted"),
            "amend": _("Corrected by its sender"),
            "withdraw": _("Withdrawn by its sender"),
            "ask_withdrawal": _("Withdrawal asked by its sender"),
            "verify_sender": _("Sender verified by the Centre"),
            "sender_verified": _("Sender verified by a one-time code"),
            "say_sender": _("Sender of an emergency has said who it was"),
            "refuse": _("Refused"),
            "cancel": _("Cancelled"),
            "dispatch": _("Dispatched"),
            "dispatch_incomplete": _("Dispatched though something is missing"),
            "take_back": _("Back to the Centre"),
            "part_returned": _("Part returned by an agency"),
            "redispatch": _("Returned part handed on"),
            "resolve": _("All results approved"),
            "request_fix": _("Correction requested by the Centre"),
            "publish": _("Result published"),
            "rate": _("Rated"),
            "rating_kept": _("Rating of the answer so far"),
            "accept": _("Taken in by the agency"),
            "draft": _("Work begun"),
            "draft_replaced": _("Draft so far, replaced"),
            "return_wrong": _("Returned: not competent"),
            "submit": _("Result submitted"),
            "approve": _("Result approved"),
            "send_back": _("Result sent back"),
            "fix": _("Result reopened"),
            "classify": _("Classified"),
            "mark_duplicate": _("Found to be a duplicate"),
            "join": _("Joined to an earlier report of the same matter"),
            "unjoin": _("Found to be another matter"),
            "joined_here": _("Report of the same matter joined"),
            "answer_joined": _("Answered with the earlier report"),
            "answer_apart": _("To be answered apart from the earlier report"),
            "forward_joined": _("Forwarded with the earlier report"),
            "join_again": _("Taken up again with the earlier report"),
            "consult": _("Coordinating agency consulted"),
            "answer_consult": _("Coordinating agency answered"),
            "ask_designation": _("Designation asked of the province"),
            "escalate": _("Disagreement put to the province"),
            "designate": _("Agency designated by the province"),
            "dispatch_otherwise": _("Dispatched otherwise than the province decided"),
            "forward": _("Forwarded for follow-up"),
            "note_follow_up": _("What the body has done"),
            "ask_concurrence": _("Agreement with the result asked"),
            "concur": _("Coordinating agency agrees"),
            "disagree": _("Coordinating agency does not agree"),
            "reopen": _("Reopened"),
            "follow_up": _("Follow-up sent"),
            "answer": _("Follow-up answered"),
            "question_asked": _("Somebody else has asked about the answer"),
            "question_passed": _("Question of somebody else passed on"),
            "question_declined": _("Question of somebody else declined"),
            "answer_other": _("Question of somebody else answered"),
            "assign": _("Assigned by the leader"),
            "invite": _("Co-agencies invited"),
            "gather": _("All co-agencies have answered"),
            "work_alone": _("No co-agency left"),
            "drop": _("Ended without a result"),
            "request_extension": _("Extension asked"),
            "extension_granted": _("Extension granted"),
            "extension_rejected": _("Extension rejected"),
            "mark_penalty": _("Penalty procedure: limit lifted"),
            "ask_penalty": _("Penalty procedure asked for"),
            "confirm_penalty": _("Penalty procedure under way"),
            "end_penalty": _("Penalty procedure ended"),
            "record_penalty_decision": _("Penalty decided"),
            "record_penalty_execution": _("Penalty decision executed"),
            "report_progress": _("Progress reported"),
            "keep_promise": _("Commitment kept"),
            "promise_passed": _("Date of the commitment passed"),
            "hand_over": _("Handed over to the successor"),
            "succeed": _("Passed to who stands in its place"),
            "deadline_moved": _("Deadline moved by the calendar"),
            "track": _("Track changed"),
            "set_track": _("Track changed in hand"),
            "correct": _("Corrected by the Centre"),
            "notice_replayed": _("Message to be sent again"),
            "notice_dropped": _("Message left untold"),
            "request_disclosure": _("Identity asked for"),
            "request_disclosure_for": _("Identity asked for by an authority"),
            "ask_citizen": _("Citizen asked to agree"),
            "decline": _("Identity not given: refused by the Centre"),
            "decide_by_law": _("Identity given by force of law"),
            "give_consent": _("Citizen agreed"),
            "refuse_consent": _("Citizen did not agree"),
            "lapse_consent": _("Citizen did not answer in time"),
            "withdraw_consent": _("Citizen withdrew the consent"),
            "end_disclosure": _("Access to identity ended"),
            "look": _("Identity looked at"),
            "divert": _("Passed to the body competent for complaints"),
            "take_out_again": _("File may be taken out once more"),
            "take_out": _("File taken out for the competent body"),
            "wipe": _("Copy of what was passed on deleted"),
            "forget": _("Words of its sender deleted"),
            "set_visibility": _("Visibility changed"),
            "ask_private": _("Privacy asked by the sender"),
            "allow_publication": _("Publication allowed by the sender"),
            "leave_identity": _("Sender's identity left in what is published"),
            "edit_published": _("Published text edited"),
            "redact": _("Picture edited for publication"),
            "infected": _("Infected file refused"),
            "withheld": _("File kept sealed"),
        }
        return list(labels.items())

    @api.model
    def _code_label(self, code):
        return dict(self._selection_code())[code]

    def _check_write(self):
        raise UserError(self.env._("The history is only ever added to."))

    @api.model
    def _log(self, vals_list):
        """Add events; the actor is the current officer, never a citizen."""
        user = self.env["civic.report"]._event_user()
        for vals in vals_list:
            vals.setdefault("user_id", user.id)
        return self.create(vals_list)


class CivicDoor(models.AbstractModel):
    _inherit = "civic.door"

    def _log_note(self, code, note):
        """Add an event that changes no state.

        :return: civic.event, elevated
        """
        record = self._elevated()
        events = self.env["civic.event"].with_env(record.env)
        return events._log(
            [
                {
                    **record._event_target(),
                    "code": code,
                    "at": self._now(),
                    "from_state": record.state,
                    "to_state": record.state,
                    "note": note,
                }
            ]
        )
