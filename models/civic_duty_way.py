from collections import namedtuple
from datetime import timedelta
from functools import cache

from psycopg2.extras import Json

from odoo import api, fields, models, tools
from odoo.tools import SQL

from .civic_outbox import EMERGENCY, OFFICERS
from .civic_outbox_call import CENTRE
from .civic_tell import TOLD
from .door import Clock
from .transitions import CENTRE_CODES, INTAKE

# The notices that say what somebody has to do now.
DUTY = "duty"
# What a lead has to know of besides the duties that open: a part came back to it.
CO_RETURNED = "co_returned"
# Duties whose holder is told otherwise: citizens by notices of their own, agencies of
# new assignments by “assigned” (HUE Điều 7.1a); windows may pass unused; what somebody
# takes on by the own act, reminders ask for.
TOLD_OTHERWISE = (
    *("supplement", "accept", "return_wrong", "co_return", "invite"),
    *("outcome", "execute_penalty"),
)
WAYS = ("email", "push", "sms", "zalo")
# Duties that one message lists at most; the rest go into the next one.
MOST_LISTED = 100
PATHS = {
    **dict.fromkeys(("consult", "concur"), "civic-coordination"),
    "designate": "civic-designations",
}
# Turns that a list shows, not the report: of which model its rows are.
LISTED = {}
PROVINCE = "civic_report.group_province_leader"

# Somebody's turn: what tells it from others, report and assignment (or empty), holder
# (officers or empty), agency (or empty), id of its step or None.
Turn = namedtuple("Turn", "code key report assignment holder agency step")


class CivicProcedure(models.Model):
    _inherit = "civic.procedure"

    centre_follows_up = fields.Boolean(
        "The Centre Follows What Citizens Say of Answers",
        help="It is told of follow-ups, beside the agency (BG Phần 2, mục 3 b2).",
    )


class ResUsers(models.Model):
    _inherit = "res.users"

    civic_tell_zalo = fields.Boolean(
        "Civic Reports by Zalo",
        default=True,
        help="New work and duties also come by Zalo, where the province has it. "
        "Emergencies do anyway.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "civic_tell_zalo"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "civic_tell_zalo"]


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
    @tools.ormcache()
    def _by_code(self):
        """The table, kept in memory since every duty that opens asks for it.

        :return: dict of code → list of dicts: track, who, needs, ways, wait
        """
        found = {}
        # sudo: whoever makes a transition need not read who is told of it
        for row in self.sudo().search([], limit=1000):
            found.setdefault(row.code, []).append(
                {
                    "track": row.track,
                    "who": row.who,
                    "needs": row.needs,
                    "ways": {way for way in WAYS if row[f"by_{way}"]},
                    "wait": row.wait_minutes,
                }
            )
        return found

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
        return known | ({"duty"} if self.channel in WAYS[1:] else {"duty", "duties"})


class CivicStep(models.Model):
    _inherit = "civic.step"

    @api.model
    def _open(self, specs):
        steps = super()._open(specs)
        # Of a new assignment the agency is told as such.
        if self.env.context.get("civic_told") is not TOLD:
            turns = [step._turn() for step in steps._turns_told()]
            self.env["civic.outbox"]._queue_turns(turns)
        return steps

    @api.model
    def _open_untold(self, specs):
        """Open duties whose holders hear of them otherwise; see `_open`."""
        return self.with_context(civic_told=TOLD)._open(specs)

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

    def _after_co(self):
        """The lead hears of each part that was given back, whatever is left to do."""
        returned = self.co_ids.filtered(
            lambda row: row.state == "returned" and row.return_reason
        )
        result = super()._after_co()
        self.env["civic.outbox"]._queue_turns(
            [
                Turn(
                    CO_RETURNED,
                    f"{CO_RETURNED}:{row.id}",
                    row.report_id,
                    row.parent_id,
                    row.parent_id._step_holder("process"),
                    row.agency_id,
                    None,
                )
                for row in returned
            ]
        )
        return result


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
        officers = cache(self._officers_of)  # asked for again by each turn of a batch
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
        :param officers: function as `_officers_of`
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
            people = officers(CENTRE, company)
        if row["who"] == "agency" or (row["who"] == "holder" and not people):
            # A place without a person is the agency's.
            key = f"duty:{turn.key}:agency:{turn.agency.id}:{notice[0]}"
            if not self._agency_ways(turn.agency, urgent).get(notice[2]):
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
            return operator or officers(CENTRE, turn.report.company_id)
        if who == "province":
            return officers(PROVINCE, turn.report.company_id)
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
