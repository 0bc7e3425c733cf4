"""A person is forgotten: what goes, what stays, and that nothing is left out."""

import base64
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.ground.ours import our_models
from ...models.ground.words_field import SUFFIX
from ...models.identity.reporter import IDENTITY as FIELDS
from ...models.identity.reporter import SEALED
from ...models.privacy import anonymise
from ...models.privacy.forgetting import (
    COLUMNS,
    FILES,
    KEPT,
    NOBODYS,
    NOTES,
    PARTS,
    ROWS,
    STRUCK,
    Part,
)
from ..canary.planted import CanaryCase
from ..canary.words import IDENTITY
from ..rig.common import CivicCase
from ..rig.media import HUE, WAV, drawing, exif, saved
from ..rig.questions import QuestionCase
from ..rig.site import ASKER

# How the person stands in the words of others.
NAMED = (
    f"Gọi {IDENTITY['name']}, {IDENTITY['phone']}, {IDENTITY['email']}, "
    f"{IDENTITY['address']}, CCCD {IDENTITY['citizen_id']}"
)
TOKENS = ("zqcanname", "zqcanmail", "zqcanhome", "zqcanexif", "zqcanchat")
TOKENS += ("936471528", IDENTITY["citizen_id"])
TEXTUAL = ("char", "text", "html", "json", "binary", "properties")
# Links that make a row somebody's.
PEOPLES = (
    *("civic.report", "civic.reporter", "civic.assignment", "civic.interaction"),
    *("civic.question", "civic.call", "civic.disclosure", "civic.data.request"),
)


class ForgottenCase(CanaryCase):
    def rows_of(self, part):
        reporter = self.reporter.sudo()
        return self.env["civic.forgetting"].sudo()._rows(part, reporter)

    def values(self, rows, names):
        """What stands in these columns, as the database has it."""
        self.env.flush_all()
        query = SQL(
            "SELECT %s FROM %s WHERE id IN %s",
            SQL(", ").join(map(SQL.identifier, names)),
            SQL.identifier(rows._table),
            rows._ids or (0,),
        )
        return self.env.execute_query(query)

    def kept_models(self):
        """Our models whose rows stay: no dialogs, nothing that is only looked at."""
        query = SQL(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_type = 'BASE TABLE' AND table_schema = current_schema"
        )
        tables = {table for (table,) in self.env.execute_query(query)}
        return [
            model
            for model in our_models(self.env)
            if model._table in tables and not (model._abstract or model._transient)
        ]

    def left(self):
        """Columns of all our tables, and of those beside them, that name the person."""
        self.env.flush_all()
        tables = [model._table for model in self.kept_models()]
        tables += ["mail_activity", "mail_message", "ir_attachment", "mail_mail"]
        found = set()
        for table in tables:
            query = SQL(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_name = %s AND table_schema = current_schema",
                table,
            )
            for (column,) in self.env.execute_query(query):
                if self.tells(table, column):
                    found.add((table, column))
        return found

    def tells(self, table, column):
        words = [*TOKENS, *(token.encode().hex() for token in TOKENS)]
        query = SQL(
            "SELECT 1 FROM %s WHERE lower(%s::text) LIKE ANY(%s) LIMIT 1",
            SQL.identifier(table),
            SQL.identifier(column),
            [f"%{word}%" for word in words],
        )
        return bool(self.env.execute_query(query))


