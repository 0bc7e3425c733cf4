import logging
import time
from hashlib import sha256

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import api, models
from odoo.exceptions import UserError

from ...tools import pbx

_logger = logging.getLogger(__name__)

MOST_TURNS = 3


class CivicInbox(models.Model):
    """What came in and somebody waits for."""

    _inherit = "civic.inbox"

    @api.model
    def _read_at_once(self, channel, external_id, company):
        """Read what was just stored: somebody waits for it.

        Whatever keeps it from being read now, the worker reads it.
        """
        name = sha256(external_id.encode("utf-8", "replace")).hexdigest()
        for _turn in range(MOST_TURNS):
            try:
                with self.env.registry.cursor() as cr:
                    inbox = self.with_env(self.env(cr=cr))
                    row = inbox.search(
                        [
                            ("company_id", "=", company.id),
                            ("channel", "=", channel),
                            ("external_id", "=", name),
                            ("state", "=", self._ready_state),
                        ],
                        limit=1,
                    )
                    if row.try_lock_for_update():
                        row._speaking()._handle(None, False)
                return
            except (SerializationFailure, UniqueViolation):
                continue  # it rings at several telephones at once: look again
            except Exception as error:
                # Neither log nor row repeats the error's words: they may name people.
                _logger.warning("%s: %s", self._name, type(error).__name__)
                return


class CivicDriverPbx(models.AbstractModel):
    """The Centre's switchboard: calls are written down and shown to the operators at
    whose telephones they ring; see `tools.pbx`."""

    _name = "civic.driver.pbx"
    _inherit = ["civic.driver"]
    _description = "Channel Driver: Switchboard"

    _code = "pbx"
    _sequence = 70
    _providers = {"pbx": ""}
    _asks = ("media_hosts",)
    _listens = True
    _reads = True

    @api.model
    def _label(self):
        return self.env._("Telephone")

    @api.model
    def _gateway_label(self):
        return self.env._("Telephone desk")

    @api.model
    def _provider_choices(self):
        return [("pbx", self.env._("Switchboard of the Centre"))]

    @api.model
    def _test(self, gateway):
        """The switchboard asks us, and nobody asks it."""
        raise UserError(
            self.env._(
                "Nothing can be asked of a switchboard. Call the Centre and see "
                "whether the call shows."
            )
        )

    @api.model
    def _is_signed(self, gateway, raw, headers):
        secret = gateway._secret("webhook_secret")
        return pbx.is_signed(raw, headers, secret, time.time())

    @api.model
    def _take_in(self, gateway, raw):
        """A call that rings is shown at once; its recording can wait."""
        event, inbox = pbx.read(raw), self.env["civic.inbox"]
        name, company = event.event_id, gateway.company_id
        vault, more = self.env["civic.vault"], {"priority": 0}
        if event.number:
            more["sender"] = vault._fingerprint("phone", event.number)
        is_new = inbox._store(self._code, name, raw, company, **more)
        if is_new and not event.recording_url:
            inbox._read_at_once(self._code, name, company)

    @api.model
    def _read(self, row, raw):
        event = pbx.read(raw)
        if not event.phase:
            row._settle("ignored", self.env._("Not a call: kept, not read."))
            return
        call = self.env["civic.call"]._follow(event, row.company_id)
        if event.recording_url:
            call._fetch_recording(event.recording_url)
        row._settle("done", report=call.report_id)
