import json
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.privacy.residue import SENDERS_NOTES
from ...tools import event_log, merkle, receipts, verify
from ..rig.frozen import frozen
from ..rig.ledger import Connection, SealCase
from ..rig.takeover import LINE, ImportCase


@tagged("-at_install", "post_install")
class TestEventSeal(SealCase):
    def test_a_walk_is_sealed(self):
        report = self.walk_to("done")
        self.assertFalse(any(report.event_ids.mapped("hash")))
        before = self.events._log_size()
        self.seal()
        events = report.event_ids.sorted("id")
        self.assertTrue(all(events.mapped("hash")))
        self.assertEqual(
            events.mapped("leaf_index"), list(range(before, before + len(events)))
        )
        found = self.check()
        self.assertFalse(found.faults)
        self.assertEqual(found.entries, before + len(events))
        self.assertEqual(self.events._seal(), 0)

    def test_nobody_reads_salts(self):
        report = self.make_report()
        self.seal()
        names = ("salt", "note_salt", "note_digest", "tile_hash")
        readable = report.event_ids.with_user(self.manager).fields_get()
        self.assertFalse(set(names) & set(readable))
        self.assertIn("hash", readable)
        for name in names:
            with self.subTest(name), self.assertRaises(UserError):
                report.event_ids.with_user(self.manager).read([name])

    def test_each_fault_is_found(self):
        reports = self.env["civic.report"]
        for _number in range(3):
            reports |= self.walk_to("done")
        reports[0].with_user(self.operator)._log_note("redact", "Đã sửa ảnh.")
        root = self.close()
        outside = self.known()
        self.assertEqual(
            outside, [(str(root.day), root.size, root.root, root.closed_at)]
        )
        self.assertFalse(self.check(outside).faults)
        first, *_middle, last = reports[0].event_ids.sorted("leaf_index")
        noted = reports[0].event_ids.filtered(lambda event: event.code == "redact")
        other = reports[1].event_ids.sorted("leaf_index")[1]
        day = "interval '1 day'"
        faults = {
            "when": (f"SET at = at - {day} WHERE id = {other.id}", {"changed"}),
            "what": (f"SET code = 'publish' WHERE id = {other.id}", {"changed"}),
            "who": (f"SET user_id = 1 WHERE id = {other.id}", {"changed"}),
            "state": (f"SET to_state = 'done' WHERE id = {first.id}", {"changed"}),
            "report": (
                f"SET report_id = {reports[2].id} WHERE id = {other.id}",
                {"changed"},
            ),
            "public": (
                f"SET is_public = NOT is_public WHERE id = {first.id}",
                {"changed"},
            ),
            "note": (f"SET note = 'khác' WHERE id = {noted.id}", {"note"}),
            "note gone": (f"SET note = NULL WHERE id = {noted.id}", {"note"}),
            "note and salt gone": (
                f"SET note = NULL, note_salt = NULL WHERE id = {noted.id}",
                {"note"},
            ),
            "digest gone": (
                "SET note = NULL, note_salt = NULL, note_digest = NULL "
                f"WHERE id = {noted.id}",
                {"changed"},
            ),
            "recorded": (
                f"SET create_date = create_date - {day} WHERE id = {last.id}",
                {"changed", "backdated"},
            ),
            "salt": (f"SET salt = repeat('0', 64) WHERE id = {last.id}", {"changed"}),
            "no salt": (f"SET salt = NULL WHERE id = {last.id}", {"changed"}),
            "hash": (
                f"SET hash = repeat('0', 64) WHERE id = {last.id}",
                {"changed", "root"},
            ),
        }
        for name, (fault, kinds) in faults.items():
            with self.subTest(name), self.undone():
                self.cr.execute(f"UPDATE civic_event {fault}")
                self.assertLessEqual(kinds, self.kinds(outside))
        with self.subTest("order"), self.undone():
            self.swap(first, other)
            self.assertIn("root", self.kinds(outside))
        with self.subTest("order in a chain"), self.undone():
            self.swap(first, last)
            self.assertLessEqual({"changed", "root"}, self.kinds(outside))
        with self.subTest("removed"), self.undone():
            self.remove(other)
            self.assertIn("removed", self.kinds(outside))
        with self.subTest("the last ones removed"), self.undone():
            event = self.events.search([("leaf_index", "=", root.size - 1)])
            self.remove(event)
            self.assertIn("removed", self.kinds(outside))
            self.assertFalse(self.kinds())  # by itself the rest is whole

    def test_the_whole_log_written_anew(self):
        """Who can write the database can make it fit itself, not the root outside."""
        report = self.walk_to("done")
        self.close()
        outside = self.known()
        event = report.event_ids.sorted("leaf_index")[2]
        self.cr.execute(
            "UPDATE civic_event SET at = at - interval '30 minutes' WHERE id = %s",
            [event.id],
        )
        self.cr.execute(
            "UPDATE civic_event SET leaf_index = NULL, hash = NULL, tile_hash = NULL"
        )
        self.env.invalidate_all()
        self.seal()
        self.assertFalse(self.kinds())
        self.assertEqual(self.kinds(outside), {"root"})
        with mute_logger("odoo.addons.civic_report.models.ledger.receipt"):
            self.assertFalse(report._receipt())
        check = self.env["civic.health"]._health_check_roots()
        self.assertEqual(check.state, "broken")

    def test_added_later(self):
        """An event that is put in afterwards stands where it was put, whatever it says
        of its time."""
        report = self.walk_to("processing")
        self.close(ago=4)
        outside = self.known()
        for at, recorded in ((3, 0), (4.2, 4.2), (5, 5), (6, 0)):
            with self.subTest(at=at, recorded=recorded), self.undone():
                event = report._elevated()._log_note("resolve", False)
                self.put_back(event, at, recorded)
                self.assertEqual(self.kinds(outside), {"backdated"})
                self.seal()
                self.assertEqual(self.kinds(outside), {"backdated"})
        with self.subTest("into the future"), self.undone():
            report._elevated()._log_note("add", "Thêm.")
            self.put_back(report.event_ids.sorted("id")[-1], -2, 0)
            self.assertEqual(self.kinds(outside), {"ahead"})

    def put_back(self, event, at, recorded):
        """Let an event say that it is so many days older."""
        self.env.flush_all()
        self.cr.execute(
            """
            UPDATE civic_event SET at = at - interval '1 day' * %s,
                   create_date = create_date - interval '1 day' * %s
             WHERE id = %s
            """,
            [at, recorded, event.id],
        )
        self.env.invalidate_all()

    def test_a_case_told_in_the_past(self):
        """As demo data are: no fault before work began, and one after that."""
        from ...models.ground.key import Clock

        def tell():
            clock = Clock(fields.Datetime.now() - timedelta(days=400))
            self.env["civic.report"].with_context(civic_clock=clock).create(
                self.report_values()
            )
            self.seal()
            return self.check()

        found = tell()
        self.assertFalse(found.faults)
        self.assertGreaterEqual(len(found.first), 1)
        self.cr.execute(
            """
            UPDATE civic_event SET leaf_index = NULL, hash = NULL, tile_hash = NULL,
                   at = at - interval '9 days',
                   create_date = create_date - interval '9 days'
            """
        )
        self.seal()
        self.assertLessEqual({"backdated"}, set(tell().counts))

    def test_tiles(self):
        """More events than a tile holds: the same root from the tiles as from all."""
        self.cr.execute(
            """
            INSERT INTO civic_event (report_id, company_id, code, at, create_date, note)
            SELECT %s, %s, 'add', now(), now(), 'Thêm ' || number
              FROM generate_series(1, %s) AS number
            """,
            [self.make_report().id, self.company.id, 2 * merkle.TILE + 100],
        )
        self.env.flush_all()
        while self.events._seal(limit=700):
            pass
        size = self.events._log_size()
        sealed = [event_log.Event(*row) for row in self.rows(verify.SEALED)]
        leaves = [bytes.fromhex(event.hash) for event in sealed]
        self.assertEqual(len(leaves), size)
        tree = self.events._tree(size)
        self.assertEqual(tree(0, size), merkle.root_of(leaves))

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def swap(self, one, other):
        places = {one.id: other.leaf_index, other.id: one.leaf_index}
        self.cr.execute(
            "UPDATE civic_event SET leaf_index = NULL WHERE id IN %s", [tuple(places)]
        )
        for id_, place in places.items():
            self.cr.execute(
                "UPDATE civic_event SET leaf_index = %s WHERE id = %s", [place, id_]
            )

    def remove(self, event):
        self.cr.execute("DELETE FROM civic_outbox WHERE event_id = %s", [event.id])
        self.cr.execute("DELETE FROM civic_event WHERE id = %s", [event.id])


