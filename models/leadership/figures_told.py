from odoo import models

from ...tools import periodic_words as words
from ...tools.periodic_columns import day_text, number_text
from ...tools.short_text import GSM_PARTS, plain
from .periodic_send import FIGURES

# Own matters that one message lists; the rest stand behind the link.
MOST_MATTERS = 50
NAMES = ("given", "done", "on_time", "late", "overdue", "open")


class CivicPeriodicReport(models.Model):
    """Each agency's leaders are told the own row, and the own late matters (BP Điều
    14.3)."""

    _inherit = "civic.periodic.report"

    def _tell_agencies(self):
        self.ensure_one()
        rows = self.line_ids.filtered(lambda line: line.dimension == "agency")
        people = [
            (
                "leader",
                leader,
                {
                    "agency": line.agency_id.id,
                    **{name: (line.figures or {}).get(name) or 0 for name in NAMES},
                },
            )
            for line in rows
            if line.agency_id.active
            for leader in line.agency_id.leader_ids
        ]
        self._queue_periodic(FIGURES, people, {})

    def _own_matters(self, agency):
        """The late matters of one agency, a line each: codes and days alone.

        :param agency: id of a civic.agency
        """
        lines = self.line_ids.filtered(
            lambda line: line.dimension == "late" and line.agency_id.id == agency
        )[:MOST_MATTERS]
        said = []
        for line in lines:
            figures = line.figures or {}
            ended = day_text(figures.get("done_at"))
            said.append(
                " | ".join(filter(None, [line.label, figures.get("deadline"), ended]))
            )
        return "\n".join(said)


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    def _values_of_periodic_figures(self, report):
        facts = self.facts or {}
        agency = self.env["civic.agency"].browse(facts.get("agency"))
        return {
            "agency": agency.name or "",
            "short_period": words.short_name(
                report.period_kind, report.period_from, report.period_to
            ),
            "matters": report._own_matters(agency.id),
            # A zero is a figure: it is told, not left out.
            **{name: number_text(facts.get(name) or 0) for name in NAMES},
        }

    def _words(self):
        """One SMS is one message: where the address is too long, that of the site alone
        is told, or none."""
        subject, body = super()._words()
        if self.notice_id.event != FIGURES or not self._driver()._is_short:
            return subject, body
        link, most = self._link(), GSM_PARTS[0]
        for shorter in (link, self._site(), ""):
            said = body.replace(link, shorter).rstrip()
            if len(plain(said)) <= most:
                break
        return subject, plain(said)[:most].rstrip()
