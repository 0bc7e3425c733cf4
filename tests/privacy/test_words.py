"""What citizens write is whole at the Centre and masked elsewhere, at every read."""

import runpy
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import file_path

from ...models.ground.words_field import SUFFIX, _Words
from ...models.vault.vault import VaultError
from ..rig.common import CivicCase
from ..rig.inbox import InboxCase

PHONE = "0912 345 678"
NAME = "Nguyễn Văn Hùng"
SIGNED = f"Gọi tôi {PHONE}. {NAME}"
MASKED = "Gọi tôi […]. […]"
# Texts that no citizen writes: officers, administrators, the system or nobody.
# A new field of text is added here, or becomes one of `words_field`.
OTHERS = {
    "civic.access": "reason shown",
    # Officers write these; what they say of senders is refused, see
    # `models/leadership/words_to_agencies.py`.
    "civic.act.event": "note",
    "civic.agency": "code duty_phone email focal_document letter_authority "
    "letter_heading letter_office letter_place letter_recipients letter_signatory "
    "letter_superior letter_symbol name parent_path phone search_name",
    "civic.agency.limit": "source",
    "civic.assignment": "follow_up_note letter_number note penalty_basis "
    "penalty_decision_number penalty_record_number result return_reason "
    "send_back_reason",
    # Read at the Centre alone, see the ACL; asserted below.
    "civic.call": "document extension external_id note number_hash number_sealed "
    "recording_name result vault_key vault_ref",
    "civic.call.event": "note",
    "civic.category": "code guidance icon keywords name parent_path search_name",
    "civic.channel": "code icon name",
    "civic.code": "asker nonce",
    "civic.danger.list": "phrases",
    "civic.data.event": "note",
    "civic.data.limit": "source",
    # What is asked for is sealed; the rest is the Centre's.
    "civic.data.request": "answer extension_reason legal_basis vault_key verification",
    "civic.directive": "body end_reason issuer number subject",
    "civic.directive.answer": "text",
    "civic.disclosure": "authority decision_note document evidence field_names "
    "law_basis legal_basis link_hash link_key reason",
    "civic.diversion": "authority document_number note",
    # Hashes and random numbers.
    "civic.event": "from_state hash note_digest note_salt salt tile_hash to_state",
    # Kinds, numbers and moments of events.
    "civic.event.check": "words",
    "civic.evaluation": "breaches reason",
    "civic.event.root": "consistency root",
    "civic.explanation.line": "cause code remedy",
    "civic.extension": "decision_note document reason",
    "civic.gateway": "account failure media_hosts name sender test_result token url "
    "vault_blob vault_key vault_ref",
    "civic.gateway.template": "template",
    # What the server finds of itself.
    "civic.health": "advice found title",
    # Of files whose lines are sealed; faults repeat nothing of a person.
    "civic.import": "archive_name encoding folder lang name source upload_name",
    "civic.import.fault": "column message",
    "civic.import.part": "uuid vault_key",
    "civic.inbox": "content_id error external_id sender uuid vault_key",
    "civic.interaction": "answer",
    "civic.look.allowance": "reason",
    "civic.lock": "end_reason reason source",
    "civic.makeup.day": "name",
    "civic.media": "likeness redactions sha256 software",
    "civic.merger": "basis",
    "civic.merger.line": "name",
    "civic.notice": "body discreet_body discreet_subject subject",
    # Counts, codes and moments, which the system writes.
    "civic.now": "counts matters",
    "civic.outbox": "decision error external_id facts key provider_ref",
    "civic.period.figures": "figures place",
    # Officers write them; of matters only what everybody may read is kept.
    "civic.periodic.event": "note",
    "civic.periodic.kind": "authority copies issuer_name name office place recipients "
    "signatory source superior_name symbol",
    "civic.periodic.line": "figures label",
    "civic.periodic.note": "text",
    "civic.periodic.report": "copies difficulties filters job_failure number "
    "number_series opening proposals recipients scope title",
    "civic.procedure": "channel_guidance code decision_number harassment_source "
    "letter_recipients letter_source name responsibility violation_source",
    # What somebody else asks is read at the Centre alone, see the ACL; asserted below.
    "civic.question": "answer body link_hash link_key passed_body reason "
    "submission_key vault_key",
    "civic.procedure.limit": "source",
    "civic.rating.level": "name",
    # Only moments.
    "civic.step": "held",
    # What agencies keep for many reports; nobody's.
    "civic.ready.answer": "body name",
    "civic.rating.scale": "name",
    "civic.reason": "code message name source",
    # The Centre's: what it was told of files and senders; codes; its own answers.
    "civic.report": "designation_note identity_shown imported_from imported_number "
    "initiative_note intake_note name public_result "
    "public_search_text reason reason_message refused_files search_text "
    "statement_names submission_key",
    "civic.report.former.code": "name",
    # Counts, limits and articles.
    "civic.rehearsal": "owed problem terms",
    "civic.rehearsal.batch": "last tally",
    "civic.reporter": "chat_hash citizen_id_hash email_hash facebook_hash "
    "legal_hold_reason phone_hash sender_hash user_hash vault_blob vault_key vault_ref "
    "zalo_hash",
    "civic.reward": "decision_number decline_reason merit",
    # What a form said of its sender is sealed.
    "civic.statement": "field_names vault_blob vault_key vault_ref",
    "civic.stand.in": "document",
    "civic.succession": "basis problem",
    "civic.support": "lang link_hash link_key person_hash vault_blob vault_key "
    "vault_ref",
    "civic.throttle": "key",
    "civic.vault.key": "key_id",
    "civic.violation": "decision_note note source",
    "civic.ward": "border code name search_name",
}
TEXTS = {"char", "text", "html", "json", "properties"}
AT_CENTRE = ("civic.question", "civic.call", "civic.call.event", "civic.data.request")


