"""What the statements count, beside a slow reckoning in plain Python that knows the
specification and reads events and kept rows one by one: small random histories with
acts at the very second in which a period ends."""

import os
import random
from collections import defaultdict
from datetime import date, datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.workflow.transitions import (
    ANSWERING,
    FINAL_REPORT_STATES,
    INTAKE,
    REPORT_STATES,
    TURNED_AWAY,
)
from ...tools.periods import period_of
from ..rig.facts import FactsCase

HISTORIES = int(os.environ.get("CIVIC_HISTORIES", "15"))
ACTS = 22
ENDED = ("approve", "return", "drop")
FIRST, LAST = date(2026, 9, 10), date(2027, 1, 20)
OF_REPORTS = (
    *("carried", "received", "reopened", "refused", "forwarded", "done", "open"),
    *("on_time", "late", "overdue", "duplicates", "withdrawn", "rated", "satisfied"),
    "accepted",
)
OF_AGENCIES = (
    *("carried", "given", "reopened", "returned", "dropped", "done", "on_time"),
    *("late", "dropped_late", "no_limit", "open", "overdue", "extended", "fixed"),
    *("extended_open", "rated", "satisfied", "accepted"),
)
BY_CENTRE = (
    # As often as work goes on, not as often as it may end at once.
    *(("receive",),) * 6,
    *(("dispatch", "A"),) * 8,
    *(("dispatch", "A", "B"),) * 8,
    ("dispatch", "A", "C", "lead", "A"),
    ("dispatch", "B"),
    ("refuse", "incomplete"),
    ("cancel", "unclear"),
    ("forward", "C"),
    *(("publish",),) * 12,
    ("reopen",),
    ("escalate",),
    ("request_fix", "A"),
    ("request_fix", "B"),
    ("redispatch", "C"),
    ("mark_duplicate",),
    ("set_track", "emergency", "Theo quy định."),
    ("set_track", "normal", "Theo quy định."),
    *(("grant",),) * 3,
    ("reject",),
)
BY_OTHERS = (
    ("province", "designate", "B"),
    ("citizen", "withdraw", "Thôi."),
    *(("citizen", "rate", "1"),) * 8,
    ("citizen", "rate", "2"),
    ("citizen", "rate", "3"),
)
OF_HANDLER = (*("accept",) * 4, "return_wrong", *("submit",) * 6, "invite")
OF_LEADER = (*("approve",) * 6, "send_back", "ask")
MOVES = (
    *(("operator", *act) for act in BY_CENTRE),
    *BY_OTHERS,
    *((f"{key}.handler", verb) for key in "ABC" for verb in OF_HANDLER),
    *((f"{key}.leader", verb) for key in "ABC" for verb in OF_LEADER),
)


