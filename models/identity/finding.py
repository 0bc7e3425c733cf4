from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.text import clean, email_normalized, is_number, phone_e164


class CivicReporter(models.Model):
    """Reporters are found by what is known whole of them, never by a part of it."""

    _inherit = "civic.reporter"

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

    def _belongs_to(self, user):
        """Whether this reporter is that of an account. Nothing is opened for it."""
        self.ensure_one()
        # sudo: the sealed columns are nobody's to read
        known = self.sudo().user_hash
        vault = self.env["civic.vault"]
        return bool(known) and known in vault._fingerprints("user", str(user.id))
