"""How the reports of the demo come about: each is a story, told act by act.

All stories run side by side in the order of time, as the Centre would see them. Acts
are dated back with the clock of the door, and counted in working hours so that they
fall into office hours and into the same states whenever the demo is loaded.
"""

from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random

import pytz

from odoo import SUPERUSER_ID
from odoo.fields import Command, Datetime

from ..models.ground.key import Clock
from ..models.site.submission import Sending
from . import pictures

# Longer than the oldest story, Tết included.
SPAN = timedelta(days=90)
# Working hours that people take.
HOURS = {
    "take": 0.2,
    "receive": 0.35,
    "request_supplement": 0.3,
    "supply": 5,
    "refuse": 0.5,
    "cancel": 0.5,
    "lapse": 24,
    "mark_duplicate": 0.5,
    "consult": 0.3,
    "answer_consult": 5,
    "dispatch": 0.2,
    "escalate": 6,
    "accept": 0.3,
    "return_wrong": 3,
    "draft": 14,
    "mark_penalty": 2,
    "submit": 5,
    "send_back": 3,
    "approve": 3.5,
    "correct": 3.5,
    "request_fix": 0.6,
    "ask_concurrence": 0.6,
    "concur": 5,
    "publish": 0.6,
    "rate": 5,
    "follow_up": 6,
    "answer": 4,
    "mark_violation": 0.2,
    "lock": 1,
    "appeal": 3,
}
# Minutes by the clock on the wall, where it is urgent or counted back in minutes.
MINUTES = {
    "receive": 3,
    "request_supplement": 25,
    "dispatch": 2,
    "accept": 9,
    "draft": 40,
    "submit": 15,
    "approve": 20,
}
# The agency that the province has appointed for sensitive matters.
COORDINATOR = "BTCD"
# Channels on which an operator writes down what is said.
SPOKEN = ("telephone",)


class Stage:
    """Where the stories play: people and places, and the working time behind them."""

    def __init__(self, env, *, users, wards, agencies, reporters, locale):
        self.env = env
        self.users = users
        self.wards = wards
        self.agencies = agencies
        self.reporters = reporters
        self.locale = locale
        self.company = env.company
        self.now = Datetime.now()
        self.time = self._working_time()

    def _working_time(self):
        calendar = self.company._civic_calendar()
        since = self.now - SPAN
        load = calendar._civic_loader(since)
        return load(calendar, since.date(), (self.now + timedelta(days=1)).date())

    def before(self, hours):
        """The moment so many working hours ago."""
        start = self.now - SPAN + timedelta(days=1)
        worked = self.time.worked(start, self.now)
        return self._whole(
            self.time.add_working(start, worked - timedelta(hours=hours))
        )

    def later(self, moment, hours):
        """The moment so many working hours later; never in the future."""
        left = self.time.worked(moment, self.now)
        later = self.time.add_working(moment, min(left, timedelta(hours=hours)))
        return self._whole(later)

    def _whole(self, moment):
        return moment.replace(microsecond=0)

    def evening_before(self, moment):
        tz = pytz.timezone(self.locale["tz"])
        day = pytz.utc.localize(moment).astimezone(tz).date() - timedelta(days=1)
        evening = tz.localize(datetime(day.year, day.month, day.day, 20, 17))
        return evening.astimezone(pytz.utc).replace(tzinfo=None)


def play(stage, cases):
    """Tell all stories at once, earliest act first.

    :param cases: list of dicts, see reports.json
    :return: civic.report records, in the order of the cases
    """
    stories = [Story(stage, case, index) for index, case in enumerate(cases)]
    queue = []
    for index, story in enumerate(stories):
        acts = story.acts()
        heappush(queue, (next(acts), index, acts))
    while queue:
        _moment, index, acts = heappop(queue)
        moment = next(acts, None)
        if moment:
            heappush(queue, (moment, index, acts))
    return stage.env["civic.report"].union(*(story.report for story in stories))