@tagged("-at_install", "post_install")
class TestWords(CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reporter.write({"name": NAME})

    def setUp(self):
        super().setUp()
        self.report = self.walk_to("accepted", self.make_report(description=SIGNED))
        self.env.flush_all()
        self.env.invalidate_all()

    def seen(self, user, name="description", report=None):
        report = (report or self.report).with_user(user)
        return report.read([name])[0][name]

    def test_who_reads_what(self):
        for user in (self.operator, self.manager):
            self.assertEqual(self.seen(user), SIGNED, user.login)
        for user in (self.handler, self.leader, self.province_leader):
            self.assertEqual(self.seen(user), MASKED, user.login)
        self.assertEqual(self.report.sudo(False).with_user(1).description, MASKED)
        self.assertEqual(self.seen(self.operator), SIGNED)

    def test_rights_of_the_moment_do_not_count(self):
        self.assertEqual(self.report.with_user(self.handler).sudo().description, MASKED)
        self.assertEqual(
            self.report.with_user(self.operator).sudo().description, SIGNED
        )

    def test_lists_ask_for_masks_once(self):
        """Of each row anew would cost as much as all that is read of it."""
        rows = self.report._masked_words()
        self.assertIs(rows._masked_words().env, rows.env)
        found, _older = self.env["civic.site.list"]._search_published_sudo(
            self.company, {}
        )
        self.assertTrue(found)
        self.assertIs(found._masked_words().env, found.env)

    def test_every_way_of_reading(self):
        reports = self.report.with_user(self.handler)
        model = reports.browse()
        domain = [("id", "=", reports.id)]
        for answer in (
            reports.web_read({"description": {}}),
            model.search_read(domain, ["description"]),
            model.web_search_read(domain, {"description": {}})["records"],
            reports.sudo().export_data(["description"])["datas"],
            model.formatted_read_group(domain, ["description"], ["__count"]),
            model._read_group(domain, ["description"], ["description:array_agg"]),
            reports.mapped("description"),
            reports.copy_data() if reports.has_access("create") else MASKED,
            reports.assignment_ids.read(["report_description"]),
            reports.assignment_ids.onchange(
                {}, [], {"subject": {}, "report_description": {}, "report_id": {}}
            ),
        ):
            with self.subTest(answer=answer):
                self.assertNotIn(PHONE, str(answer))
                self.assertNotIn(NAME, str(answer))

    def test_it_cannot_be_asked_for(self):
        for user, found in ((self.handler, False), (self.operator, True)):
            for operator, value in (
                ("ilike", PHONE),
                ("=like", f"%{PHONE}%"),
                ("ilike", NAME),
                ("=", SIGNED),
            ):
                domain = Domain("id", "=", self.report.id)
                domain &= Domain("description", operator, value)
                with self.subTest(user=user.login, operator=operator, value=value):
                    model = self.report.browse().with_user(user)
                    self.assertEqual(bool(model.search(domain)), found)
                    self.assertEqual(
                        bool(self.report.with_user(user).filtered_domain(domain)),
                        found,
                    )
        handler = self.report.browse().with_user(self.handler)
        for words in (PHONE.replace(" ", ""), "hung", "van hung"):
            self.assertFalse(handler.search([("quick_search", "ilike", words)]))
        for name in self.report._words_fields():
            with self.assertRaises(AccessError):
                handler.search([(name + SUFFIX, "!=", False)])
            with self.assertRaises(AccessError):
                self.report.with_user(self.operator).read([name + SUFFIX])

    def test_sorted_by_what_is_seen(self):
        other = self.walk_to("accepted", self.make_report(description="Gọi tôi b"))
        both = Domain("id", "in", (self.report | other).ids)
        model = self.report.browse()
        rows = model.with_user(self.handler).search(both, order="description, id")
        masked = sorted([MASKED, "Gọi tôi b"])
        self.assertEqual(rows.mapped("description"), masked)

    def test_known_later(self):
        report = self.walk_to(
            "accepted", self.make_report(description="Gọi 0905999888")
        )
        self.assertEqual(self.seen(self.handler, report=report), "Gọi 0905999888")
        self.reporter.with_user(self.operator).write({"phone": "0905999888"})
        self.assertEqual(self.seen(self.handler, report=report), "Gọi […]")
        # Of the number that was wrong nothing is known any more.
        self.assertEqual(self.seen(self.handler), f"Gọi tôi {PHONE}. […]")

    def test_another_sender(self):
        other = self.env["civic.reporter"].create({"name": "Lê Thị Hoa Mai"})
        report = self.walk_to(
            "accepted", self.make_report(description="Lê Thị Hoa Mai")
        )
        self.assertEqual(self.seen(self.handler, report=report), "Lê Thị Hoa Mai")
        report._elevated().write({"reporter_id": other.id})
        self.assertEqual(self.seen(self.handler, report=report), "[…]")

    def test_forgotten_senders_stay_masked(self):
        self.reporter._anonymise("x")
        self.env.invalidate_all()
        self.assertEqual(self.seen(self.handler), MASKED)
        self.report._elevated().write({"standardised_description": SIGNED})
        seen = self.seen(self.handler, "standardised_description")
        self.assertNotIn(PHONE, seen)

    def test_supplements_keep_the_whole(self):
        report = self.make_report()
        for text in (SIGNED, "Gần cột đèn."):
            report.with_user(self.citizen).amend(text)
        report.receive()
        report.dispatch([self.agency.id])
        whole = f"{SIGNED}\n\nGần cột đèn."
        self.assertEqual(self.seen(self.operator, "supplied_text", report), whole)
        masked = f"{MASKED}\n\nGần cột đèn."
        self.assertEqual(self.seen(self.handler, "supplied_text", report), masked)
        events = report.event_ids
        for user, count in ((self.handler, 0), (self.operator, 1)):
            notes = str(events.with_user(user).mapped("note"))
            self.assertEqual(notes.count(PHONE), count)

    def test_follow_ups_and_ratings(self):
        report = self.walk_to("submitted")
        report.assignment_ids.with_user(self.leader).approve()
        report.public_result = "Xong."
        report.publish()
        own = report.with_user(self.citizen)
        own.rate(report.procedure_id.scale_id.level_ids[0].id, SIGNED)
        own.follow_up(SIGNED)
        self.assertEqual(self.seen(self.handler, "rating_comment", report), MASKED)
        body = report.interaction_ids.with_user(self.handler).read(["body"])
        self.assertEqual(body[0]["body"], MASKED)
        values = report.with_user(self.citizen).sudo()._own_values()
        self.assertEqual(values["rating_comment"], SIGNED)
        self.assertEqual(values["interactions"][0]["body"], SIGNED)

    def test_answers_to_questions(self):
        self.category.report_properties_definition = [
            {"name": "a1", "string": "Ai", "type": "char"},
            {"name": "a2", "string": "Mấy", "type": "integer"},
            {
                "name": "a3",
                "string": "Bên",
                "type": "selection",
                "selection": [["left", "Trái"]],
            },
        ]
        report = self.make_report(
            report_properties={"a1": SIGNED, "a2": 3, "a3": "left"}
        )
        report = self.walk_to("accepted", report)
        self.env.flush_all()
        self.env.invalidate_all()
        for user, said in ((self.handler, MASKED), (self.operator, SIGNED)):
            answers = self.seen(user, "report_properties", report)
            self.assertEqual([row["value"] for row in answers], [said, 3, "left"])
        model = report.browse().with_user(self.handler)
        domain = [("report_properties.a1", "ilike", PHONE)]
        self.assertFalse(model.search(domain))
        self.assertTrue(model.with_user(self.operator).search(domain))

    def test_subject_place_and_public_page(self):
        """A public text does not name its sender, not even one who is known later."""
        sender = self.env["civic.reporter"].create({"name": "Người gửi"})
        report = self.make_report(
            subject=f"Ổ gà, gọi {PHONE}",
            address="12/3 Nguyễn Huệ",
            description=f"Nhà tôi ở 12/3 Nguyễn Huệ. {SIGNED}",
            standardised_description=f"Ổ gà. {SIGNED}",
            reporter_id=sender.id,
        )
        report.receive()
        report.dispatch(
            [self.agency.id],
            identity_reason="Số của người khác.",
            incomplete_reason="Rõ rồi.",
        )
        sender.write({"name": NAME, "phone": PHONE, "address": "12/3 Nguyễn Huệ"})
        for shown in (
            report.with_user(self.operator)._public_values(),
            report.with_user(self.operator)._map_feature(""),
            report.sudo()._share_values("https://x"),
            report._website_path(),
            report.sudo().public_search_text,
        ):
            self.assertNotIn("345", str(shown))
        # The place is what the matter is about.
        self.assertEqual(self.seen(self.handler, "address", report), "12/3 Nguyễn Huệ")
        self.assertIn("ở […].", self.seen(self.handler, "description", report))
        whole = report.sudo()._own_values()
        self.assertIn(PHONE, whole["subject"])
        self.assertIn(PHONE, whole["description"])

    def test_what_the_centre_leaves_in_stays(self):
        report = self.make_report(standardised_description=SIGNED)
        report.receive()
        report.dispatch([self.agency.id], identity_reason="Người dân muốn nêu tên.")
        seen = self.seen(self.handler, "standardised_description", report)
        self.assertEqual(seen, SIGNED)

    def test_without_the_key(self):
        """Work goes on; what has the form of personal data is masked."""
        reporters = self.env.registry["civic.reporter"]
        with patch.object(reporters, "_identity", side_effect=VaultError("x")):
            self.env.invalidate_all()
            self.report._elevated().write({"standardised_description": SIGNED})
            self.env.flush_all()
        seen = self.seen(self.handler, "standardised_description")
        self.assertNotIn(PHONE, seen)

    def test_lists_cost_no_more(self):
        for _number in range(3):
            self.walk_to("accepted", self.make_report(description=SIGNED))
        self.env.flush_all()
        counts = []
        for limit in (4, 1, 4):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            rows = self.report.browse().with_user(self.handler)
            rows.search_read([], ["description", "subject"], limit=limit)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])

    def test_rows_of_before(self):
        """As the migration does it."""
        self.env.cr.execute("UPDATE civic_report SET description_masked = NULL")
        self.env.invalidate_all()
        self.assertFalse(self.seen(self.handler))
        sum(self.env["civic.report"]._mask_in_batches())
        self.assertEqual(self.seen(self.handler), MASKED)

    def test_columns_of_the_migration(self):
        """Those that are not made before are computed for all rows at once."""
        path = file_path("civic_report/migrations/19.0.1.4.0/pre-words.py")
        made = runpy.run_path(path)["COLUMNS"]
        known = {}
        for name, field in self.texts():
            if isinstance(field, _Words):
                table = self.env[name]._table
                known.setdefault(table, set()).add(field.name + SUFFIX)
        self.assertEqual({table: set(names) for table, names in made.items()}, known)

    # ------------------------------------------------------------------
    # No text is forgotten
    # ------------------------------------------------------------------

    def texts(self):
        for name, model in self.env.registry.items():
            if not name.startswith("civic.") or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if field.type in TEXTS and field.store:
                    yield name, field

    def test_every_text_is_told_apart(self):
        for name, field in self.texts():
            if isinstance(field, _Words) or field.name.endswith(SUFFIX):
                continue
            with self.subTest(field=str(field)):
                self.assertIn(field.name, OTHERS.get(name, "").split())

    def test_what_is_the_centres_alone(self):
        for name in AT_CENTRE:
            for user in (self.handler, self.leader, self.coordinator):
                self.assertFalse(self.env[name].with_user(user).has_access("read"))

    def test_what_is_made_of_words_is_not_shared(self):
        """What is computed of words and kept for all must be made of masks, and what
        is not kept must be told apart by who reads."""
        words = {
            f"{field.model_name}.{field.name}"
            for _name, field in self.texts()
            if isinstance(field, _Words)
        }
        for name, model in self.env.registry.items():
            if model._abstract or not name.startswith("civic."):
                continue
            for field in model._fields.values():
                if not field.compute and not field.related:
                    continue
                if field.name.endswith(SUFFIX) or isinstance(field, _Words):
                    continue
                if field.name == "display_name":
                    continue  # of each reader's own, see the canary matrix
                if not words & self.sources(model, field):
                    continue
                with self.subTest(field=str(field)):
                    if field.store:
                        self.fail(f"{field} is kept for all")
                    if model._transient or str(field) in AT_CENTRE_COMPUTED:
                        continue
                    told_apart = self.env.registry.field_depends_context[field]
                    self.assertIn("uid", told_apart)

    def sources(self, model, field):
        """Names, as model.field, of what a field directly depends on."""
        found = set()
        for path in self.env.registry.field_depends[field]:
            step = model
            for name in path.split("."):
                part = step._fields[name]
                found.add(f"{step._name}.{name}")
                step = self.env.registry.get(part.comodel_name or "")
        return found


