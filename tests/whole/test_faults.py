import io
import os
import random
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import html
from PIL import Image

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..rig.asked import trial
from ..rig.live import LiveCase, Server, together
from ..rig.media import drawing, saved

SENDERS = 6
REPORTS = 3  # of each sender
TRIES = 60
STEPS = 2000


@tagged("-at_install", "post_install")
@trial("files", "messages", "site")
class TestFaults(LiveCase):
    """What was acknowledged exists once, whatever is killed meanwhile."""

    @classmethod
    def set_up_live(cls):
        cls.picture = saved(drawing())
        # All send from one address and one telephone, again and again.
        cls.env["civic.throttle.limit"].search([]).unlink()

    def server(self, **options):
        server = Server(self.database, **options)
        self.addCleanup(server.stop)
        server.start()
        return server

    # ------------------------------------------------------------------
    # Processes and sessions
    # ------------------------------------------------------------------

    def test_workers_are_killed_while_citizens_send(self):
        server = self.server(workers=2)
        killed = self.send_while(server, server.kill_a_worker, "workers")
        self.assertGreater(killed, 1)

    def test_database_sessions_are_killed_while_citizens_send(self):
        server = self.server()
        killed = self.send_while(server, self.end_sessions, "sessions")
        self.assertGreater(killed, 5)

    def end_sessions(self):
        """As a restart of PostgreSQL or of what lies between does."""
        ended = self.query(
            SQL(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()
                """
            )
        )
        return len(ended)

    def send_while(self, server, harm, subject):
        """Let citizens send, each until the page says that it came in.

        :param harm: called again and again meanwhile; counts what it did
        :return: how often something was harmed
        """
        told, stopped, harmed = [], threading.Event(), []

        def send(index, _wait):
            for number in range(REPORTS):
                told.append(self.send_until_told(server, f"{subject} {index} {number}"))

        def keep_harming():
            # After each that came in, however slow the machine is: harm stays midway.
            while not stopped.wait(random.uniform(0, 0.3)):
                before = len(told)
                harmed.append(harm())
                while len(told) == before and not stopped.wait(0.02):
                    continue

        trouble = threading.Thread(target=keep_harming)
        trouble.start()
        try:
            for result in together(SENDERS, send):
                self.assertIsNone(result)
        finally:
            stopped.set()
            trouble.join()
        found = self.query(
            SQL(
                "SELECT name, subject FROM civic_report WHERE subject LIKE %s",
                f"{subject} %",
            )
        )
        self.assertEqual(len(told), SENDERS * REPORTS)
        self.assertEqual(sorted(told), sorted(name for name, _subject in found))
        subjects = Counter(subject for _name, subject in found)
        self.assertEqual(set(subjects.values()), {1}, subjects)
        self.assert_whole(told)
        return sum(harmed)

    def send_until_told(self, server, subject):
        """A citizen who presses Send again, the form's key being the same."""
        form = self.filled_form(subject=subject)
        for _try in range(TRIES):
            try:
                client = server.client()
                fields_sent = {**client.open_form(), **form}
                form["key"] = fields_sent["key"] = form.get("key", fields_sent["key"])
                code = client.send_report(fields_sent, [self.picture])
            except Exception:  # the connection was cut, or an error page came
                time.sleep(0.2)
                continue
            if code:
                return code
        raise AssertionError(f"{subject} was never taken in")

    def assert_whole(self, codes):
        """No half record: each report has its duty, its event and its picture."""
        self.refresh()
        for report in self.env["civic.report"].search([("name", "in", codes)]):
            self.assertEqual(report.event_ids.mapped("code"), ["send"])
            self.assertIn("intake", report.step_ids.mapped("code"))
            self.assertEqual(len(report.attachment_ids), 1)
            Image.open(io.BytesIO(report.attachment_ids.raw)).load()

    # ------------------------------------------------------------------
    # The clock
    # ------------------------------------------------------------------

    def test_the_cron_is_killed_midway(self):
        """Each warning is raised once, by whichever pass came to it."""
        with self.committed():
            reports = self.env["civic.report"].create(
                [self.report_values(subject="Quá hạn") for _index in range(STEPS)]
            )
            past = fields.Datetime.now() - timedelta(days=30)
            self.cr.execute(
                """
                UPDATE civic_step SET started_at = %s, deadline = %s, overdue_from = %s,
                       alert_at = %s
                 WHERE report_id IN %s
                """,
                (past, past, past, past, tuple(reports.ids)),
            )
            cron = self.env.ref("civic_report.cron_clock")
            # Small steps, so that there is a middle.
            cron.write({"code": "model._cron_pass(batch=50)"})
        for _kill in range(3):
            left = self.unmarked(reports)
            server = self.pass_of_the_clock(cron)
            self.wait_until(lambda left=left: self.unmarked(reports) < left)
            server.stop()
            self.assertTrue(self.unmarked(reports), "it was to be killed midway")
        self.pass_of_the_clock(cron)
        self.wait_until(lambda: not self.unmarked(reports))
        [(doubled,)] = self.query(
            SQL(
                """
            SELECT count(*) FROM (
                SELECT alert.step_id, alert.level FROM civic_alert alert
                  JOIN civic_step step ON step.id = alert.step_id
                 WHERE step.report_id IN %s
              GROUP BY 1, 2 HAVING count(*) > 1) doubled
            """,
                tuple(reports.ids),
            )
        )
        self.assertEqual(doubled, 0)

    def pass_of_the_clock(self, cron):
        server = self.server(crons=1)
        with self.committed():
            cron._trigger()
        return server

    def wait_until(self, condition):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def unmarked(self, reports):
        [(count,)] = self.query(
            SQL(
                """
            SELECT count(*) FROM civic_step
             WHERE report_id IN %s AND alert_at IS NOT NULL AND alert_at < now()
            """,
                tuple(reports.ids),
            )
        )
        return count

    # ------------------------------------------------------------------
    # Disk and programs
    # ------------------------------------------------------------------

    def test_the_disk_is_full(self):
        """No half report, the text is kept, the server lives."""
        server = self.server(file_limit=150_000)
        noise = Image.frombytes("RGB", (400, 400), os.urandom(400 * 400 * 3))
        large = saved(noise, quality=95)
        self.assertGreater(len(large), 150_000)
        client = server.client()
        form = {**client.open_form(), **self.filled_form(subject="Đĩa đầy")}
        files = [("files", "1.jpg", large)]
        status, body, _url = client.post_form("/phan-anh/gui", form, files)
        self.assertEqual(status, 422)
        self.assertIn("Đĩa đầy", body.decode())
        self.assertNotIn("Traceback", body.decode())
        self.assertFalse(
            self.query(SQL("SELECT 1 FROM civic_report WHERE subject = 'Đĩa đầy'"))
        )
        self.assertTrue(client.send_report(form, [self.picture]))
        server.stop()
        # What was cut off is not taken for the same file when there is room again.
        client = self.server().client()
        form = {**client.open_form(), **self.filled_form(subject="Có chỗ")}
        code = client.send_report(form, [large])
        self.assert_whole([code])

    def test_the_printing_program_hangs(self):
        with self.committed():
            parameters = self.env["ir.config_parameter"]
            parameters.set_param("civic_report.print_seconds", 2)
        [hung] = self.refuse_letter(
            f"#!{sys.executable}\n"
            "import os, pathlib, sys, time\n"
            "'--version' in sys.argv and sys.exit(print('wkhtmltopdf 0.12.6'))\n"
            "pathlib.Path(__file__).with_name(f'{os.getpid()}.began').touch()\n"
            "time.sleep(600)\n"
        )
        with self.assertRaises(ProcessLookupError):  # it was killed
            os.kill(hung, 0)

    def test_the_printing_program_fails(self):
        self.refuse_letter("#!/bin/sh\nexit 3\n")

    def test_the_printing_program_is_missing(self):
        self.refuse_letter(None)

    def refuse_letter(self, program):
        """The citizen is told, the report stays as it is, the server lives.

        :return: ids of processes in which the program said that it began
        """
        with self.committed():
            report = self.walk_to("done")
        with TemporaryDirectory() as folder:
            environment = {"PATH": folder}
            if program:
                path = Path(folder) / "wkhtmltopdf"
                path.write_text(program)
                path.chmod(0o755)
                environment["PATH"] += f":{os.environ['PATH']}"
            server = self.server(environment=environment)
            client = server.client(self.citizen.login)
            status, body, _url = client.get(f"/my/phan-anh/{report.name}/thu")
            self.assertEqual(status, 503)
            self.assertNotIn("Traceback", body.decode())
            page = html.fromstring(body)
            self.assertIn("Try again", page.text_content())
            status, _body, _url = client.get(f"/my/phan-anh/{report.name}")
            self.assertEqual(status, 200)
            return [int(path.stem) for path in Path(folder).glob("*.began")]
