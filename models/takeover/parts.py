import uuid

from odoo import api, fields, models
from odoo.tools import SQL


class CivicImportFault(models.Model):
    """What is wrong with a line of a file, and what to do. It repeats no identity."""

    _name = "civic.import.fault"
    _description = "Fault of an Import"
    _order = "import_id desc, line, id"
    _rec_name = "message"

    import_id = fields.Many2one(
        "civic.import", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    line = fields.Integer(
        "Line of the File", readonly=True, help="As the file's program counts; 0: all."
    )
    column = fields.Char(readonly=True)
    severity = fields.Selection(
        [("fault", "The line is left out"), ("note", "To be known")],
        required=True,
        readonly=True,
    )
    message = fields.Text(required=True, readonly=True)


class CivicImportPart(models.Model):
    """What an import still holds, sealed: the file, the archive, checked lines.

    Nobody has rights on it; each is deleted as soon as it has been taken in.
    """

    _name = "civic.import.part"
    _inherit = ["civic.sealed"]
    _description = "Sealed Part of an Import"
    _order = "id"

    import_id = fields.Many2one(
        "civic.import", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("file", "File"), ("archive", "Archive"), ("lines", "Lines")], required=True
    )
    uuid = fields.Char(required=True)
    size = fields.Integer()
    blob = fields.Binary(attachment=False)

    @api.model
    def _seal_new(self, import_, kind, data):
        name = uuid.uuid4().hex
        part = self.create(
            {"import_id": import_.id, "kind": kind, "uuid": name, "size": len(data)}
        )
        part._write_blob(part._seal_bytes(data, name))
        return part

    def _write_blob(self, blob):
        """Past the ORM: it would keep the file in memory, twice as text."""
        self.env.cr.execute(
            SQL("UPDATE civic_import_part SET blob = %s WHERE id = %s", blob, self.id)
        )

    def _opened(self):
        """:raises VaultError: the key is missing or wrong"""
        self.ensure_one()
        self.env.cr.execute(
            SQL("SELECT blob FROM civic_import_part WHERE id = %s", self.id)
        )
        [(blob,)] = self.env.cr.fetchall()
        return self._open_bytes(blob, self.uuid)

    def _vault_again(self):
        self._write_blob(self._seal_bytes(self._opened(), self.uuid))
        return {}