@tagged("-at_install", "post_install")
class TestEverything(ForgottenCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plant_the_rest()

    @classmethod
    def plant_the_rest(cls):
        """A row of this person in every model that the others left empty."""
        report = cls.reports["own"].sudo()._elevated()
        env, now = report.env, report._now()
        about = {"report_id": report.id, "company_id": cls.company.id}
        part = report.assignment_ids[:1]
        call = cls.env["civic.call"].create(
            {
                "number": IDENTITY["phone"],
                "recording": base64.b64encode(WAV).decode(),
                "recording_name": "goi.wav",
            }
        )
        call._elevated()._log("show", "Gọi lại.")
        env["civic.extension"].create(
            {
                "assignment_id": part.id,
                "document": "1/SXD",
                "committed_date": now,
                "reason": "Mưa.",
            }
        )
        env["civic.lock"].create(
            {
                "reporter_id": cls.reporter.id,
                "company_id": cls.company.id,
                "what": "follow_up",
                "reason": "Lời lẽ.",
                "since": now,
                "until": now,
            }
        )
        cls.plant_what_leaders_say(report, part)
        env["civic.diversion"].create(
            {
                **about,
                "authority": "Thanh tra tỉnh",
                "document_number": "1/TTr",
                "diverted_at": now,
                "diverted_by_id": cls.operator.id,
            }
        )
        env["civic.question"].create(
            {
                "report_id": cls.report_beyond.id,
                "company_id": cls.company.id,
                "reporter_id": cls.reporter.id,
                "body": "Bao giờ xong?",
                "sent_at": now,
                "state": "declined",
                **env["civic.question"]._new_link(),
            }
        )
        cls.put_beside(report)

    @classmethod
    def plant_what_leaders_say(cls, report, part):
        env = report.env
        of_agency = {"agency_id": part.agency_id.id, "company_id": cls.company.id}
        explanation = env["civic.explanation"].search([], limit=1)
        env["civic.explanation.line"].create(
            {
                **of_agency,
                "explanation_id": explanation.id,
                "assignment_id": part.id,
                "code": report.name,
            }
        )
        env["civic.reward"].create(
            {
                "kind": "citizen",
                "report_id": report.id,
                "merit": "Báo sớm.",
                "company_id": cls.company.id,
            }
        )
        env["civic.directive"].search([("report_ids", "in", report.ids)])._log_act(
            "directive_issued", "Khẩn."
        )

    @classmethod
    def put_beside(cls, report, code="sender_wrote"):
        """A mail with a picture, put beside a report; its event."""
        event = report._log_note(code, "Xem ảnh.")
        files = cls.env["ir.attachment"]
        read = files._civic_read([saved(drawing(), exif=exif(gps=HUE))])
        files._civic_attach_to(event, read)
        return event

    # ------------------------------------------------------------------
    # The list
    # ------------------------------------------------------------------

    def test_everything_has_its_place(self):
        """Whoever adds a model or a text says what becomes of it."""
        listed = {}
        for part in PARTS:
            listed.setdefault(part.model, set()).update(part.columns)
        self.assertFalse(NOBODYS & set(listed))
        models = self.kept_models()
        self.assertGreater(len(models), 50)
        for model in models:
            name = model._name
            texts = {
                field.name
                for field in model._fields.values()
                if field.store and field.column_type and field.type in TEXTUAL
            }
            links = {
                field.name
                for field in model._fields.values()
                if field.store and field.comodel_name in PEOPLES
            }
            with self.subTest(model=name):
                if name in NOBODYS:
                    self.assertFalse(links, "its rows belong to a person's")
                    continue
                self.assertIn(name, listed)
                companions = {f"{column}{SUFFIX}" for column in listed[name]}
                self.assertFalse(texts - listed[name] - companions)
                self.assertLessEqual(listed[name], set(model._fields), "no such column")
        known = {model._name for model in models}
        self.assertLessEqual(NOBODYS, known)
        self.assertLessEqual(
            {name for name in listed if name.startswith("civic.")}, known
        )

    def test_in_this_order(self):
        """What names the person is looked for while the name is known."""
        fates = [part.fate for part in PARTS]
        first = [fate in (STRUCK, NOTES) for fate in fates]
        self.assertEqual(first, sorted(first, reverse=True))
        going = [part for part in PARTS if part.fate != KEPT]
        self.assertEqual(going[-1].model, "civic.reporter")
        self.assertEqual(set(going[-1].columns), SEALED)
        for part in PARTS:
            self.assertTrue(part.why and part.article, part)

    # ------------------------------------------------------------------
    # What it does
    # ------------------------------------------------------------------

    def plant(self, part):
        """Name the person in every text of a part; its rows."""
        rows = self.rows_of(part)
        if not part.of:
            return rows
        self.assertTrue(rows, f"plant a row of {part.model}: {part.of}")
        if part.fate in (STRUCK, NOTES) and part.columns:
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE id IN %s",
                    SQL.identifier(rows._table),
                    SQL(", ").join(
                        SQL("%s = %s", SQL.identifier(name), NAMED)
                        for name in part.columns
                    ),
                    rows._ids,
                )
            )
            self.env.invalidate_all()
        return rows

    def test_nothing_is_left(self):
        parts = [part for part in PARTS if part.fate != KEPT]
        rows = {part: self.plant(part) for part in parts}
        report = self.reports["own"]
        report.sudo()._elevated().write({"description": NAMED})
        self.assertGreater(len(self.left()), 40, "the scan finds what is there")
        self.reporter._anonymise("Thử.")
        self.env.invalidate_all()
        for part, there in rows.items():
            with self.subTest(model=part.model, why=part.why):
                if part.fate in (FILES, ROWS):
                    self.assertFalse(there.exists())
                elif part.fate == COLUMNS:
                    left = self.values(there, part.columns)
                    self.assertFalse([row for row in left if set(row) - {None, "…"}])
        # The one text that is never rewritten, and it is marked.
        self.assertEqual(self.left(), {("civic_report", "description")})
        self.assertTrue(report.sudo().has_residue)
        for name in FIELDS:
            self.assertFalse(self.reporter.sudo()[name], name)

    def test_a_second_time_changes_nothing(self):
        """As the migration does for whoever was forgotten before there was a list."""
        self.reporter._anonymise("Thử.")
        report = self.reports["own"].sudo()
        before = [(event.code, event.note) for event in report.event_ids]
        late = report._log_note("sender_wrote", "Về sau mới thấy.")
        self.env["civic.forgetting"]._forget(self.reporter.sudo())
        self.assertFalse(late._whole_words().note)
        events = report.event_ids - late
        events = events.filtered(lambda event: event.id < late.id)
        self.assertEqual([(event.code, event.note) for event in events], before)

    def test_the_rest_of_a_sentence_stays(self):
        part = next(part for part in PARTS if part.model == "civic.access")
        one, other = self.plant(part)[:2]
        self.env.cr.execute(
            "UPDATE civic_access SET reason = 'Gọi lại.' WHERE id = %s", [other.id]
        )
        self.reporter._anonymise("Thử.")
        self.env.invalidate_all()
        self.assertTrue(one.reason.startswith("Gọi […], […]"))
        self.assertEqual(other.reason, "Gọi lại.")

    def test_nobody_else_loses_anything(self):
        """Only rows of this person, and in them nothing that names nobody."""
        beyond = self.report_beyond.sudo()
        keeper = beyond.reporter_id
        columns = ["vault_blob", "phone_hash", "email_hash"]
        before = self.values(keeper, columns)
        notes = [event.note for event in beyond._whole_words().event_ids]
        call = self.env["civic.call"].create(
            {
                "number": IDENTITY["phone"],
                "note": "Gọi tỉnh khác.",
                "company_id": self.company_beyond.id,
            }
        )
        files = beyond.attachment_ids
        originals = keeper._original_files()
        self.assertTrue(originals and any(notes))
        self.reporter._anonymise("Thử.")
        self.env.invalidate_all()
        self.assertEqual(self.values(keeper, columns), before)
        self.assertEqual(
            [event.note for event in beyond._whole_words().event_ids], notes
        )
        self.assertEqual((files | originals).exists(), files | originals)
        self.assertTrue(call.number and call.note, "another province's")
        [media] = self.env["civic.media"].search([("report_id", "=", beyond.id)])
        self.assertTrue(media.sha256)

    def test_a_part_that_is_left_out_is_seen(self):
        """The test fails where something of the person stays."""
        kept = tuple(part for part in PARTS if part.model != "civic.lock")
        left_out = Part("civic.lock", ("reason",), KEPT, "x", ("reporter_id",))
        with patch.object(anonymise, "PARTS", (*kept, left_out)):
            self.plant(next(part for part in PARTS if part.model == "civic.lock"))
            self.reporter._anonymise("Thử.")
        self.assertIn(("civic_lock", "reason"), self.left())

    def test_files_of_mails_go(self):
        report = self.reports["own"].sudo()
        agency = self.put_beside(report._elevated(), "agency_wrote")
        events = report.event_ids.filtered(lambda row: row.code == "sender_wrote")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "civic.event"), ("res_id", "in", events.ids)]
        )
        media = self.env["civic.media"].search([("attachment_id", "in", files.ids)])
        self.assertTrue(files and media.latitude)
        self.reporter._anonymise("Thử.")
        self.assertFalse(files.exists() or media.exists())
        kept = self.env["ir.attachment"].search(
            [("res_model", "=", "civic.event"), ("res_id", "=", agency.id)]
        )
        self.assertTrue(kept, "an agency's file is the agency's")

    def test_messages_that_were_hashed_by_an_older_key(self):
        row = self.env["civic.inbox"].search([("sender", "!=", False)], limit=1)
        row.write({"sender": "cũ", "report_id": False})
        vault = type(self.env["civic.vault"])
        real = vault._fingerprints
        with patch.object(
            vault,
            "_fingerprints",
            lambda self, kind, value: [*real(self, kind, value), "cũ"],
        ):
            self.reporter._anonymise("Thử.")
        self.assertFalse(row.raw or row.sender)


