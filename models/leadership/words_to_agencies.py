from odoo import api, models
from odoo.exceptions import UserError

from ...tools.own_words import is_kept
from ...tools.redaction import NOBODY, find
from ..report.identities import OfficeNumbers

# Kinds that words of an office may hold: what a report is about, and who pays what.
HARMLESS = frozenset({"plate", "account"})


class CivicReport(models.Model):
    """What leaders and the Centre write to agencies names no sender unnoticed."""

    _inherit = "civic.report"

    @api.model
    def _kinds_named(self, texts, company, reports):
        """What names somebody in words that agencies are to read.

        By form for everybody; who the senders are is compared for those alone who may
        know them, so that nobody finds out by trying.

        :param texts: list of texts or empty
        :param reports: civic.report that they are about
        :return: set of kinds, as `find` calls them
        """
        text = "\n".join(filter(None, texts))
        identities = []
        if self.env.user.has_group("civic_report.group_operator"):
            identities = [
                identity
                for report in reports
                for identity in report._identities_to_compare()
            ]
        first, *others = identities or [NOBODY]
        offices = OfficeNumbers(company)
        return {
            span.kind
            for span in find(text, first, others)
            if span.kind not in HARMLESS and not is_kept(text, span, offices)
        }

    @api.model
    def _check_words_to_agencies(
        self, texts, company, reports, reason=None, may_stay=False
    ):
        """Refuse words that name somebody, unless a reason is given.

        :param reason: why they stay; the history keeps it
        :param may_stay: whether whoever writes them can give a reason
        :return: what is left in, in words for the history; empty for nothing
        :raises UserError: without a reason
        """
        kinds = self._kinds_named(texts, company, reports)
        if not kinds:
            return ""
        what = self._personal_words(kinds)
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason and not may_stay:
            raise UserError(
                self.env._(
                    "Others read this, and it names somebody by %s: strike it out.",
                    what,
                )
            )
        if not reason:
            raise UserError(
                self.env._(
                    "Agencies read this, and it names somebody by %s. Strike it out, "
                    "or give the reason why it stays.",
                    what,
                )
            )
        return f"{what}: {reason}"
