from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...tools.mail import is_unanswerable, read, read_head, tokens_within
from ...tools.mail.delivery import is_permanent
from ...tools.text import fold, shorten
from ..report.form import MAX_NAME
from ..report.report import MAX_DESCRIPTION, MAX_SUBJECT


class CivicInbox(models.Model):
    """Mail: what a person writes is a report, unless it answers a message of ours.

    The sender's address proves nothing, not even an officer's. What answers us, see
    `_hear`; what a machine writes is put aside, to be taken in by a click.
    """

    _inherit = "civic.inbox"

    # ------------------------------------------------------------------
    # At the gateway
    # ------------------------------------------------------------------

    @api.model
    def _company_of_mail(self, raw):
        """The company to whose address of civic reports a mail was sent, or empty."""
        companies = self.env["res.company"].sudo()
        server_id = self.env.context.get("default_fetchmail_server_id")
        if server_id:
            server = self.env["fetchmail.server"].sudo().browse(server_id)
            if server.civic_company_id:
                return server.civic_company_id
        return companies._civic_mailbox_of(read_head(raw).recipients)

    @api.model
    def _store_mail(self, raw, company):
        """Keep a mail; see `_store`."""
        head = read_head(raw)
        return self._store(
            "email",
            head.message_id or head.content_id,
            raw,
            company,
            content_id=head.content_id,
        )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _read_mail(self, raw):
        mail = read(raw)
        if mail.sender:
            vault = self.env["civic.vault"]
            self.sender = vault._fingerprint("email", mail.sender)
        told = self._told(mail)
        why = not self.forced and self._why_ignored(mail, told)
        if why:
            self._take_delivery(mail, raw)
            self._settle("ignored", why)
        elif told:
            self._hear(mail, told)
        else:
            self._take_in(mail)

    def _told(self, mail):
        """Our message that this mail answers, the one answered first; or empty."""
        messages = self.env["civic.outbox"].search(
            [
                ("external_id", "in", list(mail.tokens)),
                ("company_id", "=", self.company_id.id),
            ],
            limit=10,
        )
        order = mail.tokens.index
        return messages.sorted(lambda row: order(row.external_id))[:1]

    def _take_delivery(self, mail, raw):
        """Write down what a mail server says of our messages.

        Only a failure ends a message: `Action: failed`, or a permanent refusal from a
        server that writes no report and sends our message back.
        """
        if mail.automatic not in ("delivery", "bounce"):
            return
        messages = self.env["civic.outbox"].search(
            [
                ("external_id", "in", tokens_within(raw)),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sent"),
            ],
            limit=10,
        )
        if any(delivery.has_failed for delivery in mail.deliveries) or (
            not mail.deliveries and is_permanent(mail.text)
        ):
            words = self.env._("It came back: the address takes no mail.")
            messages._settle("dead", words)
        elif any(delivery.action == "delayed" for delivery in mail.deliveries):
            messages.write(
                {"error": self.env._("Its mail server is late and tries again.")}
            )

    def _why_ignored(self, mail, told):
        """Why no person is behind a mail, or False."""
        _ = self.env._
        reasons = {
            "auto_submitted": _("An automatic reply."),
            "delivery": _("What a mail server says of a message."),
            "receipt": _("A note that a message was read."),
            "bounce": _("A mail that came back."),
            "own": _("A mail of our own."),
        }
        if mail.automatic:
            return reasons[mail.automatic]
        if mail.sender and mail.sender == self.company_id.civic_email:
            return reasons["own"]
        if (told or self._names_report(mail)) and self._sounds_automatic(mail):
            return _("An automatic reply, by its subject.")
        if self._is_flood():
            return _("Too many from this sender within an hour: perhaps a loop.")
        return False

    def _names_report(self, mail):
        if not mail.codes:
            return False
        same = [("name", "in", mail.codes), ("company_id", "=", self.company_id.id)]
        return bool(self.env["civic.report"].search_count(same, limit=1))

    def _sounds_automatic(self, mail):
        subject = fold(mail.subject)
        forms = map(fold, (self.company_id.civic_auto_subjects or "").split("\n"))
        return any(form and subject.startswith(form) for form in forms)

    def _is_flood(self):
        if not self.sender:
            return False
        most = self.company_id.civic_mail_rate
        lately = [
            ("company_id", "=", self.company_id.id),
            ("sender", "=", self.sender),
            ("received_at", ">", self.received_at - timedelta(hours=1)),
            ("received_at", "<=", self.received_at),
            ("id", "!=", self.id),
        ]
        return self.search_count(lately, limit=most) >= most

    # ------------------------------------------------------------------
    # A new report
    # ------------------------------------------------------------------

    def _reported(self, mail):
        """The report that a mail becomes."""
        company = self.company_id
        files, refused, notes = self._read_files(mail)
        subject = shorten(mail.subject, MAX_SUBJECT)
        address, name, uses_reply_to = self._answerable(mail)
        report = self._citizen_reports()._create_submitted(
            {
                "subject": subject or self.env._("E-mail without a subject"),
                "description": mail.body[:MAX_DESCRIPTION]
                or self.env._("(The e-mail has no text.)"),
                "company_id": company.id,
            },
            {
                "name": shorten(name, MAX_NAME) or self.env._("Sender of an e-mail"),
                "email_from": address,
            },
            files,
            self.env["res.users"],
            f"inbox:{self.uuid}",
            "email",
        )
        notes = [*self._notes(mail, uses_reply_to), *notes]
        report._elevated()._note_intake("\n".join(notes), refused)
        report._flush_as_citizen()
        if mail.silent:
            self._leave_unacknowledged(report)
        return report

    def _answerable(self, mail):
        """To whom answers go, and whether that is by the mail's own wish.

        An address that nobody reads, a list's and an officer's are not the sender's:
        there the one to which the mail asks to be answered is taken for it, as unproved
        as any.

        :return: (address, name, whether it is the one to be answered)
        """
        if not mail.reply_to or mail.reply_to == self.company_id.civic_email:
            return mail.sender, mail.sender_name, False
        if (
            not mail.sender
            or mail.is_list
            or is_unanswerable(mail.sender)
            or self._is_officer(mail.sender)
        ):
            return mail.reply_to, mail.reply_to_name, True
        return mail.sender, mail.sender_name, False

    def _is_officer(self, address):
        """Whether an address is an agency's or an officer's."""
        same = Domain("email", "=ilike", escape_psql(address))
        officers = Domain("share", "=", False) & (same | Domain("login", "=", address))
        agencies = same & Domain("company_id", "=", self.company_id.id)
        return bool(
            self.env["civic.agency"].search_count(agencies, limit=1)
            or self.env["res.users"].search_count(officers, limit=1)
        )

    def _leave_unacknowledged(self, report):
        """Say nothing by itself to whoever wishes no machine's answer: an operator can
        have the acknowledgement sent."""
        acknowledgement = self.env["civic.outbox"].search(
            [
                ("report_id", "=", report.id),
                ("audience", "=", "reporter"),
                ("notice_id.event", "=", "send"),
                ("state", "=", "waiting"),
            ]
        )
        words = self.env._("Its sender's mail asks machines not to answer.")
        acknowledgement._settle("dropped", words)

    def _notes(self, mail, uses_reply_to):
        """What the Centre must know before it relies on this mail, line by line."""
        _ = self.env._
        notes = [
            _("Came by e-mail: nobody has proved to be its sender."),
            *self._problem_notes(mail),
            *self._reply_notes(mail, uses_reply_to),
        ]
        if mail.silent:
            notes.append(
                _(
                    "It asks machines not to answer: no acknowledgement was sent. "
                    "Send it from the outgoing messages, or call."
                )
            )
        if mail.body != mail.text:
            notes.append(_("A signature was left out: the message as it came has it."))
        if len(mail.body) > MAX_DESCRIPTION:
            notes.append(_("The text was cut at %s characters.", MAX_DESCRIPTION))
        if mail.codes:
            notes.append(
                _(
                    "It names %s but does not prove to come from who sent that: "
                    "compare them.",
                    ", ".join(mail.codes[:5]),
                )
            )
        return notes

    def _reply_notes(self, mail, uses_reply_to):
        """Where answers to it go, if it is not where it came from."""
        _ = self.env._
        if uses_reply_to:
            yield _(
                "Sent by an address that is not the sender's own (a form's, a list's, "
                "an officer's): answers go where it asks for them."
            )
        elif not mail.sender:
            yield _("It has no sender's address: no answer can be sent.")
        elif mail.reply_to:
            yield _(
                "It asks to be answered at another address than its sender's: open the "
                "message to see it."
            )
        elif is_unanswerable(mail.sender):
            yield _("Nobody reads its sender's address: ask in another way.")

    def _problem_notes(self, mail):
        """What could not be read, line by line."""
        _ = self.env._
        problems = {
            "broken": _("The e-mail is damaged: perhaps not all of it could be read."),
            "charset": _("Its letters are not what it says: check the text."),
            "elsewhere": _(
                "It shows pictures that lie elsewhere: they were not fetched."
            ),
            "encrypted": _("It is encrypted: ask the sender to send it in clear."),
            "long": _("It is very long: not all of it was read."),
            "nested": _("It holds too many e-mails inside one another: not all read."),
            "parts": _("It has too many parts: not all of them were read."),
            "signed": _("It bears an electronic signature, which was not checked."),
            "winmail": _(
                "Outlook packed texts and pictures into winmail.dat, which could not "
                "be read: ask the sender to send it as HTML or plain text."
            ),
        }
        return [problems[problem] for problem in sorted(mail.problems)]
