from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.text import InvalidEmail, InvalidPhone, clean, email_normalized, phone_e164


class CivicReporter(models.Model):
    """Who the citizen is: the only home of identity, open to the intake centre alone.

    HUE Điều 5.5: kept as “Mật” and used for handling only with consent.
    """

    _name = "civic.reporter"
    _description = "Reporter"
    _order = "id desc"
    _rec_names_search = ["name", "phone", "email_from"]

    name = fields.Char(required=True)
    phone = fields.Char(index="btree_not_null", help="International form (E.164).")
    email_from = fields.Char("E-mail", index="btree_not_null")
    address = fields.Char()
    citizen_id = fields.Char("Citizen Identity Number")
    is_organisation = fields.Boolean("Organisation")
    user_id = fields.Many2one(
        "res.users", "Account", index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    verified = fields.Boolean(help="The Centre has verified who this is.")
    report_ids = fields.One2many("civic.report", "reporter_id", "Reports")

    _one_per_account = models.UniqueIndex(
        "(company_id, user_id) WHERE user_id IS NOT NULL",
        "This account has a reporter already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._normalized(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._normalized(vals))

    def _search_display_name(self, operator, value):
        """Telephones are found however they are written: 0912 345 678."""
        domain = super()._search_display_name(operator, value)
        if operator not in ("ilike", "=") or not isinstance(value, str):
            return domain
        try:
            return Domain("phone", "=", phone_e164(value)) | domain
        except InvalidPhone:
            return domain

    @api.model
    def _normalized(self, vals):
        """Telephone and e-mail in the one form in which they are kept.

        :raises ValidationError: for what is neither
        """
        vals = dict(vals)
        for name in ("name", "address", "citizen_id"):
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
            raise ValidationError(
                self.env._(
                    "“%s” is not a telephone number. Write it like 0912 345 678.", raw
                )
            ) from error

    @api.model
    def _normalized_email(self, raw):
        try:
            return email_normalized(raw)
        except InvalidEmail as error:
            raise ValidationError(
                self.env._(
                    "“%s” is not an e-mail address. Write it like ten@example.com.", raw
                )
            ) from error

    @api.model
    def _for_sender(self, values, company, user):
        """Find or make the reporter of an incoming report.

        A signed-in citizen is the account's reporter. Anybody else is found again only
        by telephone and name together: a telephone alone proves nothing, and what an
        account holds is never overwritten by an anonymous form.

        :param values: dict of identity fields
        :param user: res.users, empty for an anonymous sender
        """
        values = self._normalized(values)
        # active_test does not matter here: reporters are not archived
        if user:
            known = self.search(
                [("user_id", "=", user.id), ("company_id", "=", company.id)], limit=1
            )
        else:
            known = self.search(
                [
                    ("user_id", "=", False),
                    ("company_id", "=", company.id),
                    ("phone", "=", values.get("phone")),
                    ("name", "=", values.get("name")),
                ],
                limit=1,
            )
        if known:
            changed = {
                name: value
                for name, value in values.items()
                if value and value != known[name]
            }
            if changed:
                known.write(changed)
            return known
        return self.create({**values, "company_id": company.id, "user_id": user.id})
