"""A new key: everything is sealed anew, in batches, and found all the while."""

import re
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged

from ...models.vault import sealed
from ...models.vault.sealed import CivicSealed
from ...models.vault.vault import CivicVault, VaultError
from ..rig.media import HUE, drawing, exif, saved
from ..rig.vault import VaultCase

ROWS = 7
SEALING = re.compile(r"vault(\"\])?\._seal\(|\._seal_(bytes|text|values)\(")


@tagged("-at_install", "post_install")
class TestRotation(VaultCase):
    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.env.cr.execute("UPDATE civic_reporter SET vault_key = NULL")
        self.env.cr.execute("UPDATE ir_attachment SET civic_vault_key = NULL")
        self.env.invalidate_all()
        self.forget_keys()
        (self.old,) = self.use_ring(1)
        self.rows = self.reporters.create(
            [
                {"name": f"Người {n}", "phone": f"091200000{n}", "address": f"Số {n}"}
                for n in range(ROWS)
            ]
        )
        self.rows[0].user_id = self.plain
        self.photo = saved(drawing(), exif=exif(gps=HUE))
        files = self.env["ir.attachment"]
        report = self.make_report(reporter_id=self.rows[0].id)
        files._civic_attach(
            report.sudo(), files._civic_read([self.photo]), self.rows[0]
        )
        self.original = files.search(
            [("res_model", "=", "civic.reporter"), ("res_id", "=", self.rows[0].id)]
        )
        self.keys = self.env["civic.vault.key"]
        self.env.registry.clear_cache()
        self.startPatcher(patch.object(sealed, "RESEAL_BATCH", 2))
        # The transaction of the test is not to be committed.
        self.startPatcher(
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", self.commit_progress
            )
        )
        self.commits, self.minutes = 0, []

    def commit_progress(self, processed=0, **_options):
        self.env.flush_all()
        self.commits += 1
        return self.minutes.pop(0) if self.minutes else 60

    def rotate(self):
        self.new = self.use_ring(2, 1)[0]
        self.env.invalidate_all()

    def states(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            key.key_id: (key.state, key.reporter_count, key.file_count)
            for key in self.keys.search([])
        }

    def check_all_is_there(self):
        self.env.flush_all()
        self.env.invalidate_all()
        for n, row in enumerate(self.rows):
            self.assertEqual(row.name, f"Người {n}")
            self.assertEqual(row.address, f"Số {n}")
            found = self.reporters.search([("phone", "=", f"091200000{n}")])
            self.assertEqual(found, row)
            again = self.reporters._for_sender(
                {"name": f"Người {n}", "phone": f"+8491200000{n}"},
                self.company,
                self.plain if not n else self.env["res.users"],
            )
            self.assertEqual(again, row)
        self.assertEqual(self.original._civic_opened(), self.photo)
        own = self.reporters.search([("user_id", "=", self.plain.id)])
        self.assertEqual(own, self.rows[0])

    def test_a_whole_rotation(self):
        self.check_all_is_there()
        self.rotate()
        self.check_all_is_there()
        hashes = set(self.rows.mapped("phone_hash"))
        self.keys._cron_reseal()
        self.assertEqual(
            self.states(),
            {self.old: ("retired", 0, 0), self.new: ("active", ROWS, 1)},
        )
        self.assertFalse(hashes & set(self.rows.mapped("phone_hash")))
        self.check_all_is_there()
        self.use_ring(2)  # the old key leaves the file
        self.env.registry.clear_cache()
        self.check_all_is_there()
        self.assertGreater(self.commits, ROWS // 2, "in batches")

    def test_time_is_up_and_it_goes_on(self):
        self.rotate()
        for done in (2, 4):
            self.minutes = [60, 0]
            self.keys._cron_reseal()
            states = self.states()
            self.assertEqual(states[self.old], ("old", ROWS - done, 1))
            self.assertEqual(states[self.new], ("active", done, 0))
            self.check_all_is_there()
        self.keys._cron_reseal()
        self.assertEqual(self.states()[self.new], ("active", ROWS, 1))
        self.check_all_is_there()

    def test_calls_are_sealed_anew_too(self):
        calls = self.env["civic.call"].with_user(self.operator)
        call = calls.create({"number": "0912 345 678", "kind": "question"})
        self.rotate()
        self.keys._cron_reseal()
        self.use_ring(2)
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        self.assertEqual(call._open_number(), "+84912345678")
        number = self.env["civic.vault"]._fingerprint("phone", "+84912345678")
        self.assertEqual(call.sudo().number_hash, number)

    def test_whatever_is_sealed_is_sealed_anew(self):
        """A model that seals and is forgotten would lose all with the old key."""
        homes = {home._name for home in self.keys._homes()}
        wing = Path(sealed.__file__).parent
        found = set()
        for path in wing.parent.rglob("*.py"):
            text = path.read_text()
            if SEALING.search(text) and path.parent != wing:
                names = re.findall(r'_(?:name|inherit) = "([\w.]+)"', text)
                self.assertTrue(homes & set(names), path)
                found.update(names)
        self.assertGreater(len(found & homes), 7)

    def test_whatever_is_sealed_says_how(self):
        forgetful = [
            home._name
            for home in self.keys._homes()
            if getattr(type(home), "_vault_again", None) is CivicSealed._vault_again
        ]
        self.assertEqual(forgetful, [])

    def test_what_is_written_meanwhile_is_under_the_new_key(self):
        self.rotate()
        made = self.reporters.create({"name": "Mới", "phone": "0913000000"})
        self.assertEqual(made.vault_key, self.new)
        self.rows[1].address = "Số mới"
        self.assertEqual(self.rows[1].vault_key, self.new)
        self.assertEqual(self.rows[1].address, "Số mới")

    def test_one_reporter_for_each_account_also_under_two_keys(self):
        self.rotate()
        with self.assertRaisesRegex(Exception, "already"):
            self.reporters.create({"name": "Hai", "user_id": self.plain.id})

    def test_the_old_key_must_not_leave_too_early(self):
        self.rotate()
        self.minutes = [60, 0]
        self.keys._cron_reseal()
        self.env.registry.clear_cache()
        self.use_ring(2)
        self.startPatcher(patch("odoo.addons.civic_report.models.vault.vault._logger"))
        with self.assertRaisesRegex(VaultError, self.old):
            self.reporters.create({"name": "Mới"})
        self.assertEqual(self.states()[self.old][0], "missing")

    def test_a_row_that_does_not_open_is_left_and_the_rest_goes_on(self):
        self.rotate()
        self.rows[2].vault_ref = "another"
        self.startPatcher(patch("odoo.addons.civic_report.models.vault.vault._logger"))
        self.keys._cron_reseal()
        self.assertEqual(
            self.states(),
            {self.old: ("old", 1, 0), self.new: ("active", ROWS - 1, 1)},
        )

    def test_the_button(self):
        self.rotate()
        keys = self.keys.with_user(self.administrator)
        with patch.object(self.env.registry["ir.cron"], "_trigger") as triggered:
            self.assertEqual(keys.action_reseal()["type"], "ir.actions.client")
        triggered.assert_called_once()
        for user in (self.operator, self.manager, self.handler):
            with self.assertRaises(Exception, msg=user.login) as caught:
                self.keys.with_user(user).action_reseal()
            self.assertEqual(type(caught.exception).__name__, "AccessError")
        with (
            patch.object(CivicVault, "_path", lambda _self: (self.path.parent, True)),
            patch("odoo.addons.civic_report.models.vault.vault._logger"),
            self.assertRaises(VaultError),
        ):
            keys.action_reseal()
