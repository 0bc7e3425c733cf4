"""The log of events, sealed at once; and what somebody may do to its rows."""

from datetime import timedelta

from odoo import fields

from ...tools import event_log, verify
from .common import CivicCase
from .frozen import frozen


class SealCase(CivicCase):
    def setUp(self):
        super().setUp()
        self.events = self.env["civic.event"]
        self.roots = self.env["civic.event.root"]
        # The database's clock, as frozen as the server's.
        now = fields.Datetime.now
        self.patch(type(self.roots), "_database_now", lambda self: now())
        self.seal()

    def seal(self):
        self.env.flush_all()
        while self.events._seal():
            pass

    def close(self, ago=1):
        """Seal what happened, so many days and a half ago, and close that day."""
        self.env.flush_all()
        for name in ("at", "create_date"):
            self.cr.execute(
                f"UPDATE civic_event SET {name} = {name} - interval '1 day' * %s "
                "WHERE leaf_index IS NULL",
                [ago + 0.5],
            )
        self.env.invalidate_all()
        self.seal()
        with frozen(fields.Datetime.now() - timedelta(days=ago)):
            return self.roots._close()

    def rows(self, query):
        self.env.flush_all()
        # One of the program's own queries.
        self.cr.execute(query)  # pylint: disable=sql-injection
        return self.cr.fetchall()

    def check(self, roots=()):
        """Check the log as `tools/verify.py` does."""
        sealed = [event_log.Event(*row) for row in self.rows(verify.SEALED)]
        waiting = [event_log.Event(*row) for row in self.rows(verify.WAITING)]
        return event_log.Checker(roots).check(sealed, waiting)

    def known(self):
        return [event_log.Root(*row) for row in self.rows(verify.ROOTS)]

    def kinds(self, roots=()):
        return set(self.check(roots).counts)

    def undone(self):
        """What is done within is undone, and what was read of it forgotten."""
        return Undone(self)


class Undone:
    def __init__(self, case):
        self.case = case

    def __enter__(self):
        self.case.env.flush_all()
        self.case.cr.execute("SAVEPOINT undone")

    def __exit__(self, *_error):
        self.case.cr.execute("ROLLBACK TO SAVEPOINT undone")
        self.case.env.invalidate_all(flush=False)


class Connection:
    """The test's cursor as a connection gives it."""

    def __init__(self, cr):
        self.cr = cr

    def cursor(self, _name=None):
        return self

    def __enter__(self):
        return self.cr._obj

    def __exit__(self, *_error):
        pass
