import logging
from dataclasses import astuple, dataclass

from psycopg2 import Error as DatabaseError

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

OK, LOOK, BROKEN = "ok", "look", "broken"


@dataclass(frozen=True)
class Check:
    """What one check found.

    :param title: what was looked at
    :param state: "ok", "look" (it works, but …) or "broken"
    :param found: what is so, in words
    :param advice: what to do about it; empty where nothing is to be done
    """

    title: str
    state: str
    found: str
    advice: str = ""


class CivicHealth(models.Model):
    """What an administrator has to know of the system: whether it works, what is
    missing, and what to do.

    A check is one method `_health_check_…` that returns a :class:`Check`; it is found
    by its name, here or in a model that inherits this one. Nothing is stored.
    """

    _name = "civic.health"
    _description = "Health of the System"
    _auto = False
    _order = "id"
    _rec_name = "title"

    title = fields.Char("Checked", readonly=True)
    state = fields.Selection(
        [(OK, "Works"), (LOOK, "Look at it"), (BROKEN, "Does not work")], readonly=True
    )
    found = fields.Text(readonly=True)
    advice = fields.Text("What To Do", readonly=True)

    @property
    def _table_query(self):
        rows = [
            SQL("(%s, %s, %s, %s, %s)", number, *astuple(check))
            for number, check in enumerate(self._health_of_request(), start=1)
        ]
        return SQL(
            "SELECT id, title, state, found, advice FROM (VALUES %s) "
            "AS health (id, title, state, found, advice)",
            SQL(", ").join(rows),
        )

    def _health_of_request(self):
        """The checks, asked once a transaction for each language."""
        kept = self.env.cr.cache.setdefault("civic_health", {})
        key = (self.env.lang, self.env.uid, tuple(self.env.companies.ids))
        if key not in kept:
            kept[key] = self._health()
        return kept[key]

    @api.model
    def _health(self):
        """Ask every check; one that fails is an answer too.

        :return: list of `Check`
        """
        # sudo: settings and tables of the system; the answer is the administrator's
        asked = self.sudo()
        return [asked._asked(name) for name in self._health_names()]

    @api.model
    def _health_names(self):
        """Names of the checks, in their order."""
        names = [name for name in dir(type(self)) if name.startswith("_health_check_")]
        first = self._health_order()
        known = {name: place for place, name in enumerate(first)}
        return sorted(names, key=lambda name: (known.get(name, len(first)), name))

    @api.model
    def _health_order(self):
        """Those that are shown first; whatever else there is follows by name."""
        return []

    def _asked(self, name):
        try:
            with self.env.cr.savepoint(flush=False):
                return getattr(self, name)()
        except (Exception, DatabaseError) as error:  # whatever it is, the page opens
            _logger.warning("health: %s: %s", name, error, exc_info=True)
            return Check(
                name.removeprefix("_health_check_").replace("_", " "),
                BROKEN,
                self.env._("It could not be checked: %s.", type(error).__name__),
                self.env._("Look into the server's log."),
            )

    def _civic_companies(self):
        return self.env["res.company"].search(
            [("civic_procedure_id", "!=", False)], limit=100
        )
