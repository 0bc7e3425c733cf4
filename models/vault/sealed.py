import base64
import json

from odoo import api, fields, models

from .vault import VaultError

# Rows that are sealed anew in one transaction.
RESEAL_BATCH = 500


class CivicSealed(models.AbstractModel):
    """Rows that keep something sealed, so that a new key can seal it anew."""

    _name = "civic.sealed"
    _description = "Sealed"

    vault_key = fields.Char(
        groups=fields.NO_ACCESS,
        copy=False,
        index="btree_not_null",
        default=lambda self: self._default_vault_key(),
        help="The key that opens the row: the oldest one, where parts differ.",
    )

    @api.model
    def _default_vault_key(self):
        """What is sealed in a new row is sealed with this key."""
        try:
            return self.env["civic.vault"]._active_key()
        except VaultError:
            return False  # nothing can be sealed in it

    # ------------------------------------------------------------------
    # Sealing and opening
    # ------------------------------------------------------------------

    @api.model
    def _seal_bytes(self, data, ref, part=None):
        """Seal bytes of a row.

        :param ref: what tells the row from others for ever, mostly a UUID: they open
            under the same model, name and part alone
        :param part: which bytes of the row they are, where it keeps several
        :raises VaultError: the key is missing or wrong
        """
        return self.env["civic.vault"]._seal(data, self._seal_context(ref, part))

    @api.model
    def _open_bytes(self, blob, ref, part=None):
        """Open what `_seal_bytes` gave.

        :raises VaultError: the key is missing or wrong, or they are another row's
        """
        return self.env["civic.vault"]._open(blob, self._seal_context(ref, part))

    @api.model
    def _seal_context(self, ref, part=None):
        return ":".join(filter(None, (self._name, str(ref), part)))

    @api.model
    def _seal_text(self, data, ref, part=None):
        """As `_seal_bytes`, for a column of text."""
        return base64.b64encode(self._seal_bytes(data, ref, part)).decode()

    @api.model
    def _open_text(self, text, ref, part=None):
        """Open what `_seal_text` gave, as bytes; see `_open_bytes`."""
        return self._open_bytes(base64.b64decode(text), ref, part)

    @api.model
    def _seal_values(self, values, ref):
        """The columns of a row that keeps a dict sealed.

        :param values: dict of what JSON can hold
        """
        data = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        return {
            "vault_ref": ref,
            "vault_blob": self._seal_text(data, ref),
            "vault_key": self.env["civic.vault"]._active_key(),
        }

    @api.model
    def _open_values(self, ref, blob):
        """The dict that `_seal_values` sealed; none where nothing is kept.

        :raises VaultError: the key is missing or wrong, or it is another row's
        """
        return json.loads(self._open_text(blob, ref)) if blob else {}

    # ------------------------------------------------------------------
    # Under a new key
    # ------------------------------------------------------------------

    def _vault_again(self):
        """Open everything sealed in this row and seal it anew.

        :return: values of all sealed columns, keyed hashes among them
        :raises VaultError: it does not open
        """
        raise NotImplementedError

    @api.model
    def _vault_counts(self):
        """How many rows each key has sealed: dict of key id → number."""
        sealed = [("vault_key", "!=", False)]
        # sudo: the sealed columns are nobody's to read
        return dict(self.sudo()._read_group(sealed, ["vault_key"], ["__count"]))

    @api.model
    def _vault_reseal(self, active, last):
        """Seal anew a batch of what another key has sealed.

        Rows that somebody works on, or that do not open, are left for the next time.

        :param active: id of the key that seals now
        :param last: id up to which it was done
        :return: (number of rows, id of the last one), or nothing when none is left
        """
        # sudo: the sealed columns are nobody's to read
        rows = self.sudo().search(
            [
                ("vault_key", "!=", False),
                ("vault_key", "!=", active),
                ("id", ">", last),
            ],
            order="id",
            limit=RESEAL_BATCH,
        )
        for row in rows.try_lock_for_update():
            try:
                values = row._vault_again()
            except VaultError:
                continue
            row._vault_write({**values, "vault_key": active})
        return (len(rows), rows[-1].id) if rows else None

    def _vault_write(self, values):
        """Write sealed columns; for models whose rows are else not written to."""
        self.write(values)