@tagged("-at_install", "post_install")
class TestRoots(SealCase):
    def test_a_day_is_closed_once(self):
        self.walk_to("done")
        root = self.close(ago=3)
        self.assertEqual(root.size, self.events._log_size())
        self.assertFalse(root.consistency)
        self.assertFalse(self.close(ago=3))
        self.walk_to("received")
        later = self.close()
        self.assertGreater(later.size, root.size)
        self.assertTrue(
            merkle.is_consistent(
                root.size,
                later.size,
                bytes.fromhex(root.root),
                bytes.fromhex(later.root),
                [bytes.fromhex(part) for part in later.consistency],
            )
        )
        found = self.check(self.known())
        self.assertFalse(found.faults)
        self.assertEqual(found.good.day, str(later.day))

    def test_nothing_yet(self):
        self.cr.execute("UPDATE civic_event SET leaf_index = NULL, hash = NULL")
        self.assertFalse(self.roots._close())

    def test_the_day_is_the_local_one(self):
        self.walk_to("received")
        self.seal()
        self.cr.execute("UPDATE civic_event SET create_date = '2026-12-31 16:00'")
        with self.at("2027-01-01 00:01"):
            self.assertEqual(str(self.roots._close().day), "2026-12-31")

    def test_a_clock_set_forward(self):
        """No day is closed that is far from what happens, and a wrong one stops
        nothing."""
        self.walk_to("received")
        self.seal()
        health = self.env["civic.health"]
        with frozen(fields.Datetime.now() + timedelta(days=1200)), self.logged():
            self.assertFalse(self.roots._close())
        # The database runs by the right clock.
        self.patch(type(self.roots), "_database_now", lambda self: self.env.cr.now())
        with frozen(fields.Datetime.now() + timedelta(days=3)):
            with self.logged():
                self.assertFalse(self.roots._close())
            self.assertEqual(health._health_check_roots().state, "ok")  # no root yet
        now = fields.Datetime.now
        self.patch(type(self.roots), "_database_now", lambda self: now())
        with frozen(fields.Datetime.now() + timedelta(days=20)):
            wrong = self.roots._close()
        self.assertTrue(wrong)
        self.assertEqual(health._health_check_roots().state, "broken")
        root = self.roots._close()
        self.assertLess(root.day, wrong.day)
        self.assertEqual(self.roots._last(), root)
        self.assertFalse(root.consistency)
        self.assertNotEqual(health._health_check_roots().state, "broken")
        self.walk_to("received")
        self.seal()
        with frozen(fields.Datetime.now() + timedelta(days=1)):
            later = self.roots._close()
        self.assertGreater(later.size, root.size)
        self.assertEqual(
            [row["day"] for row in self.roots._public_roots_sudo(2)],
            [str(later.day), str(root.day)],
        )

    def test_a_clock_set_back(self):
        self.walk_to("received")
        self.seal()
        with frozen(fields.Datetime.now() - timedelta(days=90)), self.logged():
            self.assertFalse(self.roots._close())

    def logged(self):
        return self.assertLogs("odoo.addons.civic_report.models.ledger.root", "WARNING")

    def test_roots_are_kept(self):
        self.walk_to("received")
        root = self.roots.browse(self.close().id)
        manager = root.with_user(self.manager)
        for act in (
            lambda: manager.write({"root": "0"}),
            lambda: root.write({"root": "0"}),
            lambda: root.unlink(),
            lambda: self.roots.create(
                {
                    "day": "2020-01-01",
                    "size": 1,
                    "root": "0",
                    "closed_at": root.closed_at,
                }
            ),
        ):
            with self.assertRaises(UserError):
                act()

    def test_cron(self):
        self.walk_to("done")
        with self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_seal").method_direct_trigger()
        self.assertTrue(self.roots.search_count([]))
        self.assertFalse(self.check(self.known()).counts)

    def test_told_outside(self):
        self.company.civic_root_emails = "Mttq@example.vn; hdnd@example.vn"
        self.walk_to("done")
        root = self.close()
        rows = self.env["civic.outbox"].search([("audience", "=", "outside")])
        self.assertEqual(
            [row._recipient_email() for row in rows],
            ["hdnd@example.vn", "mttq@example.vn"],
        )
        self.assertNotIn("example", str(rows.mapped("facts")))
        subject, text = rows[0]._words()
        self.assertIn(root._line(), text)
        self.assertIn("/phan-anh/kiem-chung", text)
        self.assertIn(root.day.strftime("%d/%m/%Y"), subject)
        mail = self.env["civic.driver.email"]._build(
            rows[0], "trungtam@example.vn", "mttq@example.vn"
        )
        with TemporaryDirectory() as folder:
            path = Path(folder, "root.eml")
            path.write_bytes(mail.as_bytes())
            found = verify.roots_in(path)
            self.assertEqual(
                [row[:3] for row in found], [row[:3] for row in self.known()]
            )
        self.company.civic_root_emails = False
        with self.assertRaisesRegex(Exception, "taken off"):
            rows[0]._recipient_email()

    def test_addresses(self):
        for wrong in ("Mặt trận", "a@b", "a@example.vn\nBcc: x", "a@example.vn b"):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.company.civic_root_emails = wrong
        with self.assertRaises(ValidationError):
            self.company.civic_root_emails = ",".join(
                f"a{number}@example.vn" for number in range(21)
            )
        self.company.civic_root_emails = " a@example.vn,\nA@example.vn ;"
        self.assertEqual(self.company._civic_root_addresses(), ["a@example.vn"])

    def test_health(self):
        health = self.env["civic.health"]
        self.assertEqual(health._health_check_roots().state, "ok")
        self.walk_to("received")
        root = self.close()
        self.assertEqual(health._health_check_roots().state, "look")
        for company in health._civic_companies():
            company.civic_root_emails = "mttq@example.vn"
        self.assertEqual(health._health_check_roots().state, "ok")
        with frozen(root.closed_at + timedelta(days=3)):
            self.assertEqual(health._health_check_roots().state, "broken")


