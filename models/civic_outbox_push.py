import json
from types import SimpleNamespace

from odoo import models

from odoo.addons.mail.tools.web_push import push_to_end_point

from ..tools.ask import AskError, hand_over, is_safe_url
from .civic_outbox import EMERGENCY
from .civic_outbox_delivery import Undelivered

# Devices of one officer.
MOST_DEVICES = 20
# How long a push service keeps it for a device that is off.
KEPT_SECONDS = 12 * 3600
GONE = (404, 410)


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
        if not is_safe_url(device.endpoint):
            raise AskError("refused", "refused", GONE[0])
        self._push_encrypted(device.endpoint, device.keys, payload, hand_over)

    def _push_encrypted(self, endpoint, keys, payload, post):
        """Encrypt something for a device, sign it and hand it over.

        :param keys: JSON of p256dh and auth, as the browser gave them
        :param post: function of endpoint, headers and data that does it
        """
        # sudo: the keys with which this server signs its pushes
        parameters = self.env["ir.config_parameter"].sudo()
        urgency = "high" if self.priority == EMERGENCY else "normal"

        def post_signed(endpoint, headers, data, timeout):
            headers = {**headers, "TTL": str(KEPT_SECONDS), "Urgency": urgency}
            post(endpoint, headers=headers, data=data)
            return SimpleNamespace(status_code=201)

        push_to_end_point(
            base_url=self.get_base_url(),
            device={"endpoint": endpoint, "keys": keys},
            payload=payload,
            vapid_private_key=parameters.get_param("mail.web_push_vapid_private_key"),
            vapid_public_key=parameters.get_param("mail.web_push_vapid_public_key"),
            session=SimpleNamespace(post=post_signed),
        )
