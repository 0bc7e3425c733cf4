from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from psycopg2.extras import Json

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ...ground.key import Clock
from ...workflow.step_life import TOLD
from ...workflow.transitions import CENTRE_CODES, INTAKE
from ..outbox import EMERGENCY, OFFICERS

# The notices that say what somebody has to do now.
DUTY = "duty"
# What a lead has to know of besides the duties that open: a part came back to it.
CO_RETURNED = "co_returned"
# Duties that one message lists at most; the rest go into the next one.
MOST_LISTED = 100
PATHS = {
    **dict.fromkeys(("consult", "concur"), "civic-coordination"),
    "designate": "civic-designations",
}
# Turns that a list shows, not the report: of which model its rows are.
LISTED = {}
# Officers of a role who are told at once.
MOST_TOLD = 10


class Turn(NamedTuple):
    """Somebody's turn.

    :param code: of the table of turns
    :param key: what tells it from others: the same is told once
    :param report: civic.report
    :param assignment: civic.assignment, or empty
    :param holder: res.users, or empty
    :param agency: civic.agency that is told where nobody holds it, or empty
    :param step: id of its duty, where it is one
    """

    code: str
    key: str
    report: Any
    assignment: Any
    holder: Any
    agency: Any
    step: int | None = None

    @classmethod
    def at_agency(cls, code, about, assignment, role="process", again=""):
        """Somebody's turn at an agency, which is no duty of its own.

        :param about: the record that makes it one
        :param role: code of the duty whose holder it is
        :param again: what tells a later turn of the same record from it
        """
        return cls(
            code,
            f"{code}:{about.id}{again}",
            assignment.report_id,
            assignment,
            assignment._step_holder(role),
            assignment.agency_id,
        )

    @classmethod
    def at_centre(cls, code, about, holder, again=""):
        """Somebody's turn at the Centre: officers, or whom the table names."""
        env = about.env
        return cls(
            code,
            f"{code}:{about.id}{again}",
            about.report_id,
            env["civic.assignment"],
            holder,
            env["civic.agency"],
        )


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    centre_follows_up = fields.Boolean(
        "The Centre Follows What Citizens Say of Answers",
        help="It is told of follow-ups, beside the agency (BG Phần 2, mục 3 b2).",
    )


class CivicDutyWay(models.Model):
    """Whose turn is told to whom, and by which ways: one row each.

    Whoever has a duty is told of it by the ways that the person has, not by the screen
    alone. Nobody is told of what the same person has just caused.
    """

    _name = "civic.duty.way"
    _inherit = ["civic.cached"]
    _description = "Who is told of a duty"
    _order = "sequence, id"
    _rec_name = "code"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    code = fields.Selection("_selection_code", "Duty", required=True)
    track = fields.Selection(
        selection=lambda self: self.env["civic.step"]._selection_track(),
        help="Empty: on every track.",
    )
    who = fields.Selection(
        [
            ("holder", "Whoever has the duty"),
            ("agency", "The agency, at its official address"),
            ("centre", "Who took the report at the Centre; else its managers"),
            ("province", "Leaders of the province"),
        ],
        "Told",
        required=True,
        default="holder",
    )
    needs = fields.Selection(
        [("centre_follows_up", "The Centre follows what citizens say of answers")],
        "Only Where",
        help="A flag of the procedure; empty: under every procedure.",
    )
    by_email = fields.Boolean("E-mail", default=True)
    by_push = fields.Boolean("Push", default=True)
    by_sms = fields.Boolean("SMS", default=True, help="To whoever wishes it.")
    by_zalo = fields.Boolean("Zalo", default=True)
    wait_minutes = fields.Integer(
        "Gathered For (minutes)",
        default=10,
        help="What comes to one person within this time is told in one message; "
        "emergencies at once.",
    )

    _once = models.UniqueIndex(
        "(code, COALESCE(track, ''), who)", "This is told to these people already."
    )
    _wait_sensible = models.Constraint(
        "CHECK (wait_minutes BETWEEN 0 AND 1440)", "Gather for at most a day."
    )

    @api.model
    def _selection_code(self):
        codes = self.env["civic.step"]._selection_code()
        return [*codes, (CO_RETURNED, self.env._("A co-agency gave its part back"))]

    @api.model
    def _ways(self):
        """dict of a driver's code → the column that says whether duties are told by it;
        a driver brings its own, called `by_` and its code."""
        names = [name for name in self._fields if name.startswith("by_")]
        return {name.removeprefix("by_"): name for name in names}

    @api.model
    @tools.ormcache()
    def _by_code(self):
        """The table, kept in memory since every duty that opens asks for it.

        :return: dict of code → list of dicts: track, who, needs, ways, wait
        """
        found, ways = {}, self._ways()
        # sudo: whoever makes a transition need not read who is told of it
        for row in self.sudo().search([], limit=1000):
            found.setdefault(row.code, []).append(
                {
                    "track": row.track,
                    "who": row.who,
                    "needs": row.needs,
                    "ways": {way for way, name in ways.items() if row[name]},
                    "wait": row.wait_minutes,
                }
            )
        return found

    @api.model
    def _officers(self, role, company):
        """Some of those who have a role: see `res.users._civic_officers`."""
        return self.env["res.users"]._civic_officers(role, company)[:MOST_TOLD]

    @api.model
    def _for_turn(self, turn):
        """The rows of the table that hold for somebody's turn."""
        report = turn.report
        return [
            row
            for row in self._by_code().get(turn.code, ())
            if row["track"] in (False, report.track)
            and (not row["needs"] or report.procedure_id[row["needs"]])
        ]


