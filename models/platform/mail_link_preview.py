from odoo import api, models

from ..ground.ours import is_our_model


class MailLinkPreview(models.Model):
    """Links in messages about civic reports are shown as they are: the server fetches
    no address that a citizen has written."""

    _inherit = "mail.link.preview"

    @api.model
    def _create_from_message_and_notify(self, message, request_url=None):
        if is_our_model(self.env.get(message.model)):
            return None
        return super()._create_from_message_and_notify(message, request_url)


class IrQwebFieldImage(models.AbstractModel):
    """The server's own way to read a picture's address; nothing calls it from outside,
    whom it would show what lies behind."""

    _inherit = "ir.qweb.field.image"

    @api.private
    def load_remote_url(self, url):
        return super().load_remote_url(url)

    @api.private
    def load_local_url(self, url):
        return super().load_local_url(url)
