from datetime import timedelta

from odoo import api, fields, models

from ..tools.ask import AskError
from ..tools.signed import read_json
from .civic_outbox_delivery import Undelivered
from .limit import has_passed
from .transitions import OPEN_ASSIGNMENT_STATES

# Calls before the Centre is told that nobody answers.
MOST_CALLS = 3
# A call has ended after so long, whether or not the provider says so.
RINGING = timedelta(minutes=2)
# Between two calls.
BETWEEN = timedelta(minutes=1)
# Somebody has to know by then that no call can be made.
PATIENCE = timedelta(minutes=10)
# Officers of a group who are told at once.
MOST_TOLD = 10
CENTRE = "civic_report.group_centre_manager"


class CivicGateway(models.Model):
    _inherit = "civic.gateway"

    def _is_signed(self, raw, headers):
        """The provider of calls signs nothing: that it knows the address is its
        proof."""
        return self.kind == "call" or super()._is_signed(raw, headers)

    def _take_in_call(self, raw):
        # sudo: the provider has no account with us
        self.env["civic.outbox"].sudo()._take_call_receipt(self, read_json(raw))


class CivicOutbox(models.Model):
    """Calls to the duty telephone of an agency in an emergency, until somebody answers
    (HUE Điều 7.1a).

    One row is one assignment's calls. A call is made; the row then waits for what the
    provider says became of it. No other call is made before this one has surely ended.
    """

    _inherit = "civic.outbox"

    calls = fields.Integer(readonly=True, help="Made so far.")

    def _deliver_call(self, connections):
        """Have the duty telephone called.

        :return: moment until when to wait for somebody to answer
        :raises Undelivered: with what that means for another try
        """
        self._check_gateway()
        now = self.env["civic.door"]._now()
        if self.calls >= MOST_CALLS:
            raise Undelivered(
                "unanswered", self.env._("Nobody answers the duty telephone.")
            )
        gateway, number = self._gateway(), self._recipient_phone()
        _subject, text = self._words()
        try:
            self.provider_ref = gateway._call(number, text)
        except AskError as error:
            if error.kind != "unsure":
                raise Undelivered(error.kind, gateway._words_of(error)) from None
            self.provider_ref = False  # it may ring all the same
        self.calls += 1
        return now + RINGING

    def _handle(self, tools, lost):
        if self.channel == "call" and lost:
            # Its worker died: a call may be under way.
            now = self.env["civic.door"]._now()
            self.write(
                {
                    "state": self._ready_state,
                    "calls": self.calls + 1,
                    "due_at": now + RINGING,
                }
            )
            return
        super()._handle(tools, lost)

    def _is_moot(self):
        """Whoever has acted on the assignment since need not be called."""
        called = self.channel == "call" and self.assignment_id
        return (called and self._is_call_over()) or super()._is_moot()

    def _is_call_over(self):
        """Whether it is no emergency any more, or the agency has taken the assignment
        in, submitted its result or ended it after it was to be called. What it had in
        hand before is no answer: a report may turn out to be an emergency later."""
        assignment = self.assignment_id
        if self.report_id.track != "emergency":
            return True
        acts = (assignment.accepted_at, assignment.submitted_at)
        return assignment.state not in OPEN_ASSIGNMENT_STATES or any(
            has_passed(self.queued_at, act) for act in acts if act
        )

    def _put_off(self, failure, connections):
        super()._put_off(failure, connections)
        if self.channel != "call" or self.state != self._ready_state:
            return
        now = self.env["civic.door"]._now()
        if now - self.queued_at >= PATIENCE:
            self._give_up("dead", failure.words)
        else:
            self.due_at = min(self.due_at, now + RINGING)

    def _give_up(self, state, words):
        if self.channel == "call":
            self._tell_centre()
        return super()._give_up(state, words)

    def _tell_centre(self):
        """Remind the Centre that the agency has to be reached in another way."""
        report = self.report_id
        people = report._centre_contacts()
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "civic_report.activity_unanswered", raise_if_not_found=True
        )
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id("civic.report"),
                    "res_id": report.id,
                    "res_name": report.name,
                    "activity_type_id": type_id,
                    "summary": f"{report.name} · {self.agency_id.name}",
                    "user_id": user.id,
                    "date_deadline": self.company_id._civic_today(),
                    "automated": True,
                }
                for user in people
            ]
        )
        for user in people:
            _ = self.with_context(lang=user.lang).env._
            user._bus_send(
                "simple_notification",
                {
                    "type": "danger",
                    "title": _("Nobody answers at the agency"),
                    "message": f"{report.name} · {self.agency_id.name}",
                    "sticky": True,
                },
            )

    @api.model
    def _officers_of(self, group, company):
        """Some of a group who work for a company.

        :param group: xmlid
        """
        users = self.env.ref(group).all_user_ids
        return users.filtered(lambda user: company in user.company_ids)[:MOST_TOLD]

    @api.model
    def _take_call_receipt(self, gateway, event):
        """What the provider says became of a call; see `CivicGateway._call`.

        :param gateway: civic.gateway whom it told
        :param event: dict: call_id, call_status, answerDuration
        """
        call_id = event.get("call_id")
        if not (isinstance(call_id, str) and call_id):
            return
        row = self.search(
            [
                ("provider_ref", "=", call_id),
                ("channel", "=", "call"),
                ("company_id", "=", gateway.company_id.id),
            ],
            limit=1,
        )
        if not row:
            return
        row._wait_for_worker()
        status = event.get("call_status")
        duration = event.get("answerDuration")
        answered = isinstance(duration, int) and duration > 0
        if status == "answered" or (status == "ended" and answered):
            row._take_receipt(True)
        elif status == "ended" and row.state == self._ready_state:
            now = self.env["civic.door"]._now()
            row.write({"provider_ref": False, "due_at": now + BETWEEN})