class Story:
    """One report, from the citizen who sends it as far as its course goes."""

    def __init__(self, stage, case, index):
        self.stage = stage
        self.case = case
        self.random = Random(index)
        self.seed = self.random.randint(0, 99)
        self.operator = f"operator{index % 2 + 1}"
        self.verbs = case["course"].split()
        self.waits = [self._wait(verb) for verb in self.verbs]
        self.category = stage.env.ref(f"civic_report.category_{case['category']}")
        self.urgent = self.category.track == "emergency" or "minutes_ago" in case
        self.agencies = [stage.agencies[code] for code in case.get("agencies", [])]
        self.at = None
        self.report = None

    def acts(self):
        """Yield the moment of each act, then do it when asked for the next."""
        self.at = self._start()
        yield self.at
        self._send()
        for verb, wait in zip(self.verbs, self.waits, strict=True):
            self.at = self._after(verb, wait)
            yield self.at
            getattr(self, f"_do_{verb}")()

    # ------------------------------------------------------------------
    # Time
    # ------------------------------------------------------------------

    def _start(self):
        if "minutes_ago" in self.case:
            return self.stage.now - timedelta(minutes=self.case["minutes_ago"])
        start = self.stage.before(sum(self.waits) + self.case["rest"])
        return self.stage.evening_before(start) if self.case.get("evening") else start

    def _wait(self, verb):
        """Working hours before the act."""
        hours = self.case.get("waits", {}).get(verb) or HOURS[verb]
        return hours * self.random.uniform(0.75, 1.05)

    def _after(self, verb, wait):
        if self.urgent and verb in MINUTES:
            return self.at + timedelta(minutes=MINUTES[verb])
        return max(self.stage.later(self.at, wait), self._lapses(verb))

    def _lapses(self, verb):
        """Whole days pass before a sender is not waited for: more or less of them,
        by the hour at which the demo is made."""
        if verb != "lapse":
            return self.at
        asked = self.report.step_ids.filtered(lambda step: step.state == "open")
        return max(asked.mapped("overdue_from")) + timedelta(minutes=5)

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    def _env(self, user):
        """What this user does now, by the clock of the story."""
        context = {**self.stage.locale, "civic_clock": Clock(self.at)}
        return self.stage.env(user=user, su=False, context=context)

    def _as(self, login):
        return self.report.with_env(self._env(self.stage.users[login]))

    def _as_citizen(self):
        """The report as its sender, who is signed in or proved who sent it."""
        user = self._sender() or self.stage.env.ref("base.public_user")
        report = self.report.with_env(self._env(user))
        return report.with_context(civic_grant=report._sender_grant())

    def _sender(self):
        return self.stage.users.get(self.case["sender"])

    def _assignments(self, role):
        """The open assignments, each as the focal person of its agency."""
        for assignment in self.report.assignment_ids:
            if assignment.state not in ("returned", "dropped"):
                user = assignment.agency_id[f"focal_{role}_id"]
                yield assignment.with_env(self._env(user))

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def _send(self):
        spoken = self.case.get("channel") in SPOKEN
        report = self._take_down() if spoken else self._fill_in()
        self.report = report.with_env(self.stage.env)

    def _fill_in(self):
        identity = self.stage.reporters[self.case["sender"]]
        ward, latitude, longitude = self._place()
        seen = self.at - timedelta(minutes=self.random.randint(5, 90))
        tz = pytz.timezone(self.stage.locale["tz"])
        form = {
            "subject": self.case["subject"],
            "description": self.case["text"],
            "address": self.case["address"],
            # What is not taken in can be sent only without its category.
            "category_id": str(self.category.id) if self.category.accepted else "",
            "ward_id": str(ward.id),
            "latitude": f"{latitude:.6f}",
            "longitude": f"{longitude:.6f}",
            "occurred_at": pytz.utc.localize(seen).astimezone(tz).isoformat(),
            "private": "1" if self.case.get("private") else "",
            "name": identity["name"],
            "phone": identity["phone"],
            "email": identity["email_from"],
            "reporter_address": identity["address"],
            "is_organisation": identity["organisation"],
            "consent": "1",
            "recurrence_of": self._before(),
        }
        user = self._sender() or self.stage.env.ref("base.public_user")
        return self._env(user)["civic.form"]._submit_sudo(
            Sending(
                form,
                [pictures.draw(self.case["scene"], seed=self.seed)],
                user=user,
                company=self.stage.company,
                channel=self.case.get("channel", "web"),
            )
        )

    def _before(self):
        """Code of the report whose matter this one brings again."""
        if "again" not in self.case:
            return ""
        return (
            self.stage.env["civic.report"]
            .search([("subject", "=", self.case["again"])])
            .name
        )

    def _take_down(self):
        """The operator at the telephone writes the report."""
        env = self._env(self.stage.users[self.operator])
        identity = self.stage.reporters[self.case["sender"]]
        ward, latitude, longitude = self._place()
        reporter = env["civic.reporter"].create(
            {name: identity[name] for name in ("name", "phone", "email_from")}
        )
        channel = env["civic.channel"].search([("code", "=", self.case["channel"])])
        return env["civic.report"].create(
            {
                "subject": self.case["subject"],
                "description": self.case["text"],
                "address": self.case["address"],
                "category_id": self.category.id,
                "ward_id": ward.id,
                "latitude": latitude,
                "longitude": longitude,
                "occurred_at": self.at - timedelta(minutes=10),
                "channel_id": channel.id,
                "reporter_id": reporter.id,
            }
        )

    def _place(self):
        """The ward and a point somewhere in it."""
        ward, latitude, longitude = self.stage.wards[self.case["ward"]]
        latitude += self.random.uniform(-0.004, 0.004)
        longitude += self.random.uniform(-0.004, 0.004)
        return ward, latitude, longitude

    # ------------------------------------------------------------------
    # The Centre
    # ------------------------------------------------------------------

    def _do_take(self):
        self._as(self.operator).take()

    def _do_receive(self):
        report = self._as(self.operator)
        values = {}
        if "standard" in self.case:
            values["standardised_description"] = self.case["standard"]
        if report.visibility == "public":
            values["public_attachment_ids"] = [Command.set(report.attachment_ids.ids)]
        report.write(values)
        report.receive()

    def _do_request_supplement(self):
        self._as(self.operator).request_supplement(self.case["request"])

    def _do_supply(self):
        self._as_citizen().supply(self.case["supply"])

    def _do_refuse(self):
        self._turn_away("refuse")

    def _do_cancel(self):
        self._turn_away("cancel")

    def _turn_away(self, verb):
        report = self._as(self.operator)
        report.category_id = self.category
        ground = self.stage.env.ref(f"civic_report.reason_{self.case['ground']}")
        ground = ground.with_context(**self.stage.locale)
        getattr(report, verb)(ground.code, ground.message)

    def _do_lapse(self):
        self.report.with_env(self._env(SUPERUSER_ID))._lapse()

    def _do_mark_duplicate(self):
        original = self.stage.env["civic.report"].search(
            [("subject", "=", self.case["of"])]
        )
        self._as(self.operator).mark_duplicate(original.id)

    def _do_consult(self):
        self._as(self.operator).consult(self.stage.agencies[COORDINATOR].id)

    def _do_answer_consult(self):
        codes = self.case.get("suggested") or self.case["agencies"]
        agencies = [self.stage.agencies[code].id for code in codes]
        self._as("coordinator").answer_consult(agencies, self.case["note"])

    def _do_escalate(self):
        self._as(self.operator).escalate(self.case["dispute"])

    def _do_ask_concurrence(self):
        self._as(self.operator).ask_concurrence()

    def _do_concur(self):
        self._as("coordinator").concur()

    def _do_dispatch(self):
        agencies = self.agencies
        if "return_wrong" in self.verbs and self.report.assignment_ids:
            agencies = [self.stage.agencies[self.case["right"]]]
        self._as(self.operator).dispatch([agency.id for agency in agencies])

    def _do_request_fix(self):
        self._as(self.operator).request_fix(
            self.report.assignment_ids.ids, self.case["reason"]
        )

    def _do_publish(self):
        report = self._as(self.operator)
        report.publish()
        if report.visibility == "public":
            done = report.assignment_ids.result_attachment_ids
            report.public_attachment_ids |= done

    def _do_rate(self):
        levels = self.report.procedure_id.scale_id.level_ids
        level = levels[self.case["rating"]]
        self._as_citizen().rate(level.id, self.case.get("comment"))

    def _do_follow_up(self):
        self._as_citizen().follow_up(self.case["question"])

    def _do_mark_violation(self):
        self._as(self.operator).mark_violation(
            self.case["violation"], self.case["found"]
        )

    def _do_lock(self):
        reporter = self._as("manager").sudo().reporter_id
        reporter = reporter.with_env(self._env(self.stage.users["manager"]))
        reporter.lock(self.case["lock"], basis=self.case["lock_basis"])

    def _do_appeal(self):
        violation = self.report.violation_ids.with_env(self._env(self._sender()))
        violation.appeal(self.case["appeal"])

    # ------------------------------------------------------------------
    # Agencies
    # ------------------------------------------------------------------

    def _do_accept(self):
        for assignment in self._assignments("handler"):
            assignment.accept()

    def _do_return_wrong(self):
        right = self.stage.agencies[self.case["right"]]
        for assignment in self._assignments("handler"):
            assignment.return_wrong(self.case["reason"], right.id)

    def _do_draft(self):
        for assignment in self._assignments("handler"):
            parts = self.case.get("results", {})
            part = parts.get(assignment.agency_id.code)
            assignment.result = part or self.case.get("draft") or self.case["result"]

    def _do_submit(self):
        for assignment in self._assignments("handler"):
            self._attach_evidence(assignment)
            asked = assignment.asks_completion and assignment._now()
            assignment.submit(completed_at=asked)

    def _attach_evidence(self, assignment):
        picture = assignment.env["ir.attachment"].create(
            {
                "name": "ket-qua.jpg",
                "raw": pictures.draw(self.case["scene"], after=True, seed=self.seed),
                "res_model": assignment._name,
                "res_id": assignment.id,
            }
        )
        assignment.result_attachment_ids = [Command.set(picture.ids)]

    def _do_mark_penalty(self):
        for assignment in self._assignments("handler"):
            assignment.ask_penalty(
                self.case["basis"], self.case["record"], assignment._now().date()
            )
        for assignment in self._assignments("leader"):
            assignment.confirm_penalty()

    def _do_answer(self):
        for assignment in self._assignments("handler"):
            question = assignment.interaction_ids
            assignment.answer(question.id, self.case["answer"])

    def _do_approve(self):
        for assignment in self._assignments("leader"):
            assignment.approve()

    def _do_correct(self):
        for assignment in self._assignments("leader"):
            assignment.approve(self.case["result"])

    def _do_send_back(self):
        for assignment in self._assignments("leader"):
            assignment.send_back(self.case["reason"])
