"""Mask what citizens have written so far for everybody outside the Centre."""

import logging

from odoo import SUPERUSER_ID, api

_logger = logging.getLogger(__name__)
MODELS = ("civic.report", "civic.interaction", "civic.event", "civic.violation")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in MODELS:
        rows = sum(env[name]._mask_in_batches())
        _logger.info("masked the words of %s rows of %s", rows, name)
