from datetime import timedelta

import pytz

from odoo import api, models

from ...tools.working_time_account import EXTENSION, HOLD, OFF, PUT_OFF, START_DAY

# Lines that are shown; of a limit of years the middle is left out.
MOST_LINES = 40


class CivicStep(models.Model):
    """How a deadline was counted, in words."""

    _inherit = "civic.step"

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
