from psycopg2.extras import Json

from odoo import api, models

from ..messages.delivery import Undelivered
from ..messages.outbox import OFFICERS

SUCCESSION = "succession"
GAPS = frozenset({"former", "successor", "date", "number", "basis"})


class CivicNotice(models.Model):
    _inherit = "civic.notice"

    @api.model
    def _selection_event(self):
        return [
            *super()._selection_event(),
            (SUCCESSION, self.env._("Work passes to who stands in its place")),
        ]

    def _known_gaps(self):
        known = super()._known_gaps()
        if self.event != SUCCESSION:
            return known
        return known | (GAPS - {"basis"} if self._is_short() else GAPS)


class CivicOutbox(models.Model):
    """Those concerned are told once how much passes over, not of each assignment."""

    _inherit = "civic.outbox"

    @api.model
    def _queue_succession(self, succession, numbers):
        """Tell the ended agency, those in its place and their focal people; of a person
        those who go on.

        :param succession: civic.succession, elevated
        :param numbers: dict of agency or res.users → number of assignments
        """
        notices = self.env["civic.notice"]._by_event().get(SUCCESSION, ())
        company, rows = succession.company_id, []
        for successor, number in numbers.items():
            facts = {
                "former": succession._ended().name,
                "successor": successor.name,
                "date": f"{succession.date:%d/%m/%Y}",
                "basis": succession.basis or "",
                "number": number,
            }
            for notice in notices:
                if not self._goes_by(notice[2], company, notice[0]):
                    continue
                key = f"succession:{succession.id}:{successor.id}:{notice[0]}"
                for agency, user in self._told_of(succession, successor, notice[1:3]):
                    rows.append(
                        {
                            **self._prepare_row(notice, company),
                            "facts": Json(facts),
                            "priority": OFFICERS,
                            "key": f"{key}:{agency.id}:{user.id}",
                            "audience": "agency" if agency else "user",
                            "agency_id": agency.id or None,
                            "user_id": user.id or None,
                        }
                    )
        self._queue(rows)

    @api.model
    def _told_of(self, succession, successor, notice):
        """:return: list of (agency, user), one of them empty"""
        nobody, none = self.env["res.users"], self.env["civic.agency"]
        audience, channel = notice
        if successor._name == "res.users":
            return [(none, successor)] if audience == "handler" else []
        if audience == "agency":
            told = succession.agency_id | successor
            reached = "email" if channel == "email" else "duty_phone"
            return [(agency, nobody) for agency in told if agency[reached]]
        people = successor.focal_handler_id | successor.focal_leader_id
        return [(none, person) for person in people]

    def _officer_values(self):
        values = super()._officer_values()
        if self.notice_id.event != SUCCESSION:
            return values
        facts = self.facts or {}
        return {**values, **{name: str(facts.get(name, "")) for name in GAPS}}

    def _recipient(self):
        """Nobody is told who has left.

        :raises Undelivered: where the account is archived
        """
        recipient = super()._recipient()
        if recipient._name == "res.users" and not recipient.active:
            raise Undelivered("nobody", self.env._("The account is archived."))
        return recipient


class CivicSuccession(models.Model):
    _inherit = "civic.succession"

    def _tell(self, numbers):
        none = dict.fromkeys(self._successors(), 0)
        self.env["civic.outbox"]._queue_succession(self, {**none, **numbers})
