from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, OrderedSet

from ...tools.periods import bounds
from ..ground.guard import id_of
from ..workflow.transitions import (
    CENTRE_CODES,
    ENDED_WITHOUT_RESULT,
    OPEN_ASSIGNMENT_STATES,
    TURNED_AWAY,
    WORKING_ASSIGNMENT_STATES,
)
from .now_lists import DIRECTIVES as UNANSWERED

REPORTS = "civic_report.civic_report_action_all"
ASSIGNMENTS = "civic_report.civic_assignment_action_all"
DUTIES = "civic_report.civic_step_action"
QUESTIONS = "civic_report.civic_interaction_action"
EXPLANATIONS = "civic_report.civic_explanation_action"
DIRECTIVES = "civic_report.civic_directive_action"
EXTENSIONS = "civic_report.civic_extension_action"
# Figures of reports whose list is of what was counted: figure → its name there.
COUNTED = {"late": "late", "overdue_end": "overdue", "recurred": "recurred"}
OPEN_PART = Domain("state", "in", OPEN_ASSIGNMENT_STATES) & Domain(
    "role", "!=", "follow_up"
)
# Co-agencies are counted apart.
OWN_PART = Domain("role", "in", ("lead", "parallel"))
# What an agency gave back or lost is out of its sight: it opens no list of it.
STILL_OWN = OWN_PART & Domain("state", "not in", ENDED_WITHOUT_RESULT)
OF_PART = {
    "open": Domain.TRUE,
    "pending": Domain("state", "=", "pending"),
    "in_hand": Domain("state", "in", WORKING_ASSIGNMENT_STATES),
    "submitted": Domain("state", "=", "submitted"),
    "overdue": Domain("is_overdue", "=", True),
    "sent_back": Domain("state", "in", WORKING_ASSIGNMENT_STATES)
    & Domain("send_back_count", ">", 0),
}


