from odoo import api, models


class MailLinkPreview(models.Model):
    """Links in messages are shown as they are: the server fetches no address that
    somebody has written."""

    _inherit = "mail.link.preview"

    @api.model
    def _is_link_preview_enabled(self):
        return False

    @api.model
    def _search_or_create_from_url(self, url):
        return self.browse()


class IrQwebFieldImage(models.AbstractModel):
    _inherit = "ir.qweb.field.image"

    @api.private
    def load_remote_url(self, url):
        """Not for callers from outside, whom it would show what lies behind."""
        return super().load_remote_url(url)

    @api.private
    def load_local_url(self, url):
        """Not for callers from outside either."""
        return super().load_local_url(url)
