import re

from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..rig.common import CivicCase

UNITS = {
    "m": "minute",
    "h": "hour",
    "wh": "working_hour",
    "d": "day",
    "wd": "working_day",
}
PROVINCES = ("hue", "st", "bg", "qn", "bp")
# What the regulations say, step by step, province by province; "–": a clock without a
# deadline.
NORMAL = """
intake          | 1 wh   | 4 wh  | 2 wh   | 1 wd | 30 m
intake_receive  | –      | –     | 0.5 wh | –    | –
intake_classify | –      | –     | 0.5 wh | –    | –
intake_forward  | –      | –     | 1 wh   | –    | –
supplement      | 2 d    | 48 h  | –      | –    | –
accept          | 0.5 wh | –     | 0.5 wh | 1 wd | –
return_wrong    | 1 wd   | 1 wd  | –      | 1 wd | 1 wd
assign          | –      | –     | 0.5 wh | –    | –
process         | 6 wd   | 5 wd  | 6 wd   | 5 wd | –
approve         | 1 wd   | 1 wd  | 1 wh   | 1 wd | –
publish         | 1 wh   | 1 wd  | 0.5 wh | 1 wh | 1 wh
interaction     | 1 d    | –     | –      | –    | –
invite          | –      | 1 wd  | –      | –    | –
co_process      | –      | 2 wd  | –      | –    | –
co_approve      | –      | 1 wd  | –      | –    | –
co_return       | –      | 1 wd  | –      | –    | –
consolidate     | –      | 1 wd  | –      | –    | –
consult         | 1 wd   | –     | 1 wd   | –    | –
concur          | 1 wd   | –     | 1 wd   | –    | –
designate       | 1 wd   | 1 wd  | –      | 1 wd | 1 wd
"""
EMERGENCY = """
intake          | 30 m   | 0 m   | 30 m   | 1 wd | 0 m
accept          | 30 m   | –     | 30 m   | 1 wd | 0 m
assign          | –      | –     | –      | –    | –
process         | –      | –     | –      | 5 wd | –
approve         | 1 h    | 4 h   | 1 h    | 1 wd | –
publish         | 1 wh   | 1 wd  | 0.5 wh | 1 wh | 1 wh
designate       | 1 wd   | 1 wd  | –      | 1 wd | 1 wd
"""

# HUE, ST, BG, QN, BP; "–": the text says nothing.
THRESHOLDS = {
    "roster_days": "7 7 – – –",
    "violation_limit": "– 3 – – –",
    "account_lock_months": "– – – – –",
    "follow_up_violation_limit": "– 3 – – –",
    "follow_up_violation_months": "– 1 – – –",
    "follow_up_lock_months": "– 1 – – –",
    "satisfaction_threshold": "– 70 – – –",
    "recurrence_limit": "– 3 – – –",
    "unanswered_threshold": "– 30 – – –",
    "late_return_threshold": "– 20 – – –",
    "sent_back_threshold": "– 20 – – –",
    "recurring_threshold": "– 20 – – –",
    "directive_limit": "– 3 – – –",
    "period_cutoff_day": "14 14 – 14 14",
}
# What no regulation gives, and a province decides.
HOUSE_FIGURES = {
    "sequence": 10,
    "disclosure_answer_days": 5,
    "disclosure_max_days": 30,
    "retention_years": 5,
    "follower_days": 30,
    "rating_change_days": 7,
    "warn_half": 50,
    "warn_most": 80,
    "centre_after": 240,
    "province_after": 1440,
    "emergency_province_after": 30,
    "decision_reminder_hours": 4,
    "designate_reminder_days": 1,
    "interaction_reminder_days": 5,
    "interaction_answer_days": 5,
    "outcome_hours": 24,
}


