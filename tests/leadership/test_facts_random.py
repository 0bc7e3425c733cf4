"""Balances as properties over random histories, beside a reckoning that reads the
history event by event."""

import random
from datetime import date, datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.workflow.transitions import FINAL_REPORT_STATES
from ...tools.periods import period_of
from ..rig.common import local
from ..rig.facts import FactsCase

SEEDS = (1, 2, 3)
REPORTS = 9
ACTS = 130
# (who, verb, arguments)
MOVES = (
    ("operator", "receive"),
    ("operator", "dispatch", "A"),
    ("operator", "dispatch", "A", "B"),
    ("operator", "dispatch", "B"),
    ("operator", "refuse", "incomplete"),
    ("operator", "forward", "C"),
    ("operator", "publish"),
    ("operator", "reopen"),
    ("operator", "escalate"),
    ("operator", "request_fix", "A"),
    ("operator", "request_fix", "B"),
    ("operator", "redispatch", "C"),
    ("province", "designate", "B"),
    ("citizen", "withdraw", "Thôi."),
    ("citizen", "rate", "1"),
    ("citizen", "rate", "3"),
    ("citizen", "follow_up"),
    *(
        (f"{key}.{role}", verb)
        for key in "ABC"
        for role, verb in (
            ("handler", "accept"),
            ("handler", "accept"),
            ("handler", "return_wrong"),
            ("handler", "submit"),
            ("handler", "submit"),
            ("leader", "approve"),
            ("leader", "approve"),
            ("leader", "send_back"),
        )
    ),
)


@tagged("-at_install", "post_install")
class TestRandomHistories(FactsCase):
    province = "hue"

    def random_history(self, seed):
        """Acts that the door lets in, over four months."""
        chosen = random.Random(seed)
        moment = datetime(2026, 9, 1, 1)
        done = 0
        with self.at("2026-01-01") as clock:
            for number in range(ACTS):
                moment += timedelta(minutes=chosen.randint(10, 2200))
                clock.move_to(moment)
                if number % (ACTS // REPORTS) == 0:
                    self.take_part(f"{seed}-{number}", "operator", "send", ["roads"])
                    continue
                name = chosen.choice(sorted(self.reports))
                for _time in range(12):
                    who, verb, *arguments = chosen.choice(MOVES)
                    if self.tried(name, who, verb, arguments):
                        done += 1
                        break
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertGreater(done, ACTS // 3, "it did something")

    def tried(self, name, who, verb, arguments):
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.take_part(name, who, verb, arguments)
        except UserError:
            self.env.invalidate_all()
            return False
        return True

    def reckoned(self, start, end):
        """Reports by their history alone."""
        numbers = dict.fromkeys(("carried", "received", "reopened", "open"), 0)
        for report in self.reports.values():
            events = (
                report.sudo()
                .event_ids.filtered(lambda row: not row.assignment_id)
                .sorted(lambda row: (row.at, row.id))
            )
            at_start = self.state_at(events, start)
            at_end = self.state_at(events, end)
            if not at_end:
                continue
            was_open = at_start and at_start not in FINAL_REPORT_STATES
            came = not at_start
            back = bool(
                at_start in FINAL_REPORT_STATES
                and any(
                    start <= event.at < end
                    and event.to_state not in FINAL_REPORT_STATES
                    for event in events
                )
            )
            numbers["carried"] += bool(was_open)
            numbers["received"] += came
            numbers["reopened"] += back
            numbers["open"] += at_end not in FINAL_REPORT_STATES
        return numbers

    def state_at(self, events, moment):
        before = [event for event in events if event.at < moment]
        return before[-1].to_state if before else None

    def test_balances_and_the_reckoning(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.reports = {}
                self.random_history(seed)
                self.assert_periods()

    def assert_periods(self):
        period = period_of("month", date(2026, 9, 10), 14)
        carried, of_agencies = 0, {}
        while period.first < date(2027, 2, 1):
            counted = self.count(period, at="2027-06-01 08:00")
            whole = counted["whole"]
            mine = {
                name: sum(counted["category"][key][name] for key in counted["category"])
                for name in ("carried", "received", "reopened", "open")
            }
            self.assertEqual(mine, {name: whole[name] for name in mine})
            if self.is_alone(counted):
                start, end = counted["start"], counted["end"]
                self.assertEqual(self.reckoned(start, end), mine, period)
            self.assertEqual(whole["carried"], carried)
            carried = whole["open"]
            for agency, figures in counted["agency"].items():
                self.assertEqual(figures["carried"], of_agencies.get(agency, 0))
                parts = figures["on_time"] + figures["late"] + figures["no_limit"]
                self.assertEqual(parts, figures["done"])
                self.assertLessEqual(figures["overdue"], figures["open"])
            of_agencies = {
                agency: figures["open"] for agency, figures in counted["agency"].items()
            }
            period = period_of("month", period.last + timedelta(days=1), 14)

    def is_alone(self, counted):
        """Whether the company's reports are those of this history."""
        known = self.env["civic.report"].search_count(
            [
                ("company_id", "=", self.company.id),
                ("received_at", ">=", local("2026-08-01 00:00")),
                ("received_at", "<", counted["end"]),
            ]
        )
        mine = [
            report
            for report in self.reports.values()
            if report.received_at < counted["end"]
        ]
        return known == len(mine)

    def test_the_same_out_of_the_history(self):
        """Rows that are rebuilt give the same figures of agencies."""
        self.random_history(7)
        quarter = period_of("quarter", date(2026, 11, 1), 14)
        before = self.count(quarter)["agency"]
        parts = self.env["civic.assignment"].concat(
            *(report.sudo().assignment_ids for report in self.reports.values())
        )
        self.cr.execute(
            "DELETE FROM civic_agency_deadline WHERE assignment_id IN %s",
            [tuple(parts.ids)],
        )
        self.env.invalidate_all()
        self.env["civic.agency.deadline"]._fill(parts._elevated())
        after = self.count(quarter)["agency"]
        self.assertEqual(after, before)
