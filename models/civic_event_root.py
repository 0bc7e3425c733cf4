from datetime import timedelta

from odoo import api, fields, models

from ..tools import merkle
from .civic_health import BROKEN, LOOK, OK, Check

# Roots that the page shows, and that its data holds.
SHOWN, MOST = 31, 400
# A night without the server is no matter; longer, and nobody outside hears of roots.
SILENT = timedelta(days=2)


class CivicEventRoot(models.Model):
    """The root over all events, once a day, as it is told to the world.

    One log for the whole database, whichever companies it has: so there is one root,
    and it tells nothing but how many events there are.
    """

    _name = "civic.event.root"
    _inherit = ["civic.kept"]
    _description = "Root of the history"
    _order = "day desc"
    _rec_name = "day"

    day = fields.Date(required=True, readonly=True, help="The last day that it closes.")
    size = fields.Integer("Events", required=True, readonly=True, aggregator=None)
    root = fields.Char(required=True, readonly=True)
    closed_at = fields.Datetime("Closed", required=True, readonly=True)
    consistency = fields.Json(
        readonly=True,
        help="Proof that the log of the root before is the beginning of this one "
        "(RFC 9162, 2.1.4).",
    )

    _once = models.UniqueIndex("(day)", "This day is closed already.")

    # ------------------------------------------------------------------
    # Closing days
    # ------------------------------------------------------------------

    @api.model
    def _cron_seal(self):
        """Seal what has happened; once a day is over, close it."""
        crons, events = self.env["ir.cron"], self.env["civic.event"]
        while sealed := events._seal():
            if not crons._commit_progress(sealed):
                crons._commit_progress(remaining=1)
                return
        self._close()

    @api.model
    def _close(self):
        """Close the days that are over and tell the root outside, where there is one.

        :return: the root; empty where the day is closed already or nothing happened yet
        """
        now = self.env["civic.door"]._now()
        main = self.env.ref("base.main_company")
        day = main._civic_date(now) - timedelta(days=1)
        before = self.search([], limit=1)
        size = self.env["civic.event"]._log_size()
        if not size or (before and before.day >= day):
            return self.browse()
        tree = self.env["civic.event"]._tree(size, before.size)
        root = self._inside().create(
            {
                "day": day,
                "size": size,
                "root": tree(0, size).hex(),
                "closed_at": now,
                "consistency": before._consistency(size, tree),
            }
        )
        self.env["civic.outbox"]._queue_root(root)
        return root

    def _consistency(self, size, tree):
        """Proof from this root, if any, to a log of a size."""
        if not self or self.size > size:
            return []
        proof = merkle.consistency_proof(self.size, size, tree)
        return [part.hex() for part in proof]

    @api.model
    def _inside(self):
        return self.with_env(self.env["civic.report"]._elevated().env)

    # ------------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------------

    @api.model
    def _public_roots_sudo(self, limit):
        """What the whole world may know of the roots, the latest first.

        :return: list of dicts: day, size, root, closed_at (UTC), consistency
        """
        # sudo: they are made to be published
        return [root._public_values() for root in self.sudo().search([], limit=limit)]

    def _public_values(self):
        return {
            "day": self.day.isoformat(),
            "size": self.size,
            "root": self.root,
            "closed_at": f"{self.closed_at.isoformat()}Z",
            "consistency": self.consistency or [],
        }

    def _line(self):
        """As mails have it, and as `tools/verify.py` finds it in them."""
        return f"{self.day} {self.size} {self.root}"


class CivicHealth(models.Model):
    _inherit = "civic.health"

    def _health_check_roots(self):
        """Whether the log still ends in its last root, and whether anybody outside
        could tell if it did not."""
        _ = self.env._
        title = _("Roots of the history")
        roots, events = self.env["civic.event.root"], self.env["civic.event"]
        last = roots.search([], limit=1)
        if not last:
            return Check(title, OK, _("The first day is not closed yet."))
        size = events._log_size()
        if size < last.size or events._tree(last.size)(0, last.size).hex() != last.root:
            return Check(
                title,
                BROKEN,
                _("The history is not what it was when %s was closed.", last.day),
                _(
                    "Change nothing, keep a copy of the database, and check it with "
                    "tools/verify.py against the roots in the e-mails sent outside."
                ),
            )
        if self.env["civic.door"]._now() - last.closed_at > SILENT:
            return Check(
                title,
                BROKEN,
                _("No day has been closed since %s.", last.day),
                _("Look whether the scheduled action that seals events runs."),
            )
        silent = [
            company.name
            for company in self._civic_companies()
            if not company._civic_root_addresses()
        ]
        if silent:
            return Check(
                title,
                LOOK,
                _("Nobody outside is told of them: %s.", ", ".join(silent)),
                _(
                    "Settings › Civic Reports › Trust: name addresses of others, who "
                    "keep the roots and could tell if the history were rewritten."
                ),
            )
        return Check(
            title,
            OK,
            _("%(size)s events, closed on %(day)s.", size=last.size, day=last.day),
        )
