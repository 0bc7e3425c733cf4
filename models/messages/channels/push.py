import json
from types import SimpleNamespace

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.mail.tools.web_push import push_to_end_point

from ....tools.ask import AskError, check_status
from ....tools.fetch import FetchError, post
from ....tools.push import SERVICES
from ..outbox import EMERGENCY
from .driver import Undelivered

# Devices of one officer.
MOST_DEVICES = 20
# How long a push service keeps it for a device that is off.
KEPT_SECONDS = 12 * 3600
GONE = (404, 410)
# Odoo's own, by which officers' browsers know this server.
OFFICERS_KEYS = "mail.web_push_vapid"


class CivicDriverPush(models.AbstractModel):
    """A notification of the browser or the installed app, to the devices
    on which officers have switched Odoo's own notifications on.

    What is sent is encrypted for the device (RFC 8291): the push service reads nothing.
    """

    _name = "civic.driver.push"
    _inherit = ["civic.driver"]
    _description = "Channel Driver: Push Notification"

    _code = "push"
    _sequence = 50
    _tells = True
    _has_notices = True
    _has_subject = True

    @api.model
    def _label(self):
        return self.env._("Push notification")

    @api.model
    def _officer_sql(self, names):
        return SQL(
            """
            EXISTS (SELECT FROM mail_push_device device
                     WHERE device.partner_id = officer.partner_id)
            """
        )

    @api.model
    def _deliver(self, row, connections):
        """Send a message to each device of the officer."""
        # sudo: devices are nobody's to read but by who sends to them
        devices = self.env["mail.push.device"].sudo()
        partner = row.user_id.partner_id
        payload = self._payload(row)
        failure = None
        reached = False
        for device in devices.search(
            [("partner_id", "=", partner.id)], order="id", limit=MOST_DEVICES
        ):
            try:
                self._push(row, device, payload)
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

    @api.model
    def _payload(self, row):
        subject, body = row._words()
        record = row.assignment_id
        return json.dumps(
            {
                "title": subject,
                "options": {
                    "body": body,
                    "icon": "/civic_report/static/description/icon.png",
                    "tag": row.external_id,
                    "data": {
                        "model": record._name if record else False,
                        "res_id": record.id,
                    },
                },
            }
        )

    @api.model
    def _push(self, row, device, payload):
        """Hand over to the device's push service.

        :raises AskError: when it does not take it
        """
        keys = self._vapid_sudo(OFFICERS_KEYS)
        self._push_encrypted(row, device.endpoint, device.keys, payload, keys)

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

    @api.model
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

    @api.model
    def _push_encrypted(self, row, endpoint, keys, payload, signed_by):
        """Encrypt something for a device, sign it and hand it over.

        :param row: civic.outbox
        :param keys: JSON of p256dh and auth, as the browser gave them
        :param signed_by: keys of this server, (private, public)
        :raises AskError: when the push service does not take it
        """
        private_key, public_key = signed_by
        urgency = "high" if row.priority == EMERGENCY else "normal"

        def post_signed(endpoint, headers, data, timeout):
            headers = {**headers, "TTL": str(KEPT_SECONDS), "Urgency": urgency}
            self._post_push(endpoint, headers, data)
            return SimpleNamespace(status_code=201)

        push_to_end_point(
            base_url=row._site(),
            device={"endpoint": endpoint, "keys": keys},
            payload=payload,
            vapid_private_key=private_key,
            vapid_public_key=public_key,
            session=SimpleNamespace(post=post_signed),
        )