@tagged("-at_install", "post_install")
class TestReceipt(SealCase):
    def test_none_before_a_day_is_over(self):
        report = self.walk_to("done")
        self.assertEqual(report.sudo()._receipt(), {})
        self.assertEqual(report.sudo()._receipt_values(), {})

    def test_receipt(self):
        report = self.walk_to("done").sudo()
        report._log_note("look", "Nhân sự xử lý 1 xem danh tính.")
        self.close()
        receipt = json.loads(json.dumps(report._receipt()))
        hashes = receipts.check_receipt(receipt)
        self.assertTrue(receipts.prove_receipt(receipt, self.known()))
        events = report.event_ids.sorted("leaf_index")
        self.assertEqual(hashes, events.mapped("hash"))
        self.assertEqual(
            report._receipt_values(),
            {
                "steps": len(events),
                "day": self.roots.search([], limit=1).day.strftime("%d/%m/%Y"),
                "short": receipts.short_form(hashes[-1]),
            },
        )
        opened = [link["event"]["code"] for link in receipt["links"] if "event" in link]
        self.assertIn("publish", opened)
        self.assertNotIn("look", opened)
        text = json.dumps(receipt, ensure_ascii=False)
        self.assertNotIn("Nhân sự", text)
        self.assertNotIn("user", text)
        # What is not in the root yet is in the next receipt.
        report._log_note("add", "Thêm.")
        self.assertEqual(len(report._receipt()["links"]), len(events))

    def test_a_receipt_that_was_changed(self):
        report = self.walk_to("done").sudo()
        self.close()
        for change in (
            lambda data: data["links"][1]["event"].update(at="2026-01-01"),
            lambda data: data["links"].pop(1),
            lambda data: data["links"].pop(),
            lambda data: data["links"].reverse(),
            lambda data: data.update(report=0),
            lambda data: data.update(index=data["index"] + 1),
            lambda data: data.update(links=[]),
            lambda data: data["root"].update(root="00" * 32),
            lambda data: data["root"].update(size=1),
            lambda data: data.update(format="other"),
            lambda data: data.pop("proof"),
        ):
            receipt = report._receipt()
            change(receipt)
            with self.assertRaises(ValueError):
                receipts.check_receipt(receipt)

    def test_against_the_database(self):
        report = self.walk_to("done").sudo()
        self.close()
        receipt = report._receipt()
        connection = Connection(self.cr)
        self.assertEqual(verify.check_receipt_against(connection, receipt), [])
        self.cr.execute(
            "UPDATE civic_event SET to_state = 'refused' WHERE id = %s",
            [report.event_ids.sorted("leaf_index")[2].id],
        )
        [fault] = verify.check_receipt_against(connection, receipt)
        self.assertIn("step 3", fault)
        self.assertTrue(
            verify.check_receipt_against(connection, {**receipt, "code": "PA-26-1"})
        )

    def test_proved_by_the_database(self):
        report = self.walk_to("done").sudo()
        self.close(3)
        receipt, [kept] = report._receipt(), self.known()
        self.walk_to("received")
        self.close()
        later = self.known()[-1]
        connection = Connection(self.cr)

        def answer(roots, data=receipt):
            return verify.Receipts(roots, [], connection).check(data)

        faults, by = answer([])
        self.assertFalse(faults)
        self.assertIn("the database itself", by)
        for root in (kept, later):
            faults, by = answer([root])
            self.assertFalse(faults)
            self.assertIn("kept outside", by)
        # A root that the database has no row of is computed from what it has.
        self.cr.execute("DELETE FROM civic_event_root WHERE size = %s", [kept.size])
        self.assertFalse(answer([later])[0])
        made_up = {**receipt, "root": {**receipt["root"], "root": "0" * 64}}
        self.assertTrue(answer([], made_up)[0])
        self.assertTrue(answer([later._replace(root="0" * 64)])[0])
        self.assertTrue(answer([later._replace(size=later.size + 99)])[0])


