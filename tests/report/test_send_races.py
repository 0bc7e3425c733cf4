"""One form, sent several times at the same moment, over HTTP."""

from odoo.tests import tagged
from odoo.tools import SQL

from ..rig.asked import trial
from ..rig.live import LiveCase, Server, together
from ..rig.media import drawing, saved

TIMES = 6


class SendRaces(LiveCase):
    """An impatient thumb: the same filled form, from one browser, at once."""

    workers = 0

    @classmethod
    def set_up_live(cls):
        cls.photo = saved(drawing())

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server(cls.database, workers=cls.workers)
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()

    def send_together(self, client, fields):
        """
        :return: list of (status, address of the page that it led to)
        """

        def act(_index, wait):
            wait()
            files = [("files", "0.jpg", self.photo)]
            status, _body, url = client.post_form("/phan-anh/gui", fields, files)
            return status, url.rpartition("/")[2]

        return together(TIMES, act)

    def numbers(self):
        rows = self.query(SQL("SELECT name FROM civic_report ORDER BY id DESC LIMIT 2"))
        return [int(name.rpartition("-")[2]) for (name,) in rows]

    def check_one_of(self, times):
        """Each time: every answer is the receipt, and one act is counted."""
        client = self.server.client()
        for _time in range(times):
            fields = self.filled_form(**client.open_form())
            before = self.query(SQL("SELECT count(*) FROM civic_report"))
            answers = self.send_together(client, fields)
            self.assertEqual(len(set(answers)), 1, answers)
            self.assertEqual(answers[0][0], 200, answers)
            after = self.query(SQL("SELECT count(*) FROM civic_report"))
            self.assertEqual(after[0][0], before[0][0] + 1)
        # An honest one afterwards, from the same browser, and the code is the next.
        code = client.send_report(self.filled_form(**client.open_form()), [self.photo])
        self.assertTrue(code)
        last, earlier = self.numbers()
        self.assertEqual(last, earlier + 1, "no code is skipped")


@tagged("-at_install", "post_install")
@trial("report", "site", "matching")
class TestSentAtOnce(SendRaces):
    def test_threads_of_one_process(self):
        # Four reports of five that a device may send at once.
        self.check_one_of(4)


@tagged("-at_install", "post_install")
@trial("report", "site", "matching")
class TestSentAtOnceToWorkers(SendRaces):
    workers = 3

    def test_workers(self):
        self.check_one_of(4)