@tagged("-at_install", "post_install")
class TestProcedures(CivicCase):
    """The installed data says what the regulations say."""

    def cells(self, table):
        for line in table.strip().splitlines():
            step, *figures = (cell.strip() for cell in line.split("|"))
            for province, figure in zip(PROVINCES, figures, strict=True):
                yield self.env.ref(f"civic_report.procedure_{province}"), step, figure

    def assert_figure(self, procedure, track, step, figure):
        limit = procedure._limit(track, step)
        found = "–"
        if limit:
            unit = next(short for short, unit in UNITS.items() if unit == limit.unit)
            found = f"{limit.value:g} {unit}"
        with self.subTest(procedure=procedure.code, track=track, step=step):
            self.assertEqual(found, figure)
            if limit and not limit.value:
                self.assertEqual(limit.grace_minutes, 5, "at once has a grace")

    def test_normal_limits(self):
        for procedure, step, figure in self.cells(NORMAL):
            self.assert_figure(procedure, "normal", step, figure)

    def test_emergency_limits(self):
        for procedure, step, figure in self.cells(EMERGENCY):
            self.assert_figure(procedure, "emergency", step, figure)

    def test_sensitive_is_timed_as_normal(self):
        for procedure, step, figure in self.cells(NORMAL):
            self.assert_figure(procedure, "sensitive", step, figure)

    def test_every_limit_names_its_article(self):
        for limit in self.env["civic.procedure.limit"].search([]):
            self.assertRegex(limit.source, r"Điều|Phụ lục|mục", limit.display_name)

    def test_flags(self):
        flags = {
            # accept, assign, from dispatch, lead, edits, sensitive, extends, opinions,
            # first-time reporters verified, intake day and night, emergencies timed
            # once they are verified, own result approved by its handler, a penalty
            # lifts the limit, and the agency's deadline with it
            "hue": "1 0 0 0 1 1 0 0 0 1 0 0 1 1",
            "st": "1 0 1 1 0 0 1 0 1 0 0 0 0 0",
            "bg": "1 1 0 0 0 1 0 0 0 1 1 0 1 1",
            "qn": "1 0 0 0 1 0 0 1 0 1 0 0 0 0",
            "bp": "1 0 0 0 0 0 0 0 0 1 0 0 0 0",
        }
        names = (
            "accept_step",
            "assign_step",
            "process_from_dispatch",
            "lead_and_co",
            "leader_may_edit",
            "sensitive_consult",
            "extension_allowed",
            "opinions_accepted",
            "verify_first_time",
            "intake_always",
            "emergency_from_verification",
            "handler_may_approve",
            "penalty_lifts_limit",
            "penalty_lifts_agency_deadline",
        )
        for province, wanted in flags.items():
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            found = " ".join(str(int(procedure[name])) for name in names)
            self.assertEqual(found, wanted, province)

    def test_scales(self):
        """Levels, those that say satisfied, those that say acceptable."""
        sizes = {
            **dict.fromkeys(("hue", "bg", "bp"), (3, 1, 1)),
            **{"st": (3, 2, 0), "qn": (5, 2, 1)},
        }
        for province, (levels, satisfied, acceptable) in sizes.items():
            scale = self.env.ref(f"civic_report.procedure_{province}").scale_id
            grades = scale.level_ids.mapped("grade")
            self.assertEqual(len(grades), levels)
            self.assertEqual(len(scale.level_ids.filtered("is_satisfied")), satisfied)
            self.assertEqual(grades.count("satisfied"), satisfied)
            self.assertEqual(grades.count("acceptable"), acceptable)

    def test_a_level_counts_as_its_grade_says(self):
        level = self.env.ref("civic_report.scale_hue_2")
        self.assertFalse(level.is_satisfied)
        level.grade = "satisfied"
        self.assertTrue(level.is_satisfied)
        level.grade = "negative"
        self.assertFalse(level.is_satisfied)

    def test_periods_close_before_their_report_is_due(self):
        procedure = self.env.ref("civic_report.procedure_bp").copy({"code": "X"})
        procedure.period_cutoff_day = 19
        with self.assertRaises(ValidationError):
            procedure.period_cutoff_day = 20

    def test_required_data(self):
        required = {
            # e-mail, address, identity number, place, time, picture
            "hue": "1 0 0 1 1 1",
            "st": "0 1 1 1 1 0",
            "bg": "1 0 0 1 1 1",
            "qn": "1 0 0 0 0 0",
            "bp": "1 1 0 0 0 0",
        }
        names = ("email", "address", "citizen_id", "place", "time", "picture")
        for province, wanted in required.items():
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            found = " ".join(str(int(procedure[f"require_{name}"])) for name in names)
            self.assertEqual(found, wanted, province)

    def test_supplement_lapse(self):
        """HUE Điều 13.3–4 cancels, ST Điều 10.5b refuses; the others set no time, and
        nothing lapses."""
        lapses = {"hue": "cancel", "st": "refuse"}
        for province in PROVINCES:
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            wanted = lapses.get(province, False)
            self.assertEqual(procedure.supplement_lapse, wanted)

    def test_decisions(self):
        """Numbers and first days as the decisions themselves say them."""
        decisions = {
            "hue": ("43/2020/QĐ-UBND ngày 04/8/2020", "2020-08-15"),
            "st": ("Dự thảo theo Công văn 1452/VP-VX ngày 23/3/2023", "False"),
            "bg": ("Hướng dẫn tạm thời tháng 3/2023", "2023-03-01"),
            "qn": ("07/2020/QĐ-UBND ngày 13/3/2020", "2020-03-25"),
            "bp": ("1327/QĐ-UBND ngày 18/6/2020", "2020-06-18"),
        }
        for province, wanted in decisions.items():
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            found = (procedure.decision_number, str(procedure.date_from))
            self.assertEqual(found, wanted)

    def test_letter_forms(self):
        forms = {
            "hue": "plain",
            "st": "official",
            "bg": "display",
            "qn": "official_qn",
            "bp": "official_qn",
        }
        for province, wanted in forms.items():
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            self.assertEqual(procedure.letter_form, wanted)

    def test_thresholds(self):
        """ST Điều 17, 26.1; HUE Điều 18.1. What a text does not give is empty there:
        nobody is locked or judged by another province's figures."""
        for name, figures in THRESHOLDS.items():
            for province, figure in zip(PROVINCES, figures.split(), strict=True):
                procedure = self.env.ref(f"civic_report.procedure_{province}")
                found = "–" if not procedure[name] else f"{procedure[name]:g}"
                self.assertEqual(found, figure, f"{province} {name}")

    def test_no_figure_is_everybodys_default(self):
        """A new procedure says nothing yet: but for what no regulation gives."""
        model = self.env["civic.procedure"]
        figures = {
            name
            for name, field in model._fields.items()
            if field.type in ("integer", "float", "monetary") and name != "id"
        }
        self.assertLessEqual(set(THRESHOLDS), figures)
        given = {
            name: value
            for name, value in model.default_get(list(figures)).items()
            if value
        }
        self.assertEqual(given, HOUSE_FIGURES)
        chosen = ("letter_form", "supplement_lapse", "scale_id")
        self.assertFalse(any(model.default_get(list(chosen)).values()))
        flags = {
            name
            for name, value in model.default_get(list(model._fields)).items()
            if value is True
        }
        self.assertEqual(flags, {"active", "accept_step", "intake_always"})

    def test_a_number_of_follow_ups_is_counted_within_some_time(self):
        procedure = self.env.ref("civic_report.procedure_bp").copy({"code": "X"})
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            procedure.follow_up_violation_limit = 3
            procedure.flush_recordset()

    def test_channels(self):
        channels = {
            "hue": "app email facebook telephone web zalo",
            "st": "app email telephone web",
            "bg": "app service_portal telephone web zalo",
            "qn": "app",
            "bp": "113 114 115 app email facebook sms telephone web",
        }
        for province, wanted in channels.items():
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            codes = sorted(procedure.channel_ids.mapped("code"))
            self.assertEqual(" ".join(codes), wanted)

    def test_no_code_names_a_province(self):
        """Procedures are data: models never ask which one it is."""
        from pathlib import Path

        models = Path(__file__).parents[2] / "models"
        paths = list(models.rglob("*.py"))
        self.assertGreater(len(paths), 100)
        for path in paths:
            code = re.sub(r'""".*?"""|#.*|help=.*?\)', "", path.read_text(), flags=re.S)
            self.assertNotRegex(
                code, r"procedure_(hue|st|bg|qn|bp)\b|[\"'](HUE|QN|BG)[\"']"
            )
