from odoo import models
from odoo.exceptions import AccessError, MissingError, UserError

from ..tools.mail import read

# More of a message is files, which the report shows.
MAX_SHOWN = 200_000


class CivicInbox(models.Model):
    """The message itself, for operators who have to see what could not be read."""

    _inherit = "civic.inbox"

    def show_raw(self, reason, words=None):
        """Open a message as it came, and keep on record who did and why.

        :param reason, words: why it is needed, see `civic.reporter.show`
        :return: its text; files in it are left out beyond a bound
        :raises MissingError: for rows that are not the operator's to see
        :raises AccessError: for all but operators
        :raises UserError: without a reason; when it was let go of; without the key
        """
        self._check_show_raw()
        given = self.env["civic.access"]._read_reason(reason, words)
        row = self.sudo()  # sudo: what came in is sealed; who asks has been checked
        report = row.report_id
        self.env["civic.access"]._log(
            report.reporter_id,
            "raw",
            report=report,
            inbox_id=row.id,
            company_id=row.company_id.id,
            **given,
        )
        return row._raw_text()

    def _check_show_raw(self):
        if not self.env.user.has_group("civic_report.group_operator"):
            raise AccessError(self.env._("This is for intake operators only."))
        self.ensure_one()
        if self.exists()._filtered_access("read") != self:
            raise MissingError(self.env._("Not found: there is no such row."))
        if not self.size:
            raise UserError(self.env._("It was read long ago and is no longer kept."))

    def _raw_text(self):
        raw = self._open_raw()
        plain = raw[:MAX_SHOWN].decode("utf-8", "replace")
        if self.channel == "email":
            return f"{self._mail_text(raw)}\n\n{plain}"
        return plain

    def _mail_text(self, raw):
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
            mail.text[:MAX_SHOWN],
            "",
            *(
                _("File: %(name)s, %(size)s bytes", name=name or "–", size=len(data))
                for name, data, _inline in mail.files
            ),
            "―" * 20,
        ]
        return "\n".join(line for line in lines if line is not None)
