import smtplib
from email.policy import SMTP
from email.utils import formataddr

from markupsafe import Markup, escape

from odoo import api, models

from ....tools.mail import OWN, read
from ....tools.text import clean
from .driver import Undelivered

SEVEN_BITS = SMTP.clone(cte_type="7bit")
PARAGRAPH = Markup('<p style="margin: 0 0 12px">{}</p>')
LINK = Markup('<a href="{0}">{0}</a>')
PAGE = Markup(
    '<div style="max-width: 640px; font: 15px/1.5 sans-serif; color: #212529">'
    '<p style="margin: 0 0 20px; font-weight: bold">{province}</p>{text}'
    '<p style="margin: 20px 0 0">{close}</p></div>'
)


class CivicDriverEmail(models.AbstractModel):
    """E-mail: mails to a company's address are read, see `civic.inbox`; ours go
    straight to the mail server: no copy stays in a table."""

    _name = "civic.driver.email"
    _inherit = ["civic.driver"]
    _description = "Channel Driver: E-mail"

    _code = "email"
    _sequence = 10
    _reads = True
    _is_free = True
    _tells = True
    _has_notices = True
    _has_subject = True
    _is_short = False
    _place = 1
    _contact = "email_hash"
    _needs_number = False
    _most_listed = 100

    @api.model
    def _label(self):
        return self.env._("E-mail")

    # ------------------------------------------------------------------
    # Mails that come in
    # ------------------------------------------------------------------

    @api.model
    def _read(self, row, raw):
        row._read_mail(raw)

    @api.model
    def _as_text(self, raw, most):
        """A mail as people read it, all of it, above its source."""
        _ = self.env._
        mail = read(raw)
        sender = f"{mail.sender_name} <{mail.sender}>"
        answers = f"{mail.reply_to_name} <{mail.reply_to}>"
        lines = [
            _("From: %s", sender),
            _("Answers to: %s", answers) if mail.reply_to else None,
            _("Subject: %s", mail.subject),
            "",
            mail.text[:most],
            "",
            *(
                _("File: %(name)s, %(size)s bytes", name=name or "–", size=len(data))
                for name, data, _inline in mail.files
            ),
            "―" * 20,
        ]
        text = "\n".join(line for line in lines if line is not None)
        return f"{text}\n\n{super()._as_text(raw, most)}"

    # ------------------------------------------------------------------
    # Mails that go out
    # ------------------------------------------------------------------

    @api.model
    def _reaches_agency(self, agency, urgent):
        return bool(agency.email)

    @api.model
    def _deliver(self, row, connections):
        """Send a message as an e-mail."""
        sender = self._sender(row)
        message = self._build(row, sender, row._recipient_email())
        connection = self._connection(connections, sender)
        # In tests and while the registry loads, Odoo connects to nothing.
        if connection is None:
            return
        servers = self.env["ir.mail_server"]
        envelope, recipients, message = servers._prepare_email_message__(
            message, connection
        )
        try:
            self._hand_over(connection, envelope, recipients, message)
        except Undelivered:
            self._forget_connection(connections, connection)
            raise

    @api.model
    def _sender(self, row):
        """The address from which it is sent.

        :raises Undelivered: the company has none
        """
        company = row.company_id
        sender = company.civic_email or company.default_from_email or company.email
        if not sender:
            raise Undelivered(
                "server", self.env._("The company has no e-mail address to send from.")
            )
        return sender

    @api.model
    def _build(self, row, sender, address):
        """The mail.

        :return: email.message.EmailMessage
        """
        subject, text = row._words()
        company = row.company_id
        lang = row._recipient_lang()
        close = self.with_context(lang=lang).env._("Yours faithfully,")
        closed = f"{text}\n\n{close}\n{company.name}"
        return self.env["ir.mail_server"]._build_email__(
            formataddr((company.name, sender)),
            [address],
            clean(subject, multiline=False),
            self._page(row, text, close),
            subtype="html",
            body_alternative=closed,
            message_id=f"<{row.external_id}.{OWN}@{sender.rpartition('@')[2]}>",
            headers={
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )

    @api.model
    def _page(self, row, text, close):
        """The text as HTML: whatever is in it is shown as it is written."""
        links = row._links()
        paragraphs = [
            PARAGRAPH.format(
                Markup("<br/>").join(
                    LINK.format(line) if line in links else escape(line)
                    for line in paragraph.split("\n")
                )
            )
            for paragraph in text.split("\n\n")
        ]
        return PAGE.format(
            province=row.company_id.name,
            text=Markup("").join(paragraphs),
            close=Markup("{}<br/>{}").format(close, row.company_id.name),
        )

    # ------------------------------------------------------------------
    # The mail server
    # ------------------------------------------------------------------

    @api.model
    def _connection(self, connections, sender):
        """The open connection for this sender.

        :raises Undelivered: when the server cannot be reached
        """
        if sender not in connections.open:
            servers = self.env["ir.mail_server"]
            try:
                connections.open[sender] = servers._connect__(smtp_from=sender)
            except Exception as error:  # it wraps whatever its settings make fail
                raise Undelivered(
                    "server",
                    self.env._(
                        "The mail server cannot be reached (%s).", type(error).__name__
                    ),
                )
        return connections.open[sender]

    @api.model
    def _forget_connection(self, connections, connection):
        """Begin anew after a failure: the connection may be in the middle of a mail."""
        connection.close()
        for sender, kept in list(connections.open.items()):
            if kept is connection:
                del connections.open[sender]

    @api.model
    def _hand_over(self, smtp, envelope, recipients, message):
        """Speak with the server, so that each of its answers is understood.

        Nothing of what it says is kept but its number: it may repeat the address.

        :raises Undelivered: with what the answer means
        """
        data = message.as_bytes(policy=SEVEN_BITS)
        try:
            self._check_answer(smtp.mail(envelope)[0], sender=True)
            for recipient in recipients:
                self._check_answer(smtp.rcpt(recipient)[0])
        except (smtplib.SMTPException, OSError):
            raise Undelivered("server", self.env._("The mail server hung up."))
        try:
            self._check_answer(smtp.data(data)[0])
        except smtplib.SMTPDataError as error:
            self._check_answer(error.smtp_code)
        except (smtplib.SMTPException, OSError):
            raise Undelivered(
                "unsure",
                self.env._(
                    "The mail server fell silent; the message may have arrived."
                ),
            )

    @api.model
    def _check_answer(self, code, sender=False):
        if 200 <= code < 300:
            return
        if sender or code == 421:
            raise Undelivered(
                "server",
                self.env._("The mail server takes nothing from us (%s).", code),
            )
        if 500 <= code < 600:
            raise Undelivered(
                "refused", self.env._("The mail server refused it (%s).", code)
            )
        raise Undelivered(
            "temporary", self.env._("The mail server puts it off (%s).", code)
        )