class CivicNotice(models.Model):
    _inherit = "civic.notice"

    audience = fields.Selection(
        selection_add=[(DUTY, "Whoever is told of a duty")],
        ondelete={DUTY: "cascade"},
    )

    @api.model
    def _selection_event(self):
        return [*super()._selection_event(), (DUTY, self.env._("Somebody's turn"))]

    def _known_gaps(self):
        known = super()._known_gaps()
        if self.audience != DUTY:
            return known
        return known | ({"duty"} if self._is_short() else {"duty", "duties"})


class CivicStep(models.Model):
    _inherit = "civic.step"

    def _react_tell(self):
        if self.env.context.get("civic_told") is not TOLD:
            turns = [step._turn() for step in self._turns_told()]
            self.env["civic.outbox"]._queue_turns(turns)

    def _turns_told(self):
        """Without the whole of an intake whose parts are timed apart: it is one turn,
        due when its part is."""
        in_parts = self.filtered(lambda step: step.code in INTAKE[1:]).report_id
        return self.filtered(
            lambda step: step.code != INTAKE[0] or step.report_id not in in_parts
        )

    def _turn(self):
        return Turn(
            self.code,
            str(self.id),
            self.report_id,
            self.assignment_id,
            self.user_id,
            self.agency_id,
            self.id,
        )


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def _react_tell_lead(self, act):
        """The lead hears of each part that was given back, whatever is left to do."""
        returned = self.filtered(lambda row: row.role == "co")
        self.env["civic.outbox"]._queue_turns(
            [Turn.at_agency(CO_RETURNED, row, row.parent_id) for row in returned]
        )


