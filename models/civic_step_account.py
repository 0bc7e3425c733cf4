from collections import defaultdict
from datetime import timedelta
from functools import partial

import pytz

from odoo import api, fields, models

from ..tools.working_time import InvalidCalendar, InvalidLimit, NoWorkingTime
from ..tools.working_time_account import (
    EXTENSION,
    HOLD,
    OFF,
    PUT_OFF,
    START_DAY,
    trace,
)
from .transitions import HANDLING

# Lines that are shown; of a limit of years the middle is left out.
MOST_LINES = 40


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
        makeups = self.env["civic.makeup.day"].sudo()  # sudo: as above
        for makeup in makeups.search_fetch(
            [("calendar_id", "in", self.ids), ("date", ">=", since.date())],
            ["calendar_id", "date", "name"],
        ):
            words = makeup.name or self.env._("worked in exchange for a day off")
            named[makeup.calendar_id.id][makeup.date] = words
        return {
            calendar.id: {**shared[calendar.company_id.id], **named[calendar.id]}
            for calendar in self.sudo()  # sudo: as above
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

    # ------------------------------------------------------------------
    # Words for officers
    # ------------------------------------------------------------------

    def _account_lines(self):
        """All that there is to say of each deadline.

        :return: dict of step → list of lines
        """
        traces = self._traces(named=True)
        return {step: step._account_of(traces.get(step)) for step in self}

    def _account_of(self, lines):
        _ = self.env._
        untimed = self._untimed_words()
        if untimed:
            return [*self._rule_words(), untimed]
        until = self.company_id._civic_deadline_text
        words = [*self._rule_words(), *self._since_words()]
        if lines:
            shown = [self._line_words(line) for line in lines]
            if len(shown) > MOST_LINES:
                half = MOST_LINES // 2
                shown = [*shown[:half], "…", *shown[-half:]]
            words += shown
        if not lines or lines[-1].end != self.deadline:
            words.append(
                _(
                    "The calendar or the rule has changed since; the deadline stays as "
                    "it was given."
                )
            )
        words.append(_("Due: %s", until(self.deadline)))
        if self.overdue_from and self.overdue_from > self.deadline:
            words.append(_("Overdue from %s, after a grace.", until(self.overdue_from)))
        return words

    def _untimed_words(self):
        """Why there is no deadline; empty where there is one."""
        _ = self.env._
        if self.deadline:
            return ""
        if self.is_untimed:
            return _("The calendar has no working hours: nothing can be counted.")
        if self.limit_unit:
            return _(
                "The limit is lifted while an administrative penalty is being imposed."
            )
        return _("The regulation sets no limit: the duty has a clock, no deadline.")

    def _rule_words(self):
        """The limit, its article and the calendar."""
        _ = self.env._
        words = []
        if self.limit_unit:
            limit = self._limit_words(self.limit_value, self.limit_unit)
            article = self._article_words()
            words.append(
                _("Limit: %(limit)s (%(article)s)", limit=limit, article=article)
                if article
                else _("Limit: %s", limit)
            )
            if self.limit_unit not in ("minute", "hour"):
                # sudo: the name of working hours, which officers do not manage
                words.append(_("Calendar: %s", self._calendar().sudo().name))
        return words

    def _article_words(self):
        """The article that sets the limit; with an agency's own, the most it may be."""
        article = self.report_id.procedure_id._limit_article(self.track, self.code)
        if not self.is_own_limit:
            return article
        own = self.env._("the agency's own rule")
        return f"{own}; {article}" if article else own

    def _since_words(self):
        """From when it counts, and why not from when it began."""
        _, base = self.env._, self._base_duty() or self
        since = base._counted_since()
        moment = self.company_id._civic_moment_text(since)
        if since >= base.started_at:
            words = _("Counted from %s", moment)
        elif base._goes_on():
            words = _(
                "Counted from %s: the time goes on, it does not begin anew", moment
            )
        elif since == base.assignment_id.dispatched_at:
            words = _("Counted from the dispatch: %s", moment)
        else:
            words = _(
                "Counted from %s, when the duty before it was due: delay earns no "
                "time.",
                moment,
            )
        return [words]

    def _goes_on(self):
        """Whether the same duty was there before, and came back."""
        return bool(
            self.assignment_id.step_ids.filtered(
                lambda step: step.code == self.code and step.id < self.id
            )
        )

    def _line_words(self, line):
        _ = self.env._
        days = self._days_words(line.first, line.last)
        name = f" · {line.name}" if line.name else ""
        until = self.company_id._civic_deadline_text
        if line.kind == START_DAY:
            return _("The day of the start, %s, does not count", days) + name
        if line.kind == OFF:
            return _("No work: %s", days) + name
        if line.kind == PUT_OFF:
            return _(
                "The last day is off, so it ends with the next day of work: %s", days
            )
        if line.kind == HOLD:
            return _(
                "The clock stood still from %(days)s: %(amount)s given back, due "
                "%(due)s",
                days=days,
                amount=self._amount_words(line.amount),
                due=until(line.end),
            )
        if line.kind == EXTENSION:
            return _("Extended to %s", until(line.end))
        amount = self._amount_words(line.amount)
        if isinstance(line.amount, timedelta) and line.first == line.last:
            part = self._part_words(line.start)
            return f"{amount}: {part} {days}{name}"
        return f"{amount}: {days}{name}"

    def _days_words(self, first, last):
        if first == last:
            return self._day_words(first)
        return f"{self._day_words(first)} – {self._day_words(last)}"

    def _day_words(self, day):
        return f"{self._weekday_words(day.weekday())} {day:%d/%m}"

    @api.model
    def _weekday_words(self, weekday):
        _ = self.env._
        days = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
        return days[weekday]

    def _part_words(self, moment):
        """In which part of a day work begins."""
        _ = self.env._
        tz = pytz.timezone(self._calendar().tz)
        hour = pytz.utc.localize(moment).astimezone(tz).hour
        if hour < 12:
            return _("morning of")
        return _("afternoon of") if hour < 18 else _("evening of")

    @api.model
    def _limit_words(self, value, unit):
        """“6 working days”, “0,5 giờ làm việc”."""
        _ = self.env._
        if not value:
            return _("at once")
        number = self._number_words(value)
        words = {
            "minute": _("%s minute(s)", number),
            "hour": _("%s hour(s)", number),
            "working_hour": _("%s working hour(s)", number),
            "day": _("%s day(s)", number),
            "working_day": _("%s working day(s)", number),
        }
        return words[unit]

    def _amount_words(self, amount):
        """What one line counts for.

        :param amount: a timedelta, or a number of days
        """
        if not isinstance(amount, timedelta):
            unit = self.limit_unit if self.limit_unit == "day" else "working_day"
            return self._limit_words(amount, unit) if amount else "0"
        minutes = round(amount.total_seconds() / 60)
        if minutes < 60 and minutes not in (15, 30, 45):
            return self.env._("%s min", minutes)
        hours = round(minutes / 60, 2)
        if hours * 60 == minutes:
            return self.env._("%s h", self._number_words(hours))
        whole, rest = divmod(minutes, 60)
        return f"{self.env._('%s h', whole)} {self.env._('%s min', rest)}"

    @api.model
    def _number_words(self, number):
        """A number as it is written in the reader's language: 0,5."""
        language = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return f"{number:g}".replace(".", language.decimal_point or ".")

    # ------------------------------------------------------------------
    # Words for everybody
    # ------------------------------------------------------------------

    def _counted_words(self):
        """In one line for each of these duties, as citizens read it: “6 ngày làm việc
        từ 20/11, không tính T7, CN”. Names nobody, and no day by its name.

        :return: dict of step → words, "" where there is nothing to count
        """
        traces = self._traces()
        return {step: step._short_account(traces.get(step)) for step in self}

    def _short_account(self, lines):
        if not lines or lines[-1].end != self.deadline:
            return ""
        _, base = self.env._, self._base_duty()
        since = self.company_id._civic_moment_text(base._counted_since())
        if base.limit_unit in ("day", "working_day"):
            since = since[:5]
        else:
            since = f"{since[11:]} {since[:5]}"
        words = [
            _(
                "%(limit)s from %(since)s",
                limit=self._limit_words(base.limit_value, base.limit_unit),
                since=since,
            )
        ]
        off = self._off_words(lines)
        if off:
            words.append(_("not counting %s", ", ".join(off)))
        if any(line.kind == PUT_OFF for line in lines):
            words.append(_("put off to the next day of work"))
        held = [line.amount for line in lines if line.kind == HOLD and line.amount]
        if held:
            total = sum(held[1:], held[0])
            words.append(_("the clock stood still for %s", base._amount_words(total)))
        if self.is_extended:
            words.append(_("extended"))
        return ", ".join(words)

    def _off_words(self, lines):
        """Weekdays off by name, other days off by date."""
        days = [
            line.first + timedelta(days=number)
            for line in lines
            if line.kind == OFF
            for number in range((line.last - line.first).days + 1)
        ]
        weekend = sorted({day.weekday() for day in days if day.weekday() > 4})
        others = [day for day in days if day.weekday() < 5]
        return [
            *map(self._weekday_words, weekend),
            *(f"{day:%d/%m}" for day in others[:MOST_LINES]),
        ]


class CivicDoor(models.AbstractModel):
    _inherit = "civic.door"

    def action_explain_deadline(self):
        """Show how the deadline in force was counted.

        :return: action
        """
        self.ensure_one()
        self.check_access("read")
        return self._duty_in_force().action_explain()

    def _duty_in_force(self):
        """The open duty that the record shows the clock of."""
        return self.step_ids.filtered(
            lambda step: (
                step.state == "open"
                and step.code == self.clock_code
                and step.deadline == self.deadline
            )
        )[:1]


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _open_duties(self):
        duties = super()._open_duties()
        counted = self._shown_duties()._counted_words()
        for duty, words in zip(duties, counted.values(), strict=True):
            duty["counted"] = words
        return duties


def _local_dates(start, end, tz):
    """Local dates that a span of UTC touches."""
    first, last = (
        pytz.utc.localize(moment).astimezone(tz).date()
        for moment in (start, end - timedelta(seconds=1))
    )
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
