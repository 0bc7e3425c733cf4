import base64
import json
import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ..tools.text import (
    InvalidEmail,
    InvalidPhone,
    clean,
    email_normalized,
    fold,
    is_number,
    phone_e164,
    phone_national,
)
from .civic_vault import VaultError
from .res_company_upload import MOST_FILES

# What is kept in the vault; nothing of it stands in a column.
IDENTITY = (
    *("name", "phone", "email_from", "address", "citizen_id", "user_id"),
    *("zalo_id", "facebook_id"),
)
# Who a person is to a provider of chats, and the hash by which that is found again.
CHAT_IDS = {"zalo_id": "zalo_hash", "facebook_id": "facebook_hash"}
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
# Reporters whose identity is shown at once: more is an export, not a look.
MAX_SHOWN = 10


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
        if not row.vault_blob:
            return {}
        return self._open_blob(row.vault_ref, row.vault_blob)

    @api.model
    def _open_blob(self, ref, blob):
        opened = self.env["civic.vault"]._open(
            base64.b64decode(blob), self._vault_context(ref)
        )
        return json.loads(opened)

    @api.model
    def _vault_context(self, ref):
        return f"{self._name}:{ref}"

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
    # Finding
    # ------------------------------------------------------------------

    def _search_refused(self, operator, value):
        raise UserError(
            self.env._(
                "Reporters are found by telephone number, e-mail address or citizen "
                "identity number, given whole."
            )
        )

    def _search_phone(self, operator, value):
        return self._search_hashed("phone_hash", "phone", phone_e164, operator, value)

    def _search_email_from(self, operator, value):
        return self._search_hashed(
            "email_hash", "email", email_normalized, operator, value
        )

    def _search_citizen_id(self, operator, value):
        return self._search_hashed(
            "citizen_id_hash",
            "citizen_id",
            lambda raw: clean(raw, multiline=False),
            operator,
            value,
        )

    def _search_user_id(self, operator, value):
        """For superuser code, and for one's own account."""
        if operator != "in":
            return NotImplemented
        if not self.env.su and set(value) - {self.env.uid, False}:
            raise AccessError(
                self.env._("Which account sent what is not to be looked up.")
            )
        return self._search_hashed("user_hash", "user", str, operator, value)

    def _search_contact(self, operator, value):
        """A telephone number however it is written, or an e-mail address."""
        if operator != "in":
            return NotImplemented
        return self._search_phone("in", value) | self._search_email_from("in", value)

    @api.model
    def _search_hashed(self, column, kind, normalize, operator, value):
        """Rows of which one of these values was sealed.

        :param normalize: function of a value; raises ValueError for what is none
        """
        if operator != "in":
            return NotImplemented
        vault, wanted = self.env["civic.vault"], []
        for raw in value:
            if not raw:
                wanted.append(False)
                continue
            try:
                wanted += vault._fingerprints(kind, normalize(str(raw)))
            except ValueError:
                continue  # no telephone number is that of nobody
        found = Domain(column, "in", wanted)
        # sudo: the sealed columns are nobody's to search but by way of these fields
        return found if self.env.su else Domain("id", "in", self.sudo()._search(found))

    def _search_display_name(self, operator, value):
        """Found by number, telephone or e-mail, given whole.

        Telephones are found however they are written: 0912 345 678.
        """
        if operator not in ("ilike", "=", "in"):
            return NotImplemented
        values = [value] if isinstance(value, str) else value
        found = self._search_contact("in", values)
        for text in values:
            number = (text or "").split()[-1:]
            if number and is_number(number[0]):
                found |= Domain("id", "=", int(number[0][:9]))
        return found

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

    def _belongs_to(self, user):
        """Whether this reporter is that of an account. Nothing is opened for it."""
        self.ensure_one()
        # sudo: the sealed columns are nobody's to read
        known = self.sudo().user_hash
        vault = self.env["civic.vault"]
        return bool(known) and known in vault._fingerprints("user", str(user.id))

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
        data = json.dumps(identity, ensure_ascii=False, separators=(",", ":")).encode()
        blob = vault._seal(data, self._vault_context(ref))
        hashed = {
            "phone_hash": ("phone", identity.get("phone")),
            "email_hash": ("email", identity.get("email_from")),
            "citizen_id_hash": ("citizen_id", identity.get("citizen_id")),
            "user_hash": ("user", str(identity.get("user_id") or "")),
            "sender_hash": ("sender", _sender(identity)),
            **{column: (name, identity.get(name)) for name, column in CHAT_IDS.items()},
        }
        return {
            "vault_ref": ref,
            "vault_blob": base64.b64encode(blob).decode(),
            "vault_key": vault._active_key(),
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

    @api.model
    def _for_sender(self, values, company, user):
        """Find or make the reporter of an incoming report.

        A signed-in citizen is the account's reporter, and whoever writes by chat is who
        the provider says, under the name that the Centre knows. Anybody else is found
        again only by telephone, name and e-mail address together, and proves nothing by
        knowing them: what is known is never changed by such a sender. What is said
        otherwise stays with the report, see `civic.statement`.

        :param values: dict of identity fields
        :param user: res.users, empty for an anonymous sender
        :raises VaultError: the key is missing or wrong
        """
        values = self._normalized(values)
        vault = self.env["civic.vault"]
        chat = next((name for name in CHAT_IDS if values.get(name)), None)
        if user:
            sent_by = Domain("user_id", "in", user.ids)
        elif chat:
            same = vault._fingerprints(chat, values[chat])
            sent_by = Domain(CHAT_IDS[chat], "in", same)
        else:
            sender = vault._fingerprints("sender", _sender(values))
            sent_by = Domain("user_hash", "=", False)
            sent_by &= Domain("sender_hash", "in", sender)
            if values.get("email_from"):
                sent_by &= Domain("email_from", "=", values["email_from"])
        # active_test does not matter here: reporters are not archived
        known = self.search(sent_by & Domain("company_id", "=", company.id), limit=1)
        if known:
            if user:
                known._correct_own(values)
            elif not known.lang and values.get("lang"):
                known.lang = values["lang"]
            return known
        return self.create({**values, "company_id": company.id, "user_id": user.id})

    def _correct_own(self, values):
        """Take over what the owner of the account says; it is kept on record.

        :param values: dict of normalized identity fields
        """
        before = self._identity()
        self.write({name: value for name, value in values.items() if value})
        after = self._identity()
        changed = [name for name in IDENTITY if before.get(name) != after.get(name)]
        if changed:
            self.env["civic.access"]._log(self, "change", shown=changed)

    # ------------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------------

    def show(self, reason, report_id=None, words=None):
        """Show who the reporters are, and keep on record who looked and why.

        HUE Điều 5.5: identity is used for handling alone.

        :param reason: why it is needed now: code or id of a ground of the list
            (`civic.reason` for looks); other words are “another reason”
        :param report_id: the report because of which it is needed, sent by the one
            reporter
        :param words: what it is about, where the ground needs words
        :return: list of dicts, one for each reporter: id, name, phone, phone_text,
            email_from, address, citizen_id, account, and files, the originals of the
            report's or of all reports: list of dicts id, name; and said, what the
            report says of its sender otherwise, see `civic.statement`
        :raises MissingError: for reporters and reports that are not the caller's to see
        :raises AccessError: for all but the operators of the intake centre
        :raises UserError: without a reason, for too many at once, without the key
        :raises TooManyLooks: this person may not open as many today
        """
        report = self._check_show(report_id)
        accesses = self.env["civic.access"]
        given = accesses._read_reason(reason, words)
        shown = [reporter._shown(report) for reporter in self]
        accesses._log_all(
            "show",
            [
                {
                    **given,
                    "reporter_id": reporter.id,
                    "report_id": report.id,
                    "company_id": reporter.company_id.id,
                    "shown": ", ".join(sorted(filter(values.get, IDENTITY))),
                }
                for reporter, values in zip(self, shown, strict=True)
            ],
        )
        return shown

    def _check_show(self, report_id=None):
        """Check that the current user may look.

        :return: the report because of which it is, or empty
        """
        visible = self.exists()._filtered_access("read")
        if not self or visible != self:
            raise MissingError(
                self.env._("Not found: it does not exist or is not yours to see.")
            )
        if not self.env.user.has_group("civic_report.group_operator"):
            raise AccessError(
                self.env._("Identities are for operators of the intake centre only.")
            )
        if len(self) > MAX_SHOWN:
            raise UserError(
                self.env._("At most %s identities are shown at once.", MAX_SHOWN)
            )
        report = self.env["civic.report"]
        if report_id:
            report = report.browse(report_id).exists()._filtered_access("read")
            if not report or report.reporter_id != self:
                raise MissingError(
                    self.env._("Not found: it does not exist or is not yours to see.")
                )
        return report

    def _shown(self, report):
        # sudo: the caller has been checked, and the look is kept on record
        row = self.sudo()
        return {
            "id": row.id,
            **{name: row[name] or False for name in IDENTITY if name != "user_id"},
            "phone_text": phone_national(row.phone or ""),
            "user_id": row.user_id.id,
            "account": row.user_id.login,
            "files": row._originals(report).read(["name"]),
            "said": report._said_values(),
        }

    def _originals(self, report):
        """Files as they came in with a report, or with any."""
        files = Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id)
        if report:
            files &= Domain("name", "=like", f"{escape_psql(report.name)}-%")
        return self.env["ir.attachment"].search(
            files, order="id desc", limit=MOST_FILES
        )


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
