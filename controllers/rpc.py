from contextlib import contextmanager
from xmlrpc.client import Fault

from odoo import http
from odoo.http import Response, request

# Not among the dependencies: whoever has uninstalled `rpc` to close these doors keeps
# them closed, and this extends nothing then.
from odoo.addons.rpc.controllers import RPC
from odoo.addons.rpc.controllers.xmlrpc import RPC_FAULT_CODE_APPLICATION_ERROR, dumps

from ..models.agencies.login import CALLER
from ..models.platform.plain_errors import TOLD, is_our_failure


class PlainFaults(RPC):
    """The old RPC doors: XML-RPC hands out tracebacks of whatever fails, and passwords
    are guessed there as on the page."""

    @http.route()
    def jsonrpc(self, service, method, args):
        with _known_caller():
            return super().jsonrpc(service, method, args)

    @http.route()
    def xmlrpc_1(self, service):
        try:
            with _known_caller():
                return super().xmlrpc_1(service)
        except Exception as error:
            _tell_plainly(error, lambda words: Fault(words, words))
            raise

    @http.route()
    def xmlrpc_2(self, service):
        try:
            with _known_caller():
                return super().xmlrpc_2(service)
        except Exception as error:
            _tell_plainly(
                error, lambda words: Fault(RPC_FAULT_CODE_APPLICATION_ERROR, words)
            )
            raise


@contextmanager
def _known_caller():
    """Let sign-ins be counted for the address that asks; see `res.users`."""
    token = CALLER.set(request.httprequest.remote_addr)
    try:
        yield
    finally:
        CALLER.reset(token)


def _tell_plainly(error, fault):
    """Put words in the place of the traceback where what failed is this module's.

    :param fault: function (words) → what the door answers
    """
    if isinstance(error, TOLD) or not is_our_failure(error):
        return
    words = request.env["ir.http"]._civic_failed_words()
    answer = dumps(fault(words))
    error.error_response = Response(response=answer, mimetype="text/xml")
