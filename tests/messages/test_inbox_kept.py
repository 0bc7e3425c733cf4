"""How long what came in is kept as it came: read and old it goes, to the last one."""

from odoo.tests import tagged

from ..rig.inbox import InboxCase


@tagged("-at_install", "post_install")
class TestInboxKept(InboxCase):
    KEPT_UNTIL = "2027-02-14 10:00"  # 90 days after

    def wipe(self, text, **options):
        with self.at(text):
            return self.env["civic.inbox"]._wipe_raw(**options)

    def kept(self, rows):
        rows.invalidate_recordset()
        return rows.filtered("raw")

    def test_not_a_moment_earlier(self):
        row = self.receive_mail(self.mail())
        self.assertEqual(self.wipe(self.KEPT_UNTIL)[0], 0)
        self.assertTrue(self.kept(row))
        self.assertEqual(self.wipe("2027-02-14 10:00:01")[0], 1)
        self.assertFalse(self.kept(row))
        self.assertEqual(row.size, 0)

    def test_batch_after_batch(self):
        """Odoo calls again as long as it is told that something is left."""
        rows = self.receive_mail(*[self.mail() for _ in range(5)])
        self.assertEqual(self.wipe("2027-03-01 10:00", limit=2), (2, True))
        self.assertEqual(len(self.kept(rows)), 3)
        self.assertFalse(self.kept(rows.sorted("id")[:2]), "the oldest first")
        self.assertEqual(self.wipe("2027-03-01 10:00", limit=2), (2, True))
        self.assertEqual(self.wipe("2027-03-01 10:00", limit=2), (1, False))
        self.assertFalse(self.kept(rows))
        self.assertEqual(self.wipe("2027-03-01 10:00", limit=2), (0, False))

    def test_what_nobody_has_read_stays(self):
        failed, ignored = self.receive_mail(self.mail(), self.mail())
        unread = self.hand_in(self.mail())
        failed.state = "failed"
        ignored.state = "ignored"
        self.wipe("2028-01-01 10:00")
        self.assertEqual(self.kept(unread | failed | ignored), unread | failed)
