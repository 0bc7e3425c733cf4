from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MB = 1024 * 1024
# Odoo reads forms of up to 128 MB: beyond this there is no room to say that a form is
# too large with its text kept.
MOST_MB = 120
MOST_FILES = 50


class UploadLimits(NamedTuple):
    """How much one form may bring; sizes in bytes."""

    files: int
    picture: int
    recording: int
    total: int


class ResCompany(models.Model):
    """How much citizens and officers may upload."""

    _inherit = "res.company"

    civic_max_files = fields.Integer(
        "Files of a Form", default=10, help="How many files one form may bring."
    )
    civic_max_picture_mb = fields.Integer(
        "Largest Picture or Document (MB)",
        default=60,
        help="The picture as the camera made it (one of 200 million pixels has 30 to "
        "60 MB); what is shown is made smaller.",
    )
    civic_max_recording_mb = fields.Integer(
        "Largest Video or Sound (MB)",
        default=60,
        help="Recordings are kept as they are, without place and names.",
    )
    civic_max_total_mb = fields.Integer(
        "All Files of a Form (MB)",
        default=100,
        help="A worker holds a form's files in its memory two or three times over.",
    )

    @api.constrains(
        "civic_max_files",
        "civic_max_picture_mb",
        "civic_max_recording_mb",
        "civic_max_total_mb",
    )
    def _check_civic_limits(self):
        for company in self:
            sizes = (
                company.civic_max_picture_mb,
                company.civic_max_recording_mb,
                company.civic_max_total_mb,
            )
            if not (1 <= min(sizes) <= max(sizes) <= MOST_MB):
                raise ValidationError(
                    self.env._("Sizes of uploads lie between 1 and %s MB.", MOST_MB)
                )
            if not 1 <= company.civic_max_files <= MOST_FILES:
                raise ValidationError(
                    self.env._("A form brings from 1 to %s files.", MOST_FILES)
                )

    def _civic_upload_limits(self):
        """:return: UploadLimits"""
        self.ensure_one()
        # sudo: citizens read no companies; the form tells everybody its limits
        company = self.sudo()
        return UploadLimits(
            company.civic_max_files,
            company.civic_max_picture_mb * MB,
            company.civic_max_recording_mb * MB,
            company.civic_max_total_mb * MB,
        )
