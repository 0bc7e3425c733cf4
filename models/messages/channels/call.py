import base64
import hashlib
import hmac
import json
import time
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....tools.ask import AskError
from ....tools.signed import read_json
from ....tools.text import InvalidPhone, phone_e164
from ...province.limit import has_passed
from ...workflow.transitions import OPEN_ASSIGNMENT_STATES
from .driver import Undelivered

TOKEN_SECONDS = 600
# Calls before the Centre is told that nobody answers.
MOST_CALLS = 3
# A call has ended after so long, whether or not the provider says so.
RINGING = timedelta(minutes=2)
# Between two calls.
BETWEEN = timedelta(minutes=1)
# Somebody has to know by then that no call can be made.
PATIENCE = timedelta(minutes=10)


class CivicDriverCall(models.AbstractModel):
    """Calls to the duty telephone of an agency in an emergency, until somebody answers
    (HUE Điều 7.1a).

    One row is one assignment's calls. A call is made; the row then waits for what the
    provider says became of it. No other call is made before this one has surely ended.

    In the format of Stringee (public documentation: developer.stringee.com, “Make
    outbound calls”, “Call Events”). Asked: ``POST <address>/call2/callout`` with the
    header ``X-STRINGEE-AUTH`` (a JSON web token of the API key) and from, to and
    actions, one of which reads a text out. Answered: r (0: the call is being made),
    message, call_id. What became of it comes by POST to the event address: call_id,
    call_status (created, started, ringing, answered, ended), answerDuration,
    endCallCause ("486 Busy Here").
    """

    _name = "civic.driver.call"
    _inherit = ["civic.driver"]
    _description = "Channel Driver: Automatic Calls"

    _code = "call"
    _sequence = 60
    _providers = {"stringee": "https://api.stringee.com/v1"}
    _asks = ("account", "secret", "sender")
    _listens = True
    _tells = True
    _has_notices = True

    @api.model
    def _label(self):
        return self.env._("Automatic call")

    @api.model
    def _gateway_label(self):
        return self.env._("Automatic calls")

    @api.model
    def _provider_choices(self):
        return [("stringee", self.env._("Calls (Stringee)"))]

    @api.model
    def _test(self, gateway):
        """Call the administrator: there is nothing else to ask the provider."""
        try:
            number = phone_e164(self.env.user.phone or "")
        except InvalidPhone:
            raise UserError(
                self.env._("Write your telephone number into your own profile first.")
            ) from None
        self._call(gateway, number, self.env._("This is a test call of civic reports."))
        return self.env._("Your own telephone should ring now.")

    # ------------------------------------------------------------------
    # Calling
    # ------------------------------------------------------------------

    @api.model
    def _call(self, gateway, number, text):
        """Have a number called and a text read out, three times over.

        :param number: E.164
        :return: what the provider calls the call
        :raises AskError: with what became of it
        """
        caller = {
            "type": "external",
            "number": gateway.sender or "",
            "alias": gateway.sender or "",
        }
        called = number.removeprefix("+")
        answer = gateway._ask(
            "POST",
            gateway._url("call2/callout"),
            headers={"X-STRINGEE-AUTH": self._call_token(gateway)},
            json={
                "from": caller,
                "to": [{"type": "external", "number": called, "alias": called}],
                "actions": [{"action": "talk", "text": text, "loop": 3}],
            },
        )
        if answer.get("r") != 0:
            raise AskError("temporary", "refused")
        return str(answer.get("call_id") or "")

    @api.model
    def _call_token(self, gateway):
        """A JSON web token that is good for some minutes."""
        header = {"typ": "JWT", "alg": "HS256", "cty": "stringee-api;v=1"}
        account = gateway.account or ""
        payload = {
            "jti": f"{account}-{uuid.uuid4().hex}",
            "iss": account,
            "exp": int(time.time()) + TOKEN_SECONDS,
            "rest_api": True,
        }
        text = b".".join(_base64url(json.dumps(part)) for part in (header, payload))
        key = gateway._secret("secret").encode()
        mac = hmac.digest(key, text, hashlib.sha256)
        return b".".join((text, _base64url(mac))).decode()

    @api.model
    def _reaches_agency(self, agency, urgent):
        return bool(agency.duty_phone and urgent)

    @api.model
    def _deliver(self, row, connections):
        """Have the duty telephone called.

        :return: moment until when to wait for somebody to answer
        """
        gateway = self._gateway_needed(row)
        now = self.env["civic.door"]._now()
        if row.calls >= MOST_CALLS:
            raise Undelivered(
                "unanswered", self.env._("Nobody answers the duty telephone.")
            )
        number = row._recipient_phone()
        _subject, text = row._words()
        try:
            row.provider_ref = self._call(gateway, number, text)
        except AskError as error:
            if error.kind != "unsure":
                raise Undelivered(error.kind, gateway._words_of(error)) from None
            row.provider_ref = False  # it may ring all the same
        row.calls += 1
        return now + RINGING

    # ------------------------------------------------------------------
    # Until somebody answers
    # ------------------------------------------------------------------

    @api.model
    def _has_lost(self, row):
        """A call may be under way."""
        now = self.env["civic.door"]._now()
        row.write(
            {
                "state": row._ready_state,
                "calls": row.calls + 1,
                "due_at": now + RINGING,
            }
        )
        return True

    @api.model
    def _is_moot(self, row):
        """Whoever has acted on the assignment since need not be called."""
        return bool(row.assignment_id) and self._is_over(row)

    @api.model
    def _is_over(self, row):
        """Whether it is no emergency any more, or the agency has taken the assignment
        in, submitted its result or ended it after it was to be called. What it had in
        hand before is no answer: a report may turn out to be an emergency later."""
        assignment = row.assignment_id
        if row.report_id.track != "emergency":
            return True
        acts = (assignment.accepted_at, assignment.submitted_at)
        return assignment.state not in OPEN_ASSIGNMENT_STATES or any(
            has_passed(row.queued_at, act) for act in acts if act
        )

    @api.model
    def _after_put_off(self, row, failure):
        now = self.env["civic.door"]._now()
        if now - row.queued_at >= PATIENCE:
            row._give_up("dead", failure.words)
        else:
            row.due_at = min(row.due_at, now + RINGING)

    @api.model
    def _before_giving_up(self, row):
        self._tell_centre(row)

    @api.model
    def _tell_centre(self, row):
        """Remind the Centre that the agency has to be reached in another way."""
        report = row.report_id
        people = report._centre_contacts()
        words = f"{report.name} · {row.agency_id.name}"
        activities, today = self.env["mail.activity"], row.company_id._civic_today()
        activities._civic_remind(
            [
                {
                    **activities._civic_reminder(
                        report, "activity_unanswered", user, today, report.name
                    ),
                    "summary": words,
                }
                for user in people
            ]
        )
        for user in people:
            _ = row.with_context(lang=user.lang).env._
            user._bus_send(
                "simple_notification",
                {
                    "type": "danger",
                    "title": _("Nobody answers at the agency"),
                    "message": words,
                    "sticky": True,
                },
            )

    # ------------------------------------------------------------------
    # What became of a call
    # ------------------------------------------------------------------

    @api.model
    def _is_signed(self, gateway, raw, headers):
        """The provider signs nothing: that it knows the address is its proof."""
        return True

    @api.model
    def _take_in(self, gateway, raw):
        """What the provider says became of a call; see above."""
        event = read_json(raw)
        # sudo: the provider has no account with us
        outbox = self.env["civic.outbox"].sudo()
        row = outbox._by_provider_ref(
            self._code, event.get("call_id"), gateway.company_id
        )
        if not row:
            return
        row._wait_for_worker()
        status = event.get("call_status")
        duration = event.get("answerDuration")
        answered = isinstance(duration, int) and duration > 0
        if status == "answered" or (status == "ended" and answered):
            row._take_receipt(True)
        elif status == "ended" and row.state == row._ready_state:
            now = self.env["civic.door"]._now()
            row.write({"provider_ref": False, "due_at": now + BETWEEN})


def _base64url(data):
    data = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    calls = fields.Integer(readonly=True, help="Made so far.")
