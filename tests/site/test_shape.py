import json
from typing import get_args, get_type_hints, is_typeddict

from odoo.tests import tagged

from ...models.identity.reporter import IDENTITY
from ...models.site import shape
from ...tools.plain import as_json
from ..rig.site import ASKER, WebsiteCase

# All that is public of a report. A name that is added here is shown to everybody.
LINE = {
    *("code", "path", "subject", "state", "state_label", "is_open", "is_overdue"),
    *("category", "agency", "ward", "position", "received_at"),
}
CARD = LINE | {
    *("kind", "category_icon", "address", "published_at", "duration", "pictures"),
}
ENTRY = CARD | {"text", "state_sentence", "begun_at", "changed_at"}
PUBLIC = ENTRY | {
    *("deadline", "result", "before", "evidence", "recordings", "rating"),
    *("is_satisfied", "timeline", "duties", "letters", "promises"),
}
# What stands beside it, for one visitor.
PAGE = {
    *("report", "support", "recurrence", "similar", "account", "push_key"),
    *("civic_share", "question"),
}
NEAR = CARD | {"distance", "distance_words", "score"}
STANDING = {"count", "joined", "is_open", "is_mine", "is_followed"}
AGAIN = {"again_path", "again_words", "first_path", "first_code"}
ASKING = {"is_open", "own_path", "known", "most", "lengths", "parts"}
SHARE = {"type", "title", "description", "url", "image", "site_name", "data"}
OFFER = {"path", "code", "subject", "place", "state", "picture", "distance"}
# For whoever holds a link.
NAMED = {"code", "subject", "path"}
ASKED = NAMED | {
    *("body", "sent_at", "state", "reason", "agency", "answer", "answered_at"),
    *("is_overtaken", "finding"),
}
PARTS = {
    "position": {"latitude", "longitude"},
    "recordings": {"path", "kind"},
    "timeline": {
        *("code", "label", "at", "agency", "deadline", "is_late", "late_by", "note"),
    },
    "duties": {"label", "holder", "deadline", "time_left", "is_late", "counted"},
    "promises": {"agency", "date", "kept_at", "is_passed"},
}


PLACE = {"latitude": 16.46372, "longitude": 107.5909}


def keys(value):
    """Every name in a value, however deep."""
    if isinstance(value, list):
        return set().union(*map(keys, value))
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set()


