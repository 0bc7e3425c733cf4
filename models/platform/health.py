import logging
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

from odoo import api, models
from odoo.modules import Manifest
from odoo.tools import SQL, config

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..ground.health import BROKEN, LOOK, OK, Check

_logger = logging.getLogger(__name__)

MAX_NAMED = 10


class CivicHealth(models.Model):
    """What the whole needs: queues, keys, addresses, the machine, the province."""

    _inherit = "civic.health"

    @api.model
    def _health_order(self):
        return [
            "_health_check_queues",
            "_health_check_crons",
            "_health_check_key",
            "_health_check_key_place",
            "_health_check_key_backup",
            "_health_check_base_url",
            "_health_check_mail",
        ]

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
        """Where links lead: ours by company, those of other apps by one for all."""
        _ = self.env._
        title = _("Address in messages")
        companies = self._civic_companies() or self.env.company
        problems = [row._civic_base_url_problem() for row in companies]
        if any(problems):
            return Check(
                title,
                LOOK,
                " ".join(dict.fromkeys(filter(None, problems))),
                _(
                    "Set the domain of the website, or the system parameters "
                    "web.base.url and web.base.url.freeze = True."
                ),
            )
        sites = [row._civic_base_url() for row in companies]
        return self._server_url_check(title) or Check(
            title, OK, ", ".join(dict.fromkeys(sites))
        )

    def _server_url_check(self, title):
        """What is wrong with the address by which other apps call this server."""
        _ = self.env._
        base = self.env["ir.config_parameter"].get_param("web.base.url") or ""
        domains = {
            urlsplit(site.domain).netloc
            for site in self.env["website"].search([("domain", "!=", False)], limit=50)
        }
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
        return None

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