@tagged("-at_install", "post_install")
class TestForgotten(SealCase):
    """What the law deletes leaves a log that still fits, and nothing to guess by."""

    PASSPHRASE = "mat-khau-dai-2026"

    def test_a_report_that_was_passed_on(self):
        report = self.make_report().with_user(self.operator)
        report.request_supplement("Bà Trần Thị Xyzzyq là ai?")
        self.close()
        outside, receipt = self.known(), report.sudo()._receipt()
        noted = report.event_ids.filtered("note")
        self.assertTrue(noted)
        diversion_id = report.divert("15/CV", authority="Thanh tra tỉnh")
        diversion = self.env["civic.diversion"].browse(diversion_id)
        diversion = diversion.with_user(self.operator)
        self.patch(type(diversion), "_sealed_file", lambda *args: b"%PDF")
        diversion.take_out(self.PASSPHRASE)
        self.seal()  # what is wiped is sealed already
        diversion.wipe(report.name)
        self.seal()
        found = self.check(outside)
        self.assertFalse(found.faults)
        self.assertEqual(found.good.size, outside[0].size)
        self.assertGreaterEqual(found.forgotten, len(noted))
        self.env.flush_all()
        self.cr.execute(
            """
            SELECT note, note_masked, note_salt, note_digest
              FROM civic_event WHERE id = %s
            """,
            [noted[0].id],
        )
        *gone, digest = self.cr.fetchone()
        self.assertEqual(gone, [None] * 3)
        self.assertTrue(digest)
        self.assertTrue(receipts.prove_receipt(receipt, self.known()))
        self.assertEqual(verify.check_receipt_against(Connection(self.cr), receipt), [])

    def test_notes_taken_away_otherwise(self):
        """Only what a deletion on record explains may be missing."""
        report = self.walk_to("received").sudo()
        report._log_note("other_wrote", "Người thứ ba viết.")
        self.close()
        self.cr.execute(
            "UPDATE civic_event SET note = NULL, note_salt = NULL WHERE report_id = %s",
            [report.id],
        )
        self.assertEqual(self.kinds(self.known()), {"note"})

    def test_a_sender_who_was_forgotten(self):
        reporter = self.env["civic.reporter"].create(
            {"name": "Người gửi", "phone": "0987000111"}
        )
        report = self.make_report(reporter_id=reporter.id)
        self.walk_to("done", report)
        self.close()
        outside, receipt = self.known(), report.sudo()._receipt()
        reporter._anonymise("Thử.")
        self.assertTrue(reporter.anonymised_at)
        self.seal()
        self.assertFalse(self.check(outside).faults)
        self.assertTrue(receipts.prove_receipt(receipt, outside))

    def test_words_of_a_sender_who_was_forgotten(self):
        reporter = self.env["civic.reporter"].create(
            {"name": "Người gửi", "phone": "0987000111"}
        )
        report = self.make_report(reporter_id=reporter.id)
        untouched = self.walk_to("done")
        untouched.sudo()._log_note("add", "Của người khác.")
        report.request_supplement("Ở đâu?")
        report.supply("Trước nhà tôi, số 12 Lê Lợi.")
        self.walk_to("done", report)
        words = "Tôi là Trần Thị Xyzzyq, số 12 Lê Lợi."
        for code in SENDERS_NOTES:
            report.sudo()._log_note(code, words)
        self.close()
        # What is not sealed yet goes as well.
        report.sudo()._log_note("thanks", words)
        outside, receipt = self.known(), report.sudo()._receipt()
        reporter._anonymise("Thử.")
        self.seal()
        self.env.flush_all()
        self.cr.execute(
            "SELECT event::text FROM civic_event event WHERE report_id = %s",
            [report.id],
        )
        rows = "\n".join(row for (row,) in self.cr.fetchall())
        self.assertNotIn("Xyzzyq", rows)
        self.assertNotIn("số 12", rows)
        self.assertIn("Ở đâu?", rows, "what officers wrote stays")
        events = report.sudo().event_ids
        self.assertEqual(events.mapped("code").count("forget"), 1)
        noted = events.filtered(lambda event: event.code in SENDERS_NOTES)
        self.assertFalse(any(noted.mapped("note")))
        self.cr.execute(
            "SELECT count(*) FROM civic_event WHERE id IN %s AND note_digest IS NULL",
            [tuple((noted - noted.sorted("id")[-1]).ids)],
        )
        self.assertEqual(self.cr.fetchone()[0], 0)
        self.assertIn("Của người khác.", untouched.sudo().event_ids.mapped("note"))
        found = self.check(outside)
        self.assertFalse(found.faults)
        self.assertEqual(found.forgotten, len(noted) - 1)
        self.assertTrue(receipts.prove_receipt(receipt, outside))
        self.assertEqual(verify.check_receipt_against(Connection(self.cr), receipt), [])
        # Deleted once, and on record once.
        self.env["civic.forgetting"]._forget(reporter)
        self.assertEqual(report.sudo().event_ids.mapped("code").count("forget"), 1)


