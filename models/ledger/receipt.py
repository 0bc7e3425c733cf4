import logging

from odoo import api, models
from odoo.tools import SQL

from ...tools import event_log, merkle, receipts

_logger = logging.getLogger(__name__)


class CivicReport(models.Model):
    """What proves to the sender, and to whomever it is shown, what has happened."""

    _inherit = "civic.report"

    def _receipt(self):
        """The report's events under the last root, those that its sender may read open.

        The others are there as hashes alone: they cannot be left out of the chain.

        :return: dict, see `receipts.receipt`; empty until a day is closed, and where
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
        data = receipts.receipt(
            events,
            set(shown.ids),
            event_log.Root(root.day.isoformat(), root.size, root.root),
            proof,
        )
        try:
            receipts.check_receipt(data)
        except ValueError as error:
            _logger.error("no receipt of %s: %s", self.name, error)
            return {}
        return {
            **data,
            "code": self.name,
            "province": self.company_id.name,
            "site": self.company_id._civic_base_url(),
        }

    def _receipt_values(self):
        """The receipt as its page shows it, in short.

        :return: dict: steps, day, short; empty where there is none
        """
        root = self._receipt_root()
        if not root:
            return {}
        [(steps, last)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), (array_agg(hash ORDER BY leaf_index DESC))[1]
                  FROM civic_event
                 WHERE report_id = %s AND leaf_index < %s
                """,
                self.id,
                root.size,
            )
        )
        if not steps:
            return {}
        return {
            "steps": steps,
            "day": root.day.strftime("%d/%m/%Y"),
            "short": receipts.short_form(last),
        }

    def _receipt_events(self):
        """:return: list of `event_log.Event` within the last root, and that root"""
        root = self._receipt_root()
        if not root:
            return [], root
        where = SQL(
            "report_id = %s AND leaf_index < %s ORDER BY leaf_index", self.id, root.size
        )
        return self.env["civic.event"]._log_rows(where), root

    @api.model
    def _receipt_root(self):
        """:return: the last root, elevated"""
        return self.env["civic.event.root"].sudo()._last()  # sudo: public
