import random
import smtplib
from contextlib import suppress
from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, models
from odoo.tools import SQL

from ...tools.queues import back_off
from ...tools.text import InvalidEmail, InvalidPhone, email_normalized, phone_e164
from ..ground.paths import PROVED_PAGE, lookup_path
from ..ground.words_field import MASKED, MODE, WHOLE
from .channels.driver import Undelivered
from .outbox import OFFICERS
from .queue import LONGEST_WAIT

# Give up after so much: twelve temporary answers, or three tries after each of which
# the message may have arrived all the same.
MOST_STRIKES = 12
# What each kind of failure counts.
STRIKES = {"server": 0, "temporary": 1, "unsure": 4}
# Ends the key of what is told in a second way.
AGAIN = ":again"
# A server that is down is tried again soon after it comes back.
LONGEST_WAIT_FOR_SERVER = timedelta(minutes=10)


class Connections:
    """What the rows of one pass share: open connections, and which are broken: pairs
    of a company's id and a channel."""

    def __init__(self):
        self.open = {}
        self.broken = set()
        self.noted = {}

    def note(self, gateway, failure=False):
        """Keep with a gateway how it goes: what is new, not each message."""
        if gateway and self.noted.get(gateway.id) != failure:
            self.noted[gateway.id] = failure
            gateway._note(failure)

    def close(self):
        for connection in self.open.values():
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
        self.open.clear()


