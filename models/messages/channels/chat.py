from odoo import api, models

from .driver import Undelivered


class CivicDriverChat(models.AbstractModel):
    """Answers in the conversation in which a report was sent, whichever it is: the
    providers allow them for some time after the sender's last message. Later they
    refuse, and the next way is tried. The words are those of the SMS."""

    _name = "civic.driver.chat"
    _inherit = ["civic.driver"]
    _description = "Channel Driver: Answers in a Chat"

    _code = "chat"
    _sequence = 80
    _tells = True
    _place = 0
    _needs_number = False

    @api.model
    def _label(self):
        return self.env._("Reply in the chat")

    @api.model
    def _driver_of(self, report):
        """The driver of the channel by which a report came."""
        return self.env["civic.driver"]._of(report.channel_id.code)

    @api.model
    def _gateway(self, row):
        provider = row.report_id.channel_id.code
        return self.env["civic.gateway"]._of(row.company_id, provider)

    @api.model
    def _answers_report(self, report):
        """Whether a report came by a chat in which its sender can be answered."""
        gateways = self.env["civic.gateway"]
        codes = {driver._code for driver in self._able("_answers")}
        if not codes & {kind for _company, kind in gateways._active_ids()}:
            return False
        # sudo: whoever acts on a report need not know how its sender is reached
        report = report.sudo()
        provider = report.channel_id.code
        if provider not in codes or not self._driver_of(report)._knows(
            report.reporter_id
        ):
            return False
        return bool(gateways._of(report.company_id, provider))

    @api.model
    def _deliver(self, row, connections):
        """Send a message in the conversation."""
        gateway, driver = self._gateway_needed(row), self._driver_of(row.report_id)
        account = driver._account(row._recipient())
        if not account:
            raise Undelivered("nobody", self.env._("The sender has left the chat."))
        text = self.env["civic.driver.sms"]._text(row)
        ref = self._asked(gateway, driver._say, gateway, account, text)
        if ref:
            row.provider_ref = ref


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    @api.model
    def _prepare_about(self, notice, report, assignment, event):
        """Who wrote in a chat is answered there, in the words of the SMS."""
        rows = super()._prepare_about(notice, report, assignment, event)
        notice_id, audience, channel, expiry_hours = notice
        if audience != "reporter" or channel != "sms":
            return rows
        if self.env["civic.driver.chat"]._answers_report(report):
            chat = (notice_id, audience, "chat", expiry_hours)
            rows += super()._prepare_about(chat, report, assignment, event)
        return rows