class CivicOutbox(models.Model):
    """Whose turn it is, is told; what comes together, in one message."""

    _inherit = "civic.outbox"

    @api.model
    def _queue_turns(self, turns):
        """Queue what the table says about these turns, in one statement.

        Older cases that are entered with a clock of their own tell nobody.

        :param turns: list of Turn, of elevated records
        """
        if isinstance(self.env.context.get("civic_clock"), Clock):
            return
        notices = self.env["civic.notice"]._by_event().get(DUTY, ())
        # Asked for again by each turn of a batch.
        officers = cache(self.env["civic.duty.way"]._officers)
        self._queue(
            [
                prepared
                for turn in turns
                for row in self.env["civic.duty.way"]._for_turn(turn)
                for notice in notices
                if notice[2] in row["ways"]
                and self._goes_by(notice[2], turn.report.company_id, notice[0])
                for prepared in self._prepare_turn(turn, row, notice, officers)
            ]
        )

    @api.model
    def _prepare_turn(self, turn, row, notice, officers):
        """Rows for one notice of somebody's turn.

        :param row: of the table, as of `civic.duty.way._by_code`
        :param notice: tuple as of `civic.notice._by_event`
        :param officers: function as `civic.duty.way._officers`
        :return: list of any number of rows
        """
        # The province is told at once by every way that its leaders have.
        urgent = turn.report.track == "emergency" or row["who"] == "province"
        values = {
            "report_id": turn.report.id,
            # Where it is shown: whoever is not of the agency sees the report.
            "assignment_id": row["who"] == "holder" and turn.assignment.id or None,
            "facts": Json({"duty": turn.code, "step": turn.step}),
            "priority": EMERGENCY if urgent else OFFICERS,
            "wait": 0 if urgent else row["wait"],
        }
        company = turn.report.company_id
        people = self._people_of(turn, row["who"], officers).filtered("active")
        if turn.code in CENTRE_CODES and turn.holder and not people:
            # Whoever took it has left: it is nobody's but the Centre's.
            people = officers("centre_manager", company)
        if row["who"] == "agency" or (row["who"] == "holder" and not people):
            # A place without a person is the agency's.
            key = f"duty:{turn.key}:agency:{turn.agency.id}:{notice[0]}"
            driver = self.env["civic.driver"]._of(notice[2])
            if not driver._reaches_agency(turn.agency, urgent):
                return []
            told = {"key": key, "audience": "agency", "agency_id": turn.agency.id}
            return [{**self._prepare_row(notice, company), **values, **told}]
        return [
            {
                **self._prepare_row(notice, company),
                **values,
                "key": f"duty:{turn.key}:{user.id}:{notice[0]}",
                "audience": "user",
                "user_id": user.id,
            }
            for user in people
            if user.id != self.env.uid
        ]

    @api.model
    def _people_of(self, turn, who, officers):
        """Officers whom a row of the table names."""
        if who == "centre":
            # Who has left is told nothing; of what is closed nobody has taken over.
            operator = turn.report.operator_id.filtered("active")
            return operator or officers("centre_manager", turn.report.company_id)
        if who == "province":
            return officers("province_leader", turn.report.company_id)
        # An agency's own address stands for nobody.
        return turn.holder if who == "holder" else turn.holder.browse()

    @api.model
    def _not_before(self, row, moment):
        moment = super()._not_before(row, moment)
        return moment + timedelta(minutes=row.get("wait") or 0)

    # ------------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------------

    def _handle(self, tools, lost):
        if not self._is_gathered():
            return super()._handle(tools, lost)
        others = self._turns_waiting()
        row = self.with_context(civic_turns=others.ids)
        result = super(CivicOutbox, row)._handle(tools, lost)
        if self.state == "sent":
            others._settle("sent", self.env._("Told in one message with others."))
        return result

    def _is_gathered(self):
        return (
            self.audience == "user"
            and self.priority != EMERGENCY
            and self.notice_id.event == DUTY
        )

    def _turns_waiting(self):
        """Other duties that wait to be told to the same person, locked; those that
        were done meanwhile are told no more."""
        self.env.flush_all()
        waiting = self._lock_waiting(
            SQL(
                """
                SELECT id FROM civic_outbox
                 WHERE user_id = %s AND notice_id = %s AND company_id = %s
                   AND state = %s AND id != %s AND priority != %s
              ORDER BY id
                 LIMIT %s
                   FOR UPDATE SKIP LOCKED
                """,
                self.user_id.id,
                self.notice_id.id,
                self.company_id.id,
                self._ready_state,
                self.id,
                EMERGENCY,
                MOST_LISTED - 1,
            )
        )
        return waiting.filtered(lambda row: not row._is_moot())

    def _is_moot(self):
        """Whoever has done it need not be told to."""
        step = self._turn_step()
        return (step and step.state != "open") or super()._is_moot()

    def _turn_step(self):
        facts = self.facts or {}
        if self.notice_id.event != DUTY or not facts.get("step"):
            return self.env["civic.step"]
        return self.env["civic.step"].browse(facts["step"])

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    def _officer_values(self):
        values = super()._officer_values()
        if self.notice_id.event != DUTY:
            return values
        joined = self.browse(self.env.context.get("civic_turns", ()))
        turns = self | joined
        if joined:
            duty, code = self.env._("%s duties wait for you", len(turns)), ""
        else:
            duty, code = self._turn_words(), values["code"]
        deadlines = [step.deadline for step in turns._turn_steps() if step.deadline]
        first = min(deadlines, default=False)
        return {
            **values,
            "duty": duty,
            "code": code,
            "agency": "" if joined else values["agency"],
            "category": "" if joined else values["category"],
            "deadline": self.company_id._civic_deadline_text(first) if first else "",
            "duties": "\n".join(row._turn_line() for row in turns) if joined else "",
        }

    def _turn_steps(self):
        return [row._turn_step() for row in self]

    def _turn_words(self):
        code = (self.facts or {}).get("duty")
        return dict(self.env["civic.duty.way"]._selection_code()).get(code, "")

    def _turn_line(self):
        """“PA-26-000123 · Approve · 20/11/2026 17:00”."""
        deadline = self._turn_step().deadline
        until = self.company_id._civic_deadline_text(deadline) if deadline else ""
        words = (self.report_id.name, self._turn_words(), until)
        return " · ".join(filter(None, words))

    def _link(self):
        if self.notice_id.event != DUTY or self.assignment_id:
            return super()._link()
        duty = (self.facts or {}).get("duty")
        path = PATHS.get(duty, "civic-reports")
        if duty in LISTED or self.env.context.get("civic_turns"):
            return f"{self._site()}/odoo/{path}"
        return f"{self._site()}/odoo/{path}/{self.report_id.id}"
