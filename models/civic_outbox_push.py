import json
from types import SimpleNamespace

from odoo import api, models

from odoo.addons.mail.tools.web_push import push_to_end_point

from ..tools.ask import AskError, check_status
from ..tools.fetch import FetchError, post
from ..tools.push import SERVICES
from .civic_outbox import EMERGENCY
from .civic_outbox_delivery import Undelivered

# Devices of one officer.
MOST_DEVICES = 20
# How long a push service keeps it for a device that is off.
KEPT_SECONDS = 12 * 3600
GONE = (404, 410)
# Odoo's own, by which officers' browsers know this server.
OFFICERS_KEYS = "mail.web_push_vapid"


class CivicOutbox(models.Model):
    """Delivery as a notification of the browser or the installed app, to the devices
    on which officers have switched Odoo's own notifications on.

    What is sent is encrypted for the device (RFC 8291): the push service reads nothing.
    """

    _inherit = "civic.outbox"

    def _deliver_push(self, connections):
        """Send this row to each device of the officer.

        :raises Undelivered: with what that means for another try
        """
        # sudo: devices are nobody's to read but by who sends to them
        devices = self.env["mail.push.device"].sudo()
        partner = self.user_id.partner_id
        payload = self._push_payload()
        failure = None
        reached = False
        for device in devices.search(
            [("partner_id", "=", partner.id)], order="id", limit=MOST_DEVICES
        ):
            try:
                self._push(device, payload)
                reached = True
            except AskError as error:
                if error.status in GONE:
                    device.unlink()
                elif error.kind != "refused":
                    failure = error
        if reached:
            return
        if failure:
            # One device's service says nothing about the others'.
            raise Undelivered("temporary", self.env._("The device is not reached now."))
        raise Undelivered("nobody", self.env._("There is no device to notify."))

    def _push_payload(self):
        subject, body = self._words()
        record = self.assignment_id
        return json.dumps(
            {
                "title": subject,
                "options": {
                    "body": body,
                    "icon": "/civic_report/static/description/icon.png",
                    "tag": self.external_id,
                    "data": {
                        "model": record._name if record else False,
                        "res_id": record.id,
                    },
                },
            }
        )

    def _push(self, device, payload):
        """Hand over to the device's push service.

        :raises AskError: when it does not take it
        """
        keys = self._vapid_sudo(OFFICERS_KEYS)
        self._push_encrypted(device.endpoint, device.keys, payload, keys)

    @api.model
    def _push_hosts(self):
        """The push services that are asked; which host is none of them, no browser
        makes this server speak with.

        :return: list of hosts, see `tools.fetch`
        """
        # sudo: names of well-known servers
        parameters = self.env["ir.config_parameter"].sudo()
        more = parameters.get_param("civic_report.push_services") or ""
        return [*SERVICES, *more.replace(",", " ").split()]

    def _post_push(self, endpoint, headers, data):
        """:raises AskError: when the push service does not take it"""
        try:
            check_status(post(endpoint, headers, data, self._push_hosts()))
        except FetchError as error:
            if error.code == "refused":
                raise AskError("refused", "refused", GONE[0])
            raise AskError("temporary", "unreachable")

    @api.model
    def _vapid_sudo(self, prefix):
        # sudo: keys of the server, whoever is told by it
        parameters = self.env["ir.config_parameter"].sudo()
        return tuple(
            parameters.get_param(f"{prefix}_{half}_key") or ""
            for half in ("private", "public")
        )

    def _push_encrypted(self, endpoint, keys, payload, signed_by):
        """Encrypt something for a device, sign it and hand it over.

        :param keys: JSON of p256dh and auth, as the browser gave them
        :param signed_by: keys of this server, (private, public)
        :raises AskError: when the push service does not take it
        """
        private_key, public_key = signed_by
        urgency = "high" if self.priority == EMERGENCY else "normal"

        def post_signed(endpoint, headers, data, timeout):
            headers = {**headers, "TTL": str(KEPT_SECONDS), "Urgency": urgency}
            self._post_push(endpoint, headers, data)
            return SimpleNamespace(status_code=201)

        push_to_end_point(
            base_url=self._site(),
            device={"endpoint": endpoint, "keys": keys},
            payload=payload,
            vapid_private_key=private_key,
            vapid_public_key=public_key,
            session=SimpleNamespace(post=post_signed),
        )
