import time

from odoo import api, models, tools
from odoo.tools import SQL

from ....tools import sms_in
from ....tools.ask import AskError


class Undelivered(Exception):
    """Why a message was not delivered.

    :param kind: server (nobody can be told now), temporary (not now), unsure (maybe it
        was), refused (never), nobody (there is no address)
    :param words: for operators; never an address or a name
    """

    def __init__(self, kind, words):
        super().__init__(words)
        self.kind = kind
        self.words = words


class CivicDriver(models.AbstractModel):
    """All that is particular to one channel: how its provider is asked, how what comes
    in by it is checked and read, how a message goes out by it, and its limits.

    Each channel is one model that inherits this one, in a file of its own. What takes
    in, reads, tells and shows the state of things does not ask which channel it has
    before it: it takes the driver (:meth:`_of`) and asks that. To add a channel,
    inherit this model, or `civic.driver.conversation` for a chat, in a new file of this
    folder or in an add-on of your own; give it a `_code`, set what it can do, and write
    the methods that its abilities name below. Gateways, queues, the inbox, notices and
    their lists take it up by themselves.

    What a driver does not bring of itself, since it is data or a column:

    - reports arrive by it: its row of `civic.channel`;
    - notices are written for it (`_has_notices`): their texts. A chat in which only
      whoever wrote is answered says the words of the SMS, and needs none;
    - duties are told by it: a column `by_` and its code of `civic.duty.way`, which
      that model finds by the name, in its list;
    - people choose it: an option of `civic.reporter.tell_by` and what its own page
      offers; a preference of officers, named by `_officer_wish`.

    Who somebody is in a chat stands in `civic.reporter.chat_id`, whatever the chat.
    Zalo and Facebook are older than that and have columns of their own.

    The parts, and what calls them:

    - settings: `_providers`, `_asks`, `_test`: the gateway's form and its button;
    - taking in (`_listens`): `_is_signed`, `_take_in`, `_challenge`: the webhook;
    - reading (`_reads`): `_read`, `_as_text`: the inbox, later, by its worker;
    - sending (`_tells`): `_goes_by`, `_deliver`: the outbox, by its worker, and
      `_has_lost`, `_is_moot`, `_after_put_off`, `_before_giving_up` where a channel has
      more to say;
    - receipts: `_arrived`, or what `_take_in` hears.

    A driver keeps nothing: gateways (`civic.gateway`, elevated) and rows of the queues
    are handed to it.
    """

    _name = "civic.driver"
    _description = "Channel Driver"

    # By what gateways, notices, messages and `civic.channel` name this channel.
    _code = None
    # Its place in lists.
    _sequence = 90

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------

    @api.model
    def _of(self, code):
        """The driver of a channel; of one that nobody drives, one that can do nothing.

        :param code: such as "zalo"
        """
        return self.env[self.env["civic.driver"]._names().get(code, "civic.driver")]

    @api.model
    def _able(self, ability):
        """The drivers that can do something, in their order.

        :param ability: name of an attribute, such as "_reads"
        """
        drivers = [
            self.env[name] for name in self.env["civic.driver"]._names().values()
        ]
        return [driver for driver in drivers if getattr(driver, ability)]

    @api.model
    def _choices(self, ability):
        """The same as a selection: list of (code, label)."""
        return [(driver._code, driver._label()) for driver in self._able(ability)]

    @api.model
    @tools.ormcache()
    def _names(self):
        """dict of code → name of the model, in the order of lists"""
        names = self.pool.descendants(["civic.driver"], "_inherit")
        drivers = [self.env[name] for name in names if self.env[name]._code]
        drivers.sort(key=lambda driver: (driver._sequence, driver._code))
        return {driver._code: driver._name for driver in drivers}

    @api.model
    def _label(self):
        """What people call the channel."""
        return self._code

    # ------------------------------------------------------------------
    # Settings: the account with a provider
    # ------------------------------------------------------------------

    # Provider → where it is asked; the usual one first. None: no gateway is needed.
    _providers = {}
    # What a gateway asks its administrator for besides address and webhook secret.
    _asks = ()
    # Where the provider keeps pictures and recordings, see `tools.fetch`.
    _media_hosts = ""

    @api.model
    def _gateway_label(self):
        return self._label()

    @api.model
    def _queue_label(self):
        """How the state of the queues calls the provider."""
        return self._gateway_label()

    @api.model
    def _provider_choices(self):
        """list of (provider, label)"""
        return [(provider, self._gateway_label()) for provider in self._providers]

    @api.model
    def _needs(self, gateway):
        """Names of the fields that the form of a gateway shows."""
        return ["url", "webhook_url", "webhook_secret", *self._asks]

    @api.model
    def _gateway(self, row):
        """By whose account an outgoing message goes; empty where none is needed.

        :param row: civic.outbox
        """
        return self.env["civic.gateway"]._of(row.company_id, self._code)

    @api.model
    def _gateway_needed(self, row):
        """:raises Undelivered: the gateway was archived after this was queued"""
        gateway = self._gateway(row)
        if not gateway:
            raise Undelivered("refused", self.env._("There is no gateway for it."))
        return gateway

    @api.model
    def _is_set_up(self, company):
        """Whether a company can use this channel at all."""
        gateways = self.env["civic.gateway"]
        return not self._providers or bool(gateways._of(company, self._code))

    @api.model
    def _test(self, gateway):
        """Ask the provider who we are.

        :return: words for the administrator
        :raises AskError, UserError: it does not work
        """
        raise NotImplementedError

    # ------------------------------------------------------------------
    # Taking in: what the provider posts to the gateway's address
    # ------------------------------------------------------------------

    _listens = False

    @api.model
    def _is_signed(self, gateway, raw, headers):
        """Whether the provider has sent this, and not long ago.

        :param raw: bytes of the body
        :param headers: mapping of the request's headers
        :raises Malformed, VaultError: see `civic.gateway._take_in`
        """
        secret = gateway._secret("webhook_secret")
        header = headers.get(sms_in.HEADER, "")
        return sms_in.is_signed(secret, raw, header, time.time())

    @api.model
    def _take_in(self, gateway, raw):
        """Keep what is signed, before anything looks into it: see `civic.inbox._store`.

        :raises Malformed, VaultError: see `civic.gateway._take_in`
        """
        raise NotImplementedError

    @api.model
    def _challenge(self, gateway, query):
        """What a provider is answered that asks whether the address is ours, or ""."""
        return ""

    # ------------------------------------------------------------------
    # Reading: what was kept
    # ------------------------------------------------------------------

    _reads = False
    # People write there as they like: name and number stand among their words.
    _is_free = False

    @api.model
    def _read(self, row, raw):
        """Make of a message what it is, and settle its row.

        :param row: civic.inbox
        :param raw: bytes, as they came
        """
        raise NotImplementedError

    @api.model
    def _as_text(self, raw, most):
        """A message as it came, for an operator who must see it.

        :param most: letters, about
        """
        return raw[:most].decode("utf-8", "replace")

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    _tells = False
    # Notices are written for it.
    _has_notices = False
    # Others see what goes there: on a locked screen, at a provider, in somebody else's
    # hand. No words of a citizen, no name, no result go into it.
    _is_short = True
    _has_subject = False
    # Whoever wrote in such a chat is answered there, see `civic.driver.conversation`.
    _answers = False
    # Among the ways to a citizen: where the citizen writes, then what costs nothing.
    _place = 9
    # The reporter's hash of the address, and whether no message goes without a number.
    _contact = "phone_hash"
    _needs_number = True
    # The field of officers who wish to be told by it, at their own number; None: nobody
    # is asked.
    _officer_wish = None
    # Acknowledgements that one message lists at most; 0: each is told by itself.
    _most_listed = 0

    @api.model
    def _goes_by(self, company, notice_id):
        """Whether a company can tell somebody this by this channel."""
        return self._is_set_up(company)

    @api.model
    def _reaches(self, reporter):
        """Whether a citizen has an address there.

        :param reporter: civic.reporter, elevated
        """
        return bool(reporter[self._contact])

    @api.model
    def _reaches_agency(self, agency, urgent):
        """Whether an agency is told by this channel."""
        return False

    @api.model
    def _officer_sql(self, names):
        """SQL of whether an officer is told by this channel; None: always.

        :param names: dict of SQL, see `civic.outbox._officer_sql`
        """
        if not self._officer_wish:
            return None
        wished = self.env["res.users"]._fields[self._officer_wish]
        return SQL(
            "(%s OR row.priority = %s) AND %s IS NOT NULL",
            SQL.identifier("officer", wished.name, to_flush=wished),
            names["emergency"],
            names["number"],
        )

    @api.model
    def _deliver(self, row, connections):
        """Send a message.

        :param row: civic.outbox, in the language of its company
        :param connections: what the rows of one pass share
        :return: moment until when to wait for the provider's word; else it is sent
        :raises Undelivered: with what that means for another try
        """
        raise NotImplementedError

    @api.model
    def _asked(self, gateway, function, *arguments, **options):
        """The answer of a provider to what a message needs.

        :raises Undelivered: with what its failure means for another try
        """
        try:
            return function(*arguments, **options)
        except AskError as error:
            raise Undelivered(error.kind, gateway._words_of(error)) from None

    @api.model
    def _has_lost(self, row):
        """What becomes of a message whose worker died over it.

        :return: whether the channel has seen to it; else it is tried again
        """
        return False

    @api.model
    def _is_moot(self, row):
        """Whether there is no need for it any more."""
        return False

    @api.model
    def _after_put_off(self, row, failure):
        """A message waits for another try."""

    @api.model
    def _before_giving_up(self, row):
        """A message surely did not arrive by this channel."""

    @api.model
    def _arrived(self, values):
        """What the provider says at a message's own address, see
        `civic.outbox._receipt_url`.

        :param values: dict of its parameters
        :return: whether it arrived; None when that is not said
        """
        return None


class CivicChannel(models.Model):
    _inherit = "civic.channel"

    @api.model
    def _free_codes(self):
        drivers = self.env["civic.driver"]._able("_is_free")
        return [*super()._free_codes(), *(driver._code for driver in drivers)]