# Fields of the Centre's own, computed of what it reads whole.
AT_CENTRE_COMPUTED = {
    "civic.report.suggested_category_id",
    "civic.report.suggested_category_reason",
    "civic.report.likely_duplicates",
    "civic.report.likely_duplicate_count",
    "civic.report.has_likely_duplicates",
}


@tagged("-at_install", "post_install")
class TestWordsOfMails(InboxCase):
    """A mail says who its sender is in more places than its text."""

    def test_from_the_mail_to_the_agency(self):
        sender = "Người Gửi Mẫu <dan.lo@vd.example>"
        told = "Đèn hỏng.\n\nNguoi Gui Mau, dan.lo@vd.example"
        row = self.receive_mail(
            self.mail("Đèn của Người Gửi Mẫu", told, **{"From": sender})
        )
        report = row.report_id.with_user(self.operator)
        report.request_supplement("Xin cho biết số nhà.")
        self.deliver()
        answer = "Số 12 ngõ 5.\n\nGửi: Người Gửi Mẫu (DAN.LO@vd.example)"
        row = self.receive_mail(
            self.mail(
                "Re: x", answer, **{"From": sender, "In_Reply_To": self.server.ids[-1]}
            )
        )
        self.assertEqual(row.report_id.id, report.id)
        report.receive()
        report.subject = report.standardised_description = "Đèn hỏng"
        report.dispatch([self.agency.id], incomplete_reason="Rõ rồi.")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn("DAN.LO@vd.example", report.supplied_text)
        handler = report.with_user(self.handler)
        part = handler.assignment_ids
        texts = handler.read(["subject", "description", "supplied_text"])
        texts += part.read(["subject", "report_description"])
        texts += handler.event_ids.read(["note"])
        for words in ("Người Gửi", "Nguoi Gui", "dan.lo", "DAN.LO"):
            self.assertNotIn(words, str(texts))
        self.assertIn("Số 12 ngõ 5.", str(texts))

    def dispatched(self, body, sender="<dan.lo@vd.example>", subject="Đèn hỏng"):
        row = self.receive_mail(self.mail(subject, body, **{"From": sender}))
        report = row.report_id.with_user(self.operator)
        report.receive()
        report.dispatch(
            [self.agency.id], identity_reason="Đã xem.", incomplete_reason="Rõ rồi."
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return report

    def test_what_is_signed_below(self):
        for below in (
            "Trân trọng,\nNguyễn Văn Mẫu\nĐT: 0905 000 456\nSố 5 Trần Phú",
            "Xin cảm ơn!\n\nLê Thị Hoa Mai\nSĐT 0905000456",
            "Thân ái,\nNgười Gửi Mẫu\nDi động 0905 000 456, CCCD 046188000779",
        ):
            valediction, _line, told = below.partition("\n")
            with self.subTest(valediction=valediction):
                report = self.dispatched(f"Đèn hỏng ở ngã tư.\n\n{below}")
                self.assertIn(told, report.description)
                seen = report.with_user(self.handler).description
                gap = "\n" * told.startswith("\n")
                whole = f"Đèn hỏng ở ngã tư.\n\n{valediction}\n{gap}[…]"
                self.assertEqual(seen, whole)

    def test_numbers_in_a_mail(self):
        self.agency.duty_phone = "0905 111 222"
        body = "Tôi 0905 000 456, CCCD 046188000779, a@b.vn; đã gọi 0905 111 222."
        report = self.dispatched(body)
        seen = report.with_user(self.handler).description
        self.assertEqual(seen, "Tôi […], CCCD […], […]; đã gọi 0905 111 222.")

    def test_subjects_of_mails_are_masked_unless_it_was_decided(self):
        subject = "Rác - ĐT 0905000464"
        report = self.dispatched("Rác.", subject=subject)
        # It was decided with a reason that the number stays.
        self.assertEqual(report.with_user(self.handler).subject, subject)
        self.assertEqual(report._masked_words().subject, subject)
        report._elevated().write({"identity_shown": False})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(report._masked_words().subject, "Rác - ĐT […]")

    def test_who_is_known_by_another_row(self):
        known = {"name": "Phạm Thị Mười", "email_from": "dan.lo@vd.example"}
        known["phone"] = "0905000464"
        body = "Đèn hỏng. Phạm Thị Mười, số 5 Trần Phú."
        report = self.dispatched(body)
        handler = report.with_user(self.handler)
        self.assertEqual(handler.description, body)
        # Known later, and from then on.
        other = self.env["civic.reporter"].sudo().create(known)
        self.env.invalidate_all()
        self.assertEqual(handler.description, "Đèn hỏng. […], số 5 Trần Phú.")
        other.address = "5 Trần Phú"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(handler.description, "Đèn hỏng. […], số […].")
        report = self.dispatched(f"{body} Vẫn hỏng.")
        seen = report.with_user(self.handler).description
        self.assertEqual(seen, "Đèn hỏng. […], số […]. Vẫn hỏng.")
