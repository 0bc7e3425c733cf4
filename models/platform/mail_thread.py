from xmlrpc.client import Binary

from odoo import api, models
from odoo.exceptions import AccessError

from ..ground.ours import is_our_model

GATEWAY = "civic_report.group_mail_gateway"


class MailThread(models.AbstractModel):
    """Where mail comes in: that of civic reports is kept before it is read, and comes
    from their gateway alone."""

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
        gateway may hand in what concerns civic reports. Other mail is Odoo's.

        :raises AccessError: for anybody else
        """
        raw = message.data if isinstance(message, Binary) else message
        raw = raw.encode() if isinstance(raw, str) else bytes(raw)
        # sudo: the gateway stores what comes in and reads nothing
        inbox = self.env["civic.inbox"].sudo()
        company = inbox._company_of_mail(raw)
        is_ours = company or is_our_model(self.env.get(model)) or is_our_model(self)
        if is_ours and not (self.env.su or self.env.user.has_group(GATEWAY)):
            raise AccessError(
                self.env._("Only the mail gateway takes mail of civic reports in.")
            )
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
