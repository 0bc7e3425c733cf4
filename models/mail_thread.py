from xmlrpc.client import Binary

from odoo import api, models
from odoo.exceptions import AccessError

GATEWAY = "civic_report.group_mail_gateway"


class MailThread(models.AbstractModel):
    """Where mail comes in: kept before it is read, and from the gateway alone."""

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Take a mail in; see Odoo. Mail about civic reports goes to their inbox.

        Odoo trusts whoever calls this with author and record of their choice: only the
        gateway may.

        :raises AccessError: for anybody else
        """
        if not (self.env.su or self.env.user.has_group(GATEWAY)):
            raise AccessError(self.env._("Only the mail gateway takes mail in."))
        raw = message.data if isinstance(message, Binary) else message
        raw = raw.encode() if isinstance(raw, str) else bytes(raw)
        # sudo: the gateway stores what comes in and reads nothing
        inbox = self.env["civic.inbox"].sudo()
        company = inbox._company_of_mail(raw)
        if company:
            with self.env["fetchmail.server"]._keep_unless_stored():
                inbox._store_mail(raw, company)
            return False
        return super().message_process(
            model,
            message,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )
