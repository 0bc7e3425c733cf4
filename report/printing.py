import logging
import threading
import time
from contextlib import contextmanager

import psutil

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

PROGRAM = "wkhtmltopdf"
# Seconds that a letter may take; `civic_report.print_seconds` says otherwise.
PRINT_SECONDS = 60
STARTING = 2


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _run_wkhtmltopdf(self, bodies, report_ref=False, **options):
        """Odoo waits for the printing program as long as it likes, with its worker."""
        if not self._civic_is_letter(report_ref):
            return super()._run_wkhtmltopdf(bodies, report_ref, **options)
        with self._civic_print_limit():
            return super()._run_wkhtmltopdf(bodies, report_ref, **options)

    @api.model
    def _civic_is_letter(self, report_ref):
        """Whether a letter of this module is meant; others cost no query."""
        if isinstance(report_ref, str) and not report_ref.startswith("civic_report."):
            return False
        name = self._get_report(report_ref).report_name if report_ref else ""
        return hasattr(self.env.get(f"report.{name}"), "_letter_model")

    @api.model
    @contextmanager
    def _civic_print_limit(self):
        """End the printing program when it takes too long.

        :raises UserError: then, in words for whoever wanted the letter
        """
        # sudo: a figure of the system, whoever prints
        parameters = self.env["ir.config_parameter"].sudo()
        seconds = float(
            parameters.get_param("civic_report.print_seconds") or PRINT_SECONDS
        )
        killed = threading.Event()
        timer = threading.Timer(seconds, _end_programs, [time.time(), killed])
        timer.start()
        try:
            yield
        except UserError as error:
            if not killed.is_set():
                raise
            raise UserError(
                self.env._(
                    "The letter could not be made: the printing program did not "
                    "answer. Try again in a few minutes; if it happens again, tell the "
                    "administrator."
                )
            ) from error
        finally:
            timer.cancel()


def _end_programs(started, killed):
    """Kill what this process began to print at a moment, and nothing younger."""
    for child in psutil.Process().children():
        try:
            ours = started - 1 <= child.create_time() <= started + STARTING
            if ours and child.name().startswith(PROGRAM):
                killed.set()
                child.kill()
                _logger.warning("%s did not end in time and was killed", PROGRAM)
        except psutil.NoSuchProcess:  # it ended by itself meanwhile
            continue
