import re

from odoo.tests import tagged

from .common import CivicCase

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
"""
EMERGENCY = """
intake          | 30 m   | 0 m   | 30 m   | 1 wd | 0 m
accept          | 30 m   | –     | 30 m   | 1 wd | 0 m
process         | –      | –     | –      | 5 wd | –
approve         | 1 h    | 4 h   | 1 h    | 1 wd | –
publish         | 1 wh   | 1 wd  | 0.5 wh | 1 wh | 1 wh
"""


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
            # accept, assign, from dispatch, lead, edits, sensitive, extends, opinions
            "hue": "1 0 0 0 1 1 0 0",
            "st": "1 0 1 1 0 0 1 0",
            "bg": "1 1 0 0 0 1 0 0",
            "qn": "1 0 0 0 1 0 0 1",
            "bp": "1 0 0 0 0 0 0 0",
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
        )
        for province, wanted in flags.items():
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            found = " ".join(str(int(procedure[name])) for name in names)
            self.assertEqual(found, wanted, province)

    def test_scales(self):
        sizes = {"hue": (3, 2), "st": (3, 2), "bg": (3, 2), "qn": (5, 3), "bp": (3, 2)}
        for province, (levels, satisfied) in sizes.items():
            scale = self.env.ref(f"civic_report.procedure_{province}").scale_id
            self.assertEqual(len(scale.level_ids), levels)
            self.assertEqual(len(scale.level_ids.filtered("is_satisfied")), satisfied)

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

        models = Path(__file__).parent.parent / "models"
        for path in models.glob("*.py"):
            code = re.sub(r'""".*?"""|#.*|help=.*?\)', "", path.read_text(), flags=re.S)
            self.assertNotRegex(
                code, r"procedure_(hue|st|bg|qn|bp)\b|[\"'](HUE|QN|BG)[\"']"
            )
