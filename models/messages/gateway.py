import json
import secrets
import uuid

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import consteq

from ...tools.ask import AskError, ask, is_safe_url

# What is kept in the vault; nobody reads it back.
SECRETS = ("secret", "access_key", "refresh_key", "webhook_secret")
# How it is kept.
SEALED = frozenset({"vault_ref", "vault_blob", "vault_key"})
# What the module writes by itself.
OWN = frozenset({"token", "expires_at", "tested_at", "test_result", "success_at"}) | {
    *("failure_at", "failure"),
}
HIDDEN = "•" * 8


class CivicGateway(models.Model):
    """An account of a province with a provider of messages or calls.

    Its keys are sealed by the vault. Whoever sets it up writes them and never reads
    them back; the module opens them for each request.
    """

    _name = "civic.gateway"
    _inherit = ["civic.cached", "civic.sealed", "civic.links"]
    _description = "Gateway"
    _order = "kind, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        lambda self: self._selection_kind(), required=True, default="sms"
    )
    provider = fields.Selection(
        lambda self: self._selection_provider(),
        compute="_compute_provider",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    url = fields.Char(
        "Address",
        help="Only where the provider's usual address is not the one to ask. It begins "
        "with https://",
    )
    account = fields.Char(
        help="Whose account it is: ApiKey at eSMS, App ID at Zalo, page at Facebook, "
        "API key SID at Stringee.",
    )
    sender = fields.Char(
        help="As recipients see it: the brand name of an SMS, the number that calls.",
    )
    secret = fields.Char(
        "Secret Key",
        compute="_compute_secrets",
        readonly=False,
        help="SecretKey, app secret or key secret. Sealed; never shown again.",
    )
    access_key = fields.Char(
        "Access Token",
        compute="_compute_secrets",
        readonly=False,
        help="Sealed; never shown again.",
    )
    refresh_key = fields.Char(
        "Refresh Token",
        compute="_compute_secrets",
        readonly=False,
        help="Zalo: with it the access token is renewed, by itself. Sealed.",
    )
    webhook_secret = fields.Char(
        compute="_compute_secrets",
        readonly=False,
        help="With it the provider signs what it tells us: OA secret key at Zalo, app "
        "secret at Facebook. Sealed; never shown again.",
    )
    vault_ref = fields.Char(groups=fields.NO_ACCESS, copy=False)
    vault_blob = fields.Text(groups=fields.NO_ACCESS, copy=False)
    expires_at = fields.Datetime("Access Token Until", readonly=True, copy=False)
    token = fields.Char(
        readonly=True,
        copy=False,
        required=True,
        default=lambda self: secrets.token_urlsafe(24),
        help="Part of the addresses at which the provider reaches us.",
    )

    tested_at = fields.Datetime("Tested", readonly=True, copy=False)
    test_result = fields.Char(readonly=True, copy=False)
    success_at = fields.Datetime("Last Success", readonly=True, copy=False)
    failure_at = fields.Datetime("Last Failure", readonly=True, copy=False)
    failure = fields.Char("What Went Wrong", readonly=True, copy=False)
    state = fields.Selection(
        [("new", "Not used yet"), ("ok", "Works"), ("failing", "Fails")],
        compute="_compute_state",
    )

    needs = fields.Json(
        compute="_compute_needs", help="What the form asks for, by names of fields."
    )

    _one_of_a_kind = models.UniqueIndex(
        "(company_id, kind) WHERE active IS TRUE",
        "There is a gateway of this kind already: archive it first.",
    )
    _token_once = models.UniqueIndex("(token)", "This address is taken.")

    # ------------------------------------------------------------------
    # The driver of its channel
    # ------------------------------------------------------------------

    @api.model
    def _selection_kind(self):
        drivers = self.env["civic.driver"]._able("_providers")
        return [(driver._code, driver._gateway_label()) for driver in drivers]

    @api.model
    def _selection_provider(self):
        drivers = self.env["civic.driver"]._able("_providers")
        return [choice for driver in drivers for choice in driver._provider_choices()]

    def _driver(self):
        return self.env["civic.driver"]._of(self.kind)

    @api.depends("kind")
    def _compute_provider(self):
        for gateway in self:
            providers = [*gateway._driver()._providers]
            if gateway.provider not in providers:
                gateway.provider = providers[:1] and providers[0]

    @api.depends("kind", "provider")
    def _compute_needs(self):
        for gateway in self:
            gateway.needs = gateway._driver()._needs(gateway)

    @api.depends("success_at", "failure_at")
    def _compute_state(self):
        for gateway in self:
            succeeded, failed = gateway.success_at, gateway.failure_at
            if failed and (not succeeded or failed > succeeded):
                gateway.state = "failing"
            else:
                gateway.state = "ok" if succeeded else "new"

    @api.constrains("url")
    def _check_url(self):
        for gateway in self.filtered("url"):
            if not is_safe_url(gateway.url):
                raise ValidationError(
                    self.env._("The address of a gateway begins with https://")
                )

    @api.constrains("kind", "provider")
    def _check_provider(self):
        for gateway in self:
            if gateway.provider not in gateway._driver()._providers:
                raise ValidationError(
                    self.env._("This provider does not do that: choose another one.")
                )

    # ------------------------------------------------------------------
    # Secrets
    # ------------------------------------------------------------------

    @api.depends("vault_blob")
    def _compute_secrets(self):
        """Whether something is kept, and nothing of what; not even for the superuser:
        see `_secret`."""
        for gateway in self:
            # sudo: the sealed columns are nobody's to read
            kept = gateway._origin.sudo()._known_secrets()
            for name in SECRETS:
                if gateway.id or not self.env.cache.contains(
                    gateway, self._fields[name]
                ):
                    gateway[name] = HIDDEN if name in kept else False

    def _known_secrets(self):
        """Names of the secrets that are kept; they stand beside the sealed ones."""
        return json.loads(self.vault_blob)["names"] if self.vault_blob else []

    def _open_secrets(self):
        """:raises VaultError: the key of the vault is missing or wrong"""
        row = self.sudo()  # sudo: the sealed columns are nobody's to read
        if not row.vault_blob:
            return {}
        return self._open_values(row.vault_ref, json.loads(row.vault_blob)["blob"])

    def _secret(self, name):
        """One secret in clear, for the request in hand.

        :raises VaultError: the key of the vault is missing or wrong
        """
        self.ensure_one()
        return self._open_secrets().get(name, "")

    @api.model
    def _sealed(self, known):
        """The sealed columns of these secrets, under a name of their own each time."""
        sealed = self._seal_values(known, str(uuid.uuid4()))
        kept = {"names": sorted(known), "blob": sealed["vault_blob"]}
        return {**sealed, "vault_blob": json.dumps(kept)}

    def _vault_again(self):
        return self._sealed(self._open_secrets()) if self.vault_blob else {}

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        self._check_linked(vals_list)
        rows = [self._prepare_gateway(vals) for vals in vals_list]
        # sudo: nobody may write the sealed columns; whoever creates was checked
        return super(CivicGateway, self.sudo()).create(rows).with_env(self.env)

    @api.model
    def _prepare_gateway(self, vals):
        self._check_own(vals)
        self._check_company(vals)
        vals = {"company_id": self.env.company.id, **vals}
        known = _typed(vals)
        row = {name: vals[name] for name in vals.keys() - set(SECRETS)}
        return {**row, **self._sealed(known)} if known else row

    def write(self, vals):
        self._check_own(vals)
        self._check_company(vals)
        others = {name: vals[name] for name in vals.keys() - set(SECRETS)}
        result = super().write(others) if others else True
        if vals.keys() & set(SECRETS):
            self.check_access("write")
            # sudo: nobody may write the sealed columns; whoever writes was checked
            for gateway in self.sudo():
                gateway._keep_secrets(_typed(vals))
        self.invalidate_recordset([*SECRETS])
        return result

    def _keep_secrets(self, typed):
        """Add or replace secrets; an empty one is forgotten."""
        known = {**self._open_secrets(), **typed}
        known = {name: value for name, value in known.items() if value}
        values = self._sealed(known) if known else dict.fromkeys(SEALED, False)
        if typed.keys() & {"access_key", "refresh_key"}:
            values["expires_at"] = False
        self.write(values)

    @api.model
    def _check_own(self, vals):
        """Refuse what the module writes by itself.

        :raises AccessError: for all but the module
        """
        if not self.env.su and vals.keys() & (SEALED | OWN):
            raise AccessError(self.env._("This part of a gateway is not to be set."))

    @api.model
    def _check_company(self, vals):
        """:raises MissingError: for a company that is not the caller's"""
        company = vals.get("company_id")
        if company and not self.env.su and company not in self.env.user.company_ids.ids:
            raise MissingError(self.env._("Not found: choose a company of your own."))

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------

    @api.model
    def _of(self, company, kind):
        """The gateway of a company, elevated; empty where none is set up.

        :param company: res.company
        :param kind: such as "sms"
        """
        # sudo: whoever tells somebody something reads no gateways
        return self.sudo().browse(self._active_ids().get((company.id, kind), ()))

    @api.model
    @tools.ormcache()
    def _active_ids(self):
        """dict of (company id, kind) → id of the gateway in use"""
        # sudo: whoever tells somebody something reads no gateways
        gateways = self.sudo().search([], limit=1000)
        return {(row.company_id.id, row.kind): row.id for row in gateways}

    @api.model
    def _by_token(self, token, kind):
        """The gateway whom a provider's address names, elevated; else empty.

        :param token: part of the address, from outside
        """
        if not isinstance(token, str) or not token.isascii():
            return self.sudo().browse()
        # sudo: providers have no account with us
        found = self.sudo().search(
            [("token", "=", token), ("kind", "=", kind)], limit=1
        )
        return found if found and consteq(found.token, token) else found.browse()

    # ------------------------------------------------------------------
    # Asking the provider
    # ------------------------------------------------------------------

    def _url(self, path=""):
        self.ensure_one()
        base = (self.url or self._driver()._providers[self.provider]).rstrip("/")
        return f"{base}/{path}" if path else base

    def _ask(self, method, url, **options):
        """Ask the provider; see `tools.ask`.

        :raises AskError: with what became of it
        """
        return ask(method, url, **options)

    def _words_of(self, error):
        """An AskError for operators and administrators."""
        _ = self.env._
        words = {
            "unreachable": _("The provider cannot be reached."),
            "silent": _("The provider fell silent; it may have been done."),
            "busy": _("The provider asks to come back later."),
            "denied": _("The provider does not accept our keys."),
            "moved": _("Nobody of that name answers at this address."),
            "broken": _("The provider has a fault of its own."),
            "refused": _("The provider refuses it."),
            "garbled": _("The provider answers what nobody understands."),
        }[error.code]
        return f"{words} ({error.status})" if error.status else words

    # ------------------------------------------------------------------
    # Testing
    # ------------------------------------------------------------------

    def action_test(self):
        """Ask the provider who we are, and say in words what it answers.

        :return: action
        :raises AccessError: for all but administrators
        :raises UserError: when it does not work, with what to do
        """
        self.ensure_one()
        self.check_access("write")
        try:
            # sudo: the keys are nobody's to read; who may test them was checked
            words = self.sudo()._driver()._test(self.sudo())
        except AskError as error:
            words, ok = self._words_of(error), False
        except UserError as error:
            words, ok = error.args[0], False
        else:
            ok = True
        now = self.env["civic.door"]._now()
        values = {"tested_at": now, "test_result": words}
        if ok:
            values["success_at"] = now
        # sudo: what the test gave is the module's to write
        self.sudo().write(values)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if ok else "danger",
                "title": self.name,
                "message": words,
                "sticky": not ok,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------------
    # How it goes
    # ------------------------------------------------------------------

    def _note(self, failure=False):
        """Keep when it last worked or failed, in a transaction of its own: a message
        that went out must not be undone because two workers note this at once.

        :param failure: what went wrong, in words; False: it worked
        """
        now = self.env["civic.door"]._now()
        values = (
            SQL("failure_at = %s, failure = %s", now, failure)
            if failure
            else SQL("success_at = %s", now)
        )
        with self.env.registry.cursor() as cr:
            query = SQL("UPDATE civic_gateway SET %s WHERE id = %s", values, self.id)
            try:
                cr.execute(query, log_exceptions=False)
            except SerializationFailure:
                cr.rollback()  # another worker has just noted it
        self.invalidate_recordset(["success_at", "failure_at", "failure", "state"])


def _typed(vals):
    """Those secrets that were typed; what stands for a hidden one changes nothing."""
    return {
        name: (vals[name] or "").strip()
        for name in SECRETS
        if name in vals and vals[name] != HIDDEN
    }
