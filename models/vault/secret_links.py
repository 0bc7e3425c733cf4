from odoo import api, models

from ...tools import secret_link


class CivicSecretLink(models.AbstractModel):
    """Rows to which a link leads whoever holds it; see tools/secret_link.py.

    The code is a keyed hash of the vault's: it is written down nowhere, and told again
    whenever a message is delivered. Models that inherit it have `link_key`,
    `link_hash` (all that is kept) and `company_id`.
    """

    _name = "civic.secret.link"
    _description = "Opened by a Secret Link"

    # Address of the page, and what the keyed hash is of.
    _link_page = None
    _link_purpose = None

    @api.model
    def _new_link(self, key=None):
        """:return: dict of the columns of a link, by default of a new one"""
        key = key or secret_link.new_key()
        secret = self.env["civic.vault"]._fingerprint(self._link_purpose, key)
        return {"link_key": key, "link_hash": secret_link.kept_hash(secret)}

    def _secret_path(self):
        """Path to which the link leads; empty without one."""
        self.ensure_one()
        row = self.sudo()  # the halves of the code are nobody's to read
        if not row.link_key:
            return ""
        vault = self.env["civic.vault"]
        for secret in vault._fingerprints(self._link_purpose, row.link_key):
            if secret_link.matches(row.link_key + secret, row.link_hash):
                return f"{self._link_page}/{row.link_key}{secret}"
        return ""

    @api.model
    def _by_code_sudo(self, code, company):
        """The row to whose link this code belongs; empty for any other.

        A wrong code, an old one and one that never was are told apart neither by the
        answer nor by the time it takes.
        """
        # sudo: whoever holds the link reads and answers this one, and nothing else
        found = self.sudo().search(
            [
                ("link_key", "=", secret_link.key_of(code) or ""),
                ("company_id", "=", company.id),
            ],
            limit=1,
        )
        return found if secret_link.matches(code, found.link_hash) else found.browse()
