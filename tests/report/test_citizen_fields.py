"""What citizens read of a report with their own rights, field by field."""

from typing import get_type_hints

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ...models.site.shape import CITIZEN_FIELDS, PUBLIC_FIELDS, Public
from ..rig.citizen_fields import said_more
from ..rig.common import CivicCase

PASSWORD = "civic-fields-password"
# What the door to records themselves needs.
NAMELESS = {"id", "is_published"}
# More exact than the metre that everybody may know.
EXACT = {"latitude": 16.4637123, "longitude": 107.5909456}
NEVER = (*EXACT, "map_cell", "track", "visibility", "occurred_at", "public_result")


class FieldCase(CivicCase):
    def planted(self, state, **values):
        """A report of which every field has something of its own to say."""
        report = self.make_report(
            **{
                "ward_id": self.env["civic.ward"].create({"name": "Phường Một"}).id,
                "occurred_at": "2026-01-05 08:01:02",
                **EXACT,
                **values,
            }
        )
        report.standardised_description = "Ổ gà sâu, cần vá."
        if state:
            self.walk_to(state, report)
        report._elevated().write({"support_count": 4711, "kind": "opinion"})
        self.env.flush_all()
        return report.sudo()

    def readable(self, report, user):
        """A report as an account has it, and the fields that it may read."""
        seen = report.with_user(user).sudo(False)
        return seen, {
            name
            for name, field in seen._fields.items()
            if seen._has_field_access(field, "read")
        }


@tagged("-at_install", "post_install")
class TestCitizenFields(FieldCase):
    def test_the_list_follows_the_shape(self):
        """A name that is added to what is public says which field says the same."""
        self.assertEqual(set(PUBLIC_FIELDS), {"", *get_type_hints(Public)})
        seen, names = self.readable(self.planted("done"), self.other_citizen)
        self.assertEqual(names, CITIZEN_FIELDS)
        self.assertEqual(set(seen.read(sorted(names))[0]), names)

    def test_they_say_no_more_than_the_page(self):
        """Whoever reads the fields of a published report learns what its page says."""
        level = self.procedure.scale_id.level_ids[0]
        for state in ("processing", "resolved", "done"):
            report = self.planted(state, track="emergency")
            if state == "done":
                report._as_sender(self.citizen).rate(level.id, "Tốt.")
            shapes = report._public_values(), {"": report._support_values(None)}
            for user in (self.other_citizen, self.citizen):
                seen, names = self.readable(report, user)
                with self.subTest(state=state, user=user.login):
                    self.assertFalse(said_more(seen, names - NAMELESS, *shapes))
            # More than that would be seen.
            more = said_more(report, {"track", *EXACT, "occurred_at"}, *shapes)
            self.assertEqual(more, {"track", *EXACT, "occurred_at"})

    def test_the_sender_s_say_no_more_than_the_own_page(self):
        private = self.planted("done", visibility="private")
        refused = self.planted("")
        refused.with_user(self.operator).refuse("incomplete", "Thiếu địa điểm.")
        for report in (self.planted(""), private, refused):
            own = report._own_values(), {"": report._support_values(None)}
            seen, names = self.readable(report, self.citizen)
            self.assertFalse(said_more(seen, names - NAMELESS, *own))
            other = report.with_user(self.other_citizen).sudo(False)
            self.assertFalse(other.search([("id", "=", report.id)]))

    def test_nobody_without_an_account_reads_more(self):
        report = self.planted("done")
        public = self.env.ref("base.public_user")
        self.assertEqual(self.readable(report, public)[1], CITIZEN_FIELDS)

    def test_what_is_hidden_cannot_be_asked_for_either(self):
        """Neither found, nor put in order, nor counted by."""
        report = self.planted("done")
        reports = self.env["civic.report"].with_user(self.other_citizen)
        self.assertEqual(reports.search([("id", "=", report.id)]), report)
        for name in NEVER:
            asked = (
                lambda name=name: report.with_env(reports.env).read([name]),
                lambda name=name: reports.search([(name, "=", report[name])]),
                lambda name=name: reports.search([(name, "not in", [report[name]])]),
                lambda name=name: reports.search([], order=f"{name} desc"),
                lambda name=name: reports._read_group([], [name]),
                lambda name=name: reports._read_group([], [], [f"{name}:max"]),
                lambda name=name: reports._read_group(
                    [], ["state"], having=[(f"{name}:max", ">", 0)]
                ),
                lambda name=name: reports.formatted_read_group(
                    [], ["state"], [f"{name}:array_agg"]
                ),
                lambda name=name: report.with_env(reports.env).filtered_domain(
                    [(name, "in", [report[name]])]
                ),
            )
            for number, ask in enumerate(asked):
                with self.subTest(name=name, way=number):
                    self.env.invalidate_all()
                    with self.assertRaises(AccessError):
                        ask()


@tagged("-at_install", "post_install")
class TestCitizenFieldsOutside(FieldCase, HttpCase):
    def call(self, method, *args, **options):
        answer = self.url_open(
            f"/web/dataset/call_kw/civic.report/{method}",
            json={
                "params": {
                    "model": "civic.report",
                    "method": method,
                    "args": args,
                    "kwargs": options,
                }
            },
        )
        return answer.json()

    def test_over_rpc(self):
        report = self.planted("done")
        self.other_citizen.password = PASSWORD
        self.authenticate(self.other_citizen.login, PASSWORD)
        domain = [("id", "=", report.id)]
        [row] = self.call("search_read", domain, sorted(CITIZEN_FIELDS))["result"]
        self.assertEqual(set(row), CITIZEN_FIELDS)
        self.assertEqual(row["name"], report.name)
        self.assertEqual(
            row["received_at"], fields.Datetime.to_string(report.received_at)
        )
        [whole] = self.call("read", report.ids)["result"]
        self.assertEqual(set(whole), CITIZEN_FIELDS)
        self.assertFalse(
            set(self.call("fields_get")["result"]) - CITIZEN_FIELDS, "named to nobody"
        )
        kept = report.read(NEVER)[0]
        kept["occurred_at"] = fields.Datetime.to_string(kept["occurred_at"])
        for name in NEVER:
            for asked in (
                ("read", report.ids, [name]),
                ("search_read", [(name, "in", [kept[name]])], ["name"]),
                ("web_search_read", [], {"name": {}}, 0, 5, f"{name} desc"),
                ("formatted_read_group", [], [name], ["__count"]),
                ("web_read_group", [], ["state"], [f"{name}:max"]),
            ):
                with self.subTest(name=name, method=asked[0]):
                    answer = self.call(*asked)
                    self.assertEqual(
                        answer["error"]["data"]["name"], "odoo.exceptions.AccessError"
                    )