@tagged("-at_install", "post_install")
class TestOlderCases(SealCase, ImportCase):
    def test_what_is_taken_in_is_not_back_dated(self):
        """Its history is older than the log, and recorded all at once."""
        self.walk_to("received")
        self.close(2)
        self.taken_in(LINE)
        self.close()
        found = self.check(self.known())
        self.assertFalse(found.faults)
        self.assertGreater(found.late, 3)

    def test_back_dated_into_an_older_case(self):
        self.walk_to("received")
        self.close(2)
        self.taken_in(LINE)
        self.seal()
        [report] = self.env["civic.event"].search([("code", "=", "import")]).report_id
        planted = report._elevated()._log_note("approve", False)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE civic_event SET at = at - interval '30 days' WHERE id = %s",
            [planted.id],
        )
        found = self.check(self.known())
        self.assertEqual(found.counts, {"backdated": 1})
        self.assertIn(f"event {planted.id} ", found.faults[0].words)


@tagged("-at_install", "post_install")
class TestBeforeTheLog(SealCase):
    """Events from before there was a log: sealed by the cron, batch by batch."""

    def setUp(self):
        super().setUp()
        self.report = self.walk_to("done").sudo()
        self.env.flush_all()
        self.cr.execute(
            """
            UPDATE civic_event SET leaf_index = NULL, hash = NULL, tile_hash = NULL,
                   salt = NULL, note_salt = NULL, note_digest = NULL,
                   at = at - interval '3 days',
                   create_date = create_date - interval '3 days'
            """
        )
        self.env.invalidate_all()
        seal = type(self.events)._seal
        self.patch(type(self.events), "_seal", lambda self: seal(self, limit=4))

    def run_cron(self, batches):
        """Run the cron until its time is over."""
        left = iter([1] * (batches - 1))
        self.patch(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda self, *args, **kwargs: next(left, 0),
        )
        self.roots._cron_seal()

    def test_the_root_waits(self):
        self.run_cron(2)
        self.assertEqual(self.events._log_size(), 8)
        self.assertFalse(self.roots._last())
        self.run_cron(10_000)
        self.assertFalse(self.events.search([("hash", "=", False)], limit=1))
        self.assertEqual(self.roots._last().size, self.events._log_size())
        self.assertFalse(self.check(self.known()).faults)

    def test_their_receipts(self):
        self.run_cron(2)
        self.assertEqual(self.report._receipt(), {})
        self.run_cron(10_000)
        receipt = json.loads(json.dumps(self.report._receipt()))
        self.assertEqual(len(receipt["links"]), len(self.report.event_ids))
        self.assertEqual(
            self.report._receipt_values()["steps"], len(self.report.event_ids)
        )
        self.assertTrue(receipts.prove_receipt(receipt, self.known()))
        self.assertEqual(verify.check_receipt_against(Connection(self.cr), receipt), [])
        event = self.report.event_ids.sorted("leaf_index")[0]
        self.cr.execute(
            "UPDATE civic_event SET at = at - interval '1 day' WHERE id = %s",
            [event.id],
        )
        self.assertTrue(verify.check_receipt_against(Connection(self.cr), receipt))
