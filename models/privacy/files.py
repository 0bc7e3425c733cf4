import logging
import os

from psycopg2.errors import LockNotAvailable

from odoo import SUPERUSER_ID, api, models

_logger = logging.getLogger(__name__)

# Says that the law wants the files gone: retention, a person's request, a complaint
# that was passed on. RPC cannot send it.
FORGET = object()


class IrAttachment(models.Model):
    """Files of citizens that have to be deleted for good."""

    _inherit = "ir.attachment"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_civic(self):
        if self.env.context.get("civic_forget") is not FORGET:
            return super()._unlink_except_civic()
        return None

    def _civic_forget(self):
        """Delete files for good: rows now, contents after the commit, wherever stored.

        A content that another file has too stays, as it is that one's.
        """
        # sudo: the caller has checked that the law wants them gone
        files = self.sudo().with_context(civic_forget=FORGET)
        # What the Centre made of them for the public goes with them.
        rows = files.civic_media_ids
        files |= files.search(
            [("res_model", "=", rows._name), ("res_id", "in", rows.ids)]
        )
        names = {name for name in files.mapped("store_fname") if name}
        files.unlink()
        if names:
            registry = self.env.registry
            self.env.cr.postcommit.add(lambda: _shred(registry, names))

    @api.model
    def _civic_delete_content(self, name):
        """Delete a content that no file has any more from where it is stored.

        For stores elsewhere to extend. OCA's `fs_attachment` names a content by its
        store, and deletes at once only what its own nightly collection finds, in
        stores that are set to be collected.

        :param name: of the content, as `store_fname`
        """
        if "://" in name and hasattr(self, "_fs_parse_store_fname"):
            files, _store, path = self._fs_parse_store_fname(name)
            files.rm(path)
        else:
            os.unlink(self._full_path(name))


def _shred(registry, names):
    """Delete contents that no file has any more, at once.

    What cannot be deleted now is left to the nightly collection, and the log says so.

    :param names: set of contents, as `store_fname`
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
        # sudo: nobody is signed in after the commit
        attachments = api.Environment(cr, SUPERUSER_ID, {})["ir.attachment"]
        for name in names - used:
            try:
                attachments._civic_delete_content(name)
            except FileNotFoundError:
                continue  # somebody was faster
            except Exception:  # a store has errors of its own kinds
                _logger.warning("A content could not be deleted: %s", name)