@tagged("-at_install", "post_install")
class TestQuestions(QuestionCase):
    """Somebody else's question: of whoever asked, and of whom it names."""

    def notes(self, report):
        self.env.invalidate_all()
        events = report.sudo()._whole_words().event_ids
        return {event.code: event.note for event in events.sorted("id")}

    def test_whoever_asked(self):
        report = self.done()
        question = self.asked(report, body="Con tôi ngã ở đây, bao giờ sơn lại?")
        self.looked_at(question).pass_on()
        self.assertIn("Con tôi ngã", self.notes(report)["question_passed"])
        others = self.asked(report, body="Còn vỉa hè?", name="Ai đó khác", phone="")
        kept = dict(self.notes(report))
        question.reporter_id._anonymise("Thử.")
        notes = self.notes(report)
        self.assertFalse(notes.pop("question_passed"))
        self.assertIn("forget", notes)
        kept.pop("question_passed")
        self.assertLessEqual(kept.items(), notes.items())
        self.assertEqual(question.body, "…")
        self.assertEqual(others.body, "Còn vỉa hè?")
        self.assertIn("Con tôi ngã", question.interaction_id._whole_words().body)

    def test_whoever_it_names(self):
        report = self.done()
        name, phone = self.reporter.name, "0912 345 678"
        body = f"Ông {name} ({phone}) báo rồi, bao giờ sơn lại?"
        question = self.asked(report, body=body)
        waiting = self.asked(report, body=f"Sao {name} nói khác?", phone="")
        self.looked_at(question).pass_on(body)
        # As the agency quotes it; officers are not masked.
        report._log_note("answer_other", f"Đã gọi {name}.")
        report._log_note("question_declined", "Đã trả lời chung.")
        self.reporter._anonymise("Thử.")
        notes = self.notes(report)
        told = [
            *(question.body, waiting.body, question.interaction_id._whole_words().body),
            *filter(None, notes.values()),
        ]
        for words in told:
            self.assertNotIn(name, words)
            self.assertNotIn("345 678", words)
        self.assertIn("bao giờ sơn lại?", question.body, "the rest is another's")
        self.assertFalse(notes["answer_other"])
        self.assertEqual(notes["question_declined"], "Đã trả lời chung.")
        self.assertEqual(question.reporter_id.name, ASKER["name"])


@tagged("-at_install", "post_install")
class TestWhatStays(CivicCase):
    def test_answers_that_name_somebody_are_marked(self):
        self.category.report_properties_definition = [
            {"name": "a1", "string": "Ai", "type": "char"},
            {"name": "a2", "string": "Mấy", "type": "integer"},
        ]
        named = self.make_report(report_properties={"a1": "0912 345 678", "a2": 3})
        clean = self.make_report(report_properties={"a1": "Bên trái", "a2": 3})
        for report in (named, clean):
            report.refuse("incomplete", "Thiếu.")
        self.reporter._anonymise("Thử.")
        self.assertTrue(named.sudo().has_residue)
        self.assertFalse(clean.sudo().has_residue)
