import base64
import json
import secrets
import uuid

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import consteq

from ..tools.ask import AskError, ask, is_safe_url

# What is kept in the vault; nobody reads it back.
SECRETS = ("secret", "access_key", "refresh_key", "webhook_secret")
# How it is kept.
SEALED = frozenset({"vault_ref", "vault_blob", "vault_key"})
# What the module writes by itself.
OWN = frozenset({"token", "expires_at", "tested_at", "test_result", "success_at"}) | {
    *("failure_at", "failure"),
}
HIDDEN = "•" * 8
# Where each provider is asked unless the gateway says otherwise.
URLS = {
    "esms": "https://rest.esms.vn/MainService.svc/json",
    "odoo": "",
    "zalo": "https://business.openapi.zalo.me",
    "facebook": "https://graph.facebook.com/v21.0",
    "stringee": "https://api.stringee.com/v1",
    "pbx": "",
}
# The providers of each kind, the usual one first.
PROVIDERS = {
    "sms": ("esms", "odoo"),
    "zalo": ("zalo",),
    "facebook": ("facebook",),
    "call": ("stringee",),
    "pbx": ("pbx",),
}


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
        [
            ("sms", "SMS"),
            ("zalo", "Zalo"),
            ("facebook", "Facebook Messenger"),
            ("call", "Automatic calls"),
            ("pbx", "Telephone desk"),
        ],
        required=True,
        default="sms",
    )
    provider = fields.Selection(
        [
            ("esms", "Brand name SMS (eSMS)"),
            ("odoo", "SMS service set up in Odoo"),
            ("zalo", "Zalo Official Account"),
            ("facebook", "Facebook page"),
            ("stringee", "Calls (Stringee)"),
            ("pbx", "Switchboard of the Centre"),
        ],
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

    template_ids = fields.One2many("civic.gateway.template", "gateway_id", "Templates")

    _one_of_a_kind = models.UniqueIndex(
        "(company_id, kind) WHERE active IS TRUE",
        "There is a gateway of this kind already: archive it first.",
    )
    _token_once = models.UniqueIndex("(token)", "This address is taken.")

    @api.depends("kind")
    def _compute_provider(self):
        for gateway in self:
            providers = PROVIDERS.get(gateway.kind, ())
            if gateway.provider not in providers:
                gateway.provider = providers[:1] and providers[0]

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
            if gateway.provider not in PROVIDERS[gateway.kind]:
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
        blob = base64.b64decode(json.loads(row.vault_blob)["blob"])
        opened = self.env["civic.vault"]._open(blob, self._vault_context(row.vault_ref))
        return json.loads(opened)

    def _secret(self, name):
        """One secret in clear, for the request in hand.

        :raises VaultError: the key of the vault is missing or wrong
        """
        self.ensure_one()
        return self._open_secrets().get(name, "")

    @api.model
    def _vault_context(self, ref):
        return f"civic.gateway:{ref}"

    @api.model
    def _sealed(self, known):
        """The sealed columns of these secrets, under a name of their own each time."""
        vault, ref = self.env["civic.vault"], str(uuid.uuid4())
        blob = vault._seal(json.dumps(known).encode(), self._vault_context(ref))
        return {
            "vault_ref": ref,
            "vault_blob": json.dumps(
                {"names": sorted(known), "blob": base64.b64encode(blob).decode()}
            ),
            "vault_key": vault._active_key(),
        }

    def _vault_again(self):
        return self._sealed(self._open_secrets()) if self.vault_blob else {}

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        rows = [self._prepare_gateway(vals) for vals in vals_list]
        # sudo: nobody may write the sealed columns; whoever creates was checked
        return super(CivicGateway, self.sudo()).create(rows).with_env(self.env)

    @api.model
    def _prepare_gateway(self, vals):
        self._check_own(vals)
        self._check_company(vals)
        if not self.env.su:
            self._check_linked(vals)
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
        # sudo: as above
        gateways = self.sudo().search([], limit=1000)
        return {(row.company_id.id, row.kind): row.id for row in gateways}

    @api.model
    def _template(self, company, notice_id):
        """Number of the template by which a company tells this; None without one."""
        return self._active_templates().get((company.id, notice_id))

    @api.model
    @tools.ormcache()
    def _active_templates(self):
        """dict of (company id, notice id) → number of the template"""
        # sudo: as above
        rows = self.env["civic.gateway.template"].sudo()
        return {
            (row.gateway_id.company_id.id, row.notice_id.id): row.template
            for row in rows.search([("gateway_id.active", "=", True)], limit=1000)
        }

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
        base = (self.url or URLS[self.provider]).rstrip("/")
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
            words = getattr(self.sudo(), f"_test_{self.provider}")()
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


class CivicGatewayTemplate(models.Model):
    """A template that was registered with the provider, and the notice it says."""

    _name = "civic.gateway.template"
    _inherit = ["civic.cached", "civic.links"]
    _description = "Registered Template"
    _order = "gateway_id, notice_id"
    _rec_name = "template"

    gateway_id = fields.Many2one("civic.gateway", required=True, ondelete="cascade")
    notice_id = fields.Many2one(
        "civic.notice",
        required=True,
        ondelete="cascade",
        domain="[('channel', '=', 'zalo')]",
    )
    template = fields.Char("Number", required=True, help="As the provider counts it.")

    _once = models.UniqueIndex(
        "(gateway_id, notice_id)", "This notice has a template already."
    )


def _typed(vals):
    """Those secrets that were typed; what stands for a hidden one changes nothing."""
    return {
        name: (vals[name] or "").strip()
        for name in SECRETS
        if name in vals and vals[name] != HIDDEN
    }