class CivicBoard(models.AbstractModel):
    """What is behind each figure: the list of what it counts."""

    _inherit = "civic.board"

    @api.model
    def open_list(self, kind, figure, period="month", place=None):
        """The list behind a figure of a screen.

        :param kind: of the screen, "province" or "unit"
        :param figure: the figure's key, as the page names it
        :param period: see `read_page`; of figures of a period
        :param place: dict that narrows it down: id of an agency, ward, category or
            user, by these words
        :return: an action that opens the list
        :raises AccessError: for whoever has no such screen
        :raises UserError: for a figure without a list
        """
        self._check_page(kind)
        if kind == "wall":
            raise UserError(self.env._("A wall opens nothing."))
        company = self.env.company
        chosen = self._read_period(company, period)
        found = self._list_now(kind, figure, company) or self._list_past(
            kind, figure, company, chosen
        )
        if not found:
            raise UserError(self.env._("This figure has no list."))
        action_id, domain, words = found
        domain &= Domain("company_id", "=", company.id)
        domain &= self._narrowed(kind, action_id, place)
        return self._list_action(action_id, domain, words)

    @api.model
    def open_matter(self, kind, model, record_id):
        """The form of one matter that a screen names, if it is the reader's to see.

        :param model: "civic.report", "civic.assignment" or "civic.directive"
        :param record_id: its id
        """
        self._check_page(kind)
        allowed = ("civic.report", "civic.assignment", "civic.directive")
        if kind == "wall" or model not in allowed:
            raise UserError(self.env._("This figure has no list."))
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": id_of(record_id),
            "views": [[False, "form"]],
        }

    @api.model
    def _list_action(self, action_id, domain, words):
        """An action with its own views and words, on these records alone.

        Without its id: an address that leads to it would show all of them.
        """
        action = self.env["ir.actions.actions"]._for_xml_id(action_id)
        for name in ("id", "path", "xml_id", "context", "help"):
            action.pop(name, None)
        return {
            **action,
            "name": words,
            "display_name": words,
            "domain": _plain_domain(domain),
            "context": {},
        }

    # ------------------------------------------------------------------
    # As of now
    # ------------------------------------------------------------------

    @api.model
    def _list_now(self, kind, figure, company):
        """:return: (xmlid of an action, domain, words) or None"""
        label = self._tile_labels().get(figure) if isinstance(figure, str) else None
        if not label:
            return None
        if figure.startswith("agency_"):
            return ASSIGNMENTS, OPEN_PART & self._part_domain(figure, company), label
        named = {
            "open": (REPORTS, Domain("is_open", "=", True)),
            "designating": (REPORTS, Domain("state", "=", "designating")),
            "due_today": (
                REPORTS,
                Domain("is_open", "=", True) & self._due_today(company),
            ),
            "emergency": (
                REPORTS,
                Domain("is_open", "=", True) & Domain("track", "=", "emergency"),
            ),
            "centre_overdue": (
                DUTIES,
                Domain("state", "=", "open")
                & Domain("code", "in", CENTRE_CODES)
                & Domain("overdue_from", "<", self.env["civic.door"]._now()),
            ),
            "unanswered": (QUESTIONS, Domain("state", "=", "open")),
            "explanations": (
                EXPLANATIONS,
                Domain("state", "=", "open"),
            ),
            "directives": (DIRECTIVES, self._unanswered_directives(kind, company)),
            "received_today": (
                REPORTS,
                Domain("received_at", ">=", self._day_begins(company)),
            ),
            "parts_given_today": (
                ASSIGNMENTS,
                STILL_OWN & Domain("dispatched_at", ">=", self._day_begins(company)),
            ),
            "parts_done_today": (
                ASSIGNMENTS,
                STILL_OWN & Domain("approved_at", ">=", self._day_begins(company)),
            ),
            "done_today": (
                REPORTS,
                Domain("state", "=", "done")
                & Domain("closed_at", ">=", self._day_begins(company)),
            ),
        }
        return (*named[figure], label)

    @api.model
    def _unanswered_directives(self, kind, company):
        """Those that somebody has not answered; of a unit, that it has not."""
        own = self.env.user._civic_role_agency_ids("leader") if kind == "unit" else None
        self.env.flush_all()
        rows = self.env.execute_query(SQL(UNANSWERED))
        ids = {
            directive
            for of_company, agency, directive, *_more in rows
            if of_company == company.id and (own is None or agency in own)
        }
        return Domain("id", "in", list(ids))

    @api.model
    def _part_domain(self, figure, company):
        """Which of an agency's open assignments a figure counts."""
        part = figure.removeprefix("agency_")
        return self._due_today(company) if part == "due_today" else OF_PART[part]

    @api.model
    def _day_begins(self, company):
        now = self.env["civic.door"]._now()
        return self.env["civic.now"]._day_bounds(company, now)[company][0]

    @api.model
    def _due_today(self, company):
        """Not overdue, and due before this day ends: as `civic.now` counts it."""
        now = self.env["civic.door"]._now()
        ends = self.env["civic.now"]._day_bounds(company, now)[company][1]
        return Domain("overdue_from", ">=", now) & Domain("deadline", "<", ends)

    # ------------------------------------------------------------------
    # Of a period
    # ------------------------------------------------------------------

    @api.model
    def _list_past(self, kind, figure, company, period):
        """Figures of a period are facts at its end: lists show what was meant then, as
        it stands today.

        :return: (xmlid of an action, domain, words) or None
        """
        label = self._figure_labels().get(figure) if isinstance(figure, str) else None
        if not label:
            return None
        words = f"{label} · {self._period_label(period)}"
        if figure in COUNTED:
            return (*self._counted_list(kind, figure, company, period), words)
        start, end = self._period_bounds(company, period)
        found = self._part_list(figure, start, end) if kind == "unit" else None
        found = found or self._report_list(figure, start, end)
        return found and (*found, words)

    @api.model
    def _period_bounds(self, company, period):
        """Beginning and end of a period, naive UTC."""
        tz = company._civic_calendar()._civic_tz()
        return bounds(period, tz)

    @api.model
    def _report_list(self, figure, start, end):
        """Whole reports: (xmlid of an action, domain) or None."""
        arrived = _within("received_at", start, end)
        closed = _within("closed_at", start, end)
        published = _within("published_at", start, end)
        domains = {
            "received": arrived,
            "done": published & Domain("state", "=", "done"),
            "on_time_rate": published,
            "median_hours": published,
            "refused": closed & Domain("state", "in", TURNED_AWAY),
            "forwarded": closed & Domain("state", "=", "forwarded"),
            "satisfied_rate": _within("rated_at", start, end),
            "open_end": Domain("received_at", "<", end)
            & (Domain("closed_at", "=", False) | Domain("closed_at", ">=", end)),
        }
        return (REPORTS, domains[figure]) if figure in domains else None

    @api.model
    def _part_list(self, figure, start, end):
        """Parts of agencies: (xmlid of an action, domain) or None."""
        approved = _within("approved_at", start, end)
        domains = {
            "given": (ASSIGNMENTS, _within("dispatched_at", start, end)),
            "done": (ASSIGNMENTS, approved),
            "on_time_rate": (ASSIGNMENTS, approved),
            "fixed": (ASSIGNMENTS, _had_event("fix", start, end)),
            "urged": (ASSIGNMENTS, _had_event("urge", start, end)),
            "extended": (
                EXTENSIONS,
                Domain("state", "=", "granted") & _within("decided_at", start, end),
            ),
            "unanswered_end": (
                QUESTIONS,
                Domain("sent_at", "<", end)
                & (
                    Domain("answered_at", "=", False) | Domain("answered_at", ">=", end)
                ),
            ),
        }
        return domains.get(figure)

    @api.model
    def _counted_list(self, kind, figure, company, period):
        """What a figure of facts counted: of the province whole reports, the Centre's
        delays with them; of a unit its own parts, and those of its matters that came
        again.

        :return: (xmlid of an action, domain)
        """
        if kind == "unit" and figure != "recurred":
            return ASSIGNMENTS, self._late_domain(kind, company, period, figure)
        # sudo: the ids of what was counted; the list shows what the reader may see
        facts = self.env["civic.facts"].sudo().with_company(company)
        ids = facts._counted_reports(company, period, COUNTED[figure])
        if kind == "unit":
            # What came again may be another agency's: the first one was theirs.
            # sudo: ids alone, as above
            again = self.env["civic.report"].sudo().browse(ids)
            own = set(self.env.user._civic_role_agency_ids("leader"))
            ids = again.recurrence_of_id.filtered(
                lambda first: own & set(first.assignment_ids.agency_id.ids)
            ).ids
        return REPORTS, Domain("id", "in", ids)

    @api.model
    def _late_domain(self, kind, company, period, figure):
        """The assignments themselves: whether one was late is a fact of then. Of a unit
        the own ones alone: the ids go to whoever looks, and tell how many there are."""
        own = self.env.user._civic_role_agency_ids("leader") if kind == "unit" else None
        # sudo: the ids of what was late; the list shows what the reader may see
        facts = self.env["civic.facts"].sudo().with_company(company)
        matters = facts._late_matters(company, period, agency_ids=own)
        is_open = figure == "overdue_end"
        return Domain(
            "id",
            "in",
            [
                row["assignment_id"]
                for row in matters
                if row["assignment_id"] and bool(row["done_at"]) != is_open
            ],
        )

    # ------------------------------------------------------------------
    # Narrower
    # ------------------------------------------------------------------

    @api.model
    def _narrowed(self, kind, action_id, place):
        """A domain by what was pressed: an agency's row, a ward, a person; a unit's
        leader never gets beyond the own agencies, whatever is named."""
        place = place if isinstance(place, dict) else {}
        domain = Domain.TRUE
        agency = self._agency_field(action_id)
        if agency and (id_ := id_of(place.get("agency"))):
            domain &= Domain(agency, "in", [id_])
        if kind == "unit" and agency:
            own = self.env.user._civic_role_agency_ids("leader")
            domain &= Domain(agency, "in", own)
        if action_id in (REPORTS, ASSIGNMENTS):
            for name in ("ward", "category"):
                if id_ := id_of(place.get(name)):
                    domain &= Domain(f"{name}_id", "=", id_)
        if action_id == ASSIGNMENTS and (id_ := id_of(place.get("user"))):
            domain &= Domain("handler_id", "=", id_)
        return domain

    @api.model
    def _agency_field(self, action_id):
        """Which field says whose a row is."""
        return {
            ASSIGNMENTS: "agency_id",
            QUESTIONS: "agency_id",
            EXTENSIONS: "agency_id",
            EXPLANATIONS: "agency_id",
            DIRECTIVES: "agency_ids",
            REPORTS: "assignment_ids.agency_id",
            DUTIES: "agency_id",
        }[action_id]


def _within(field, start, end):
    return Domain(field, ">=", start) & Domain(field, "<", end)


def _had_event(code, start, end):
    """What something happened to in that time."""
    return Domain(
        "event_ids", "any", Domain("code", "=", code) & _within("at", start, end)
    )


def _plain_domain(domain):
    """A domain as the client takes it: lists, and moments as texts."""
    if isinstance(domain, Domain):
        return [_plain_domain(term) for term in domain]
    if isinstance(domain, tuple) and len(domain) == 3:
        return [*domain[:2], _plain_domain(domain[2])]
    if isinstance(domain, datetime):
        return fields.Datetime.to_string(domain)
    if isinstance(domain, list | tuple | set | OrderedSet):
        return [_plain_domain(each) for each in domain]
    return domain
