from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import consteq

from ..tools import media
from ..tools.mail import read, read_head, tokens_within
from ..tools.text import clean, shorten
from .civic_report import MAX_DESCRIPTION, MAX_SUBJECT
from .civic_report_submission import MAX_NAME


class CivicInbox(models.Model):
    """Mail: to intake as a report, or as the supplement that was asked for.

    The sender's address proves nothing, not even an officer's: whoever answers a
    request for a supplement must name our message, which only its recipient knows.
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

    def _read_email(self, raw):
        mail = read(raw)
        if mail.sender:
            vault = self.env["civic.vault"]
            self.sender = vault._fingerprint("email", mail.sender)
        why = not self.forced and self._why_ignored(mail)
        if why:
            if mail.automatic == "bounce":
                self._came_back(raw)
            self._settle("ignored", why)
            return
        report = self._supplemented(mail) or self._reported(mail)
        self._settle("done", report=report)

    def _came_back(self, raw):
        """Put our messages that a mail brings back among those that were given up."""
        messages = self.env["civic.outbox"].search(
            [
                ("external_id", "in", tokens_within(raw)),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sent"),
            ],
            limit=10,
        )
        messages._settle("dead", self.env._("It came back: the address takes no mail."))

    def _why_ignored(self, mail):
        """Why no person is behind a mail, or False."""
        _ = self.env._
        reasons = {
            "auto_submitted": _("An automatic reply."),
            "precedence": _("A mail to many, or an automatic reply."),
            "suppressed": _("It wants no answer: a machine's mail."),
            "bounce": _("A mail that came back."),
            "own": _("A mail of our own."),
        }
        if mail.automatic:
            return reasons[mail.automatic]
        if mail.sender and mail.sender == self.company_id.civic_email:
            return reasons["own"]
        if self._is_flood():
            return _("Too many from this sender within an hour: perhaps a loop.")
        return False

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
    # A supplement that was asked for
    # ------------------------------------------------------------------

    def _supplemented(self, mail):
        """The report that this mail completes, or empty."""
        report = self._awaiting(mail)
        if not report:
            return report
        files, refused = self._read_files(mail)
        text = _without_quotes(mail.text)[:MAX_DESCRIPTION]
        if files and not text:
            text = self.env._("See the files.")
        try:
            with self.env.cr.savepoint():
                report._supply_read_as(report._sender_grant(), text, files)
        except UserError:
            # It was closed a moment ago, or there is nothing in it.
            return report.browse()
        report._elevated()._note_intake(refused_files=refused)
        return report

    def _awaiting(self, mail):
        """The report of one of our messages that this mail answers, if it awaits a
        supplement from this address; empty else."""
        messages = self.env["civic.outbox"].search(
            [
                ("external_id", "in", list(mail.tokens)),
                ("audience", "=", "reporter"),
                ("company_id", "=", self.company_id.id),
            ],
            limit=10,
        )
        return messages.report_id.filtered(
            lambda report: (
                report.state == "supplementing"
                and mail.sender
                and consteq(report.reporter_id.email_from or "", mail.sender)
            )
        )[:1]

    # ------------------------------------------------------------------
    # A new report
    # ------------------------------------------------------------------

    def _reported(self, mail):
        """The report that a mail becomes."""
        company = self.company_id
        # sudo: nobody is signed in; the citizen's technical user writes, as for the web
        reports = (
            self.env["civic.report"]
            .with_user(self.env.ref("civic_report.user_citizen"))
            .sudo()
            .with_company(company)
        )
        files, refused = self._read_files(mail)
        subject = shorten(mail.subject, MAX_SUBJECT)
        report = reports._create_submitted(
            {
                "subject": subject or self.env._("E-mail without a subject"),
                "description": mail.text[:MAX_DESCRIPTION]
                or self.env._("(The e-mail has no text.)"),
                "company_id": company.id,
            },
            {
                "name": shorten(mail.sender_name, MAX_NAME)
                or self.env._("Sender of an e-mail"),
                "email_from": mail.sender,
            },
            files,
            self.env["res.users"],
            f"inbox:{self.uuid}",
            "email",
        )
        report._elevated()._note_intake(self._notes(mail), refused)
        report._flush_as_citizen()
        return report

    def _notes(self, mail):
        """What the Centre must know before it relies on this mail."""
        _ = self.env._
        notes = [_("Came by e-mail: nobody has proved to be its sender.")]
        problems = {
            "broken": _("The e-mail is damaged: perhaps not all of it could be read."),
            "charset": _("Its letters are not what it says: check the text."),
            "nested": _("It holds too many e-mails inside one another: not all read."),
            "parts": _("It has too many parts: not all of them were read."),
        }
        notes += [problems[problem] for problem in sorted(mail.problems)]
        if not mail.sender:
            notes.append(_("It has no sender's address: no answer can be sent."))
        if len(mail.text) > MAX_DESCRIPTION:
            notes.append(_("The text was cut at %s characters.", MAX_DESCRIPTION))
        if mail.codes:
            notes.append(
                _(
                    "It names %s but does not prove to come from who sent that: "
                    "compare them.",
                    ", ".join(mail.codes[:5]),
                )
            )
        return "\n".join(notes)

    def _read_files(self, mail):
        """Files that are accepted, and in words those that are not.

        :return: (list as `_civic_read` gives it, words)
        """
        attachments = self.env["ir.attachment"]
        most = self.env.company._civic_upload_limits().files
        accepted, refused = [], []
        for index, (_name, data) in enumerate(mail.files, start=1):
            if len(accepted) == most:
                refused.append(self.env._("At most %s files are accepted.", most))
                break
            try:
                accepted.append(attachments._civic_read_one(data, index))
            except media.MediaError as error:
                refused.append(attachments._civic_media_message(error, index))
        return accepted, "\n".join(refused)


def _without_quotes(text):
    """What somebody answers, without our own words repeated below."""
    return clean("\n".join(row for row in text.split("\n") if not row.startswith(">")))