class CivicOutbox(models.Model):
    """Delivery, after the commit: at least once, recognisable, and not without end.

    A message whose fate is unknown (the server fell silent after it had the text, or
    the worker died) is sent again under the same Message-ID, twice at most; then it is
    given up and operators decide. A message is never taken for sent without the
    server's word.
    """

    _inherit = "civic.outbox"

    @api.model
    def _cron_deliver(self, urgent=False):
        """Deliver what is due.

        :param urgent: emergencies and officers' messages alone, so that many letters to
            citizens never keep them waiting
        """
        connections = Connections()
        lane = SQL("priority <= %s", OFFICERS) if urgent else SQL("TRUE")

        def condition():
            if not connections.broken:
                return lane
            broken = tuple(sorted(connections.broken))
            return SQL("%s AND (company_id, channel) NOT IN %s", lane, broken)

        try:
            return self._work(connections, condition)
        finally:
            connections.close()

    def _driver(self):
        return self.env["civic.driver"]._of(self.channel)

    def _handle(self, tools, lost):
        driver = self._driver()
        if lost and driver._has_lost(self):
            return
        if lost:
            # Its worker died: the message may have gone out before.
            self.strikes += STRIKES["unsure"]
        if self.expires_at and self.expires_at <= self.env["civic.door"]._now():
            self._settle("expired", self.env._("It was too late to tell."))
        elif self._is_moot():
            self._settle("expired", self.env._("It was answered before it was sent."))
        elif self.strikes >= MOST_STRIKES:
            self._settle("dead", self.env._("It may have arrived; tried three times."))
        else:
            gateway = driver._gateway(self)
            try:
                until = driver._deliver(self, tools)
            except Undelivered as failure:
                if failure.kind in STRIKES:
                    tools.note(gateway, failure.words)
                self._put_off(failure, tools)
            else:
                tools.note(gateway)
                if until:
                    # Nobody knows yet whether it reaches anybody.
                    values = {"state": self._ready_state, "due_at": until}
                    self.write({**values, "error": False})
                else:
                    self._settle("sent", False)

    def _is_moot(self):
        """Whether there is no need for it any more: a request was answered while it
        waited."""
        answered = (
            self.notice_id.event == "request_supplement"
            and not self.report_id._may_as_sender("supply")
        )
        return answered or self._driver()._is_moot(self)

    def _settle(self, state, error):
        values = {"state": state, "error": error}
        if state == "sent":
            values["sent_at"] = self.env["civic.door"]._now()
        self.write(values)

    def _put_off(self, failure, connections):
        """Decide whether and when to try again, or to tell in another way."""
        if failure.kind == "nobody":
            self._give_up("dropped", failure.words)
            return
        if failure.kind == "server":
            connections.broken.add((self.company_id.id, self.channel))
        strikes = self.strikes + STRIKES.get(failure.kind, MOST_STRIKES)
        if strikes >= MOST_STRIKES:
            self.write({"strikes": strikes})
            if failure.kind == "unsure":
                self._settle("dead", failure.words)
            else:
                self._give_up("dead", failure.words)
            return
        longest = LONGEST_WAIT
        if failure.kind == "server":
            longest = LONGEST_WAIT_FOR_SERVER
        moment = self.env["civic.door"]._now() + back_off(
            self.attempts, longest, random.random
        )
        row = {name: self[name] for name in ("audience", "priority")}
        row["company_id"] = self.company_id.id
        self.write(
            {
                "state": self._ready_state,
                "strikes": strikes,
                "error": failure.words,
                "due_at": self._not_before(row, moment.replace(microsecond=0)),
            }
        )
        self._driver()._after_put_off(self, failure)

    def _give_up(self, state, words):
        """End a message that surely did not arrive: it is told in another way, if there
        is one, else somebody has to decide."""
        self._driver()._before_giving_up(self)
        if self._tell_otherwise():
            state = "dropped"
            words = self.env._("%s It is told in another way.", words)
        self._settle(state, words)

    def _tell_otherwise(self):
        """Queue the same for the same citizen by the next way, once.

        :return: whether there is one
        """
        if self.audience != "reporter" or self.key.endswith(AGAIN):
            return False
        reporter, drivers = self.report_id.reporter_id, self.env["civic.driver"]
        rows = [
            {
                **row,
                "key": f"{self.key}{AGAIN}",
                "facts": Json(self.facts) if self.facts else None,
                "priority": self.priority,
                "expires_at": self.expires_at or row["expires_at"],
            }
            for notice in self.env["civic.notice"]
            ._by_event()
            .get(self.notice_id.event, ())
            if notice[1] == "reporter" and notice[2] != self.channel
            for row in self._prepare_about(
                notice, self.report_id, self.assignment_id, self.event_id
            )
            if row["channel"] != self.channel
            and drivers._of(row["channel"])._reaches(reporter)
        ]
        self._queue(rows)
        return bool(rows)

    def _failed(self, error):
        words = self.env._("Something unforeseen: %s.", type(error).__name__)
        # It may have happened after the server had the message.
        self._put_off(Undelivered("unsure", words), Connections())

    # ------------------------------------------------------------------
    # Whom, and in which language
    # ------------------------------------------------------------------

    def _recipient(self):
        """Whom it is for: the record that knows address and language.

        A record's address stands in `email_from` or `email`, and in `phone`.
        """
        if self.audience == "reporter":
            return self.report_id.reporter_id
        return self.agency_id or self.user_id

    def _recipient_email(self):
        """The recipient's address, looked up now and kept nowhere.

        :raises Undelivered: when there is none
        """
        recipient = self._recipient()
        name = "email_from" if "email_from" in recipient._fields else "email"
        if not recipient[name]:
            raise Undelivered("nobody", self.env._("There is no e-mail address."))
        if not recipient[name].isascii():
            # RFC 6531: few servers take such addresses, and Odoo's connection none.
            raise Undelivered(
                "refused",
                self.env._("The address has letters that mail servers do not take."),
            )
        try:
            return email_normalized(recipient[name])
        except InvalidEmail:
            raise Undelivered("nobody", self.env._("The e-mail address is not valid."))

    def _recipient_phone(self):
        """The recipient's number (E.164), looked up now and kept nowhere.

        :raises Undelivered: when there is none
        """
        recipient = self._recipient()
        name = "duty_phone" if "duty_phone" in recipient._fields else "phone"
        return self._number(recipient[name])

    def _number(self, raw):
        """A number as it is dialled (E.164).

        :raises Undelivered: when it is none
        """
        try:
            return phone_e164(raw or "")
        except InvalidPhone:
            raise Undelivered(
                "nobody", self.env._("There is no telephone number that can be called.")
            )

    def _recipient_lang(self):
        recipient = self._recipient()
        if recipient._name == "civic.reporter":
            lang = recipient._told_in()
        else:
            lang = "lang" in recipient._fields and recipient.lang
        return lang or self.company_id.partner_id.lang or self.env.lang

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    def _words(self):
        """Subject and text in the recipient's language."""
        notice, values, discreet = self._wording()
        return notice._words(values, discreet)

    def _wording(self):
        """What the words are made of: the notice in the recipient's language, the
        values of its gaps, and whether the report is not for everybody's eyes."""
        reporter = self.audience == "reporter"
        # Whoever delivers it: what is the sender's own is whole for the sender alone.
        words = {MODE: WHOLE if reporter else MASKED}
        row = self.with_context(lang=self._recipient_lang(), **words)
        values = row._reporter_values() if reporter else row._officer_values()
        discreet = reporter and row.report_id.visibility != "public"
        return row.notice_id, values, discreet

    def _common_values(self):
        report = self.report_id
        return {
            "code": report.name or "",
            "link": self._link(),
            "province": self.company_id.name,
        }

    def _reporter_values(self):
        report, assignment = self.report_id, self.assignment_id
        agencies = assignment.agency_id or report._parts().agency_id or report.agency_id
        when = self.company_id._civic_deadline_text
        committed = assignment.committed_date
        asked = self.notice_id.event == "request_supplement"
        return {
            **self._common_values(),
            "phone": self.company_id.phone or "",
            "state": report._state_label(),
            "agencies": ", ".join(agencies.mapped("name")),
            "deadline": when(report.deadline) if report.deadline else "",
            "reason": report.reason or "",
            "message": (self.event_id.note if asked else report.reason_message) or "",
            "committed_date": committed.strftime("%d/%m/%Y") if committed else "",
            "result": report.public_result or "",
            "answer": self.event_id.note or "",
            "progress": self.event_id.note or "",
            "refused_files": report.refused_files or "",
        }

    def _officer_values(self):
        report, assignment = self.report_id, self.assignment_id
        # Of what no agency has in hand, the report's own duty in force.
        deadline = (assignment or report).deadline
        figures = self.facts or {}
        tracks = dict(report._fields["track"]._description_selection(self.env))
        return {
            **self._common_values(),
            "agency": (assignment.agency_id or self.agency_id).name or "",
            "track": "" if report.track in (False, "normal") else tracks[report.track],
            "category": report.category_id.name or "",
            "subject": report.subject if report.visibility == "public" else "",
            "deadline": self.company_id._civic_deadline_text(deadline)
            if deadline
            else "",
            **{name: str(figures.get(name) or "") for name in ("late", "soon")},
        }

    def _site(self):
        """What the links in this message begin with."""
        return self.company_id._civic_base_url()

    def _link(self):
        """Where the recipient goes on: the own page, the public one, the own work."""
        base = self._site()
        if self.audience != "reporter":
            return base + self._work_path()
        if self._driver()._is_short:
            # Addresses of reports hold their subjects.
            return base + PROVED_PAGE
        report = self.report_id
        if report.reporter_id.user_id:
            return base + report._own_path()
        return base + (
            report._website_path() if report.is_published else lookup_path(report.name)
        )

    def _links(self):
        """Addresses that can be clicked where a line of the text is one."""
        return {self._link()}

    def _work_path(self):
        """Where an officer goes on."""
        return f"/odoo/civic-work/{self.assignment_id.id or ''}".rstrip("/")
