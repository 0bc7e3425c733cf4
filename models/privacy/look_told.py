from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models

from ..identity.access import OPENING
from ..messages.outbox import OFFICERS
from .look import FAST, OVER

WEEK = "looks_week"
LOOKS = (OVER, FAST, WEEK)
GAPS = frozenset({"link", "province", "person", "count", "limit", "minutes"})
WEEK_GAPS = frozenset({"link", "province", "period", "count", "people"})
# A week is told of in its first days: a server that was down then tells later.
DAYS = 3
MAX_PEOPLE = 200
MAX_GROUNDS = 10


class CivicNotice(models.Model):
    """What the Centre's managers are told of looks at identities."""

    _inherit = "civic.notice"

    audience = fields.Selection(
        selection_add=[("manager", "Managers of the Centre")],
        ondelete={"manager": "cascade"},
    )

    @api.model
    def _selection_event(self):
        _ = self.env._
        labels = {
            OVER: _("More looks at identities asked for than allowed"),
            FAST: _("Many looks at identities in a short time"),
            WEEK: _("Looks at identities of a week"),
        }
        return [*super()._selection_event(), *labels.items()]

    def _known_gaps(self):
        if self.event in LOOKS:
            return WEEK_GAPS if self.event == WEEK else GAPS
        return super()._known_gaps()


class CivicOutbox(models.Model):
    """Looks at identities, told to the managers: who and how often, never whose."""

    _inherit = "civic.outbox"

    @api.model
    def _queue_looks(self, day, event, managers, count):
        """Queue what managers are told of a person's looks.

        :param day: civic.look.day
        :param event: key of `civic.notice.event`
        :param count: how many identities
        """
        company = day.company_id
        facts = {
            "person": day.user_id.id,
            "count": count,
            "limit": day.most + day.extra,
            "minutes": company.civic_look_minutes,
        }
        # Anew where more was allowed since, or more was opened.
        key = f"{event}:{day.id}:{day.extra}:{day.looks}"
        self._queue_to_managers(event, key, company, managers, facts)

    @api.model
    def _queue_to_managers(self, event, key, company, managers, facts):
        self._queue(
            [
                {
                    **self._prepare_row(notice, company),
                    "key": f"{key}:{manager.id}:{notice[0]}",
                    "audience": "user",
                    "user_id": manager.id,
                    "facts": Json(facts),
                    "priority": OFFICERS,
                }
                for notice in self.env["civic.notice"]._by_event().get(event, ())
                for manager in managers
                if self._goes_by(notice[2], company, notice[0])
            ]
        )

    @api.model
    def _cron_looks(self):
        """Queue the looks of the last week for the managers of each company, once."""
        for company in self.env["res.company"].search(
            [("civic_procedure_id", "!=", False)]
        ):
            today = company._civic_today()
            if today.weekday() < DAYS:
                monday = today - timedelta(days=today.weekday() + 7)
                self._queue_week(company, monday)

    @api.model
    def _queue_week(self, company, monday):
        """Queue the looks of a week for a company's managers.

        Each manager is told of everybody, the own looks among them.

        :param monday: date: its first day
        """
        people = self._looks_of_week(company, monday)
        if not people:
            return
        day = self.env["civic.look.day"].new({"company_id": company.id})
        sunday = monday + timedelta(days=6)
        facts = {
            "period": f"{monday:%d/%m} – {sunday:%d/%m/%Y}",
            "count": sum(count for _person, count, _grounds in people),
            "people": people,
        }
        key = f"{WEEK}:{company.id}:{monday}"
        self._queue_to_managers(WEEK, key, company, day._managers(), facts)

    @api.model
    def _looks_of_week(self, company, monday):
        """Who looked how often, and for which grounds; no words, which may name people.

        :return: list of (user id, looks, list of (ground id or kind, looks))
        """
        start, end = (
            company._civic_day_start(monday + timedelta(days=days)) for days in (0, 7)
        )
        rows = self.env["civic.access"]._read_group(
            [
                ("company_id", "=", company.id),
                ("kind", "in", OPENING),
                ("at", ">=", start),
                ("at", "<", end),
            ],
            ["user_id", "ground_id", "kind"],
            ["__count"],
        )
        people = {}
        for user, ground, kind, count in rows:
            grounds = people.setdefault(user.id, {})
            known = ground.id or kind
            grounds[known] = grounds.get(known, 0) + count
        told = [
            (
                user_id,
                sum(grounds.values()),
                sorted(grounds.items(), key=lambda item: -item[1])[:MAX_GROUNDS],
            )
            for user_id, grounds in people.items()
        ]
        return sorted(told, key=lambda row: -row[1])[:MAX_PEOPLE]

    def _officer_values(self):
        values = super()._officer_values()
        if self.notice_id.event not in LOOKS:
            return values
        facts = self.facts or {}
        person = self.env["res.users"].browse(facts.get("person"))
        names = ("count", "limit", "minutes", "period")
        return {
            **values,
            **{name: str(facts.get(name, "")) for name in names},
            "person": person.name or "",
            "people": "\n".join(self._people_words(facts.get("people") or ())),
        }

    def _people_words(self, people):
        """One line a person: the name, how often, for which grounds."""
        kinds = dict(
            self.env["civic.access"]._fields["kind"]._description_selection(self.env)
        )
        users = self.env["res.users"].browse([row[0] for row in people]).exists()
        names = {user.id: user.name for user in users}
        ids = {
            ground
            for _user, _count, grounds in people
            for ground, _times in grounds
            if isinstance(ground, int)
        }
        known = self.env["civic.reason"].browse(ids).exists()
        labels = {**kinds, **{ground.id: ground.name for ground in known}}
        for user_id, count, grounds in people:
            said = "; ".join(
                f"{labels.get(ground, '')}: {times}" for ground, times in grounds
            )
            yield f"{names.get(user_id, user_id)}: {count} ({said})"

    def _link(self):
        if self.notice_id.event not in LOOKS:
            return super()._link()
        page = "civic-looks" if self.notice_id.event == WEEK else "civic-look-days"
        return f"{self._site()}/odoo/{page}"
