from odoo import models


class CivicCall(models.Model):
    _inherit = "civic.call"

    def _forget(self):
        """Delete who called and what was said; that there was a call stays.

        Elevated records only: the caller has checked that the law wants it.
        """
        recordings = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "recording_sealed"),
                ("res_id", "in", self.ids),
            ]
        )
        recordings._civic_forget()
        self._elevated_call().write(
            {
                "number_sealed": False,
                "number_hash": False,
                "has_recording": False,
                "recording_name": False,
                "note": False,
            }
        )
