import logging
from hashlib import sha256

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import api, models

from ..tools import pbx

_logger = logging.getLogger(__name__)

MOST_TURNS = 3


class CivicInbox(models.Model):
    """Events of the Centre's switchboard: to the log of calls, and to the operators'
    screens."""

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

    def _read_pbx(self, raw):
        event = pbx.read(raw)
        if not event.phase:
            self._settle("ignored", self.env._("Not a call: kept, not read."))
            return
        call = self.env["civic.call"]._follow(event, self.company_id)
        if event.recording_url:
            call._fetch_recording(event.recording_url)
        self._settle("done", report=call.report_id)


class CivicGateway(models.Model):
    _inherit = "civic.gateway"

    def _take_in_pbx(self, raw):
        """A call that rings is shown at once; its recording can wait."""
        event, inbox = pbx.read(raw), self.env["civic.inbox"]
        name, company = event.event_id, self.company_id
        vault, more = self.env["civic.vault"], {"priority": 0}
        if event.number:
            more["sender"] = vault._fingerprint("phone", event.number)
        is_new = inbox._store("pbx", name, raw, company, **more)
        if is_new and not event.recording_url:
            inbox._read_at_once("pbx", name, company)
