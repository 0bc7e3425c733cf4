from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.ledger import check as civic_event_check
from ...tools import merkle
from ..rig.frozen import frozen
from ..rig.ledger import SealCase

LOGGER = "odoo.addons.civic_report.models.ledger.check"


@tagged("-at_install", "post_install")
class TestEventCheck(SealCase):
    """The system reads its history anew, part by part, and says what it found."""

    def setUp(self):
        super().setUp()
        self.checks = self.env["civic.event.check"]
        for name in ("PART", "AT_ONCE"):
            self.startPatcher(patch.object(civic_event_check, name, merkle.TILE))

    def fill(self, tiles):
        """Events of many reports, more than tiles hold."""
        reports = [self.make_report().id for _number in range(3)]
        self.env.flush_all()
        self.cr.execute(
            """
            INSERT INTO civic_event (report_id, company_id, code, at, create_date, note)
            SELECT (%s)[1 + number %% 3], %s, 'add', now() AT TIME ZONE 'UTC',
                   now() AT TIME ZONE 'UTC', 'Thêm ' || number
              FROM generate_series(1, %s) AS number
            """,
            [reports, self.company.id, tiles * merkle.TILE + 100],
        )
        self.seal()

    def night(self, number=0):
        """Run the cron so many nights from now.

        :return: the checks of that night, in their order
        """
        before = self.checks.search([])
        moment = fields.Datetime.now() + timedelta(days=number)
        cron, endless = type(self.env["ir.cron"]), lambda *_args, **_values: 60
        with frozen(moment), patch.object(cron, "_commit_progress", endless):
            self.checks._cron_check()
        return (self.checks.search([]) - before).sorted("id")

    def test_nothing_yet(self):
        self.cr.execute("UPDATE civic_event SET leaf_index = NULL, hash = NULL")
        self.assertFalse(self.night())
        self.assertEqual(self.env["civic.health"]._health_check_history().state, "ok")

    def test_a_small_log_each_night(self):
        self.walk_to("done")
        self.seal()
        for number in range(2):
            check = self.night(number)
            self.assertEqual((check.first, check.faults), (0, 0))
            self.assertEqual(check.size, self.events._log_size())
        self.assertFalse(self.night(1))

    def test_all_within_a_week(self):
        self.fill(9)
        size, read, most = self.events._log_size(), set(), 0
        for number in range(7):
            checks = self.night(number)
            self.assertFalse(sum(checks.mapped("faults")))
            tonight = sum(check.size - check.first for check in checks)
            most = max(most, tonight)
            with frozen(fields.Datetime.now() + timedelta(days=number)):
                words = self.checks._round_words()
            if number in (0, 6):
                self.assertEqual("no fault" in words, number == 6, words)
            for check in checks:
                read.update(range(check.first, check.size))
        self.assertEqual(read, set(range(size)))
        self.assertLessEqual(most, size / 6 + merkle.TILE)

    def test_what_was_changed_long_ago(self):
        """In a tile of which only the root is read otherwise."""
        self.fill(3)
        for company in self.env["civic.health"]._civic_companies():
            company.civic_root_emails = "mttq@example.vn"
        self.roots._close()
        report = self.events.search([("leaf_index", "=", 1500)]).report_id
        changes = {
            "a note": ("note = 'khác'", "note"),
            "a state": ("to_state = 'done'", "changed"),
            "a moment": ("at = at - interval '1 minute'", "changed"),
            "a note that is gone": ("note = NULL, note_salt = NULL", "note"),
            "a hash": ("hash = repeat('0', 64)", "root"),
        }
        for name, (change, kind) in changes.items():
            with self.subTest(name), self.undone(), mute_logger(LOGGER):
                self.cr.execute(
                    f"UPDATE civic_event SET {change} WHERE leaf_index = 1500"
                )
                self.env.invalidate_all()
                health = self.env["civic.health"]
                self.assertEqual(health._health_check_roots().state, "ok")
                checks = self.round()
                self.assertTrue(sum(checks.mapped("faults")))
                words = " ".join(checks.filtered("words").mapped("words"))
                self.assertIn(f"{kind}: ", words)
                found = health._health_check_history()
                self.assertEqual(found.state, "broken")
                self.assertIn(f"{kind}: ", found.found)
                self.assertIn("faults", self.checks._round_words())
        with self.subTest("removed"), self.undone(), mute_logger(LOGGER):
            self.cr.execute("DELETE FROM civic_event WHERE leaf_index = 1500")
            self.assertIn("removed: ", " ".join(self.words()))
        with self.subTest("wiped by law"), self.undone():
            self.cr.execute(
                "UPDATE civic_event SET note = NULL, note_salt = NULL "
                "WHERE leaf_index = 1500"
            )
            self.env.invalidate_all()
            report._elevated()._log_note("wipe", False)
            self.env.flush_all()
            self.assertFalse(self.words())
            self.seal()
            self.assertFalse(self.words())

    def round(self):
        """All parts at once."""
        size = self.events._log_size()
        checks = self.checks
        for first in range(0, size, merkle.TILE):
            end = min(first + merkle.TILE, size)
            checks += self.checks._check_part(first, end, size)
        return checks

    def words(self):
        return [words for words in self.round().mapped("words") if words]

    def test_older_cases_across_parts(self):
        """What explains an event may stand in another part."""
        for brought_in, kinds in ((True, set()), (False, {"backdated"})):
            with self.subTest(brought_in), self.undone(), mute_logger(LOGGER):
                self.old_case(brought_in)
                words = " ".join(self.words())
                self.assertEqual("backdated: " in words, bool(kinds), words)
                self.assertEqual(self.kinds(), kinds)

    def test_a_clock_that_was_wrong(self):
        """Its event is named, and nothing after it."""
        self.fill(1)
        self.cr.execute(
            "UPDATE civic_event SET leaf_index = NULL, hash = NULL, tile_hash = NULL"
        )
        self.cr.execute(
            """
            UPDATE civic_event
               SET at = at + interval '4 years',
                   create_date = create_date + interval '4 years'
             WHERE id = (SELECT min(id) + 50 FROM civic_event WHERE code = 'add')
            """
        )
        self.env.invalidate_all()
        self.seal()
        with frozen(fields.Datetime.now() + timedelta(days=1)):
            self.assertTrue(self.roots._close())
        with mute_logger(LOGGER):
            checks = self.round()
        self.assertEqual(sum(checks.mapped("faults")), 1)
        self.assertIn("ahead: ", " ".join(filter(None, checks.mapped("words"))))

    def old_case(self, brought_in):
        """A case of which the events stand in two parts."""
        begun = self.make_report()
        old = self.make_report()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE civic_event SET at = at - interval '90 days', "
            "create_date = create_date - interval '90 days' "
            "WHERE leaf_index IS NULL AND report_id = %s",
            [begun.id],
        )
        self.cr.execute("DELETE FROM civic_outbox WHERE event_id IS NOT NULL")
        self.cr.execute("DELETE FROM civic_event WHERE report_id = %s", [old.id])
        insert = """
            INSERT INTO civic_event (report_id, company_id, code, at, create_date)
            SELECT %s, %s, %s, now() AT TIME ZONE 'UTC' - interval '1 day' * %s,
                   now() AT TIME ZONE 'UTC'
              FROM generate_series(1, %s)
        """
        company = self.company.id
        self.cr.execute(insert, [old.id, company, "send", 60, 1])
        self.cr.execute(insert, [begun.id, company, "add", 0, merkle.TILE])
        self.cr.execute(insert, [old.id, company, "approve", 50, 1])
        if brought_in:
            self.cr.execute(insert, [old.id, company, "import", 0, 1])
        self.env.invalidate_all()
        self.seal()

    def test_told_outside(self):
        self.company.civic_root_emails = "mttq@example.vn"
        self.walk_to("done")
        self.seal()
        self.night()
        self.close()
        row = self.env["civic.outbox"].search([("audience", "=", "outside")], limit=1)
        _subject, text = row._words()
        checks = self.checks.with_context(lang=row._recipient_lang())
        self.assertIn(checks._round_words(), text)

    def test_not_checked_for_long(self):
        health = self.env["civic.health"]
        self.walk_to("done")
        self.close(3)
        self.assertEqual(health._health_check_history().state, "look")
        self.night()
        self.assertEqual(health._health_check_history().state, "ok")
        with frozen(fields.Datetime.now() + timedelta(days=9)):
            self.assertEqual(health._health_check_history().state, "look")

    def test_checks_are_kept(self):
        self.walk_to("done")
        self.seal()
        check = self.checks.browse(self.night().id)
        for act in (lambda: check.write({"faults": 0}), check.unlink):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(AccessError):
            check.with_user(self.operator).read(["words"])
