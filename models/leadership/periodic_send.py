from psycopg2.extras import Json

from odoo import api, fields, models

from ...tools import periodic_words as words
from ..messages.outbox import OFFICERS

# What is told of periodic reports.
ISSUED, DUE, LATE = "periodic_issued", "periodic_due", "periodic_late"
DAY, FIGURES = "periodic_day", "periodic_figures"
EVENTS = (ISSUED, DUE, LATE, DAY, FIGURES)
GAPS = {
    ISSUED: {"province", "link", "title", "number", "period"},
    DUE: {"province", "link", "title", "due"},
    LATE: {"province", "link", "title", "due"},
    DAY: {"province", "link", "title", "numbers", "matters", "stuck"},
    FIGURES: {
        *("province", "link", "agency", "period", "short_period", "matters"),
        *("given", "done", "on_time", "late", "overdue", "open"),
    },
}


class CivicNotice(models.Model):
    _inherit = "civic.notice"

    audience = fields.Selection(
        selection_add=[("manager", "Managers of the Centre")],
        ondelete={"manager": "cascade"},
    )

    @api.model
    def _selection_event(self):
        _ = self.env._
        labels = {
            ISSUED: _("Periodic report issued"),
            DUE: _("Periodic report due soon"),
            LATE: _("Periodic report late"),
            DAY: _("Quick report of the day"),
            FIGURES: _("Figures of a report for an agency"),
        }
        return [*super()._selection_event(), *labels.items()]

    def _known_gaps(self):
        """Figures and codes alone: nothing of them says who sent anything."""
        return GAPS.get(self.event) or super()._known_gaps()


class CivicPeriodicReport(models.Model):
    """Who is told of a report, by e-mail or as they wish."""

    _inherit = "civic.periodic.report"

    def _queue_periodic(self, event, people, facts, mark=""):
        """Queue what people are told of a report, each once.

        :param event: one of `EVENTS`
        :param people: list of (audience, res.users, more facts)
        :param facts: of all
        :param mark: what tells this occasion from others of the same report
        """
        self.ensure_one()
        outbox = self.env["civic.outbox"]
        notices = self.env["civic.notice"]._by_event().get(event, ())
        outbox._queue(
            [
                {
                    **outbox._prepare_row(notice, self.company_id),
                    "key": f"{event}:{self.id}:{mark}:{user.id}:"
                    f"{more.get('agency', '')}:{notice[0]}",
                    "audience": "user",
                    "user_id": user.id,
                    "facts": Json({"periodic": self.id, **facts, **more}),
                    "priority": OFFICERS,
                }
                for audience, user, more in people
                for notice in notices
                if notice[1] == audience
                and outbox._goes_by(notice[2], self.company_id, notice[0])
            ]
        )

    def _officers_of(self, role, audience):
        """Who is told by a role: rows of `_queue_periodic`."""
        officers = self.env["res.users"]._civic_officers(role, self.company_id)
        return [(audience, user, {}) for user in officers]

    def _tell_issued(self):
        """The province's leaders of the report; with it, where the text wants that,
        each agency's leaders of their own figures."""
        self.ensure_one()
        province = self._officers_of("province_leader", "province")
        if self.form == "day":
            self._queue_periodic(DAY, province, {})
            return
        self._queue_periodic(ISSUED, province, {})
        if self.kind_id.tells_agencies:
            self._tell_agencies()

    def _prepare_periodic_facts(self):
        """What every message of a report may say."""
        due = self.due_date
        return {
            "title": self.title,
            "number": self.number or "",
            "period": words.period_name(
                self.period_kind, self.period_from, self.period_to
            ),
            "due": due.strftime("%d/%m/%Y") if due else "",
        }


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    def _told_periodic(self):
        """The report that a message is about, elevated; empty for other messages."""
        known = self.notice_id.event in EVENTS and (self.facts or {}).get("periodic")
        return self.env["civic.periodic.report"].browse(known or []).exists()

    def _officer_values(self):
        values = super()._officer_values()
        report = self._told_periodic()
        if not report:
            return values
        own = getattr(self, f"_values_of_{self.notice_id.event}", None)
        return {
            **values,
            **report._prepare_periodic_facts(),
            **(own(report) if own else {}),
        }

    def _is_moot(self):
        """Nobody is warned of what has been issued meanwhile."""
        if self.notice_id.event in (DUE, LATE):
            report = self._told_periodic()
            return not report or report.state not in report._open_states
        return super()._is_moot()

    def _work_path(self):
        report = self._told_periodic()
        if not report:
            return super()._work_path()
        if self.notice_id.event == FIGURES:
            # Leaders of agencies read own rows, not the report.
            return "/odoo/civic-own-figures"
        return f"/odoo/civic-periodic/{report.id}"
