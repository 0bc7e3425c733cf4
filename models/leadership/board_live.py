from odoo import api, models
from odoo.http import request

from odoo.addons.bus.websocket import wsrequest

# The name of the channel beside the company, and of what is said on it.
CHANNEL = "civic_board"
CHANGED = "civic_report.board"


class CivicBoard(models.AbstractModel):
    """Screens hear that something has changed, nothing of what: they ask themselves,
    with the rights of whoever looks."""

    _inherit = "civic.board"

    @api.model
    def _tell_changed(self, companies):
        """Tell the screens of these provinces, in one message each."""
        for company in companies:
            self.env["bus.bus"]._sendone((company, CHANNEL), CHANGED, {})

    @api.model
    def _may_hear(self):
        """Whether the current user has any of the screens."""
        return any(self._may_see(kind) for kind in ("wall", "unit"))


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Who has a screen hears of it, each of the own provinces; the channel's name
        cannot be asked for by others."""
        channels = super()._build_bus_channel_list(channels)
        session = (request or wsrequest).session
        if session.uid and self.env["civic.board"]._may_hear():
            # sudo: ids alone
            channels.extend(
                (company, CHANNEL) for company in self.env.user.sudo().company_ids
            )
        return channels
