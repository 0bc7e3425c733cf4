import logging

from odoo import models
from odoo.tools import SQL

from ..tools import event_log, merkle

_logger = logging.getLogger(__name__)


class CivicReport(models.Model):
    """What proves to the sender, and to whomever it is shown, what has happened."""

    _inherit = "civic.report"

    def _receipt(self):
        """The report's events under the last root, those that its sender may read open.

        The others are there as hashes alone: they cannot be left out of the chain.

        :return: dict, see `event_log.receipt`; empty until a day is closed, and where
            the log does not fit its root any more
        """
        self.ensure_one()
        events, root = self._receipt_events()
        if not events:
            return {}
        last = events[-1]
        tree = self.env["civic.event"]._tree(root.size, last.leaf_index)
        proof = merkle.inclusion_proof(last.leaf_index, root.size, tree)
        shown = self.event_ids.filtered(lambda event: event._is_for_sender())
        data = event_log.receipt(
            events,
            set(shown.ids),
            event_log.Root(root.day.isoformat(), root.size, root.root),
            proof,
        )
        try:
            event_log.check_receipt(data)
        except ValueError as error:
            _logger.error("no receipt of %s: %s", self.name, error)
            return {}
        return {
            **data,
            "code": self.name,
            "province": self.company_id.name,
            "site": self.company_id._civic_base_url(),
        }

    def _own_values(self):
        return {**super()._own_values(), "receipt": self._receipt_values()}

    def _receipt_values(self):
        """The receipt as its page shows it, in short.

        :return: dict: steps, day, short; empty where there is none
        """
        events, root = self._receipt_events()
        if not events:
            return {}
        return {
            "steps": len(events),
            "day": root.day.strftime("%d/%m/%Y"),
            "short": event_log.short_form(events[-1].hash),
        }

    def _receipt_events(self):
        """:return: list of `event_log.Event` within the last root, and that root"""
        root = self.env["civic.event.root"].sudo().search([], limit=1)  # sudo: public
        if not root:
            return [], root
        where = SQL(
            "report_id = %s AND leaf_index < %s ORDER BY leaf_index", self.id, root.size
        )
        return self.env["civic.event"]._log_rows(where), root
