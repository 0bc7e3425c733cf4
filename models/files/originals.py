import base64
import uuid

from odoo import api, models
from odoo.exceptions import MissingError

from ..ground.guard import missing
from ..vault.vault import VaultError
from .names import _CLEANED, CONTENT, ORIGINAL_MODEL, SEALED_TYPE


class IrAttachment(models.Model):
    """Originals are sealed as they came in; the Centre fetches them one by one."""

    _inherit = "ir.attachment"

    @api.model
    def _has_field_access(self, field, operation):
        own = field.name in ("civic_vault_ref", "civic_vault_key")
        if own and self._civic_trusted():
            return True
        return super()._has_field_access(field, operation)

    @api.model
    def _civic_sealed(self, vals):
        """Values of an original, sealed; those of other files as they are."""
        if vals.get("res_model") != ORIGINAL_MODEL:
            return vals
        data = vals.get("raw") or base64.b64decode(vals.get("datas") or b"")
        if isinstance(data, str):
            data = data.encode()
        kept = {key: value for key, value in vals.items() if key not in CONTENT}
        return {**kept, "type": "binary", **self._civic_seal(data, str(uuid.uuid4()))}

    @api.model
    def _civic_seal(self, data, ref):
        vault = self.env["civic.vault"]
        return {
            "raw": vault._seal(data, f"{self._name}:{ref}"),
            "mimetype": SEALED_TYPE,
            "civic_vault_ref": ref,
            "civic_vault_key": vault._active_key(),
        }

    @api.model
    def _civic_seal_plain(self):
        """Seal the originals that came in before there was a vault.

        :return: their number
        """
        plain = self.sudo().search(
            [
                ("res_model", "=", ORIGINAL_MODEL),
                ("res_field", "=", False),
                ("civic_vault_key", "=", False),
            ]
        )
        for original in plain:
            original._civic_reseal(original.raw, str(uuid.uuid4()))
        return len(plain)

    @api.model
    def _vault_counts(self):
        """How many originals each key has sealed: dict of key id → number."""
        sealed = [("civic_vault_key", "!=", False)]
        # sudo: sealed files are nobody's to read
        return dict(self.sudo()._read_group(sealed, ["civic_vault_key"], ["__count"]))

    @api.model
    def _vault_reseal(self, active, last):
        """Seal anew one original that another key has sealed; see the reporter's."""
        # sudo: sealed files are nobody's to read
        original = self.sudo().search(
            [
                ("civic_vault_key", "!=", False),
                ("civic_vault_key", "!=", active),
                ("id", ">", last),
            ],
            order="id",
            limit=1,
        )
        if not original:
            return None
        if original.try_lock_for_update():
            try:
                data = original._civic_opened()
            except VaultError:
                return 1, original.id
            original._civic_reseal(data, original.civic_vault_ref)
        return 1, original.id

    def _civic_reseal(self, data, ref):
        """Write anew what a sealed original holds, and let go of its memory."""
        keyed = self.with_context(civic_cleaned=_CLEANED, image_no_postprocess=True)
        keyed.write({**self._civic_seal(data, ref), "index_content": False})
        self.env.flush_all()
        self.env.invalidate_all()

    def _civic_opened(self):
        """What a sealed original holds, for code that has checked who asks."""
        self.ensure_one()
        row = self.sudo()  # sealed files are nobody's to read
        return self.env["civic.vault"]._open(
            row.raw, f"{self._name}:{row.civic_vault_ref}"
        )

    @api.model
    def _civic_fetch_original(self, attachment_id, reason, words=None):
        """An original as it came in, and the look at it kept on record.

        :param reason, words: why, see `civic.reporter.show`
        :return: (name, content)
        :raises MissingError: when it is not the caller's to see
        :raises AccessError, UserError: as `show` of the reporter
        """
        # sudo: the reporter's own guard follows
        original = self.sudo().browse(attachment_id).exists()
        if original.res_model != ORIGINAL_MODEL or original.res_field:
            raise missing(self.env)
        reporter = self.env[ORIGINAL_MODEL].browse(original.res_id)
        reporter._check_show()
        accesses = self.env["civic.access"]
        given = accesses._read_reason(reason, words)
        data = original._civic_opened()
        accesses._log(reporter, "file", shown=[original.name], **given)
        return original.name, data

    def _to_http_stream(self):
        """Sealed originals are not served by number, as if they were not there."""
        if self.res_model == ORIGINAL_MODEL:
            raise MissingError(self.env._("The file does not exist."))
        return super()._to_http_stream()
