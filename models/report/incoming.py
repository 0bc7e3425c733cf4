from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.sql_db import db_connect
from odoo.tools import SQL


class CivicReport(models.Model):
    """How reports come in, by whatever way: each once, with who sent it."""

    _inherit = "civic.report"

    @api.model
    def _sent_under(self, key, company):
        """The report that a form made; else this transaction alone may make it.

        The key is locked before anything is counted or drawn from a sequence, and
        until the end of the transaction.
        """
        earlier = self._submitted_before(key, company)
        if key and not earlier:
            self._hold_key(key, company)
        return earlier

    @api.model
    def _hold_key(self, key, company):
        """Wait for whoever is sending this form; then nobody else may until the end.

        :raises ConcurrencyError: it was sent after this transaction began to look
        """
        name = f"civic.submission:{company.id}:{key}"
        self.env.execute_query(
            SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", name)
        )
        # What was committed meanwhile is seen by a transaction that begins now.
        with db_connect(self.env.cr.dbname).cursor() as cr:
            query = "SELECT FROM civic_report WHERE submission_key = %s"
            cr.execute(f"{query} AND company_id = %s", [key, company.id])
            if cr.rowcount:
                raise ConcurrencyError("this form was being sent by another request")

    @api.model
    def _submitted_before(self, key, company):
        if not key:
            return self.browse()
        return self.search(
            [("submission_key", "=", key), ("company_id", "=", company.id)], limit=1
        )

    def _admission_values(self, reporter, values):
        """Take a report in, or not.

        :param reporter: civic.reporter, elevated; empty where nobody has said who it is
        :param values: values of the report
        :return: values to keep with it
        :raises UserError: in words for the sender
        """
        return {}

    @api.model
    def _create_submitted(self, values, identity, media, sender, key, channel):
        company = self.env["res.company"].browse(values["company_id"])
        reporter = self._reporter_of(identity, company, sender)
        admitted = self._admission_values(reporter, values)
        channels = self.env["civic.channel"]
        report = self.create(
            {
                **values,
                "reporter_id": reporter.id,
                "channel_id": channels.search([("code", "=", channel)], limit=1).id,
            }
        )
        report._elevated().write({"submission_key": key, **admitted})
        if reporter and not sender:
            self.env["civic.statement"]._keep(report, identity)
        self.env["ir.attachment"]._civic_attach(report, media, reporter)
        return report

    @api.model
    def _reporter_of(self, identity, company, sender):
        """The reporter of an incoming report; empty where nobody has said who it is.

        :param identity: dict of identity fields
        :param sender: res.users, empty for an anonymous sender
        """
        reporters = self.env["civic.reporter"]
        said = any(
            identity.get(name)
            for name in ("name", "phone", "email_from", "address", "citizen_id")
        )
        if not (said or sender):
            return reporters
        name = identity.get("name") or sender.name or self.env._("Name not given")
        return reporters._for_sender({**identity, "name": name}, company, sender)
