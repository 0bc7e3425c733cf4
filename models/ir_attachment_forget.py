import os
from contextlib import suppress

from psycopg2.errors import LockNotAvailable

from odoo import SUPERUSER_ID, api, models

# Says that the law wants the files gone: retention, a person's request, a complaint
# that was passed on. RPC cannot send it.
_FORGET = object()


class IrAttachment(models.Model):
    """Files of citizens that have to be deleted for good."""

    _inherit = "ir.attachment"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_civic(self):
        if self.env.context.get("civic_forget") is not _FORGET:
            return super()._unlink_except_civic()
        return None

    def _civic_forget(self):
        """Delete files for good: rows now, contents on the disk after the commit.

        A content that another file has too stays, as it is that one's.
        """
        # sudo: the caller has checked that the law wants them gone
        files = self.sudo().with_context(civic_forget=_FORGET)
        # What the Centre made of them for the public goes with them.
        rows = files.civic_media_ids
        files |= files.search(
            [("res_model", "=", rows._name), ("res_id", "in", rows.ids)]
        )
        names = [name for name in files.mapped("store_fname") if name]
        files.unlink()
        if names:
            registry = self.env.registry
            self.env.cr.postcommit.add(lambda: _shred(registry, names))


def _shred(registry, names):
    """Delete contents from the file store that no file has any more, at once.

    What cannot be deleted now is left to the nightly collection.

    :param names: of contents, as `store_fname`
    """
    with registry.cursor() as cr:
        # As the nightly collection does: nobody may begin to use one meanwhile.
        cr.execute("SET LOCAL lock_timeout TO '10s'")
        try:
            cr.execute("LOCK ir_attachment IN SHARE MODE")
        except LockNotAvailable:
            cr.rollback()
            return
        cr.execute(
            "SELECT store_fname FROM ir_attachment WHERE store_fname IN %s",
            [tuple(names)],
        )
        used = {name for (name,) in cr.fetchall()}
        attachments = api.Environment(cr, SUPERUSER_ID, {})["ir.attachment"]
        for name in set(names) - used:
            with suppress(OSError):
                os.unlink(attachments._full_path(name))
