from datetime import timedelta

from odoo import api, models

from ...identity.reporter import CHAT_IDS

# By which column a reporter is found that holds a sender in one of these fields.
HASHES = {**CHAT_IDS, "phone": "phone_hash"}


class CivicDriverConversation(models.AbstractModel):
    """Chats and SMS: channels by which several messages of one sender become one
    report, see `civic.inbox`.

    A chat has its own `_split` and `_parse`, mostly functions of a module in tools/,
    `_nobody`, and, where its provider lets us answer in the conversation (`_answers`),
    `_say`.
    """

    _name = "civic.driver.conversation"
    _inherit = ["civic.driver"]
    _description = "Channel Driver: Conversation"

    _listens = True
    _reads = True
    _is_free = True
    # Silence after which what was written so far is the report.
    _window = timedelta(minutes=10)
    # The field of the reporter that says who the sender is. `chat_id` holds it for any
    # provider, the channel's code before it; another one holds it as it is.
    _sender_field = "chat_id"

    # ------------------------------------------------------------------
    # Taking in
    # ------------------------------------------------------------------

    @api.model
    def _take_in(self, gateway, raw):
        inbox = self.env["civic.inbox"]
        for message, kept in self._split(raw):
            inbox._store_message(self._code, message, kept, gateway.company_id)

    @api.model
    def _split(self, raw):
        """The events of a body, each with what is kept of it.

        :return: list of (`tools.chat.Message`, bytes that `_parse` reads)
        :raises Malformed: it is not what the provider's documentation says
        """
        raise NotImplementedError

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.model
    def _read(self, row, raw):
        row._read_chat(self._parse(raw))

    @api.model
    def _parse(self, raw):
        """One event that was kept.

        :return: `tools.chat.Message`
        """
        raise NotImplementedError

    @api.model
    def _nobody(self):
        """What a sender is called whose name no provider tells."""
        return self.env._("Somebody on %s", self._label())

    @api.model
    def _intake_note(self):
        """What the Centre must know before it relies on such messages, or ""."""
        return ""

    @api.model
    def _sender_id(self, sender):
        """What a reporter keeps of a sender, as the provider calls whoever wrote."""
        generic = self._sender_field == CivicDriverConversation._sender_field
        return f"{self._code}:{sender}" if generic else sender

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------

    @api.model
    def _knows(self, reporter):
        """Whether a reporter has written by such a channel. Nothing is opened for it.

        :param reporter: civic.reporter, elevated
        """
        return bool(reporter[HASHES[self._sender_field]])

    @api.model
    def _hashes(self, sender):
        """The hashes of a sender: (column of the reporter, list of hashes)."""
        field, vault = self._sender_field, self.env["civic.vault"]
        return HASHES[field], vault._fingerprints(field, self._sender_id(sender))

    @api.model
    def _account(self, reporter):
        """How the provider calls a reporter; "" for nobody of its own.

        :param reporter: civic.reporter, elevated
        """
        known = reporter[self._sender_field] or ""
        prefix = self._sender_id("")
        return known.removeprefix(prefix) if known.startswith(prefix) else ""

    @api.model
    def _say(self, gateway, account, text):
        """Write into the conversation.

        :return: what the provider calls the message, if receipts name it, else nothing
        :raises AskError, Undelivered: with what that means for another try
        """
        raise NotImplementedError
