import time
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....tools import zalo
from ....tools.ask import AskError
from ....tools.signed import read_json
from .driver import Undelivered

OAUTH, OPENAPI = "https://oauth.zaloapp.com", "https://openapi.zalo.me"
# An access token is renewed so long before it ends.
SPARE = timedelta(minutes=10)
# Answers that say: this access token is not good (any more).
BAD_TOKEN = (-124, -216)
# What Zalo's errors mean for another try; those that are not here: not now.
# Of template messages (zalo.cloud, “Cách xử lý mã lỗi”):
TEMPLATE_KINDS = {
    # The recipient: no such number, no account, too old a version, wants none.
    **dict.fromkeys((-108, -110, -114, -118, -119, -134, -139, -141), "refused"),
    # The text: no such template, not approved, wrong parameters.
    **dict.fromkeys((-109, -111, -112, -113, -116, -121, -122), "refused"),
    **dict.fromkeys((-127, -130, -131, -132, -146), "refused"),
    # We: application, keys, rights, quota, credit.
    **dict.fromkeys((-101, -102, -103, -104, -105, -106, -115, -117), "server"),
    **dict.fromkeys((-120, -124, -125, -126, -135, -136, -137, -138), "server"),
    **dict.fromkeys((-140, -144, -145, -147, -216), "server"),
}
# Of answers in a conversation:
CHAT_KINDS = {
    # The recipient: unknown, no follower, wrote too long ago, wants none, too many.
    **dict.fromkeys((-207, -213, -217, -219, -227, -230, -232, -234, -244), "refused"),
    # The text.
    **dict.fromkeys((-203, -204), "refused"),
    # We: keys, rights, the application, the Official Account.
    **dict.fromkeys((-201, -202, -205, -206, -211, -216, -218, -220, -221), "server"),
    **dict.fromkeys((-224, -235, -240), "server"),
}


