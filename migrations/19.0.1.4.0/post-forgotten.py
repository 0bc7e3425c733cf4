"""Who was forgotten before is forgotten as thoroughly as whoever is from now on: words
in the history, files of mails, questions that were passed on."""

import logging

from odoo import SUPERUSER_ID, api

from odoo.addons.civic_report.models.vault.vault import VaultError

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    forgotten = env["civic.reporter"].search([("anonymised_at", "!=", False)])
    for reporter in forgotten:
        try:
            env["civic.forgetting"]._forget(reporter)
        except VaultError:
            # The update goes on without the key.
            _logger.warning("%s is not forgotten anew: no key", reporter)
