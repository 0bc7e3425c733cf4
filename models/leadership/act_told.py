from psycopg2.extras import Json

from odoo import api, fields, models

from ..ground.key import Clock
from ..messages.outbox import OFFICERS
from .act import DIRECTIVE, EXPLANATION

# As of the notices of periodic reports.
CENTRE = "manager"
# What notices are written for, besides the events of reports.
ACT_EVENTS = (
    *("directive_issued", "directive_due", "directive_late", "directive_answered"),
    *("directive_withdrawn", "explanation_opened", "explanation_due"),
    *("explanation_late", "explanation_signed", "explanation_excused"),
)
# Those that ask for something: of no use once it is not owed any more.
ASKING = ("directive_due", "explanation_opened", "explanation_due")
ACT_GAPS = frozenset({"number", "date", "kind", "waiting", "period", "reason"})
# Not on a locked screen: words that somebody typed.
LONG_GAPS = frozenset({"reason", "waiting"})
PATHS_OF_ACTS = {DIRECTIVE: "civic-directives", EXPLANATION: "civic-explanations"}
# Officers of a role who are told at once.
MOST_TOLD = 20


class CivicNotice(models.Model):
    _inherit = "civic.notice"

    audience = fields.Selection(
        selection_add=[(CENTRE, "Managers of the Centre")],
        ondelete={CENTRE: "cascade"},
    )

    @api.model
    def _selection_event(self):
        known = dict(super()._selection_event())
        labels = {
            "directive_due": self.env._("Directive to be answered soon"),
            "explanation_due": self.env._("Explanation to be signed soon"),
            "explanation_late": self.env._("Explanations not handed in"),
        }
        return [*known.items(), *labels.items()]

    def _known_gaps(self):
        known = super()._known_gaps()
        if self.event not in ACT_EVENTS:
            return known
        return known | (ACT_GAPS - LONG_GAPS if self._is_short() else ACT_GAPS)


class CivicAgency(models.Model):
    _inherit = "civic.agency"

    def _leaders_told(self):
        """Who leads it now; of one that nobody leads, who leads the agency above.

        :return: res.users, elevated; deputies in place of who is away
        """
        self.ensure_one()
        agency_sudo = self.sudo()  # sudo: who leads is told, whoever acts
        if not agency_sudo.active:
            agency_sudo = agency_sudo._in_force().filtered("active") or agency_sudo
        leaders = agency_sudo.leader_ids.filtered("active")
        if not leaders:
            leaders = agency_sudo[:1]._vacancy_holder("leader")
        return leaders[:MOST_TOLD]._civic_deputies()


class CivicOutbox(models.Model):
    """Leaders are told of directives and explanations by every way that they have."""

    _inherit = "civic.outbox"

    @api.model
    def _queue_acts(self, event, told, again=""):
        """Queue what the notices say about acts, in one statement.

        Older ones that are entered with a clock of their own tell nobody.

        :param event: of the notices
        :param told: list of (act, agency or empty, audience, res.users), elevated;
            where no leader is, the agency is told at its official address
        :param again: what tells a later message of the same from it
        """
        if isinstance(self.env.context.get("civic_clock"), Clock):
            return
        notices = self.env["civic.notice"]._by_event().get(event, ())
        self._queue(
            [
                row
                for act, agency, audience, people in told
                for notice in notices
                if notice[1] == audience
                and self._goes_by(notice[2], act.company_id, notice[0])
                for row in self._prepare_act(
                    notice, act, agency, people, f"{event}{again}"
                )
            ]
        )

    @api.model
    def _prepare_act(self, notice, act, agency, people, key):
        """:return: list of rows of one notice about one act"""
        base = {
            "facts": Json({"act": act._name, "id": act.id, "agency": agency.id or 0}),
            "priority": OFFICERS,
        }
        key = f"{key}:{act._name}:{act.id}:{agency.id or 0}"
        if people:
            return [
                {
                    **self._prepare_row(notice, act.company_id),
                    **base,
                    "key": f"{key}:{user.id}:{notice[0]}",
                    "audience": "user",
                    "user_id": user.id,
                }
                for user in people
                if user.id != self.env.uid
            ]
        driver = self.env["civic.driver"]._of(notice[2])
        if not agency or not driver._reaches_agency(agency, False):
            return []
        told = {"audience": "agency", "agency_id": agency.id}
        told["key"] = f"{key}:agency:{notice[0]}"
        return [{**self._prepare_row(notice, act.company_id), **base, **told}]

    @api.model
    def _officers_above(self, company, *roles):
        """Who has one of these roles in a province, each with the audience.

        :return: list of (audience, res.users)
        """
        audiences = {"centre_manager": CENTRE, "province_leader": "province"}
        return [
            (
                audiences[role],
                self.env["res.users"]
                ._civic_officers(role, company)[:MOST_TOLD]
                ._civic_deputies(),
            )
            for role in roles
        ]

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    def _told_act(self):
        """The act that a message is about, or None."""
        facts = self.facts or {}
        if facts.get("act") not in PATHS_OF_ACTS:
            return None
        return self.env[facts["act"]].browse(facts["id"]).exists() or None

    def _officer_values(self):
        values = super()._officer_values()
        act = self._told_act()
        if act is None:
            return values
        agency = self.env["civic.agency"].browse(self.facts.get("agency") or ())
        when = self.company_id._civic_deadline_text
        return {
            **values,
            "agency": agency.name or "",
            "deadline": when(act.due_at) if act.due_at else "",
            **act._words_of_notice(),
        }

    def _is_moot(self):
        """Whoever has answered, or is asked no more, need not be told to."""
        act = self._told_act()
        if act is None or self.notice_id.event not in ASKING:
            return super()._is_moot()
        agency = self.env["civic.agency"].browse(self.facts.get("agency") or ())
        return agency not in act._owing_agencies() or not act._is_owed()

    def _work_path(self):
        facts = self.facts or {}
        if facts.get("act") not in PATHS_OF_ACTS:
            return super()._work_path()
        return f"/odoo/{PATHS_OF_ACTS[facts['act']]}/{facts['id']}"