class CivicDriverZalo(models.AbstractModel):
    """Zalo: what citizens write to the Official Account, answers to them there, and the
    Zalo Notification Service, which sends registered templates to telephone numbers
    (public documentation: developers.zalo.me).

    “Official Account Access Token”: access tokens last a day and are renewed with a
    refresh token that serves once. ``POST
    https://oauth.zaloapp.com/v4/oa/access_token`` with the header ``secret_key`` (the
    app's) and the form app_id, refresh_token, grant_type "refresh_token" gives
    access_token, refresh_token and expires_in (seconds).

    “Gửi ZNS”: ``POST https://business.openapi.zalo.me/message/template`` with the
    header access_token and phone (84912345678), template_id, template_data,
    tracking_id. Answered: error (0: taken in), message, data with msg_id. That it
    reached the device comes by webhook: event_name "user_received_message", message
    with msg_id, tracking_id and delivery_time.

    “Tin tư vấn”: ``POST https://openapi.zalo.me/v3.0/oa/message/cs`` with the header
    access_token, recipient.user_id and message.text; answered by error (0: sent) and
    data.message_id.
    """

    _name = "civic.driver.zalo"
    _inherit = ["civic.driver.conversation"]
    _description = "Channel Driver: Zalo"

    _code = "zalo"
    _sequence = 30
    _providers = {"zalo": "https://business.openapi.zalo.me"}
    _asks = (
        *("account", "secret", "access_key", "refresh_key"),
        *("media_hosts", "template_ids"),
    )
    _media_hosts = ".zdn.vn .zadn.vn"
    _sender_field = "zalo_id"
    _answers = True
    _tells = True
    _has_notices = True
    _officer_wish = "civic_tell_zalo"
    _place = 2
    _most_listed = 1

    @api.model
    def _label(self):
        return self.env._("Zalo")

    @api.model
    def _provider_choices(self):
        return [("zalo", self.env._("Zalo Official Account"))]

    @api.model
    def _test(self, gateway):
        """Ask Zalo for the name of our Official Account."""
        answer = self._ask(gateway, "GET", self._url(gateway, "v2.0/oa/getoa"))
        data = answer.get("data")
        if answer.get("error") or not isinstance(data, dict):
            raise UserError(self.env._("Zalo does not know our Official Account."))
        return self.env._("It works: we are “%s”.", str(data.get("name"))[:100])

    # ------------------------------------------------------------------
    # Asking with a token that is good
    # ------------------------------------------------------------------

    @api.model
    def _url(self, gateway, path, service=OPENAPI):
        """Where a service of Zalo answers; all at one address where one is given."""
        return f"{(gateway.url or service).rstrip('/')}/{path}"

    @api.model
    def _ask(self, gateway, method, url, **options):
        """Ask Zalo with an access token; with a new one if this is not good any more.

        :return: what it answers, whose `error` is 0 where it did what it was asked
        :raises AskError: without an answer, or without a good token
        """
        token = self._token(gateway)
        for last in (False, True):
            headers = {"access_token": token}
            answer = gateway._ask(method, url, headers=headers, **options)
            if answer.get("error") not in BAD_TOKEN:
                return answer
            if last:
                raise AskError("server", "denied")
            token = self._renew(gateway, token)
        return answer

    @api.model
    def _token(self, gateway):
        """An access token that is good for a while.

        :raises AskError: when a new one is needed and not given
        """
        token, until = gateway._secret("access_key"), gateway.expires_at
        if token and (not until or until > self.env["civic.door"]._now() + SPARE):
            return token
        return self._renew(gateway, token)

    @api.model
    def _renew(self, gateway, used):
        """Renew the access token, once for all workers: the refresh token serves once,
        so the new pair is committed before anything else happens.

        :param used: the token that is not good any more
        :return: a good one
        :raises AskError: when it is not given
        """
        while True:
            try:
                with self.env.registry.cursor() as cr:
                    held = gateway.with_env(gateway.env(cr=cr))
                    self._lock(held)
                    token = held._secret("access_key")
                    if not token or token == used:
                        token = self._ask_renewal(held)
            except SerializationFailure:
                continue  # another worker has renewed it meanwhile: look again
            gateway.invalidate_recordset()
            return token

    @api.model
    def _lock(self, gateway):
        query = SQL("SELECT id FROM civic_gateway WHERE id = %s FOR UPDATE", gateway.id)
        gateway.env.cr.execute(query, log_exceptions=False)

    @api.model
    def _ask_renewal(self, gateway):
        answer = gateway._ask(
            "POST",
            self._url(gateway, "v4/oa/access_token", OAUTH),
            headers={"secret_key": gateway._secret("secret")},
            data={
                "app_id": gateway.account or "",
                "refresh_token": gateway._secret("refresh_key"),
                "grant_type": "refresh_token",
            },
        )
        token, following = answer.get("access_token"), answer.get("refresh_token")
        if not (isinstance(token, str) and isinstance(following, str)):
            raise AskError("server", "denied")
        try:
            seconds = int(answer["expires_in"])
        except (KeyError, TypeError, ValueError):
            seconds = 3600
        gateway._keep_secrets({"access_key": token, "refresh_key": following})
        now = gateway.env["civic.door"]._now()
        gateway.write({"expires_at": now + timedelta(seconds=min(seconds, 90_000))})
        return token

    # ------------------------------------------------------------------
    # Messages of citizens
    # ------------------------------------------------------------------

    @api.model
    def _is_signed(self, gateway, raw, headers):
        header, account = headers.get(zalo.HEADER, ""), gateway.account or ""
        secret = gateway._secret("webhook_secret")
        return zalo.is_signed(raw, header, account, secret, time.time())

    @api.model
    def _take_in(self, gateway, raw):
        """What became of our own messages comes to the same address."""
        if self._take_receipt(gateway, read_json(raw)):
            return None
        return super()._take_in(gateway, raw)

    @api.model
    def _split(self, raw):
        return zalo.split(raw)

    @api.model
    def _parse(self, raw):
        return zalo.read(raw)

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    @api.model
    def _say(self, gateway, account, text):
        answer = self._ask(
            gateway,
            "POST",
            self._url(gateway, "v3.0/oa/message/cs"),
            json={"recipient": {"user_id": account}, "message": {"text": text}},
        )
        self._check(answer, CHAT_KINDS)

    @api.model
    def _check(self, answer, kinds):
        """:raises Undelivered: Zalo does not deliver it"""
        error = answer.get("error")
        if error == 0:
            return
        known = isinstance(error, int)
        kind = kinds.get(error, "temporary") if known else "unsure"
        code = error if known else "?"
        raise Undelivered(kind, self.env._("Zalo does not deliver it (%s).", code))

    # ------------------------------------------------------------------
    # Template messages
    # ------------------------------------------------------------------

    @api.model
    def _goes_by(self, company, notice_id):
        return bool(self.env["civic.gateway"]._template(company, notice_id))

    @api.model
    def _deliver(self, row, connections):
        """Send a message as a template message."""
        gateway = self._gateway_needed(row)
        template = gateway._template(row.company_id, row.notice_id.id)
        if not template:
            raise Undelivered("refused", self.env._("There is no template for it."))
        notice, values, discreet = row._wording()
        answer = self._asked(
            gateway,
            self._ask,
            gateway,
            "POST",
            gateway._url("message/template"),
            json={
                "phone": row._recipient_phone().removeprefix("+"),
                "template_id": template,
                "template_data": notice._parameters(values, discreet),
                "tracking_id": row.external_id,
            },
        )
        self._check(answer, TEMPLATE_KINDS)

    @api.model
    def _take_receipt(self, gateway, event):
        """What Zalo says of a template message; its signature has been checked.

        :param gateway: civic.gateway whom it told
        :param event: dict of `user_received_message`: its message has the tracking_id
            that we gave, and delivery_time
        :return: whether it was about such a message
        """
        message = event.get("message")
        if event.get("event_name") != "user_received_message" or not isinstance(
            message, dict
        ):
            return False
        tracking_id = message.get("tracking_id")
        if not isinstance(tracking_id, str):
            return False
        # sudo: Zalo has no account with us; it has signed this
        self.env["civic.outbox"].sudo().search(
            [
                ("external_id", "=", tracking_id),
                ("channel", "=", self._code),
                ("company_id", "=", gateway.company_id.id),
            ],
            limit=1,
        )._take_receipt(True)
        return True