@tagged("-at_install", "post_install")
class TestFactsReckoned(FactsCase):
    province = "hue"

    # ------------------------------------------------------------------
    # Histories
    # ------------------------------------------------------------------

    def do_grant(self, report):
        self.asked(report.sudo().assignment_ids.with_user(self.operator)[:1]).grant()

    def do_reject(self, report):
        asked = self.asked(report.sudo().assignment_ids.with_user(self.operator)[:1])
        asked.reject("Không đủ lý do.")

    def do_ask(self, assignment):
        day = self.company._civic_today() + timedelta(days=9)
        self.do_request_extension(assignment, day.isoformat()[5:])

    def do_invite(self, assignment):
        assignment.invite(self.ids("D"), "Theo quy định.")

    def random_history(self, seed):
        chosen = random.Random(seed)
        moment = datetime(2026, 9, 1, 1) + timedelta(minutes=chosen.randint(0, 80_000))
        name = f"R{seed}"
        with self.at("2026-01-01") as clock:
            clock.move_to(moment)
            category = chosen.choice(("roads", "roads", "land"))
            words = [category] + ["secret"] * (chosen.random() < 0.1)
            self.take_part(name, "operator", "send", words)
            report = self.reports[name].sudo()
            self.tracks[report.id].append((moment, report.track))
            for _number in range(ACTS):
                moment = self.next_moment(chosen, moment)
                clock.move_to(moment)
                for _time in range(14):
                    who, verb, *arguments = chosen.choice(MOVES)
                    if self.tried(name, who, verb, arguments):
                        self.acted[verb] += 1
                        break
                report = self.reports[name].sudo()
                self.tracks[report.id].append((moment, report.track))
        self.env.flush_all()
        self.env.invalidate_all()

    def next_moment(self, chosen, moment):
        """Now and then the very second in which a month closes."""
        after = moment + timedelta(minutes=chosen.choice((20, 300, 1500, 4000, 12_000)))
        if chosen.random() < 0.15:
            for month in (9, 10, 11, 12):
                close = datetime(2026, month, 14, 17)
                if moment < close < moment + timedelta(days=20):
                    return close
        return after

    def tried(self, name, who, verb, arguments):
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.take_part(name, who, verb, arguments)
        except (UserError, ValueError):
            self.env.invalidate_all()
            return False
        return True

    # ------------------------------------------------------------------
    # The reckoning
    # ------------------------------------------------------------------

    def load(self):
        """All there is of the province, by report and by part."""
        env = self.env
        mine = [("company_id", "=", self.company.id)]
        self.all = env["civic.report"].sudo().search(mine)
        self.events = defaultdict(list)
        for event in env["civic.event"].sudo().search(mine, order="at, id"):
            if not event.assignment_id and event.to_state in REPORT_STATES:
                self.events[event.report_id].append(event)
        self.kept = defaultdict(list)
        for row in env["civic.agency.deadline"].sudo().search(mine, order="at, id"):
            self.kept[row.assignment_id].append(row)
        self.ratings = defaultdict(list)
        for row in env["civic.rating"].sudo().search(mine, order="at, id"):
            self.ratings[row.report_id].append(row)

    def before(self, rows, moment):
        return [row for row in rows if row.at < moment]

    def state_at(self, report, moment):
        rows = self.before(self.events[report], moment)
        return rows[-1].to_state if rows else None

    def was_late(self, part, moment):
        """Whether a deadline had passed when the next thing happened, by the deadlines
        alone: nothing that is kept of lateness is read."""
        late, deadline, approved = False, None, False
        for row in self.before(self.kept[part], moment):
            done_at = row.at
            if row.code == "approve":
                acts = part.sudo().event_ids.filtered(
                    lambda event, row=row: (
                        event.code in ("approve", "correct") and event.at <= row.at
                    )
                )
                done_at = max(acts.mapped("at"), default=row.at)
            if not approved and row.code != "moved" and deadline:
                late = late or deadline < done_at
            approved = row.code == "approve"
            deadline = row.deadline
        return late

    def parts_at(self, report, end):
        """Parts that there were by then, with the row that stood."""
        for part in report.assignment_ids:
            rows = self.before(self.kept[part], end)
            if rows and part.dispatched_at < end:
                yield part, rows[-1]

    def centre(self, report, end):
        """Whether the Centre was late with a duty, and whether it was behind."""
        steps = report.step_ids.filtered(
            lambda step: not step.assignment_id and step.code in (*INTAKE, "publish")
        )
        late = any(
            step.is_late and step.ended_at and step.ended_at < end for step in steps
        )
        owed = any(
            step.started_at < end
            and (not step.ended_at or step.ended_at >= end)
            and step.overdue_from
            and step.overdue_from < end
            for step in steps
        )
        return late, owed

    def standing(self, report, start, end):
        """The rating that stood at the end, if it was given in the period."""
        rows = self.before(self.ratings[report], end)
        if not rows or rows[-1].at < start:
            return None
        back = [
            event
            for event in self.before(self.events[report], end)
            if event.from_state in FINAL_REPORT_STATES
            and event.to_state not in FINAL_REPORT_STATES
            and event.at >= rows[-1].at
        ]
        return None if back else rows[-1]

    def reckoned(self, start, end):
        """Figures of the whole, by category, by track and by agency."""
        found = {
            name: defaultdict(lambda: dict.fromkeys(OF_REPORTS, 0))
            for name in ("whole", "category", "track")
        }
        agencies = defaultdict(lambda: dict.fromkeys(OF_AGENCIES, 0))
        for report in self.all:
            if not report.received_at < end:
                continue
            of_report = self.of_report(report, start, end)
            keys = {
                "whole": 0,
                "category": report.category_id.id
                if report.visibility != "secret"
                else 0,
                "track": self.track_at(report, end),
            }
            if any(of_report.values()):
                for name, key in keys.items():
                    for figure, value in of_report.items():
                        found[name][key][figure] += value
            self.add_parts(report, start, end, agencies)
        return found, agencies

    def track_at(self, report, end):
        known = [track for at, track in self.tracks.get(report.id, ()) if at < end]
        return known[-1] if known else report.track

    def of_report(self, report, start, end):
        figures = dict.fromkeys(OF_REPORTS, 0)
        at_start, at_end = self.state_at(report, start), self.state_at(report, end)
        inside = [row for row in self.events[report] if start <= row.at < end]
        received = report.received_at >= start
        carried = not received and at_start not in FINAL_REPORT_STATES
        back = not received and not carried
        back = back and any(
            row.to_state not in FINAL_REPORT_STATES
            and row.from_state in FINAL_REPORT_STATES
            for row in inside
        )
        figures |= {"carried": carried, "received": received, "reopened": back}
        if carried or received or back:
            closed = at_end in FINAL_REPORT_STATES
            closing = [
                row
                for row in inside
                if row.to_state in FINAL_REPORT_STATES
                and row.from_state not in FINAL_REPORT_STATES
            ][-1:]
            parts = [
                (part, row)
                for part, row in self.parts_at(report, end)
                if part.role in ANSWERING
            ]
            centre_late, centre_owes = self.centre(report, end)
            late = centre_late or any(self.was_late(part, end) for part, _row in parts)
            owed = centre_owes or any(
                row.code not in ENDED and row.deadline and row.deadline < end
                for _part, row in parts
            )
            figures |= {
                "open": not closed,
                "refused": at_end in TURNED_AWAY,
                "forwarded": at_end == "forwarded",
                "done": at_end == "done",
                "on_time": at_end == "done" and not late,
                "late": at_end == "done" and late,
                "overdue": not closed and owed,
                "duplicates": bool(closing and closing[0].code == "mark_duplicate"),
                "withdrawn": bool(closing and closing[0].code == "withdraw"),
            }
            if not closed:
                figures |= {"duplicates": False, "withdrawn": False}
        if rating := self.standing(report, start, end):
            figures |= self.of_rating(rating)
        return figures

    def of_rating(self, rating):
        return {
            "rated": True,
            "satisfied": rating.grade == "satisfied",
            "accepted": rating.grade in ("satisfied", "acceptable"),
        }

    def add_parts(self, report, start, end, agencies):
        rating = self.standing(report, start, end)
        for part, row in self.parts_at(report, end):
            if part.role not in ANSWERING:
                continue
            figures = self.of_part(part, row, start, end)
            if rating and row.code == "approve":
                figures |= self.of_rating(rating)
            for extension in part.extension_ids:
                if extension.state == "granted" and extension.decided_at < end:
                    figures["extended"] += extension.decided_at >= start
            if any(figures.values()):
                for name, value in figures.items():
                    agencies[row.agency_id.id][name] += value

    def of_part(self, part, row, start, end):
        figures = dict.fromkeys(OF_AGENCIES, 0)
        given = part.dispatched_at >= start
        before = self.before(self.kept[part], start)
        ended = bool(before and before[-1].code in ENDED)
        fixes = [
            kept
            for kept in self.kept[part]
            if kept.code == "fix" and start <= kept.at < end
        ]
        carried = not given and bool(before) and not ended
        back = not given and ended and bool(fixes)
        if not (given or carried or back):
            return figures
        late = self.was_late(part, end)
        done, is_open = row.code == "approve", row.code not in ENDED
        granted = part.extension_ids.filtered(
            lambda extension: (
                extension.state == "granted" and extension.decided_at < end
            )
        ).sorted(lambda extension: (extension.decided_at, extension.id))[-1:]
        committed = granted and granted.granted_until <= self.last_day
        return figures | {
            "given": given,
            "carried": carried,
            "reopened": back,
            "returned": row.code == "return",
            "dropped": row.code == "drop",
            "done": done,
            "on_time": done and not late and bool(row.deadline),
            "late": done and late,
            "no_limit": done and not late and not row.deadline,
            "dropped_late": late and row.code in ("return", "drop"),
            "open": is_open,
            "overdue": bool(is_open and row.deadline and row.deadline < end),
            "extended_open": bool(is_open and committed),
            "fixed": len(fixes),
        }

    # ------------------------------------------------------------------
    # Beside each other
    # ------------------------------------------------------------------

    def test_a_later_ground_is_no_earlier_one(self):
        """Refused in November; withdrawn, and joined to another, only after it."""
        for later in ("citizen: withdraw Thôi.", "operator: mark_duplicate"):
            self.reports = {}
            before = self.count(at="2026-11-10 08:00")["whole"]
            self.history(
                f"""
                11-02 08:00 | one operator: send roads
                11-03 08:00 | one operator: refuse incomplete
                11-20 08:00 | one operator: reopen
                11-21 08:00 | one {later}
                """
            )
            after = self.count(at="2026-12-20 08:00")["whole"]
            with self.subTest(later):
                self.assertEqual(after["refused"], before["refused"] + 1)
                self.assertEqual(after["withdrawn"], 0)
                self.assertEqual(after["duplicates"], 0)

    def test_statements_and_reckoning(self):
        self.tracks, self.acted = defaultdict(list), defaultdict(int)
        for seed in range(HISTORIES):
            self.random_history(seed)
        self.load()
        for kind in ("month", "quarter"):
            period = period_of(kind, FIRST, 14)
            while period.first < LAST:
                counted = self.count(period, at="2027-06-01 08:00")
                with self.subTest(kind, first=period.first):
                    self.assert_reckoned(period, counted)
                period = period_of(kind, period.last + timedelta(days=1), 14)
        for verb in ("approve", "publish", "return_wrong", "rate"):
            self.assertTrue(self.acted[verb], f"never: {verb}")

    def assert_reckoned(self, period, counted):
        self.last_day = period.last
        found, agencies = self.reckoned(counted["start"], counted["end"])
        self.assertEqual(
            self.numbers({0: counted["whole"]}, OF_REPORTS),
            self.numbers(found["whole"], OF_REPORTS),
        )
        for name in ("category", "track"):
            self.assertEqual(
                self.numbers(counted[name], OF_REPORTS),
                self.numbers(found[name], OF_REPORTS),
                name,
            )
        self.assertEqual(
            self.numbers(counted["agency"], OF_AGENCIES),
            self.numbers(agencies, OF_AGENCIES),
        )

    def numbers(self, rows, names):
        """Figures that are not nothing, by key."""
        shown = {
            key: {name: int(row[name]) for name in names if row.get(name)}
            for key, row in rows.items()
        }
        return {key: row for key, row in shown.items() if row}
