from odoo import models
from odoo.exceptions import UserError


class CivicGateway(models.Model):
    """Facebook: the page through which citizens write to the Centre."""

    _inherit = "civic.gateway"

    def _test_facebook(self):
        """Ask for the name of the page to which the access token belongs."""
        token = self._secret("access_key")
        answer = self._ask(
            "GET", self._url("me"), headers={"Authorization": f"Bearer {token}"}
        )
        if not answer.get("name"):
            raise UserError(self.env._("Facebook does not know our page."))
        return self.env._("It works: we are “%s”.", str(answer["name"])[:100])
