import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.text import (
    InvalidEmail,
    InvalidPhone,
    clean,
    email_normalized,
    fold,
    phone_e164,
)
from ..vault.vault import VaultError

# What is kept in the vault; nothing of it stands in a column.
IDENTITY = (
    *("name", "phone", "email_from", "address", "citizen_id", "user_id"),
    *("zalo_id", "facebook_id", "chat_id"),
)
# Who a person is to a provider of chats, and the hash by which that is found again.
# Zalo's and Facebook's stand as they are; any other's in `chat_id`, the channel's code
# before it.
CHAT_IDS = {
    "zalo_id": "zalo_hash",
    "facebook_id": "facebook_hash",
    "chat_id": "chat_hash",
}
# How the vault's part of the row is kept.
SEALED = frozenset(
    {
        *("vault_ref", "vault_blob", "vault_key"),
        *("phone_hash", "email_hash", "citizen_id_hash", "user_hash", "sender_hash"),
        *CHAT_IDS.values(),
    }
)
NOBODY = fields.NO_ACCESS
# Says that the sealed columns are written by this module; RPC cannot send it.
_KEY = object()
DOT = "•"
HIDDEN = DOT * 4


class CivicReporter(models.Model):
    """Who the citizen is: the only home of identity, open to the intake centre alone.

    HUE Điều 5.5: kept as “Mật” and used for handling only with consent. A row holds
    the identity sealed by the vault, the link to an account included; beside it stand
    keyed hashes by which a reporter is found. Superuser code reads the fields in clear;
    people read masks until they ask with a reason, see `show`.
    """

    _name = "civic.reporter"
    _inherit = ["civic.sealed"]
    _description = "Reporter"
    _order = "id desc"

    name = fields.Char(
        compute="_compute_identity",
        search="_search_refused",
        readonly=False,
        required=True,
    )
    phone = fields.Char(
        compute="_compute_identity",
        search="_search_phone",
        readonly=False,
        help="International form (E.164).",
    )
    email_from = fields.Char(
        "E-mail",
        compute="_compute_identity",
        search="_search_email_from",
        readonly=False,
    )
    address = fields.Char(
        compute="_compute_identity", search="_search_refused", readonly=False
    )
    citizen_id = fields.Char(
        "Citizen Identity Number",
        compute="_compute_identity",
        search="_search_citizen_id",
        readonly=False,
    )
    user_id = fields.Many2one(
        "res.users",
        "Account",
        compute="_compute_identity",
        search="_search_user_id",
        help="Empty for whoever does not see identities, also where there is one.",
    )
    zalo_id = fields.Char(
        compute="_compute_identity",
        search="_search_refused",
        readonly=False,
        help="Who this is to the Centre's Official Account.",
    )
    facebook_id = fields.Char(
        compute="_compute_identity",
        search="_search_refused",
        readonly=False,
        help="Who this is to the Centre's page.",
    )
    chat_id = fields.Char(
        "Account in a Chat",
        compute="_compute_identity",
        search="_search_refused",
        readonly=False,
        help="Who this is to the provider of another chat, whose code stands before.",
    )
    contact = fields.Char(
        "Telephone or E-mail", store=False, search="_search_contact", readonly=True
    )
    has_account = fields.Boolean(
        compute="_compute_has_account", help="Sent by somebody who was signed in."
    )
    is_organisation = fields.Boolean("Organisation")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    verified = fields.Boolean(help="The Centre has verified who this is.")
    verified_by = fields.Selection(
        [
            ("call", "Called back"),
            ("code", "One-time code"),
            ("seen", "Seen before, or in person"),
            ("other", "Otherwise"),
        ],
        "Verified How",
        copy=False,
    )
    verified_at = fields.Datetime("Verified On", readonly=True, copy=False)
    tell_by = fields.Selection(
        [
            ("auto", "As it is usual"),
            ("email", "By e-mail"),
            ("sms", "By SMS"),
            ("zalo", "By Zalo"),
            ("none", "Only if something is asked"),
        ],
        "To Be Told",
        default="auto",
        help="How the sender wishes to hear of the own reports.",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        help="In which the sender is told of the own reports: that of the page from "
        "which the last one was sent.",
    )
    report_ids = fields.One2many("civic.report", "reporter_id", "Reports")
    access_ids = fields.One2many("civic.access", "reporter_id", "Looks")

    vault_ref = fields.Char(groups=NOBODY, copy=False)
    vault_blob = fields.Text(groups=NOBODY, copy=False)
    phone_hash = fields.Char(groups=NOBODY, copy=False, index="btree_not_null")
    email_hash = fields.Char(groups=NOBODY, copy=False, index="btree_not_null")
    citizen_id_hash = fields.Char(groups=NOBODY, copy=False, index="btree_not_null")
    user_hash = fields.Char(groups=NOBODY, copy=False, index="btree_not_null")
    sender_hash = fields.Char(groups=NOBODY, copy=False, index="btree_not_null")
    zalo_hash = fields.Char(groups=NOBODY, copy=False, index="btree_not_null")
    facebook_hash = fields.Char(groups=NOBODY, copy=False, index="btree_not_null")
    chat_hash = fields.Char(groups=NOBODY, copy=False, index="btree_not_null")

    _one_per_account = models.UniqueIndex(
        "(company_id, user_hash) WHERE user_hash IS NOT NULL",
        "This account has a reporter already.",
    )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.depends("vault_blob")
    @api.depends_context("uid", "lang")
    def _compute_identity(self):
        """In clear for superuser code, masked for people."""
        for reporter in self:
            shown = reporter._identity() if self.env.su else reporter._masks()
            for name in IDENTITY:
                # What is being typed into a form must not be computed over.
                if reporter.id or not self.env.cache.contains(
                    reporter, self._fields[name]
                ):
                    reporter[name] = shown.get(name, False)

    @api.depends("user_hash")
    def _compute_has_account(self):
        for reporter in self:
            # sudo: whether there is an account tells nobody which
            reporter.has_account = bool(reporter.sudo().user_hash)

    @api.depends("vault_blob")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        """A number, and for the Centre the end of the telephone number.

        Names of linked records are computed for the superuser and shown to others: the
        current user counts here, whatever the rights of the moment.
        """
        at_centre = self.env.user.has_group("civic_report.group_operator")
        for reporter in self:
            number = self.env._("Reporter %s", reporter._origin.id or "")
            phone = at_centre and reporter.sudo(False).phone
            reporter.display_name = f"{number} · {phone}" if phone else number

    def _identity(self):
        """The opened identity, for superuser code.

        :return: dict of those fields of `IDENTITY` that are known
        :raises VaultError: the key is missing or wrong
        """
        self.ensure_one()
        row = self.sudo()  # the sealed columns are nobody's to read
        return self._open_values(row.vault_ref, row.vault_blob)

    def _masks(self):
        """What people see: enough to tell two reporters apart, too little to guess by.

        :return: dict as of `_identity`; without the account
        """
        try:
            identity = self._identity()
        except VaultError:
            return {"name": self.env._("Not available")}
        return _masked(identity)

    # ------------------------------------------------------------------
    # Language
    # ------------------------------------------------------------------

    @api.model
    def _page_lang(self):
        """The language of the page that is being answered; False where it is none of
        those in use."""
        lang = self.env.context.get("lang")
        return lang if lang in dict(self.env["res.lang"].get_installed()) else False

    def _told_in(self):
        """The language in which this reporter is told of the own reports, if known."""
        installed = dict(self.env["res.lang"].get_installed())
        return self.lang if self.lang in installed else self.user_id.lang

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        self._check_sealed(vals_list)
        rows = [self._sealed_row(vals) for vals in vals_list]
        return super(CivicReporter, self._keyed()).create(rows).with_env(self.env)

    def _set_verified(self, way):
        """Note that these are who they say.

        :param way: key of `verified_by`
        """
        self.write({"verified": True, "verified_by": way})

    def write(self, vals):
        self._check_sealed([vals])
        if "verified" in vals:
            now = self.env["civic.door"]._now()
            how = {"verified_by": "other", "verified_at": now}
            vals = {**(how if vals["verified"] else dict.fromkeys(how, False)), **vals}
        if "verified" in vals and not self.env.su:
            for reporter in self:
                self.env["civic.access"]._log(reporter, "verify")
        if not vals.keys() & set(IDENTITY):
            return super().write(vals)
        self.check_access("write")
        others = {name: vals[name] for name in vals.keys() - set(IDENTITY)}
        for reporter in self:
            sealed = reporter._resealed(vals)
            super(CivicReporter, reporter._keyed()).write({**others, **sealed})
        return True

    def _keyed(self):
        return self.with_context(civic_reporter=_KEY)

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in SEALED and self.env.context.get("civic_reporter") is _KEY:
            return True
        return super()._has_field_access(field, operation)

    @api.model
    def _check_sealed(self, vals_list):
        """Refuse whoever writes the sealed columns, or the account, directly."""
        if self.env.su:
            return
        if any(vals.keys() & {*SEALED, "user_id"} for vals in vals_list):
            raise AccessError(self.env._("This part of a reporter is not to be set."))

    @api.model
    def _sealed_row(self, vals):
        """Values of a new row: the identity sealed, the rest as it is."""
        vals = self._normalized(vals)
        identity = _known(vals)
        if not identity.get("name"):
            raise ValidationError(self.env._("Give the reporter's name."))
        if any(DOT in str(value) for value in identity.values()):
            raise self._masked_error()
        company = vals.get("company_id") or self.env.company.id
        self._check_account(identity, company)
        others = {name: vals[name] for name in vals.keys() - set(IDENTITY)}
        return {**others, **self._sealed(identity, str(uuid.uuid4()))}

    def _resealed(self, vals):
        """The sealed columns after a change of some of the identity.

        A mask that comes back from a form changes nothing.
        """
        self.ensure_one()
        identity, masks = self._identity(), self._masks()
        changes = {
            name: value
            for name, value in self._normalized(
                {
                    name: vals[name]
                    for name in vals.keys() & set(IDENTITY)
                    if not (vals[name] and vals[name] == masks.get(name))
                }
            ).items()
            if (value or False) != identity.get(name, False)
        }
        if any(DOT in str(value) for value in changes.values()):
            raise self._masked_error()
        if not changes:
            return {}
        if not changes.get("name", True):
            raise ValidationError(self.env._("Give the reporter's name."))
        known = _known({**identity, **changes})
        if changes.get("user_id"):
            self._check_account(known, self.company_id.id)
        if not self.env.su:
            self.env["civic.access"]._log(self, "change", shown=changes)
        # sudo: the sealed columns are nobody's to read
        return self._sealed(known, self.sudo().vault_ref or str(uuid.uuid4()))

    @api.model
    def _sealed(self, identity, ref):
        """The sealed columns of an identity."""
        vault = self.env["civic.vault"]
        hashed = {
            "phone_hash": ("phone", identity.get("phone")),
            "email_hash": ("email", identity.get("email_from")),
            "citizen_id_hash": ("citizen_id", identity.get("citizen_id")),
            "user_hash": ("user", str(identity.get("user_id") or "")),
            "sender_hash": ("sender", _sender(identity)),
            **{column: (name, identity.get(name)) for name, column in CHAT_IDS.items()},
        }
        return {
            **self._seal_values(identity, ref),
            **{
                column: vault._fingerprint(kind, value) if value else False
                for column, (kind, value) in hashed.items()
            },
        }

    def _seal_plain(self, identity):
        """Seal what stood in clear before there was a vault.

        :param identity: dict as of `_identity`
        """
        self.ensure_one()
        self.sudo().write(self._sealed(_known(identity), str(uuid.uuid4())))

    def _vault_again(self):
        return self._sealed(self._identity(), self.vault_ref)

    @api.model
    def _check_account(self, identity, company_id):
        """One reporter for each account, also while two keys are in use.

        The unique index sees to those under one key.
        """
        if not identity.get("user_id"):
            return
        earlier = self.env["civic.vault"]._fingerprints(
            "user", str(identity["user_id"])
        )
        # sudo: the sealed columns are nobody's to search
        if earlier[1:] and self.sudo().search_count(
            [("company_id", "=", company_id), ("user_hash", "in", earlier[1:])], limit=1
        ):
            raise ValidationError(self.env._("This account has a reporter already."))

    @api.model
    def _masked_error(self):
        return UserError(
            self.env._(
                "“%s” stands for what is hidden and cannot be saved: type the whole "
                "value anew.",
                DOT,
            )
        )

    @api.model
    def _normalized(self, vals):
        """Telephone and e-mail in the one form in which they are kept.

        :raises ValidationError: for what is neither
        """
        vals = dict(vals)
        for name in ("name", "address", "citizen_id", *CHAT_IDS):
            if vals.get(name):
                vals[name] = clean(vals[name], multiline=False)
        if vals.get("phone"):
            vals["phone"] = self._normalized_phone(vals["phone"])
        if vals.get("email_from"):
            vals["email_from"] = self._normalized_email(vals["email_from"])
        return vals

    @api.model
    def _normalized_phone(self, raw):
        try:
            return phone_e164(raw)
        except InvalidPhone as error:
            if DOT in raw:
                raise self._masked_error() from None
            raise ValidationError(
                self.env._(
                    "“%s” is not a telephone number. Write it like 0912 345 678.", raw
                )
            ) from error

    @api.model
    def _normalized_email(self, raw):
        try:
            return email_normalized(raw, international=True)
        except InvalidEmail as error:
            if DOT in raw:
                raise self._masked_error() from None
            raise ValidationError(
                self.env._(
                    "“%s” is not an e-mail address. Write it like ten@example.com.", raw
                )
            ) from error


def _known(vals):
    """Those values of an identity that are known."""
    return {name: vals[name] for name in IDENTITY if vals.get(name)}


def _sender(identity):
    """Telephone and name together, by which an anonymous sender is found again."""
    phone = identity.get("phone")
    return f"{phone}\n{fold(identity.get('name'))}" if phone else ""


def _masked(identity):
    hidden = ("address", "citizen_id", *CHAT_IDS)
    masks = {name: HIDDEN for name in hidden if name in identity}
    if "name" in identity:
        # Vietnamese given names come last; lengths and other initials are not told.
        masks["name"] = f"{HIDDEN} {identity['name'].split()[-1][0].upper()}."
    if "phone" in identity:
        masks["phone"] = f"{DOT * 3} {DOT * 3} {identity['phone'][-3:]}"
    if "email_from" in identity:
        masks["email_from"] = f"{identity['email_from'][0]}{DOT * 3}@{DOT * 3}"
    return masks
