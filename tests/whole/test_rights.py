"""Who may change which tables, once more and in short: a right given by mistake, or
taken, is seen here. Record rules narrow it further; the door guards what is written."""

from collections import defaultdict

from odoo.tests import TransactionCase, tagged

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
