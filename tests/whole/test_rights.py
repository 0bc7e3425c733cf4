"""Who may change which tables, once more and in short: a right given by mistake, or
taken, is seen here. Record rules narrow it further; the door guards what is written."""

import re
from collections import defaultdict
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ...models.ground.ours import our_models

PAGE = Path(__file__).parents[2] / "docs" / "access.md"

CITIZENS = {"base.group_public", "base.group_portal"}
OFFICES = {
    f"civic_report.group_{name}"
    for name in ("handler", "leader", "operator", "coordinator", "province_leader")
}
ADMINISTRATOR = "civic_report.group_administrator"
# What an administrator sets up: made, changed and deleted.
SET_UP = {
    *(
        "civic.procedure",
        "civic.procedure.limit",
        "civic.rating.scale",
        "civic.rating.level",
    ),
    *("civic.channel", "civic.reason", "civic.ward", "civic.category"),
    *("civic.agency", "civic.agency.limit", "civic.makeup.day", "civic.throttle.limit"),
    *("civic.data.limit", "civic.gateway", "civic.gateway.template", "civic.notice"),
    "civic.periodic.kind",
    *("civic.duty.way", "civic.import", "civic.merger", "civic.succession"),
    *(
        "civic.succession.line",
        "resource.calendar",
        "resource.calendar.attendance",
        "resource.calendar.leaves",
    ),
}
WHOLE = {"write", "create", "unlink"}
# Of all other tables: nobody but these.
CHANGED = {
    **{(ADMINISTRATOR, model): WHOLE for model in SET_UP},
    **{(group, "civic.stand.in"): WHOLE for group in OFFICES},
    ("civic_report.group_handler", "civic.ready.answer"): WHOLE,
    ("civic_report.group_leader", "civic.ready.answer"): WHOLE,
    ("civic_report.group_operator", "civic.reporter"): {"write", "create"},
    ("civic_report.group_operator", "civic.report"): {"write", "create"},
    ("civic_report.group_operator", "civic.call"): {"create"},
    ("civic_report.group_handler", "civic.assignment"): {"write"},
    (ADMINISTRATOR, "civic.danger.list"): {"write"},
    ("civic_report.group_centre_manager", "civic.directive"): {"write", "create"},
    ("civic_report.group_province_leader", "civic.directive"): {"write", "create"},
    ("civic_report.group_leader", "civic.explanation"): {"write"},
    ("civic_report.group_leader", "civic.explanation.line"): {"write"},
    ("civic_report.group_leader", "civic.reward"): {"create"},
    ("civic_report.group_centre_manager", "civic.reward"): {"create"},
    ("civic_report.group_centre_manager", "civic.rehearsal"): WHOLE,
}
# How the page names several at once, and who has what another has besides.
TOGETHER = {
    "citizens": CITIZENS,
    "officers": OFFICES,
}
IMPLIED = {
    "civic_report.group_operator": {"civic_report.group_centre_manager", ADMINISTRATOR},
    "civic_report.group_centre_manager": {ADMINISTRATOR},
}
# What citizens' pages read with the citizen's own rights.
CITIZENS_READ = {
    *("civic.report", "civic.category", "civic.ward", "civic.channel"),
    *("civic.rating.scale", "civic.rating.level"),
}
# The module's own tables of work in hand and of secrets: not even to look at.
NOT_READ = {
    *("civic.import.part", "civic.throttle", "civic.support", "civic.code"),
    "civic.rehearsal.batch",
}


@tagged("-at_install", "post_install")
class TestRights(TransactionCase):
    def rights(self):
        """{(group, model): what it may}, of the rows that this module brings."""
        rows = self.env["ir.model.data"].search(
            [("module", "=", "civic_report"), ("model", "=", "ir.model.access")]
        )
        found = defaultdict(set)
        for row in self.env["ir.model.access"].browse(rows.mapped("res_id")):
            group = row.group_id.get_external_id()[row.group_id.id]
            self.assertTrue(group, f"{row.name}: for everybody")
            found[group, row.model_id.model] |= {
                mode
                for mode in ("read", "write", "create", "unlink")
                if row[f"perm_{mode}"]
            }
        return found

    def test_who_changes_what(self):
        changed = {
            key: modes - {"read"}
            for key, modes in self.rights().items()
            if modes - {"read"} and not self.env[key[1]].is_transient()
        }
        self.assertEqual(changed, CHANGED)

    def test_who_reads(self):
        for (group, model), modes in self.rights().items():
            with self.subTest(group=group, model=model):
                self.assertEqual("read" in modes, model not in NOT_READ)

    def test_what_citizens_read(self):
        for group in CITIZENS:
            read = {model for owner, model in self.rights() if owner == group}
            self.assertEqual(read, CITIZENS_READ)

    def test_a_dialog_is_its_user_s_altogether(self):
        """Whoever opens one fills it in, changes it, and leaves nothing behind."""
        dialogs = {
            key: modes
            for key, modes in self.rights().items()
            if self.env[key[1]].is_transient()
        }
        self.assertGreater(len(dialogs), 50)
        for key, modes in dialogs.items():
            with self.subTest(key):
                self.assertEqual(modes, {"read", *WHOLE})

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------

    def groups_named(self, text):
        """External ids of the groups that a cell of the page names."""
        found = set()
        for name in filter(None, map(str.strip, text.split(","))):
            if name != "nobody":
                own = {f"civic_report.group_{name.replace(' ', '_')}"}
                found |= TOGETHER.get(name, own)
        return found

    def page_rows(self):
        """{model: (who reads, {group: modes})}, as the page has them."""
        part = PAGE.read_text().split("\n## Every table\n")[1].split("\n## ")[0]
        found = {}
        for line in re.findall(r"^\| \w+ \| `.+\|$", part, re.MULTILINE):
            _wing, model, read, changed = (
                cell.strip() for cell in line.strip("|").split("|")
            )
            modes_of = {}
            for each in changed.split(";") if changed != "nobody" else ():
                groups, modes = each.split(":")
                given = set(modes.replace(" ", "").split(","))
                for group in self.groups_named(groups):
                    modes_of[group] = WHOLE if given == {"all"} else given
            found[model.strip("`")] = (self.groups_named(read), modes_of)
        return found

    def test_the_page_says_who_reads_and_changes_what(self):
        read, changed = defaultdict(set), defaultdict(dict)
        for (group, model), modes in self.rights().items():
            if "read" in modes:
                read[model].add(group)
            if modes - {"read"}:
                changed[model][group] = modes - {"read"}
        tables = {
            model._name
            for model in our_models(self.env)
            if not (model._abstract or model._transient)
        }
        page = self.page_rows()
        self.assertEqual(set(page), tables)
        for model in tables:
            groups = set(read[model])
            for group, besides in IMPLIED.items():
                if group in groups:
                    groups -= besides
            with self.subTest(model):
                self.assertEqual(page[model], (groups, changed[model]))

    def test_the_page_names_every_model(self):
        """Dialogs apart, which are their users' alone."""
        text = PAGE.read_text()
        models = {row._name for row in our_models(self.env) if not row._transient}
        self.assertGreater(len(models), 100)
        self.assertFalse({name for name in models if f"`{name}`" not in text})

    def test_a_wall_reads_no_table(self):
        rights = self.rights()
        self.assertFalse({key for key in rights if key[0].endswith("group_wall")})
        wall = self.env.ref("civic_report.group_wall")
        others = wall.all_implied_ids - wall - self.env.ref("base.group_user")
        names = others.get_external_id().values()
        self.assertFalse({name for name in names if name.startswith("civic_report.")})
