"""Events of before are sealed as they are found, the oldest first."""

import logging

from odoo import SUPERUSER_ID, api

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    events = api.Environment(cr, SUPERUSER_ID, {})["civic.event"]
    total = 0
    while sealed := events._seal():
        total += sealed
    _logger.info("%s events sealed", total)
