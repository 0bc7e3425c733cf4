import json

from odoo import SUPERUSER_ID, http
from odoo.http import request


class Health(http.Controller):
    @http.route(
        "/civic_report/health",
        type="http",
        auth="none",
        methods=["GET"],
        readonly=True,
        save_session=False,
    )
    def health(self):
        """For the administrator's monitoring: whether each queue is worked on.

        503 when one is stuck. It says nothing else, so anybody may ask.
        """
        # superuser: nobody is signed in, and the answer is four words
        state = request.env(user=SUPERUSER_ID)["civic.queue.state"]._health()
        stuck = "late" in state.values()
        return request.make_response(
            json.dumps(state),
            headers=[
                ("Content-Type", "application/json"),
                ("Cache-Control", "no-store"),
            ],
            status=503 if stuck else 200,
        )
