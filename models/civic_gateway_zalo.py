from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.ask import AskError

OAUTH, OPENAPI = "https://oauth.zaloapp.com", "https://openapi.zalo.me"
# An access token is renewed so long before it ends.
SPARE = timedelta(minutes=10)
# Answers that say: this access token is not good (any more).
BAD_TOKEN = (-124, -216)


class CivicGateway(models.Model):
    """Zalo: access tokens last a day and are renewed with a refresh token that serves
    once (public documentation: developers.zalo.me, “Official Account Access Token”).

    ``POST https://oauth.zaloapp.com/v4/oa/access_token`` with the header ``secret_key``
    (the app's) and the form app_id, refresh_token, grant_type "refresh_token" gives
    access_token, refresh_token and expires_in (seconds).
    """

    _inherit = "civic.gateway"

    def _zalo_url(self, service, path):
        """Where a service of Zalo answers; all at one address where one is given."""
        return f"{(self.url or service).rstrip('/')}/{path}"

    def _zalo_token(self):
        """An access token that is good for a while.

        :raises AskError: when a new one is needed and not given
        """
        token, until = self._secret("access_key"), self.expires_at
        if token and (not until or until > self.env["civic.door"]._now() + SPARE):
            return token
        return self._zalo_renew(token)

    def _zalo_renew(self, used):
        """Renew the access token, once for all workers: the refresh token serves once,
        so the new pair is committed before anything else happens.

        :param used: the token that is not good any more
        :return: a good one
        :raises AskError: when it is not given
        """
        while True:
            try:
                with self.env.registry.cursor() as cr:
                    row = self.with_env(self.env(cr=cr))
                    row._zalo_lock()
                    token = row._secret("access_key")
                    if not token or token == used:
                        token = row._zalo_ask_renewal()
            except SerializationFailure:
                continue  # another worker has renewed it meanwhile: look again
            self.invalidate_recordset()
            return token

    def _zalo_lock(self):
        query = SQL("SELECT id FROM civic_gateway WHERE id = %s FOR UPDATE", self.id)
        self.env.cr.execute(query, log_exceptions=False)

    def _zalo_ask_renewal(self):
        answer = self._ask(
            "POST",
            self._zalo_url(OAUTH, "v4/oa/access_token"),
            headers={"secret_key": self._secret("secret")},
            data={
                "app_id": self.account or "",
                "refresh_token": self._secret("refresh_key"),
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
        self._keep_secrets({"access_key": token, "refresh_key": following})
        now = self.env["civic.door"]._now()
        self.write({"expires_at": now + timedelta(seconds=min(seconds, 90_000))})
        return token

    def _zalo_ask(self, method, url, **options):
        """Ask Zalo with an access token; with a new one if this is not good any more.

        :return: what it answers, whose `error` is 0 where it did what it was asked
        :raises AskError: without an answer, or without a good token
        """
        token = self._zalo_token()
        for last in (False, True):
            answer = self._ask(method, url, headers={"access_token": token}, **options)
            if answer.get("error") not in BAD_TOKEN:
                return answer
            if last:
                raise AskError("server", "denied")
            token = self._zalo_renew(token)
        return answer

    def _test_zalo(self):
        """Ask Zalo for the name of our Official Account."""
        answer = self._zalo_ask("GET", self._zalo_url(OPENAPI, "v2.0/oa/getoa"))
        data = answer.get("data")
        if answer.get("error") or not isinstance(data, dict):
            raise UserError(self.env._("Zalo does not know our Official Account."))
        return self.env._("It works: we are “%s”.", str(data.get("name"))[:100])
