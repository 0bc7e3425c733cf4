from odoo import models


class CivicMerger(models.Model):
    """What a citizen of both provinces has in each, and can have but once.

    Rows that only change hands may meet another one of the person: two locks, two
    requests of the same kind. One of each goes on, and says so.
    """

    _inherit = "civic.merger"

    def _notes(self):
        yield from super()._notes()
        _ = self.env._
        yield (
            _("Locks of citizens who are locked in both: the longer one goes on"),
            len(self._double_locks()),
        )
        yield (
            _("Requests about data that were made in both: the earlier one goes on"),
            len(self._double_requests()),
        )
        yield (
            _(
                "Plans for a ward that is the same in both: that of the province that "
                "goes on stays"
            ),
            len(self._double_plans()),
        )

    def _join_reporters(self):
        self._end_double_locks()
        self._join_double_requests()
        self.env.flush_all()
        return super()._join_reporters()

    def _join_wards(self):
        self._cancel_double_plans()
        self.env.flush_all()
        return super()._join_wards()

    def _elevated_rows(self, model):
        return self.env[model].with_env(self.env["civic.report"]._elevated().env)

    # ------------------------------------------------------------------
    # Locks
    # ------------------------------------------------------------------

    def _double_locks(self):
        """Of two locks of a person that nobody has ended the one that is over first."""
        locks = self._elevated_rows("civic.lock")
        return locks.concat(
            *(
                both.sorted(lambda lock: (lock.until, lock.since, lock.id))[:-1]
                for both in self._of_both(locks, [("ended_at", "=", False)], "what")
            )
        )

    def _end_double_locks(self):
        locks = self._double_locks()
        now = locks.env["civic.door"]._now()
        for lock in locks:
            # One that has run out is ended when it was over, as before a new one.
            over = lock.until <= now
            lock.write(
                {
                    "ended_at": lock.until if over else now,
                    "end_reason": not over and self._two_words(),
                }
            )

    def _two_words(self):
        return self.env._(
            "%(former)s has become part of %(province)s: the longer of two locks goes "
            "on.",
            former=self.source_id.name,
            province=self.company_id.name,
        )

    # ------------------------------------------------------------------
    # Requests about personal data
    # ------------------------------------------------------------------

    def _double_requests(self):
        """(the later one, the earlier one) of two open ones of a kind."""
        requests = self._elevated_rows("civic.data.request")
        pairs = []
        domain = [("state", "in", requests._open_states)]
        for both in self._of_both(requests, domain, "kind"):
            earlier, *later = both.sorted(lambda row: (row.received_at, row.id))
            pairs += [(row, earlier) for row in later]
        return pairs

    def _join_double_requests(self):
        for later, earlier in self._double_requests():
            later._join_earlier(earlier)

    # ------------------------------------------------------------------
    # Plans for wards
    # ------------------------------------------------------------------

    def _double_plans(self):
        """Planned ends of a ward that goes, where that of the other one is planned."""
        plans = self._elevated_rows("civic.succession")
        wards = dict(self._same_wards())
        planned = plans.search(
            [
                ("ward_id", "in", [*wards, *wards.values()]),
                ("state", "=", "planned"),
            ]
        )
        ends = planned.ward_id.ids
        return planned.filtered(lambda plan: wards.get(plan.ward_id.id) in ends)

    def _cancel_double_plans(self):
        for plan in self._double_plans():
            plan.write(
                {
                    "state": "cancelled",
                    "problem": self.env._(
                        "The ward has become one with that of %s, whose end is "
                        "planned there.",
                        self.company_id.name,
                    ),
                }
            )

    # ------------------------------------------------------------------

    def _of_both(self, rows, domain, column):
        """Rows of one citizen and one value of a column, where there is more than one.

        :param rows: empty recordset of a model with `reporter_id`
        :return: list of recordsets
        """
        stays = dict(self._same_reporters())
        found = rows.search([("reporter_id", "in", [*stays, *stays.values()]), *domain])
        groups = found.grouped(
            lambda row: (
                stays.get(row.reporter_id.id, row.reporter_id.id),
                row[column],
            )
        )
        return [group for group in groups.values() if len(group) > 1]
