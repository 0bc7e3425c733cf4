from contextlib import contextmanager
from contextvars import ContextVar

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request

from ...tools.throttle import network

# Address of who speaks by the old RPC doors: Odoo lends their request to nobody.
CALLER = ContextVar("civic_caller", default=None)


class ResUsers(models.Model):
    """Guessed passwords are counted for all workers together.

    Odoo counts the failures of an address in each process for itself, so that a server
    of many workers lets as many times more guesses in. Counted here is the login *and*
    the address: whoever guesses from elsewhere shuts nobody out, and neither does a
    colleague behind the same address who mistypes. An address that tries many logins
    is counted in a wider gate. What is right counts nothing.
    """

    _inherit = "res.users"

    @contextmanager
    def _assert_can_auth(self, user=None):
        """See Odoo's.

        :param user: login, or id where a session is checked
        :raises AccessDenied: too many failures, in words
        """
        caller = request.httprequest.remote_addr if request else CALLER.get()
        if not caller:
            with super()._assert_can_auth(user=user):
                yield
            return
        throttle = self.env["civic.throttle"]
        address = network(caller)
        keys = {"login": f"{address} {user}".lower(), "network": address}
        if throttle._is_full("login", keys):
            raise AccessDenied(
                self.env._(
                    "Too many failed sign-ins. Wait some minutes, then try again."
                )
            )
        try:
            with super()._assert_can_auth(user=user):
                yield
        except AccessDenied:
            throttle._take("login", keys)
            raise
