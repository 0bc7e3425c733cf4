"""An import is copied for the next file: as it was set up, not what it did."""

from odoo import fields
from odoo.tests import tagged

from ..rig.takeover import LINE, ImportCase


@tagged("-at_install", "post_install")
class TestImportCopied(ImportCase):
    SET_UP = ("company_id", "source", "procedure_id", "channel_id")

    def test_nothing_of_what_it_did(self):
        done = self.make_import(self.file_of(LINE)).sudo()
        now = fields.Datetime.now()
        counts = [name for name in done._fields if name.endswith("_count")]
        values = {
            **{name: 3 for name in counts if done._fields[name].store},
            **{"last_line": 9, "started_at": now, "ended_at": now, "state": "done"},
        }
        # As it stands after the work, which nobody writes by hand.
        for name, value in values.items():
            self.env.cr.execute(
                f"UPDATE civic_import SET {name} = %s WHERE id = %s", [value, done.id]
            )
        self.env.invalidate_all()
        again = done.copy()
        for name in values:
            with self.subTest(name):
                if name == "state":
                    self.assertEqual(again.state, "draft")
                else:
                    self.assertFalse(again[name])
        for name in self.SET_UP:
            self.assertEqual(again[name], done[name])
