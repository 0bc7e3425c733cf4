from odoo import api, fields, models
from odoo.tools import SQL

from ..province.limit import has_passed
from .deadlines import UNWARNED_CODES, TimedRow
from .reactions import OPENINGS
from .step import OPTIONAL_CODES

# An object that RPC cannot send: who holds these duties hears of them otherwise.
TOLD = object()


class CivicStep(models.Model):
    """How duties open, remind their holder and end."""

    _inherit = "civic.step"

    # ------------------------------------------------------------------
    # Beginning
    # ------------------------------------------------------------------

    @api.model
    def _open(self, specs):
        """Open duties, with their deadlines and activities, in a constant number of
        queries.

        :param specs: list of dicts: report (record), assignment (record or empty),
            code, agency and holder (records or empty), started_at, and optionally
            deadline (the clock of an earlier step that goes on; False for none),
            is_extended, interaction_id, counted_from, held
        :return: the steps
        """
        rows = [self._prepare_open(spec) for spec in specs]
        self._time(rows)
        # An ended duty must leave its place in the index before its successor comes.
        self.flush_model(["state"])
        steps = self.create([row.values for row in rows])
        self._keep_beside(rows)
        for name in OPENINGS:
            getattr(steps, f"_react_{name}")()
        return steps

    @api.model
    def _open_untold(self, specs):
        """Open duties whose holders hear of them otherwise; see `_open`."""
        return self.with_context(civic_told=TOLD)._open(specs)

    def _react_remind(self):
        self._schedule_activities()

    def _prepare_again(self):
        """What opens this duty anew, of the same holder, from now.

        :return: dict as of `_open`
        """
        self.ensure_one()
        return {
            "report": self.report_id,
            "assignment": self.assignment_id,
            "agency": self.agency_id,
            "holder": self.user_id,
            "code": self.code,
            "started_at": self.env["civic.door"]._now(),
        }

    @api.model
    def _prepare_open(self, spec):
        report = spec["report"]
        agency = spec.get("agency") or self.env["civic.agency"]
        whole = report.procedure_id._limit(report.track, spec["code"])
        limit = agency._limit_here(spec["code"], whole, report)
        values = {
            "report_id": report.id,
            "assignment_id": spec["assignment"].id if spec.get("assignment") else False,
            "company_id": report.company_id.id,
            "code": spec["code"],
            "track": report.track,
            "agency_id": agency.id,
            "user_id": spec["holder"].id if spec.get("holder") else False,
            "started_at": spec["started_at"],
            "counted_from": spec["started_at"],
            "limit_value": limit.value if limit else 0.0,
            "limit_unit": limit.unit if limit else False,
            "is_own_limit": limit != whole,
            **{
                name: spec[name]
                for name in (
                    "deadline",
                    "is_extended",
                    "interaction_id",
                    "counted_from",
                    "held",
                )
                if name in spec
            },
        }
        return TimedRow(
            values,
            agency.calendar_id or report._working_calendar(),
            limit,
            report.procedure_id,
        )

    # ------------------------------------------------------------------
    # End
    # ------------------------------------------------------------------

    @api.model
    def _end(self, records, codes, state):
        """End the open duties of these codes that hang on these records.

        :param records: reports (their own duties) or assignments
        :param state: "done" or "dropped"
        """
        if not codes or not records:
            return self.browse()
        steps = self.search([*records._step_domain(), ("code", "in", list(codes))])
        steps._close(state)
        return steps

    def _close(self, state, was_owed=True):
        """End these duties; what is late by now stays late, whatever ends it.

        What may be left undone, and is, was owed to nobody.

        :param state: "done" or "dropped"
        :param was_owed: False where it turns out not to have been, or where the same
            duty goes on from the same start, timed otherwise
        """
        now = self.env["civic.door"]._now()
        late = self.filtered(
            lambda step: (
                has_passed(step.overdue_from, now)
                and was_owed
                and (state == "done" or step.code not in UNWARNED_CODES)
            )
        )
        values = {"state": state, "ended_at": now}
        late.write({**values, "is_late": True})
        (self - late).write(values)
        self._close_activities()

    # ------------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------------

    def _schedule_activities(self):
        """One activity on each known holder, in one insert."""
        self.env["mail.activity"]._civic_remind(
            [
                step._prepare_activity()
                for step in self
                if step.user_id and step.code not in OPTIONAL_CODES
            ]
        )

    def _prepare_activity(self):
        self.ensure_one()
        reminder = self.env["mail.activity"]._civic_reminder(
            self.assignment_id or self.report_id,
            f"activity_{self.code}",
            self.user_id,
            self._local_date(self.deadline or self.started_at),
            self.report_id.name,
        )
        return {**reminder, "civic_step_id": self.id}

    def _local_date(self, moment):
        """The day of a naive UTC datetime where the company works."""
        tz = self.report_id._working_calendar()._civic_tz()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=tz), moment
        ).date()

    def _close_activities(self):
        activities = self.env["mail.activity"].search(
            [("civic_step_id", "in", self.ids)]
        )
        activities.action_archive()

    def _hand_over(self, user):
        """Give open duties, and the reminders of them, to another holder."""
        self.write({"user_id": user.id})
        self._close_activities()
        self._schedule_activities()

    # ------------------------------------------------------------------
    # The duty in force
    # ------------------------------------------------------------------

    @api.model
    def _refresh_clocks(self, records):
        """Copy onto each record its open duty that is due first, in one query each
        way.

        :param records: reports, whose every duty counts, or assignments
        """
        if not records:
            return
        link = "report_id" if records._name == "civic.report" else "assignment_id"
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (%(link)s) %(link)s, id
                  FROM civic_step
                 WHERE state = 'open' AND code NOT IN %(optional)s
                   AND %(link)s IN %(ids)s
                 ORDER BY %(link)s, deadline NULLS LAST, id
                """,
                link=SQL.identifier(link),
                optional=tuple(OPTIONAL_CODES),
                ids=tuple(records.ids),
            )
        )
        first = dict(rows)
        steps = self.browse(first.values())
        by_record = {step[link].id: step for step in steps}
        for record in records:
            record._show_clock(by_record.get(record.id, self.browse()))


class CivicDoor(models.AbstractModel):
    _inherit = "civic.door"

    def _step_domain(self):
        """The open duties that hang on these records themselves."""
        raise NotImplementedError

    def _working_calendar(self):
        """The calendar in which this record's limits are counted."""
        raise NotImplementedError


class CivicAgency(models.Model):
    _inherit = "civic.agency"

    def _limit_here(self, code, whole, report, category=None):
        """The limit of a duty of this agency.

        :param code: of the step
        :param whole: Limit of the procedure, or None where it sets none
        :param report: civic.report
        :param category: civic.category; by default the report's, may be empty
        :return: Limit, or None
        """
        return whole
