import logging
from dataclasses import astuple, dataclass
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

from psycopg2 import Error as DatabaseError

from odoo import api, fields, models
from odoo.modules import Manifest
from odoo.tools import SQL, config

from odoo.addons.base.models.ir_actions_report import _wkhtml

_logger = logging.getLogger(__name__)

OK, LOOK, BROKEN = "ok", "look", "broken"
MAX_NAMED = 10
FROZEN = "web.base.url.freeze"


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
        return [
            "_health_check_queues",
            "_health_check_crons",
            "_health_check_key",
            "_health_check_key_place",
            "_health_check_key_backup",
            "_health_check_base_url",
            "_health_check_mail",
        ]

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

    @api.model
    def _tell_installed(self):
        """Say what a new installation lacks, in the log and to whoever installs it."""
        check = self._health_check_extensions()
        if check.state == OK:
            return
        _logger.warning("%s %s", check.found, check.advice)
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "warning",
                "title": check.title,
                "message": f"{check.found} {check.advice}",
                "sticky": True,
            },
        )

    # ------------------------------------------------------------------
    # Work that goes on
    # ------------------------------------------------------------------

    def _health_check_queues(self):
        _ = self.env._
        queues = self.env["civic.queue.state"]
        labels = dict(queues._fields["code"]._description_selection(self.env))
        rows = queues.search([], limit=20)
        late = [labels[row.code] for row in rows if row.state == "late"]
        given_up = sum(rows.mapped("given_up"))
        if late:
            return Check(
                _("Queues"),
                BROKEN,
                _("Stuck: %s.", ", ".join(late)),
                _(
                    "Open Queues › State of the Queues. Odoo's scheduler must run "
                    "(max_cron_threads)."
                ),
            )
        if given_up:
            return Check(
                _("Queues"),
                LOOK,
                _("All are worked on; %s messages were given up.", given_up),
                _("Open Queues and decide about them."),
            )
        return Check(_("Queues"), OK, _("All are worked on."))

    def _health_check_crons(self):
        _ = self.env._
        rows = self.env.execute_query(
            SQL(
                """
                SELECT action.name->>'en_US', cron.active, cron.failure_count
                  FROM ir_model_data data
                  JOIN ir_cron cron ON cron.id = data.res_id
                  JOIN ir_act_server action ON action.id = cron.ir_actions_server_id
                 WHERE data.module = 'civic_report' AND data.model = 'ir.cron'
                   AND (cron.active IS NOT TRUE OR cron.failure_count > 0)
              ORDER BY 1 LIMIT %s
                """,
                MAX_NAMED,
            )
        )
        title = _("Scheduled actions")
        stopped = [name for name, active, _failures in rows if not active]
        failing = [name for name, active, _failures in rows if active]
        if stopped:
            return Check(
                title,
                BROKEN,
                _("Switched off: %s.", ", ".join(stopped)),
                _("Settings › Technical › Scheduled Actions: switch them on."),
            )
        if failing:
            return Check(
                title,
                LOOK,
                _("Failed at the last try: %s.", ", ".join(failing)),
                _("Look into the server's log."),
            )
        return Check(title, OK, _("All are switched on."))

    def _health_check_mail(self):
        _ = self.env._
        title = _("Outgoing mail")
        servers = self.env["ir.mail_server"].search_count([], limit=1)
        if servers or config.get("smtp_server") not in (None, "", "localhost"):
            senders = [
                company.name
                for company in self._civic_companies()
                if not (
                    company.civic_email or company.default_from_email or company.email
                )
            ]
            if not senders:
                return Check(title, OK, _("A server and a sender are set."))
            return Check(
                title,
                BROKEN,
                _("Without an address to send from: %s.", ", ".join(senders)),
                _("Configuration › E-mail."),
            )
        return Check(
            title,
            LOOK,
            _("No mail server is set: Odoo tries the one on this machine."),
            _("Settings › Technical › Outgoing Mail Servers."),
        )

    # ------------------------------------------------------------------
    # The key of identities
    # ------------------------------------------------------------------

    def _health_check_key(self):
        _ = self.env._
        vault = self.env["civic.vault"]
        problem = vault._problem()
        if problem:
            return Check(_("Key of identities"), BROKEN, problem)
        return Check(
            _("Key of identities"),
            OK,
            _(
                "Key %(key)s, in %(path)s.",
                key=vault._active_key(),
                path=vault._path()[0],
            ),
        )

    def _health_check_key_place(self):
        _ = self.env._
        found, advice = self.env["civic.vault"]._exposure()
        title = _("Place of the key file")
        if found:
            return Check(title, LOOK, found, advice)
        return Check(title, OK, _("Outside the data directory, its owner's alone."))

    def _health_check_key_backup(self):
        _ = self.env._
        keys = self.env["civic.vault.key"].search([("retired_at", "=", False)])
        bare = keys.filtered(lambda key: not key.backed_up_at)
        title = _("Backup of the key file")
        if bare:
            return Check(
                title,
                LOOK,
                _(
                    "Nobody has said that it is backed up: %s.",
                    ", ".join(bare.mapped("key_id")),
                ),
                _(
                    "Copy the key file to a place apart from the database's backups, "
                    "then press “Is Backed Up” in Configuration › Keys of Identities. "
                    "Without it nobody reads identities any more."
                ),
            )
        return Check(title, OK, _("All keys in use are backed up, as was said."))

    # ------------------------------------------------------------------
    # The site
    # ------------------------------------------------------------------

    def _health_check_base_url(self):
        _ = self.env._
        title = _("Address in messages")
        parameters = self.env["ir.config_parameter"]
        base = parameters.get_param("web.base.url") or ""
        frozen = parameters.get_param(FROZEN)
        domains = {
            urlsplit(site.domain).netloc
            for site in self.env["website"].search([("domain", "!=", False)], limit=50)
        }
        if not frozen and not domains:
            return Check(
                title,
                LOOK,
                _(
                    "%s: the address by which an administrator last signed in, which "
                    "may be another one tomorrow.",
                    base,
                ),
                _(
                    "Set the domain of the website, or the system parameters "
                    "web.base.url and web.base.url.freeze = True."
                ),
            )
        if domains and urlsplit(base).netloc not in domains:
            return Check(
                title,
                LOOK,
                _(
                    "%(base)s is not the website's domain (%(domains)s).",
                    base=base,
                    domains=", ".join(sorted(domains)),
                ),
                _("Set web.base.url to the website's domain."),
            )
        if urlsplit(base).scheme != "https":
            return Check(
                title,
                LOOK,
                _("%s is not encrypted.", base),
                _("Serve the site by HTTPS and set web.base.url to that address."),
            )
        return Check(title, OK, base)

    # ------------------------------------------------------------------
    # The database and the machine
    # ------------------------------------------------------------------

    def _health_check_extensions(self):
        _ = self.env._
        title = _("Search in the database")
        missing = self._missing_extensions()
        if not missing:
            return Check(title, OK, _("pg_trgm and unaccent are there."))
        return Check(
            title,
            LOOK,
            _(
                "PostgreSQL lacks %s: searching many reports is slow.",
                ", ".join(missing),
            ),
            _(
                "As the database's owner: %s Then upgrade the module.",
                " ".join(f"CREATE EXTENSION {name};" for name in missing),
            ),
        )

    @api.model
    def _missing_extensions(self):
        registry = self.env.registry
        found = {"pg_trgm": registry.has_trigram, "unaccent": registry.has_unaccent}
        return [name for name, there in found.items() if not there]

    def _health_check_libraries(self):
        _ = self.env._
        wanted = Manifest.for_addon("civic_report")["external_dependencies"]["python"]
        missing = [name for name in wanted if not _is_installed(name)]
        title = _("Programs and libraries")
        if missing:
            return Check(
                title,
                BROKEN,
                _("Missing: %s.", ", ".join(missing)),
                _("pip install -r requirements.txt, then restart."),
            )
        if _wkhtml().state == "install":
            return Check(
                title,
                BROKEN,
                _("wkhtmltopdf is missing: no letter can be printed."),
                _("Install it on the server."),
            )
        return Check(
            title, OK, _("All are there; cryptography %s.", version("cryptography"))
        )

    # ------------------------------------------------------------------
    # The province
    # ------------------------------------------------------------------

    def _civic_companies(self):
        return self.env["res.company"].search(
            [("civic_procedure_id", "!=", False)], limit=100
        )

    def _health_check_procedure(self):
        _ = self.env._
        title = _("Procedure and calendar")
        companies = self._civic_companies()
        if not companies:
            return Check(
                title,
                BROKEN,
                _("No company has a procedure: no report can be taken in."),
                _("Configuration › Apply a Procedure."),
            )
        without = companies.filtered(lambda row: not row.civic_procedure_id.calendar_id)
        if without:
            return Check(
                title,
                LOOK,
                _(
                    "The procedure has no calendar of its own: the company's working "
                    "time counts (%s).",
                    ", ".join(without.mapped("name")),
                ),
                _("Configuration › Procedures: choose a calendar with the holidays."),
            )
        return Check(title, OK, ", ".join(companies.civic_procedure_id.mapped("name")))

    def _health_check_managers(self):
        _ = self.env._
        title = _("Managers")
        group = self.env.ref("civic_report.group_centre_manager")
        people = group.all_user_ids.filtered("active")
        alone = [
            company.name
            for company in self._civic_companies()
            if sum(company in user.company_ids for user in people) < 2
        ]
        if alone:
            return Check(
                title,
                LOOK,
                _(
                    "Fewer than two managers and administrators: nobody can allow more "
                    "looks at identities to the only one (%s).",
                    ", ".join(alone),
                ),
                _("Make somebody else a manager as well."),
            )
        return Check(title, OK, _("There are at least two."))


def _is_installed(name):
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False
