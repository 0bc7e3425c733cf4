from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import clamd


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    civic_vault_exposure = fields.Char(compute="_compute_civic_vault_exposure")
    civic_look_limit = fields.Integer(
        related="company_id.civic_look_limit", readonly=False
    )
    civic_look_burst = fields.Integer(
        related="company_id.civic_look_burst", readonly=False
    )
    civic_look_minutes = fields.Integer(
        related="company_id.civic_look_minutes", readonly=False
    )
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
    civic_map_tile_url = fields.Char(
        related="company_id.civic_map_tile_url", readonly=False
    )
    civic_map_attribution = fields.Char(
        related="company_id.civic_map_attribution", readonly=False
    )
    civic_map_attribution_url = fields.Char(
        related="company_id.civic_map_attribution_url", readonly=False
    )
    civic_map_latitude = fields.Float(
        related="company_id.civic_map_latitude", readonly=False
    )
    civic_map_longitude = fields.Float(
        related="company_id.civic_map_longitude", readonly=False
    )
    civic_map_zoom = fields.Integer(related="company_id.civic_map_zoom", readonly=False)
    civic_calendar_id = fields.Many2one(
        related="company_id.civic_calendar_id", readonly=False
    )
    civic_reports = fields.Boolean(related="website_id.civic_reports", readonly=False)
    civic_theme = fields.Boolean(related="website_id.civic_theme", readonly=False)
    civic_clamd = fields.Char(
        "ClamAV",
        config_parameter="civic_report.clamd",
        help="Where the virus scanner listens: host:port, or the path of its socket. "
        "Empty: uploads are not scanned.",
    )

    def _compute_civic_vault_exposure(self):
        words = self.env["civic.vault"]._exposure()
        self.civic_vault_exposure = " ".join(filter(None, words))

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

    @api.constrains("civic_map_tile_url", "civic_map_attribution")
    def _check_civic_map_source(self):
        for settings in self:
            if settings.civic_map_tile_url and not settings.civic_map_attribution:
                raise ValidationError(
                    self.env._("Map tiles: say whose map it is, as its licence asks.")
                )
