from collections import defaultdict
from datetime import timedelta
from functools import partial

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.working_time import InvalidCalendar, InvalidLimit, NoWorkingTime
from ...tools.working_time_account import trace
from ..workflow.transitions import HANDLING


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _civic_special_days(self, since):
        """Names of days off and of days worked in exchange.

        :param since: naive UTC datetime; earlier ones are not read
        :return: dict of calendar id → dict of local date → name
        """
        shared, named = defaultdict(dict), defaultdict(dict)
        # sudo: as for the days themselves, see `_civic_closures`
        leaves = self.env["resource.calendar.leaves"].sudo()
        for leave in leaves.search_fetch(
            [
                ("resource_id", "=", False),
                ("calendar_id", "in", [*self.ids, False]),
                ("date_to", ">=", since),
            ],
            ["name", "calendar_id", "company_id", "date_from", "date_to"],
        ):
            tz = pytz.timezone(leave.calendar_id.tz or self[:1].tz)
            days = _local_dates(leave.date_from, leave.date_to, tz)
            own = leave.calendar_id.id
            (named[own] if own else shared[leave.company_id.id]).update(
                dict.fromkeys(days, leave.name or self.env._("closed"))
            )
        # sudo: everybody who reads a deadline may know why it is that day
        makeups = self.env["civic.makeup.day"].sudo()
        for makeup in makeups.search_fetch(
            [("calendar_id", "in", self.ids), ("date", ">=", since.date())],
            ["calendar_id", "date", "name"],
        ):
            words = makeup.name or self.env._("worked in exchange for a day off")
            named[makeup.calendar_id.id][makeup.date] = words
        return {
            calendar.id: {**shared[calendar.company_id.id], **named[calendar.id]}
            for calendar in self.sudo()  # sudo: the company alone
        }


class CivicStep(models.Model):
    """Every deadline explains itself: what was counted, by which article, in which
    calendar, what stood still and what was extended."""

    _inherit = "civic.step"

    held = fields.Json(
        readonly=True,
        help="When its clock stood still: `spans`, `since` when its limit counted "
        "before the first of them, and of an extension `granted`, until when it was "
        "then.",
    )
    account = fields.Text("How This Was Counted", compute="_compute_account")

    @api.depends("deadline", "state")
    @api.depends_context("lang")
    def _compute_account(self):
        lines = self._account_lines()
        for step in self:
            step.account = "\n".join(lines[step])

    def explain(self):
        """What was counted of this duty's limit, and by which rule.

        :return: list of lines, in the language of the caller
        """
        self.ensure_one()
        self.check_access("read")
        return self._account_lines()[self]

    def action_explain(self):
        """Show how the deadline was counted.

        :return: action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("How was this counted?"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # ------------------------------------------------------------------
    # What was counted
    # ------------------------------------------------------------------

    def _traces(self, named=False):
        """What was counted of each of these duties that has a limit and a deadline.

        Calendars are read once for all of them.

        :param named: whether days off are named, for officers
        :return: dict of step → lines as of :mod:`..tools.working_time_account`; None
            where nothing can be counted
        """
        bases = {step: step._base_duty() for step in self if step.deadline}
        bases = {step: base for step, base in bases.items() if base.limit_unit}
        if not bases:
            return {}
        calendars = {step: step._calendar() for step in bases}
        since = min(base._counted_since() for base in bases.values())
        load = self._loader([since], list(calendars.values()))
        names = {}
        if named:
            every = self.env["resource.calendar"].concat(*calendars.values())
            names = every._civic_special_days(since - timedelta(days=2))
        return {
            step: step._trace(base, partial(load, calendars[step]), names)
            for step, base in bases.items()
        }

    def _trace(self, base, load, names):
        calendar = self._calendar()
        special = names.get(calendar.id, {})
        try:
            return trace(
                load,
                calendar.tz,
                base._counted_since(),
                (base.limit_value, base.limit_unit),
                base._held_spans(),
                lambda day: special.get(day, ""),
                self._extended_to(),
            )
        except (NoWorkingTime, InvalidCalendar, InvalidLimit):
            return None

    def _calendar(self):
        """In which its limit is counted."""
        self.ensure_one()
        # sudo: officers of one agency read of another's duty when it is due, too
        agency = self.sudo().agency_id
        return agency.calendar_id or self.report_id.sudo()._working_calendar()

    def _base_duty(self):
        """The duty whose limit an extension has replaced; else this one."""
        self.ensure_one()
        if not self.is_extended:
            return self
        return self.assignment_id.step_ids.filtered(
            lambda step: (
                step.code in HANDLING
                and not step.is_extended
                and step.deadline
                and step.id < self.id
            )
        )[-1:]

    def _counted_since(self):
        """When the limit began to count, before any hold."""
        if self.held:
            return fields.Datetime.to_datetime(self.held["since"])
        return self.counted_from or self.started_at

    def _held_spans(self):
        read = fields.Datetime.to_datetime
        spans = self.held["spans"] if self.held else []
        return [(read(start), read(end)) for start, end in spans]

    def _clock_as_it_was(self):
        """What times the duty that goes on in place of this one as this one is timed,
        as values of `_open`."""
        kept = {name: self[name] for name in ("counted_from", "held", "is_extended")}
        # What could not be timed is tried again.
        return kept if self.is_untimed else {**kept, "deadline": self.deadline}

    def _extended_to(self):
        """What an extension granted.

        :return: (deadline, spans that its clock has stood still for since) or None
        """
        if not self.is_extended:
            return None
        granted = (self.held or {}).get("granted")
        if not granted:
            return self.deadline, []
        return fields.Datetime.to_datetime(granted), self._held_spans()

    def _held_until(self, *spans, granted=None):
        """What the duty that goes on after holds keeps in `held`.

        :param spans: (start, end) between which the clock stood still, naive UTC
        :param granted: the deadline that an extension has put in its place since
        """
        write = fields.Datetime.to_string
        held = None if granted else self.held
        if not held:
            held = {"since": write(self._counted_since()), "spans": []}
            extended = granted or (self.is_extended and self.deadline)
            if extended:
                held["granted"] = write(extended)
        more = [[write(start), write(end)] for start, end in spans]
        return {**held, "spans": [*held["spans"], *more]}


class CivicTimed(models.AbstractModel):
    _inherit = "civic.timed"

    def action_explain_deadline(self):
        """Show how the deadline in force was counted.

        :return: action
        :raises UserError: where no duty is open
        """
        self.ensure_one()
        self.check_access("read")
        duty = self._duty_in_force()
        if not duty:
            raise UserError(
                self.env._("No duty is open here: there is no deadline to explain.")
            )
        return duty.action_explain()

    def _duty_in_force(self):
        """The open duty that the record shows the clock of."""
        return self._duties().filtered(
            lambda step: (
                step.state == "open"
                and step.code == self.clock_code
                and step.deadline == self.deadline
            )
        )[:1]

    def _duties(self):
        """What is timed of it as duties; none of what has a deadline of its own."""
        return self.env["civic.step"]


def _local_dates(start, end, tz):
    """Local dates that a span of UTC touches."""
    first, last = (
        pytz.utc.localize(moment).astimezone(tz).date()
        for moment in (start, end - timedelta(seconds=1))
    )
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