@tagged("-at_install", "post_install")
class TestShape(WebsiteCase):
    """What is public of a report, and what is its sender's, is decided in one file."""

    def test_what_is_public(self):
        listed = {
            shape.Line: LINE,
            shape.Card: CARD,
            shape.Entry: ENTRY,
            shape.Public: PUBLIC,
            shape.Page: PAGE,
            shape.Near: NEAR,
            shape.Standing: STANDING,
            shape.Again: AGAIN,
            shape.Asking: ASKING,
            shape.Share: SHARE,
            shape.Offer: OFFER,
            shape.Named: NAMED,
            shape.Following: NAMED | {"state"},
            shape.Asked: ASKED,
            shape.OwnCard: CARD | {"todo"},
        }
        for declared, names in listed.items():
            self.assertEqual(set(get_type_hints(declared)), names, declared.__name__)
        self.assertGreater(set(get_type_hints(shape.Own)), PUBLIC)

    def test_a_shape_is_what_it_says(self):
        for state in ("received", "processing", "done"):
            report = self.published(state, **PLACE).sudo()
            made = {
                shape.Line: report._line_values(),
                shape.Card: report._public_card_values(),
                shape.Entry: report._entry_values(),
                shape.Public: report._public_values(),
                shape.OwnCard: report._own_card_values(),
                shape.Own: report._own_values(),
            }
            for declared, values in made.items():
                with self.subTest(shape=declared.__name__, state=state):
                    self.assertShaped(values, declared)
            for name, parts in PARTS.items():
                found = made[shape.Public][name]
                for row in found if isinstance(found, list) else filter(None, [found]):
                    self.assertEqual(set(row), parts, name)

    def assertShaped(self, values, declared):
        """Values are as a shape declares them, and those of its parts likewise."""
        hints = get_type_hints(declared)
        self.assertEqual(set(values), set(hints), declared.__name__)
        for name, hint in hints.items():
            parts = [part for part in (hint, *get_args(hint)) if is_typeddict(part)]
            rows = values[name] if isinstance(values[name], list) else [values[name]]
            for row in rows if parts else ():
                if row is not None:
                    self.assertShaped(row, parts[0])
        json.dumps(as_json(values))

    def test_what_stands_beside_it(self):
        """The page of one report, as visitors of each kind have it."""
        self.procedure.anyone_follows_up = True
        for state in ("processing", "done"):
            self.published(state, **PLACE)
            report = self.published(state, **PLACE)
            for user in (self.env.ref("base.public_user"), self.citizen, self.operator):
                made = report._visitor_values(user, None, "https://tinh.example.vn")
                with self.subTest(state=state, user=user.login):
                    self.assertShaped(made, shape.Page)
                    self.assertTrue(made["similar"])
                    self.assertEqual(bool(made["account"]), not user._is_public())
                    self.assertEqual(bool(made["question"]["parts"]), state == "done")

    def test_what_is_offered_on_the_form(self):
        report = self.published("processing", **PLACE)
        rows = self.env["civic.form"]._sketch_duplicates_sudo(
            self.company, {"description": report.standardised_description, **PLACE}
        )
        self.assertEqual([row["code"] for row in rows], [report.name])
        self.assertShaped(rows[0], shape.Offer)

    def test_what_holders_of_a_link_see(self):
        """And of what is public no more, the code alone."""
        self.procedure.anyone_follows_up = True
        report = self.published("done", **PLACE)
        question = report._ask_sudo(
            {"body": "Bao giờ sơn lại vạch?", **ASKER, "consent": "1"},
            user=self.env.ref("base.public_user"),
        )
        nobody = self.env["civic.support"]
        for is_public in (True, False):
            following = report._following_values(nobody)
            asked = question._page_values()
            self.assertShaped(following, shape.Following)
            self.assertShaped(asked, shape.Asked)
            for values in (following, asked):
                self.assertEqual(values["code"], report.name)
                self.assertEqual(bool(values["subject"]), is_public)
                self.assertEqual(bool(values["path"]), is_public)
            report._elevated().visibility = "private"
        no_link = report.browse()._following_values(nobody)
        self.assertFalse(any(no_link.values()))

    def test_nothing_is_more_exact_than_the_metre(self):
        """Not the form that reports it again, which anybody may open, either."""
        report = self.published("done", latitude=16.4637123, longitude=107.5909456)
        page = report._visitor_values(
            self.env.ref("base.public_user"), None, "https://tinh.example.vn"
        )
        form = self.env["civic.form"]._recurrence_form_sudo(
            report.name, self.company, self.env["res.users"]
        )
        said = json.dumps([as_json(page), form, report._map_feature("https://x")])
        for exact in ("16.463712", "107.590945", "107.590946"):
            self.assertNotIn(exact, said)
        self.assertIn("16.46371", said)

    def test_nothing_public_says_who_sent_it(self):
        report = self.walk_to("done").sudo()
        sender = report.reporter_id
        public = as_json(report._public_values())
        # The address is that of the matter.
        self.assertEqual(keys(public) & {*IDENTITY, "description"}, {"address"})
        said = json.dumps(public, ensure_ascii=False)
        for name in ("name", "phone"):
            self.assertNotIn(sender[name], said)
        self.assertFalse(any(row["note"] for row in public["timeline"]))

    def test_who_looks_changes_nothing_of_it(self):
        """Not even whoever reads all that was written."""
        name = "Trần Thị Thử"
        report = self.make_report(
            subject=f"Ổ gà trước nhà {name}",
            standardised_description=f"Ổ gà trước nhà {name}, cần vá.",
        )
        self.walk_to("processing", report)
        report.sudo().reporter_id.name = name
        whole = report.with_user(self.operator).sudo()._whole_words()
        for made in (
            whole._line_values(),
            whole._public_card_values(),
            whole._entry_values(),
            whole._public_values(),
        ):
            self.assertNotIn(name, str(made))
        self.assertIn(name, whole._own_values()["subject"])