class CivicGateway(models.Model):
    _inherit = "civic.gateway"

    template_ids = fields.One2many("civic.gateway.template", "gateway_id", "Templates")

    @api.model
    def _template(self, company, notice_id):
        """Number of the template by which a company tells this; None without one."""
        return self._active_templates().get((company.id, notice_id))

    @api.model
    @tools.ormcache()
    def _active_templates(self):
        """dict of (company id, notice id) → number of the template"""
        # sudo: whoever tells somebody something reads no gateways
        rows = self.env["civic.gateway.template"].sudo()
        return {
            (row.gateway_id.company_id.id, row.notice_id.id): row.template
            for row in rows.search([("gateway_id.active", "=", True)], limit=1000)
        }


class CivicGatewayTemplate(models.Model):
    """A template that was registered with the provider, and the notice it says."""

    _name = "civic.gateway.template"
    _inherit = ["civic.cached", "civic.links"]
    _description = "Registered Template"
    _order = "gateway_id, notice_id"
    _rec_name = "template"

    gateway_id = fields.Many2one("civic.gateway", required=True, ondelete="cascade")
    notice_id = fields.Many2one(
        "civic.notice",
        required=True,
        ondelete="cascade",
        domain="[('channel', '=', 'zalo')]",
    )
    template = fields.Char("Number", required=True, help="As the provider counts it.")

    _once = models.UniqueIndex(
        "(gateway_id, notice_id)", "This notice has a template already."
    )


class ResUsers(models.Model):
    _inherit = "res.users"

    civic_tell_zalo = fields.Boolean(
        "Civic Reports by Zalo",
        default=True,
        help="New work and duties also come by Zalo, where the province has it. "
        "Emergencies do anyway.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "civic_tell_zalo"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "civic_tell_zalo"]
