import smtplib
from email.policy import SMTP
from email.utils import formataddr

from markupsafe import Markup, escape

from odoo import models

from ..tools.mail import OWN
from ..tools.text import clean
from .civic_outbox_delivery import Undelivered

SEVEN_BITS = SMTP.clone(cte_type="7bit")
PARAGRAPH = Markup('<p style="margin: 0 0 12px">{}</p>')
LINK = Markup('<a href="{0}">{0}</a>')
PAGE = Markup(
    '<div style="max-width: 640px; font: 15px/1.5 sans-serif; color: #212529">'
    '<p style="margin: 0 0 20px; font-weight: bold">{province}</p>{text}'
    '<p style="margin: 20px 0 0">{close}</p></div>'
)


class CivicOutbox(models.Model):
    """Delivery by e-mail, straight to the mail server: no copy stays in a table."""

    _inherit = "civic.outbox"

    def _deliver_email(self, connections):
        """Send this row as an e-mail.

        :raises Undelivered: with what that means for another try
        """
        sender = self._sender_email()
        address = self._recipient_email()
        message = self._build_email(sender, address)
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

    def _sender_email(self):
        company = self.company_id
        sender = company.civic_email or company.default_from_email or company.email
        if not sender:
            raise Undelivered(
                "server", self.env._("The company has no e-mail address to send from.")
            )
        return sender

    def _build_email(self, sender, address):
        subject, text = self._words()
        company = self.company_id
        lang = self._recipient_lang()
        close = self.with_context(lang=lang).env._("Yours faithfully,")
        closed = f"{text}\n\n{close}\n{company.name}"
        return self.env["ir.mail_server"]._build_email__(
            formataddr((company.name, sender)),
            [address],
            clean(subject, multiline=False),
            self._page(text, close),
            subtype="html",
            body_alternative=closed,
            message_id=self._message_id(sender),
            headers={
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )

    def _message_id(self, sender):
        return f"<{self.external_id}.{OWN}@{sender.rpartition('@')[2]}>"

    def _page(self, text, close):
        """The text as HTML: whatever is in it is shown as it is written."""
        links = self._links()
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
            province=self.company_id.name,
            text=Markup("").join(paragraphs),
            close=Markup("{}<br/>{}").format(close, self.company_id.name),
        )

    def _links(self):
        """Addresses that can be clicked where a line of the text is one."""
        return {self._link()}

    # ------------------------------------------------------------------
    # The mail server
    # ------------------------------------------------------------------

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

    def _forget_connection(self, connections, connection):
        """Begin anew after a failure: the connection may be in the middle of a mail."""
        connection.close()
        for sender, kept in list(connections.open.items()):
            if kept is connection:
                del connections.open[sender]

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
