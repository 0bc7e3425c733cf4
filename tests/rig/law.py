"""Stories: a report walked through a regulation, row by row, with the clock frozen.

A row of a story says when, who, what, and what then holds::

    local time | who: verb arguments | report state, assignments | open duties | late

A line that begins with ``|``, or that follows one which ends in a comma, goes on with
the row above.

Times are local ones of the story's year (2026 unless written out). Assignments are
written ``AGENCY:state``, the latest of each agency. An open duty is written
``code deadline``, for an agency's own ``code@AGENCY deadline``; its deadline is a local
time, ``24:00`` included, or ``–`` where the regulation gives none; ``extended`` and
``overdue`` follow where they hold at that moment. ``=`` repeats the row before. The
last cell names the duties that this act ended late. A verb after ``!`` must be refused,
and then nothing changes. A line that begins with ``#`` shows the reckoning. ``after
NAME`` stands for rows with which several stories begin, see `LawCase.beginnings`.

Everything is compared whole: a duty, an assignment or a lateness that the row does not
name is an error.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command

from .common import CivicCase, local, local_text
from .walks import written_notice

# Times that an agency has for what it may leave undone.
WINDOWS = ("return_wrong", "co_return", "invite")
YEAR = "2026"
TIME = re.compile(r"(\d{4}-)?\d\d-\d\d \d\d:\d\d")
WORDS = "Theo quy định."
AFTER = re.compile(r"^ *after (\w+)$", re.MULTILINE)


@dataclass
class Row:
    """One line of a story, read."""

    line: str
    at: str
    who: str
    verb: str
    refused: bool
    arguments: list
    states: str
    duties: list
    late: list


def read(story):
    """Rows of a story.

    :param story: text, see the module
    :return: iterator of Row
    """
    before = None
    for line in _joined(story):
        cells = [cell.strip() for cell in line.split("|")]
        at, act, states, duties, late = [*cells, ""][:5]
        who, verb, *arguments = act.replace(":", "", 1).split()
        row = Row(
            line,
            _dated(at),
            who,
            verb.lstrip("!"),
            verb.startswith("!"),
            arguments,
            before.states if states == "=" else states,
            before.duties if duties == "=" else _listed(duties),
            _listed(late),
        )
        yield row
        before = row


def _joined(story):
    """Lines of a story without remarks, those of one row put together."""
    lines = []
    for line in map(str.strip, story.splitlines()):
        if not line or line.startswith("#"):
            continue
        if line.startswith("|") or (lines and lines[-1].endswith(",")):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return lines


def _dated(text):
    return text if len(text) > len("08-28 16:50") else f"{YEAR}-{text}"


def _listed(cell):
    return sorted(" ".join(part.split()) for part in cell.split(",") if part.strip())


def moment(text):
    """Naive UTC datetime of a local time such as "11-18 24:00"."""
    day, time = _dated(text).split(" ")
    if time == "24:00":
        return local(f"{day} 00:00") + timedelta(days=1)
    return local(f"{day} {time}")


def shown(naive):
    """A naive UTC datetime as stories write it; midnight ends the day before."""
    if not naive:
        return "–"
    text = local_text(naive)
    if text.endswith("00:00"):
        text = local_text(naive - timedelta(days=1)).replace("00:00", "24:00")
    return text.removeprefix(f"{YEAR}-")


class LawCase(CivicCase):
    """A province under one of the regulations, with agencies A, B, C, D; P coordinates.

    Its calendar is the one that the module sets up, with the days off of 2026 and 2027.
    """

    province = None
    # Name → rows that ``after NAME`` stands for.
    beginnings = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure = cls.env.ref(f"civic_report.procedure_{cls.province}")
        cls.company.civic_procedure_id = cls.procedure
        cls.set_up_calendar()
        cls.complete_sender()
        cls.agencies = {
            "A": cls.agency,
            "B": cls.other_agency,
            "C": cls.make_staffed_agency("C"),
            "D": cls.make_staffed_agency("D"),
            "P": cls.coordinating_agency,
        }
        cls.keys = {agency.id: key for key, agency in cls.agencies.items()}

    @classmethod
    def set_up_calendar(cls):
        """Days off by the library, and by hand what it does not know: Friday 2 January
        2026 was exchanged for Saturday 10 January."""
        cls.calendar = cls.company._civic_calendar()
        cls.calendar._civic_load_holidays([2026, 2027])
        cls.env["resource.calendar.leaves"].create(
            cls.calendar._prepare_civic_holiday(date(2026, 1, 2), "Nghỉ hoán đổi")
        )
        cls.env["civic.makeup.day"].create(
            {
                "calendar_id": cls.calendar.id,
                "date": "2026-01-10",
                "like_weekday": "4",
            }
        )

    @classmethod
    def make_staffed_agency(cls, key):
        people = [
            cls.make_user(f"{role}_{key}", f"civic_report.group_{role}")
            for role in ("handler", "leader")
        ]
        return cls.make_agency(f"Cơ quan {key}", key, *people)

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def tell(self, story):
        """Act every row out and compare what holds after it.

        :return: the report
        """
        story = AFTER.sub(lambda found: self.beginnings[found[1]], story)
        self.report = self.env["civic.report"]
        self.late = set()
        # Freezing looks at every module: once a story, not once a row.
        with self.at(f"{YEAR}-01-01") as clock:
            for row in read(story):
                clock.move_to(local(row.at))
                self.tell_row(row)
        return self.report

    def tell_row(self, row):
        if row.refused:
            with self.assertRaises(UserError, msg=row.line):
                self.act(row)
        else:
            self.act(row)
        self.env.invalidate_all()
        self.compare(row)

    def act(self, row):
        user, target = self.cast(row.who)
        verb = getattr(self, f"do_{row.verb}", None)
        if verb:
            verb(target.with_user(user), *row.arguments)
        else:
            getattr(target.with_user(user), row.verb)(*row.arguments)

    def cast(self, who):
        """Whoever acts, and on what: the report or an agency's assignment."""
        key, _dot, role = who.partition(".")
        if role:
            agency = self.agencies[key]
            return agency[f"focal_{role}_id"], self.assignment(key)
        users = {"system": self.env.user, "province": self.province_leader}
        return users.get(who) or getattr(self, who), self.report

    def assignment(self, key):
        rows = self.report.sudo().assignment_ids.sorted("id")
        return rows.filtered(lambda row: row.agency_id == self.agencies[key])[-1:]

    def ids(self, keys):
        return [self.agencies[key].id for key in keys]

    # ------------------------------------------------------------------
    # Comparing
    # ------------------------------------------------------------------

    def compare(self, row):
        report = self.report.sudo()
        self.assertEqual(self.states_of(report), row.states, row.line)
        opened = report.step_ids.filtered(lambda step: step.state == "open")
        self.assertEqual(sorted(map(self.duty, opened)), row.duties, row.line)
        late = (report.step_ids - opened).filtered("is_late")
        fresh = late.filtered(lambda step: step.id not in self.late)
        self.assertEqual(sorted(map(self.lateness, fresh)), row.late, row.line)
        self.late.update(late.ids)
        self.compare_clock(report, row)
        self.compare_activities(report, opened, row)

    def states_of(self, report):
        latest = {}
        for assignment in report.assignment_ids.sorted("id"):
            latest[self.keys[assignment.agency_id.id]] = assignment.state
        parts = [f"{key}:{state}" for key, state in sorted(latest.items())]
        return self.words(report.state, *parts)

    def duty(self, step):
        return self.words(
            self.name_of(step),
            shown(step.deadline),
            step.is_extended and "extended",
            step.is_overdue and "overdue",
        )

    def lateness(self, step):
        return self.words(self.name_of(step), step.is_extended and "extended")

    def name_of(self, step):
        key = self.keys.get(step.assignment_id.agency_id.id)
        return f"{step.code}@{key}" if key else step.code

    def words(self, *parts):
        return " ".join(filter(None, parts))

    def compare_clock(self, report, row):
        """The report shows the duty due first among those that must be done."""
        due = [
            moment(time[0])
            for duty in row.duties
            if (time := TIME.search(duty)) and not duty.startswith(WINDOWS)
        ]
        self.assertEqual(report.deadline or None, min(due, default=None), row.line)

    def compare_activities(self, report, opened, row):
        """Every open duty reminds its holder, and nothing else does."""
        reminded = (report.activity_ids | report.assignment_ids.activity_ids).mapped(
            "civic_step_id"
        )
        held = opened.filtered(lambda step: step.user_id and step.code not in WINDOWS)
        self.assertEqual(reminded, held, row.line)

    # ------------------------------------------------------------------
    # Acting: the arguments that verbs need
    # ------------------------------------------------------------------

    def do_send(self, _report, *words):
        """A report comes in: `send land`, `send roads private` or `opinion`."""
        values = {}
        for word in words:
            if word in ("private", "secret"):
                values["visibility"] = word
            elif word == "opinion":
                values["kind"] = word
            else:
                values["category_id"] = self.env.ref(f"civic_report.category_{word}").id
        self.report = self.make_report(**values)

    def do_look(self, _report):
        """Nothing happens but time."""

    def do_lapse(self, _report):
        """The cron ends what nobody completed in time."""
        cron = self.env.ref("civic_report.cron_lapse_supplements")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def do_category(self, report, name):
        report.category_id = self.env.ref(f"civic_report.category_{name}")

    def do_show(self, report, visibility):
        report.set_visibility(visibility, "Theo quy chế.")

    def do_classify(self, report, name):
        report.classify(self.env.ref(f"civic_report.category_{name}").id)

    def do_request_supplement(self, report):
        report.request_supplement("Cho biết rõ địa điểm.")

    def do_supply(self, report):
        report.supply("Trước cổng trường.")

    def do_refuse(self, report, ground):
        report.refuse(ground, "")

    def do_cancel(self, report, ground):
        report.cancel(ground, "")

    def do_mark_duplicate(self, report):
        self.original = self.make_report()
        report.mark_duplicate(self.original.id)

    def do_dispatch(self, report, *words):
        """`dispatch A B`, or `dispatch A B lead A`."""
        keys, _lead, lead = " ".join(words).partition(" lead ")
        lead_id = self.agencies[lead].id if lead else None
        report.dispatch(self.ids(keys.split()), lead_id)

    def do_redispatch(self, report, *keys):
        report.redispatch(self.ids(keys), WORDS)

    def do_consult(self, report, key):
        report.consult(self.agencies[key].id)

    def do_answer_consult(self, report, *keys):
        report.answer_consult(self.ids(keys), WORDS)

    def do_disagree(self, report):
        report.disagree(WORDS)

    def do_ask_designation(self, report):
        report.ask_designation(WORDS)

    def do_escalate(self, report):
        report.escalate(WORDS)

    def do_designate(self, report, key):
        report.designate([self.agencies[key].id], WORDS)

    def do_forward(self, report, key):
        report.forward(self.agencies[key].id, WORDS)

    def do_request_fix(self, report, *keys):
        report.request_fix([self.assignment(key).id for key in keys], "Sai mẫu.")

    def do_reopen(self, report):
        report.reopen(WORDS)

    def do_follow_up(self, report):
        report.follow_up("Bao giờ thi công?")

    def do_rate(self, report, number):
        report.rate(self.procedure.scale_id.level_ids[int(number) - 1].id)

    def do_assign(self, assignment):
        assignment.assign(assignment.sudo().agency_id.focal_handler_id.id)

    def do_return_wrong(self, assignment, key=None):
        assignment.return_wrong(WORDS, self.agencies[key].id if key else None)

    def do_invite(self, assignment, *keys):
        assignment.invite(self.ids(keys), WORDS)

    def do_draft(self, assignment):
        assignment.result = "Đang kiểm tra."

    def do_complete(self, assignment, *completed):
        """When it was over, kept with the draft."""
        assignment.completed_at = moment(" ".join(completed))

    def do_submit(self, assignment, *completed):
        """`submit`, or of an emergency `submit 06-14 22:30`: when it was over, now if
        nothing is said."""
        asked = assignment.asks_completion and assignment._now()
        assignment.submit(
            "Đã xử lý xong.", moment(" ".join(completed)) if completed else asked
        )

    def do_approve(self, assignment, corrected=None):
        """`approve`, or `approve corrected` with the leader's own words."""
        assignment.approve("Lãnh đạo đã sửa." if corrected else None)

    def do_send_back(self, assignment):
        assignment.send_back("Thiếu ảnh sau khi sửa.")

    def do_ask_penalty(self, assignment):
        today = self.company._civic_today()
        assignment.ask_penalty("Nghị định 16/2022/NĐ-CP", "07/BB-VPHC", today)

    def do_confirm_penalty(self, assignment):
        assignment.confirm_penalty()

    def do_end_penalty(self, assignment):
        assignment.end_penalty("Đã ra quyết định xử phạt.")

    def do_request_extension(self, assignment, day):
        files = written_notice(assignment.env)
        assignment.request_extension("12/CV-SXD", _dated(day), "Chờ vật tư.", files)

    def do_grant(self, report):
        self.asked(report).grant()

    def do_reject(self, report):
        self.asked(report).reject("Không đủ lý do.")

    def asked(self, record):
        """The extension asked of a report, or for an assignment."""
        extensions = self.env["civic.extension"].with_user(record.env.user)
        kind = "report_id" if record._name == "civic.report" else "assignment_id"
        return extensions.search(
            [(kind, "=", record.id), ("state", "=", "asked")]
        ).ensure_one()

    def do_answer(self, assignment):
        asked = assignment.interaction_ids.filtered(lambda row: row.state == "open")
        assignment.answer(asked[:1].id, "Trong tuần này.")

    # ------------------------------------------------------------------
    # Helpers of the tests
    # ------------------------------------------------------------------

    def event_codes(self, report):
        rows = report.sudo().event_ids.sorted(lambda row: (row.at, row.id))
        return " ".join(rows.mapped("code"))

    def give_calendar(self, key, *hours):
        """A calendar of its own for an agency: (weekday, from, to)."""
        calendar = self.env["resource.calendar"].create(
            {
                "name": f"Giờ làm việc {key}",
                "company_id": self.company.id,
                "tz": "Asia/Ho_Chi_Minh",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": "Ca",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                        }
                    )
                    for day, start, end in hours
                ],
            }
        )
        self.agencies[key].calendar_id = calendar

    def form_errors(self):
        """What a citizen's empty form lacks under this regulation."""
        values = self.env["civic.form"]._read_form({"consent": "1"}, [], self.procedure)
        return set(values[2])
