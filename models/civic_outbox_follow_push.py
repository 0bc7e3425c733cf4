import json

from odoo import api, models

from odoo.addons.mail.tools.jwt import generate_vapid_keys

from ..tools.ask import AskError
from .civic_outbox_delivery import Undelivered
from .civic_outbox_push import GONE

KEYS = "civic_report.follow_vapid"


class CivicOutbox(models.Model):
    """Delivery to browsers of citizens who follow a report on their device.

    Where a browser wants it posted was told by a stranger: only push services that are
    known are asked, and of their answer nothing but the status counts.
    """

    _inherit = "civic.outbox"

    @api.model
    def _followers_keys_sudo(self):
        """The keys with which pushes to followers are signed, (private, public).

        They are not Odoo's: where it has keys it looks for devices at each message.
        """
        return self._vapid_sudo(KEYS)

    @api.model
    def _make_followers_keys(self):
        """Make them once."""
        if any(self._followers_keys_sudo()):
            return
        parameters = self.env["ir.config_parameter"]
        for half, key in zip(("private", "public"), generate_vapid_keys(), strict=True):
            parameters.set_param(f"{KEYS}_{half}_key", key)

    def _deliver_push(self, connections):
        if self.audience != "follower":
            return super()._deliver_push(connections)
        follower = self._follower()
        if not self.env["civic.report"]._push_public_key():
            # A copy of the database has none: it tells nobody anything.
            raise Undelivered("nobody", self.env._("This server sends no push."))
        device = follower._who()
        keys = json.dumps({name: device[name] for name in ("p256dh", "auth")})
        payload = self._push_follower_payload()
        try:
            signed_by = self._followers_keys_sudo()
            self._push_encrypted(device["endpoint"], keys, payload, signed_by)
        except AskError as error:
            if error.status in GONE:
                follower.unlink()
            elif error.kind != "refused":
                words = self.env._("The device is not reached now.")
                raise Undelivered("temporary", words)
            raise Undelivered("nobody", self.env._("There is no device to notify."))

    def _push_follower_payload(self):
        """What the worker of the browser shows, see static/src/push/worker.js."""
        subject, body = self._words()
        row = self.with_context(lang=self._recipient_lang())
        return json.dumps(
            {
                "title": subject,
                "options": {
                    "body": body,
                    "icon": "/civic_report/static/description/icon.png",
                    "tag": self.external_id,
                    "data": {"link": self._link(), "stop": self._stop_link()},
                    "actions": [
                        {"action": "stop", "title": row.env._("Follow it no longer")}
                    ],
                },
            }
        )
