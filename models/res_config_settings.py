from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import clamd


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    civic_max_files = fields.Integer(
        related="company_id.civic_max_files", readonly=False
    )
    civic_max_picture_mb = fields.Integer(
        related="company_id.civic_max_picture_mb", readonly=False
    )
    civic_max_recording_mb = fields.Integer(
        related="company_id.civic_max_recording_mb", readonly=False
    )
    civic_max_total_mb = fields.Integer(
        related="company_id.civic_max_total_mb", readonly=False
    )
    civic_clamd = fields.Char(
        "ClamAV",
        config_parameter="civic_report.clamd",
        help="Where the virus scanner listens: host:port, or the path of its socket. "
        "Empty: uploads are not scanned.",
    )

    @api.constrains("civic_clamd")
    def _check_civic_clamd(self):
        for settings in self.filtered("civic_clamd"):
            try:
                clamd.parse_address(settings.civic_clamd)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "ClamAV: write host:port, or the path of its socket, such as "
                        "/run/clamav/clamd.ctl."
                    )
                ) from error
