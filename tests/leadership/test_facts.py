"""Every figure against a fortnight by hand: Sóc Trăng, whose month closes on 14
November 2026, a Saturday."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.leadership.facts_sql_time import CLOCK, seconds_of, worked
from ..rig.common import local
from ..rig.facts import NOVEMBER, FactsCase
from ..rig.fortnight import AFTERWARDS, FORTNIGHT

WHOLE = {
    # good, back, slow, again, more, gone, passed, fire, anew, last
    **{"carried": 1, "received": 10, "reopened": 1},
    # good, back, again, old, fire; slow, gone; passed; more, taken, anew, last
    **{"done": 5, "refused": 2, "forwarded": 1, "open": 4},
    # back is late; more at its agency, anew at the Centre are overdue
    **{"on_time": 4, "late": 1, "overdue": 2},
    **{"withdrawn": 1, "recurred": 1},
    **{"rated": 1, "satisfied": 1, "accepted": 1},
    **{"asked": 2, "answered": 1, "unanswered": 1},
}
AGENCY_A = {
    # good, back, slow, again, taken, fire; old
    **{"given": 6, "carried": 1},
    # back, slow; good, again, old, fire; taken
    **{"returned": 2, "returned_late": 1, "done": 4, "on_time": 4, "open": 1},
    **{"fixed": 1, "asked": 2, "unanswered": 1, "recurred": 1},
    **{"rated": 1, "satisfied": 1, "accepted": 1},
}
AGENCY_B = {
    **{"given": 2, "done": 1, "late": 1, "open": 1, "overdue": 1},
    **{"extended": 1, "extended_open": 1},
}


class FortnightCase(FactsCase):
    province = "st"

    def setUp(self):
        super().setUp()
        self.history(FORTNIGHT)


@tagged("-at_install", "post_install")
class TestFortnight(FortnightCase):
    def test_reports(self):
        counted = self.count()
        whole = dict(counted["whole"])
        self.assertIsNotNone(whole.pop("median_hours"))
        self.assertEqual(self.some(whole), WHOLE)
        self.assertEqual(counted["grounds"], {"incomplete": 1, "withdrawn": 1})
        self.assertEqual(counted["start"], local("2026-10-15 00:00"))
        self.assertEqual(counted["end"], local("2026-11-15 00:00"))

    def test_dimensions_add_up_to_the_whole(self):
        counted = self.count()
        for dimension in ("category", "channel", "ward", "track", "kind"):
            for name, number in WHOLE.items():
                rows = counted[dimension].values()
                with self.subTest(dimension=dimension, name=name):
                    self.assertEqual(sum(row[name] for row in rows), number)
        fire = counted["track"]["emergency"]
        self.assertEqual((fire["received"], fire["done"], fire["on_time"]), (1, 1, 1))
        self.assertEqual(set(counted["ward"]), {0})

    def test_agencies(self):
        counted = self.count()
        found = {
            key: self.some(counted["agency"].get(agency.id, {}))
            for key, agency in self.agencies.items()
        }
        oldest = found["B"].pop("oldest_days")
        self.assertEqual(found["A"], AGENCY_A)
        self.assertEqual(found["B"], AGENCY_B)
        self.assertFalse(found["C"])
        # From the 13th at 17:00 to the 14th at 24:00.
        self.assertAlmostEqual(oldest, 31 / 24)

    def test_facts_do_not_change_afterwards(self):
        before = self.count(at="2026-11-15 08:00")
        self.history(AFTERWARDS)
        after = self.count()
        for name in before:
            if name != "counted_at":
                self.assertEqual(after[name], before[name], name)

    def test_the_next_period_goes_on(self):
        """What was open is carried; the rating as it is then; the first minute."""
        december = NOVEMBER.__class__(
            "month", NOVEMBER.last.replace(day=15), NOVEMBER.last.replace(month=12)
        )
        self.history(AFTERWARDS)
        before, after = self.count(), self.count(december)
        self.assertEqual(after["whole"]["carried"], before["whole"]["open"])
        self.assertEqual(after["whole"]["received"], 1)
        self.assertEqual(after["whole"]["reopened"], 1)
        # Its answer was taken up again: what was said of it stands no more.
        self.assertEqual(after["whole"]["rated"], 0)
        for agency, figures in after["agency"].items():
            earlier = before["agency"].get(agency, {}).get("open", 0)
            self.assertEqual(figures["carried"], earlier)

    def test_a_rating_changed_after_the_cut_off(self):
        self.history("11-16 09:00 | good citizen: rate 3")
        self.assertEqual(self.count()["whole"]["satisfied"], 1)
        later = self.count(self.days("2026-11-15", "2026-12-14"))
        self.assertEqual((later["whole"]["rated"], later["whole"]["satisfied"]), (1, 0))
        levels = self.procedure.scale_id.level_ids
        self.assertEqual(later["level"], {levels[2].id: 1})
        self.assertEqual(later["agency_level"], {self.agency.id: {levels[2].id: 1}})
        self.assertEqual(self.count()["level"], {levels[0].id: 1})

    def test_emergencies_and_what_waits_for_the_province(self):
        counted = self.count()
        emergency = counted["emergency"]
        self.assertEqual((emergency["count"], emergency["late"]), (1, 0))
        self.assertEqual(emergency["median_minutes"], 4)
        self.assertEqual(emergency["worst_minutes"], 4)
        self.assertEqual(counted["province"], {"waiting": 0})
        self.history("11-13 08:00 | taken operator: escalate")
        self.assertEqual(self.count()["province"], {"waiting": 1})
        with self.at("2026-12-01 08:00"):
            [stuck] = self.facts._stuck_matters(self.company, NOVEMBER)
        self.assertEqual(stuck["what"], "disagree")
        self.assertEqual(stuck["since"], local("2026-11-13 08:00"))
        self.assertEqual(stuck["agencies"], [self.agency.id])

    def test_reported_again_is_what_was_accepted(self):
        """Nobody has looked at the one; the other is accepted after the end."""
        before = self.count()
        self.history("""
            11-13 09:00 | unseen operator: again old
            11-13 09:00 | later operator: again old
            11-16 09:00 | later operator: receive
            11-13 09:00 | known operator: again old
            11-13 10:00 | known operator: receive
        """)
        after = self.count()
        for name, figures in (("whole", ""), ("agency", self.agency.id)):
            with self.subTest(name=name):
                one = before[name][figures] if figures else before[name]
                two = after[name][figures] if figures else after[name]
                self.assertEqual(two["recurred"], one["recurred"] + 1)

    def test_secret_duties_of_the_centre_count(self):
        owed = self.count()["centre"]["overdue"]
        self.history("11-11 09:00 | hidden operator: send roads")
        self.assertEqual(self.count()["centre"]["overdue"], owed + 1)
        with self.at("2026-11-20 08:00"):
            self.reports["hidden"].with_user(self.manager).sudo(False).set_visibility(
                "secret", "Có tin mật."
            )
            rows = self.facts._late_matters(self.company, NOVEMBER)
        self.assertEqual(self.count()["centre"]["overdue"], owed + 1)
        codes = {row["code"] for row in rows}
        self.assertNotIn(self.reports["hidden"].name, codes)

    def test_times(self):
        """In working hours: nights and the hours of lunch are none."""
        counted = self.count()
        steps = counted["time"]["steps"]
        self.assertEqual(steps["approve"]["count"], 7)
        # good 10–15, back 10–16, again 9–14 less lunch; 1 h, 1 h, 1 h, 12–14.
        self.assertGreater(steps["approve"]["ninety_hours"], 3)
        self.assertLessEqual(
            counted["time"]["median_hours"], counted["time"]["ninety_hours"]
        )

    def test_what_is_late_is_listed(self):
        with self.at("2026-11-20 08:00"):
            rows = self.facts._late_matters(self.company, NOVEMBER)
        found = [(row["code"], row["agency_id"], bool(row["done_at"])) for row in rows]
        name = {key: report.name for key, report in self.reports.items()}
        b = self.agencies["B"].id
        self.assertEqual(
            found,
            [
                (name["anew"], 0, False),
                (name["more"], b, False),
                (name["back"], b, True),
            ],
        )
        more, back = rows[1:]
        self.assertEqual(more["deadline"], local("2026-11-13 17:00"))
        self.assertEqual(str(more["extended_to"]), "2026-11-12")
        self.assertEqual(more["step"], "process")
        self.assertEqual(more["handler_id"], self.agencies["B"].focal_handler_id.id)
        self.assertEqual(back["done_at"], local("2026-11-12 16:00"))
        self.assertAlmostEqual(back["days_late"], 23 / 24)
        self.assertFalse(back["is_private"])
        with self.at("2026-11-20 08:00"):
            own = self.facts._late_matters(
                self.company, NOVEMBER, agency_ids=[self.agency.id]
            )
        self.assertFalse(own)

    def directed_to(self, counted, key):
        figures = counted["agency"][self.agencies[key].id]
        return figures["directives"], figures["directives_open"]

    def test_directives(self):
        """Issued in the period; without an answer at its end, past their day."""
        both = self.directed("1/CT", "11-03", "AB", "11-09")
        self.answered(both, "A", "11-06 10:00")
        late = self.directed("2/CT", "11-05", "A", "11-10")
        self.answered(late, "A", "11-16 10:00")
        closed = self.directed("3/CT", "11-05", "A", "11-10")
        with self.at("2026-11-12 10:00"):
            closed.close("Đủ rồi.")
        withdrawn = self.directed("4/CT", "11-05", "A", "11-10")
        with self.at("2026-11-12 10:00"):
            withdrawn.withdraw("Nhầm.")
        self.directed("5/CT", "10-12", "B", "10-20")  # of the month before
        self.directed("6/CT", "11-05", "A", "11-20")  # not due yet
        self.directed("7/CT", "11-16", "A", "11-20")  # of the next
        counted = self.count()
        # 1, 2, 3 and 6, of which 2 is open; 1, and 1 with 5.
        self.assertEqual(self.directed_to(counted, "A"), (4, 1))
        self.assertEqual(self.directed_to(counted, "B"), (1, 2))
        self.assertNotIn(self.agencies["C"].id, counted["agency"])
        only = self.count(domain={"agency": [self.agencies["B"].id]})
        self.assertEqual(self.directed_to(only, "B"), (1, 2))

    def test_directives_as_they_stood(self):
        """What ends after the period, or is answered, was open at its end."""
        ends = {
            "close": self.directed("1/CT", "11-03", "A", "11-09"),
            "withdraw": self.directed("2/CT", "11-03", "A", "11-09"),
        }
        self.answered(self.directed("3/CT", "11-03", "A", "11-09"), "A", "11-15 00:00")
        before = self.count(at="2026-11-15 08:00")
        self.assertEqual(self.directed_to(before, "A"), (3, 3))
        with self.at("2026-11-15 00:00"):
            for verb, directive in ends.items():
                getattr(directive, verb)("Xong.")
        self.assertEqual(self.directed_to(self.count(), "A"), (3, 3))
        later = self.count(self.days("2026-11-15", "2026-12-14"))
        self.assertEqual(self.directed_to(later, "A"), (0, 0))

    def test_urgings(self):
        part = self.reports["more"].sudo().assignment_ids
        for day in ("11-12", "11-13", "11-16"):
            with self.at(f"2026-{day} 09:00"):
                part.with_user(self.operator).sudo(False).urge("Khẩn trương.")
        self.env.flush_all()
        figures = self.count()["agency"]
        self.assertEqual(figures[self.agencies["B"].id]["urged"], 2)
        self.assertEqual(figures[self.agency.id]["urged"], 0)

    def test_of_some_reports_alone(self):
        b = self.agencies["B"].id
        counted = self.count(domain={"agency": [b]})
        self.assertEqual(set(counted["agency"]), {b})
        self.assertEqual(counted["whole"]["received"], 2)
        urgent = self.count(domain={"track": ["emergency"]})
        self.assertEqual(urgent["whole"]["received"], 1)
        with self.assertRaises(UserError):
            self.count(domain={"weather": ["rain"]})

    def test_secret_ones_count_in_totals_alone(self):
        with self.at("2026-11-20 08:00"):
            for name in ("more", "good"):
                self.reports[name].with_user(self.manager).sudo(False).set_visibility(
                    "secret", "Có tin mật."
                )
            rows = self.facts._late_matters(self.company, NOVEMBER)
        counted = self.count()
        self.assertEqual(counted["whole"]["received"], WHOLE["received"])
        self.assertEqual(counted["category"][0]["received"], 2)
        codes = {row["code"] for row in rows}
        self.assertNotIn(self.reports["more"].name, codes)

    def test_another_province_has_none_of_it(self):
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        other.civic_procedure_id = self.procedure
        with self.at("2026-12-01 08:00"):
            counted = self.facts._count(other, NOVEMBER)
        self.assertFalse(self.some(counted["whole"]))
        self.assertFalse(counted["agency"])

    def test_figures_that_do_not_balance_are_refused(self):
        counted = self.count()
        counted["whole"]["open"] += 1
        counted["agency"][self.agency.id]["done"] += 1
        with self.assertRaisesRegex(UserError, "whole, agency"):
            self.facts._check_balance(counted)

    def test_ranked(self):
        ranked = self.facts._ranked(self.company, self.count())
        places = {row["agency_id"]: row for row in ranked}
        mine = places[self.agency.id]
        self.assertEqual((mine["number"], mine["place"]), (4, None))
        self.assertEqual(mine["on_time_rate"], 100.0)
        self.assertEqual(places[self.agencies["B"].id]["on_time_rate"], 0.0)

    def test_until_now(self):
        """A period that goes on is counted up to now."""
        now = local("2026-11-03 12:00")
        counted = self.count(at="2026-11-03 12:00", now=now)
        self.assertEqual(counted["end"], now)
        self.assertEqual(counted["whole"]["done"], 1)


@tagged("-at_install", "post_install")
class TestClock(FactsCase):
    province = "hue"

    def test_seconds_of_work_are_those_of_the_engine(self):
        """Also of hours over the midnight of UTC, which is seven here."""
        attendances = self.calendar.attendance_ids
        first = attendances.filtered(lambda row: row.hour_from < 9)
        first.write({"hour_from": 6})
        _start, _end, work = self.facts._bounds_of(self.calendar, NOVEMBER)
        begun = local("2026-10-30 05:00")
        hours = [timedelta(hours=number * 7.3) for number in range(1, 45)]
        spans = [(begun + hour / 3, begun + hour) for hour in hours]
        opened, closed = zip(*spans, strict=True)
        statement = (
            f"WITH {CLOCK}, spans (opened, closed) AS ("
            "SELECT * FROM unnest(%(opened)s::timestamp[], %(closed)s::timestamp[]))"
            f" SELECT {worked(seconds_of('closed'), 'closes')}"
            f" - {worked(seconds_of('opened'), 'opens')} AS seconds"
            " FROM spans JOIN clock opens ON opens.day = opened::date"
            " JOIN clock closes ON closes.day = closed::date ORDER BY closed"
        )
        scope = {"opened": list(opened), "closed": list(closed)}
        scope |= self.facts._clock_columns(work)
        found = [row["seconds"] for row in self.facts._rows(statement, scope)]
        counted = [work.worked(*span).total_seconds() for span in spans]
        self.assertEqual(found, counted)
        self.assertGreater(max(counted), 0)


@tagged("-at_install", "post_install")
class TestDays(FactsCase):
    """A day of reports goes from close to close of work (ST Điều 28.1)."""

    province = "st"

    def test_what_comes_at_night_belongs_to_the_next_working_day(self):
        self.history("""
            11-13 16:59 | friday operator: send roads
            11-13 17:00 | night operator: send roads
            11-15 12:00 | sunday operator: send roads
            11-16 16:59 | monday operator: send roads
            11-16 17:00 | late operator: send roads
        """)
        numbers = {
            day: self.count(period)["whole"]["received"]
            for day, period in (
                (day, self.days(day, day).__class__("day", *self.bounds(day)))
                for day in ("2026-11-13", "2026-11-16", "2026-11-17")
            )
        }
        self.assertEqual(numbers, {"2026-11-13": 1, "2026-11-16": 3, "2026-11-17": 1})

    def bounds(self, day):
        period = self.days(day, day)
        return period.first, period.last


@tagged("-at_install", "post_install")
class TestCost(FactsCase):
    province = "hue"

    def queries(self):
        """Of a count, of the lists and of an evaluation."""
        acts = {
            "count": lambda: self.facts._count(self.company, NOVEMBER),
            "late": lambda: self.facts._late_matters(self.company, NOVEMBER),
            "stuck": lambda: self.facts._stuck_matters(self.company, NOVEMBER),
            "year": lambda: self.env["civic.evaluation"]._evaluated(
                self.company, NOVEMBER
            ),
        }
        spent = {}
        for name, act in acts.items():
            self.cr.flush()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            act()
            spent[name] = self.cr.sql_log_count - before
        return spent

    def test_the_same_for_one_as_for_many(self):
        with self.at("2026-11-02 08:00"):
            self.walk_to("done")
            self.queries()  # caches
            first = self.queries()
            for _number in range(5):
                self.walk_to("done")
                self.walk_to("accepted")
            self.assertEqual(self.queries(), first)
        for name, most in {"count": 15, "late": 9, "stuck": 8, "year": 21}.items():
            self.assertLessEqual(first[name], most, name)
