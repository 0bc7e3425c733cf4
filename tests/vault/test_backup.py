import threading
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import config

from ..rig.asked import trial
from ..rig.live import LiveCase, Server, copy_filestore, drop, dump, load, restore
from ..rig.media import drawing, saved


@tagged("-at_install", "post_install")
@trial("vault")
class TestBackup(LiveCase):
    """Backup and restore while people work, as the administrator's page says."""

    @classmethod
    def set_up_live(cls):
        cls.picture = saved(drawing())

    def setUp(self):
        super().setUp()
        self.restored = f"{self.database}_restored"
        self.backup = Path(config["data_dir"]) / f"{self.restored}.dump"
        self.addCleanup(drop, self.restored)
        self.addCleanup(self.backup.unlink, missing_ok=True)

    def test_what_was_acknowledged_before_is_there(self):
        with Server(self.database) as server:
            before = [self.send(server, f"Trước {index}") for index in range(3)]
            stopped, meanwhile = threading.Event(), []
            citizens = threading.Thread(
                target=self.keep_sending, args=[server, stopped, meanwhile]
            )
            citizens.start()
            try:
                # First the database: files are only ever added.
                dump(self.database, self.backup)
                copy_filestore(self.database, self.restored)
            finally:
                stopped.set()
                citizens.join()
        restore(self.backup, self.restored)
        with Server(self.restored) as server:
            operator = server.client(self.operator.login)
            [report_id] = operator.call_model(
                "civic.report", "search", [("name", "=", before[0])]
            )
            operator.call_model("civic.report", "receive", [report_id])
            self.assertTrue(self.send(server, "Sau"))
        self.assertTrue(meanwhile)
        self.assert_restored(before)

    def keep_sending(self, server, stopped, codes):
        while not codes or not stopped.is_set():
            codes.append(self.send(server, "Trong lúc sao lưu"))

    def send(self, server, subject):
        client = server.client()
        form = {**client.open_form(), **self.filled_form(subject=subject)}
        return client.send_report(form, [self.picture])

    def assert_restored(self, codes):
        """Every report of then has its files, and its sender is known."""
        with load(self.restored).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            reports = env["civic.report"].search([("name", "in", codes)])
            self.assertEqual(len(reports), len(codes))
            for report in reports:
                self.assertTrue(report.reporter_id.phone.startswith("+849"))
            files = env["ir.attachment"].search(
                [("res_model", "in", ("civic.report", "civic.reporter"))]
            )
            self.assertGreaterEqual(len(files), len(codes))
            for file in files:
                self.assertEqual(len(file.raw), file.file_size, file.name)
        self.assertEqual(self.indexes(self.restored), self.indexes(self.database))

    def indexes(self, database):
        with load(database).cursor() as cr:
            cr.execute(
                "SELECT indexname FROM pg_indexes WHERE tablename LIKE 'civic_%'"
            )
            return {name for (name,) in cr.fetchall()}
