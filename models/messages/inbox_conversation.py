from datetime import timedelta
from hashlib import sha256
from time import monotonic

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import chat, media
from ...tools.fetch import FetchError, fetch
from ...tools.mail import REPORT_CODE
from ...tools.text import clean, shorten
from ...tools.urgency import PERHAPS, SURE
from ..conduct.reporter import SenderLocked
from ..ground.citizen import as_citizen
from ..report.report import MAX_DESCRIPTION, MAX_SUBJECT
from ..workflow.transitions import rows_of

# Who tells of an emergency goes on telling; it all belongs to the one report.
URGENT_WINDOW = timedelta(minutes=30)
MOST_MESSAGES = 200
# All pictures of a conversation together; a provider that is down is asked again so
# often, then the report comes without them.
MEDIA_SECONDS = 60
MEDIA_TRIES = 3
SOON = timedelta(seconds=5)


class CivicInbox(models.Model):
    """Chats and SMS: several messages of one sender become one report.

    A report is complete when its sender writes “gửi” or “xong”, after some silence
    (ten minutes, two for SMS: `_window` of the channel's driver), or at once when it
    speaks of an emergency. Until then its messages wait here, sealed. Only messages are
    read: not the posts and comments of a page, nor who follows it.
    """

    _inherit = "civic.inbox"

    # ------------------------------------------------------------------
    # Taking in
    # ------------------------------------------------------------------

    @api.model
    def _store_message(self, channel, message, raw, company):
        """Keep an event of a chat; see `_store`.

        :param message: `chat.Message`
        """
        vault = self.env["civic.vault"]
        more = {}
        if message.sender:
            driver = self.env["civic.driver"]._of(channel)
            who = driver._sender_id(message.sender)
            more["sender"] = vault._fingerprint(driver._sender_field, who)
            if self.env["civic.danger.list"]._judge(message.text).words:
                more["priority"] = 0
        name = message.event_id or sha256(raw).hexdigest()
        return self._store(channel, name, raw, company, **more)

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _read_chat(self, message):
        if not (message.kind and message.sender):
            self._settle("ignored", self.env._("Not a message: kept, not read."))
        elif not self.forced and self._is_flood():
            words = self.env._("Too many from this sender within an hour.")
            self._settle("ignored", words)
        elif not (self._changed_later(message) or self._answered_danger(message)):
            self._read_conversation()

    def _read_conversation(self):
        """Wait for more, or make a report of what this sender has written."""
        rows, driver = self._unread(), self._driver()
        messages = {row: driver._parse(row._open_raw()) for row in rows}
        mine = messages[self]
        parts = chat.conversations(messages.values(), driver._window)
        part = next(part for part in parts if mine in part)
        rows = rows.filtered(lambda row: messages[row] in part)
        draft = chat.gather(part)
        ends = any(message.ends for message in part)
        urgent = self._judged(draft).words
        if ends or urgent or self._is_silent(rows) or self._urgent_report(mine):
            self._close(rows, draft, mine)
        else:
            self._wait_for_more(rows)

    @api.model
    def _judged(self, draft):
        """Whether what was written tells of an emergency: `urgency.Verdict`."""
        return self.env["civic.danger.list"]._judge(draft.text)

    def _answered_danger(self, message):
        """Take in the answer of who was asked whether somebody is in danger.

        :return: whether it is one
        """
        return False

    def _unread(self):
        """What this sender has written and is not part of a report yet."""
        return (
            self.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("sender", "=", self.sender),
                    ("channel", "=", self.channel),
                    ("state", "in", self._waiting_states),
                    ("id", "!=", self.id),
                ],
                order="id",
                limit=MOST_MESSAGES,
            )
            | self
        )

    def _is_silent(self, rows):
        now = self.env["civic.door"]._now()
        return self._silent_at(rows) <= now

    def _silent_at(self, rows):
        return max(rows.mapped("received_at")) + self._driver()._window

    def _wait_for_more(self, rows):
        self.write(
            {
                "state": self._ready_state,
                "attempts": 0,
                "error": self.env._("Waits for more of the same sender."),
                "due_at": self._silent_at(rows),
            }
        )

    def _changed_later(self, message):
        """Note on the report that a message of it was edited or taken back since.

        :return: whether there is such a report
        """
        if not message.about:
            return False
        name = sha256(message.about.encode("utf-8", "replace")).hexdigest()
        told = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("channel", "=", self.channel),
                ("external_id", "=", name),
                ("sender", "=", self.sender),
                ("report_id", "!=", False),
            ],
            limit=1,
        )
        report = told.report_id
        if not report:
            return False
        if message.kind == "retracted":
            words = self.env._("The sender has taken a message of it back.")
        else:
            text = clean(message.text)[:MAX_DESCRIPTION]
            words = self.env._("The sender has changed a message of it: “%s”", text)
        report._elevated()._note_intake(words)
        self._settle("done", report=report)
        return True

    # ------------------------------------------------------------------
    # One report of several messages
    # ------------------------------------------------------------------

    def _close(self, rows, draft, message):
        """Make what was written a supplement or a report."""
        if rows.try_lock_for_update() != rows:
            self._put_off_briefly()  # another worker is at one of them
            return
        if draft.is_empty and not self.forced:
            words = self.env._("There is nothing to report in it.")
            for row in rows:
                row._settle("ignored", words)
            return
        files, refused = self._fetch_files(draft)
        try:
            with self.env.cr.savepoint():
                report = (
                    self._added_urgently(message, draft, files)
                    or self._supplied(message, draft, files)
                    or self._reported_chat(rows, message, draft, files)
                )
        except SenderLocked as error:
            for row in rows:
                row._settle("ignored", error.args[0][:500])
            return
        report._elevated()._note_intake(self._chat_notes(draft), refused)
        for row in rows:
            row._settle("done", report=report)

    def _put_off_briefly(self):
        self.write(
            {
                "state": self._ready_state,
                "attempts": max(self.attempts - 1, 0),
                "due_at": self.env["civic.door"]._now() + SOON,
            }
        )

    def _citizen_reports(self):
        """Reports as the citizen's technical user writes them, in this company."""
        # sudo: nobody is signed in; the citizen's technical user writes, as for the web
        reports = as_citizen(self.env["civic.report"]).sudo()
        return reports.with_company(self.company_id)

    def _reported_chat(self, rows, message, draft, files):
        """The report that a conversation becomes."""
        text = draft.text[:MAX_DESCRIPTION]
        line = shorten(text.split("\n")[0], MAX_SUBJECT)
        values = {
            "subject": line or self.env._("Message without a text"),
            "description": text or self.env._("(The message has no text.)"),
            "company_id": self.company_id.id,
        }
        if draft.latitude is not None:
            values["latitude"] = draft.latitude
            values["longitude"] = draft.longitude
        found = self._judged(draft)
        if found.level == SURE:
            values["track"] = "emergency"
        driver = self._driver()
        who = {driver._sender_field: driver._sender_id(message.sender)}
        report = self._citizen_reports()._create_submitted(
            values,
            {"name": driver._nobody(), **who},
            files,
            self.env["res.users"],
            f"inbox:{rows.sorted('id')[0].uuid}",
            self.channel,
        )
        self._after_reported(report, found)
        report._flush_as_citizen()
        return report

    def _after_reported(self, report, found):
        """What a report of a conversation that was just made tells of danger.

        :param found: `urgency.Verdict`
        """
        if found.level == SURE:
            report._log_note("danger", ", ".join(found.words))

    def _chat_notes(self, draft):
        """What the Centre must know before it relies on these messages."""
        _ = self.env._
        notes = [*filter(None, [self._driver()._intake_note()])]
        found = self._judged(draft)
        if found.level == SURE:
            notes.append(_("Speaks of an emergency: %s.", ", ".join(found.words)))
        elif found.level == PERHAPS:
            notes.append(_("May be an emergency: %s.", ", ".join(found.words)))
        if draft.unread:
            kinds = ", ".join(sorted(draft.unread))[:100]
            notes.append(_("Not read: %s.", kinds))
        if draft.retracted:
            notes.append(_("The sender has taken a message of it back."))
        if len(draft.text) > MAX_DESCRIPTION:
            notes.append(_("The text was cut at %s characters.", MAX_DESCRIPTION))
        return "\n".join(notes)

    # ------------------------------------------------------------------
    # What belongs to an earlier report
    # ------------------------------------------------------------------

    def _reports_of(self, message, states):
        """The latest reports of this sender in these states, by any channel."""
        column, same = self._driver()._hashes(message.sender)
        reporters = self.env["civic.reporter"].search(
            Domain(column, "in", same) & Domain("company_id", "=", self.company_id.id),
            limit=100,
        )
        return self._citizen_reports().search(
            [("reporter_id", "in", reporters.ids), ("state", "in", states)],
            order="received_at desc, id desc",
            limit=20,
        )

    def _told_lately(self, message):
        """What this sender has reported a moment ago by this channel."""
        since = self.env["civic.door"]._now() - URGENT_WINDOW
        return self._reports_of(message, ("new", "received", "processing")).filtered(
            lambda report: (
                report.received_at >= since and report.channel_id.code == self.channel
            )
        )

    def _urgent_report(self, message):
        """The emergency, or what may be one, of which this sender has told a moment
        ago by this channel."""
        return self._told_lately(message).filtered(self._is_urgent)[:1]

    @api.model
    def _is_urgent(self, report):
        return report.track == "emergency"

    def _added_urgently(self, message, draft, files):
        report = self._urgent_report(message)
        if report:
            report._add_said(draft, files)
        return report

    def _supplied(self, message, draft, files):
        """The report that these messages complete, as its sender was asked to."""
        supply = rows_of("civic.report")["supply"]
        awaiting = self._reports_of(message, tuple(supply.sources))
        named = set(REPORT_CODE.findall(draft.text.upper()))
        report = awaiting.filtered(lambda row: row.name in named) or awaiting
        if not report:
            return report
        text = draft.text[:MAX_DESCRIPTION]
        if not text:
            text = self.env._("See the files.")
        try:
            with self.env.cr.savepoint():
                granted = report[:1]._sender_grant()
                report[:1]._supply_read_as(granted, text, files)
        except UserError:
            return report.browse()  # it was closed a moment ago
        return report[:1]

    # ------------------------------------------------------------------
    # Pictures
    # ------------------------------------------------------------------

    def _fetch_files(self, draft):
        """Files that are accepted, and in words those that are not.

        What its provider cannot give right now is asked for again later, but nobody
        waits for it in an emergency.

        :return: (list as `_civic_read` gives it, words)
        :raises FetchError: to be tried again
        """
        attachments = self.env["ir.attachment"].with_company(self.company_id)
        limits = self.company_id._civic_upload_limits()
        hosts = self.env["civic.gateway"]._media_hosts(self.company_id, self.channel)
        largest = max(limits.picture, limits.recording)
        accepted, refused, ends = [], [], monotonic() + MEDIA_SECONDS
        for index, url in enumerate(draft.media, start=1):
            if len(accepted) == limits.files:
                most = limits.files
                refused.append(self.env._("At most %s files are accepted.", most))
                break
            try:
                data = fetch(url, hosts, largest, max(ends - monotonic(), 1))
                accepted.append(attachments._civic_read_one(data, index))
            except FetchError as error:
                again = error.code == "unreachable" and self.attempts < MEDIA_TRIES
                if again and not self._judged(draft).words:
                    raise
                refused.append(self._fetch_words(error, index))
            except media.MediaError as error:
                refused.append(attachments._civic_media_message(error, index))
        return accepted, "\n".join(refused)

    def _fetch_words(self, error, index):
        """Why a file was not fetched; never its address."""
        _ = self.env._
        if error.code == "too_large":
            return _("File %s is too large: not fetched.", index)
        if error.code == "refused":
            return _("File %s does not lie at its provider: not fetched.", index)
        return _("File %s could not be fetched.", index)
