import pytz
from dateutil.relativedelta import relativedelta
from psycopg2.extras import Json

from odoo import api, fields, models

from ..messages.notice import FIGURES
from ..messages.outbox import OFFICERS
from .figure import COUNTS

# A month is told of in its first days: a server that was down then tells later.
DAYS = 5


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    figures_to_leaders = fields.Boolean(
        "Figures to the Leaders of Agencies",
        help="At the beginning of a month each leader is told by e-mail or SMS how the "
        "agency handled what came in the month before (BP Điều 14.3).",
    )


class CivicOutbox(models.Model):
    """The figures of a month for the leaders of agencies."""

    _inherit = "civic.outbox"

    @api.model
    def _cron_figures(self):
        """Queue the figures of the last month, where a procedure asks for it; each
        leader is told once."""
        now = self.env["civic.door"]._now()
        companies = self.env["res.company"].search(
            [("civic_procedure_id.figures_to_leaders", "=", True)]
        )
        for company in companies:
            tz = pytz.timezone(company._civic_calendar()._civic_tz())
            today = pytz.utc.localize(now).astimezone(tz).date()
            if today.day <= DAYS:
                month = today.replace(day=1) - relativedelta(months=1)
                self._queue_figures(company, month)

    @api.model
    def _queue_figures(self, company, month):
        """Queue the figures of a month for the leaders of a company's agencies.

        :param company: res.company
        :param month: date: its first day
        """
        notices = self.env["civic.notice"]._by_event().get(FIGURES, ())
        self._queue(
            [
                {
                    **self._prepare_row(notice, company),
                    "key": f"figures:{month}:{agency.id}:{leader.id}:{notice[0]}",
                    "audience": "user",
                    "user_id": leader.id,
                    "facts": Json({**figures, "agency": agency.id}),
                    "priority": OFFICERS,
                }
                for agency, figures in self._monthly_figures(company, month).items()
                for leader in agency.leader_ids
                for notice in notices
                if self._goes_by(notice[2], company, notice[0])
            ]
        )

    @api.model
    def _monthly_figures(self, company, month):
        """:return: dict of civic.agency → dict: month and the counts, as text"""
        rows = self.env["civic.figure"].search(
            [
                ("company_id", "=", company.id),
                ("dimension", "=", "agency"),
                ("month", "=", month),
                ("key", "!=", 0),
            ],
            limit=1000,
        )
        agencies = self.env["civic.agency"].browse(rows.mapped("key")).exists()
        by_id = {row.key: row for row in rows}
        return {
            agency: {
                "month": f"{month:%m/%Y}",
                **{name: by_id[agency.id][name] for name in COUNTS},
            }
            for agency in agencies.filtered("active")
        }

    def _officer_values(self):
        values = super()._officer_values()
        if self.notice_id.event != FIGURES:
            return values
        facts = self.facts or {}
        agency = self.env["civic.agency"].browse(facts.get("agency"))
        return {
            **values,
            "agency": agency.name or "",
            # A zero is a figure: it is told, not left out.
            **{name: str(facts.get(name, "")) for name in ("month", *COUNTS)},
        }
