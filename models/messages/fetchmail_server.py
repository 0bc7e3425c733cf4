from contextlib import contextmanager

from odoo import api, fields, models


class _Fetch:
    """Whether the mail in hand could not be stored."""

    failed = False


class FetchmailServer(models.Model):
    """A mailbox whose mail is deleted only once it has been stored."""

    _inherit = "fetchmail.server"

    civic_company_id = fields.Many2one(
        "res.company",
        "Civic Reports Of",
        help="All mail of this mailbox is about civic reports of this company. Empty: "
        "only mail to an address of civic reports is.",
    )

    def _fetch_mail(self, batch_limit=50):
        servers = self.with_context(civic_fetch=_Fetch())
        return super(FetchmailServer, servers)._fetch_mail(batch_limit=batch_limit)

    def _connect__(self, allow_archived=False):  # noqa: PLW3201
        connection = super()._connect__(allow_archived=allow_archived)
        fetch = self.env.context.get("civic_fetch")
        if isinstance(fetch, _Fetch) and connection:
            self._guard_connection(connection, fetch)
        return connection

    @api.model
    def _guard_connection(self, connection, fetch):
        """Odoo marks a mail as handled whatever happened; one that could not be stored
        stays in the mailbox and is fetched again."""
        handled = connection.handled_message

        def handled_if_stored(number):
            if fetch.failed:
                fetch.failed = False
            else:
                handled(number)

        connection.handled_message = handled_if_stored

    @api.model
    @contextmanager
    def _keep_unless_stored(self):
        """Around storing a mail: see `_guard_connection`."""
        try:
            yield
        except Exception:
            fetch = self.env.context.get("civic_fetch")
            if isinstance(fetch, _Fetch):
                fetch.failed = True
            raise
