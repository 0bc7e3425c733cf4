from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST_LOOKS = 1000
SETTINGS = ("civic_look_limit", "civic_look_burst", "civic_look_minutes")


class ResCompany(models.Model):
    """How many identities one person may open; see `civic.look.day`."""

    _inherit = "res.company"

    civic_look_limit = fields.Integer(
        "Identities a Day",
        default=30,
        help="How many one person may open on a day; beyond it a manager is told and "
        "can allow more. A change holds from the next day on.",
    )
    civic_look_burst = fields.Integer(
        "Many at Once",
        default=10,
        help="So many identities in a short time are told to the managers at once.",
    )
    civic_look_minutes = fields.Integer(
        "A Short Time (Minutes)", default=5, help="In which many are told of."
    )

    @api.constrains(*SETTINGS)
    def _check_civic_looks(self):
        for company in self:
            numbers = [company[name] for name in SETTINGS]
            if not 1 <= min(numbers) <= max(numbers) <= MOST_LOOKS:
                raise ValidationError(
                    self.env._("Looks at identities: give numbers from 1 to 1000.")
                )

    def write(self, vals):
        before = [
            (company, name, company[name])
            for company in self
            for name in SETTINGS
            if name in vals
        ]
        result = super().write(vals)
        for company, name, number in before:
            if company[name] != number:
                label = self._fields[name]._description_string(self.env)
                self.env["civic.data.event"]._log(
                    "look_limit", company, note=f"{label}: {number} → {company[name]}"
                )
        return result

    def _civic_day_start(self, day):
        """When a date begins where this company works, naive UTC."""
        tz = pytz.timezone(self._civic_calendar()._civic_tz())
        midnight = datetime.combine(day, time.min)
        return tz.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)
