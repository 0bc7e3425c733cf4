from psycopg2.errors import ReadOnlySqlTransaction

from odoo import api, fields, models
from odoo.exceptions import UserError


class CivicAccess(models.Model):
    """Who looked at an identity, when and why: rows are only ever added."""

    _name = "civic.access"
    _inherit = ["civic.kept"]
    _description = "Look at an Identity"
    _order = "at desc, id desc"
    _rec_name = "reporter_id"

    reporter_id = fields.Many2one(
        "civic.reporter",
        index=True,
        ondelete="restrict",
        readonly=True,
        help="Empty for a message of which no report has come.",
    )
    inbox_id = fields.Many2one(
        "civic.inbox",
        "Incoming Message",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    report_id = fields.Many2one(
        "civic.report",
        "Because of",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Who",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    at = fields.Datetime("When", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("show", "Looked"),
            ("file", "Fetched an original file"),
            ("letter", "Printed a letter"),
            ("raw", "Opened an incoming message"),
            ("change", "Corrected"),
            ("verify", "Verified"),
        ],
        "What",
        required=True,
        readonly=True,
    )
    reason = fields.Char("Why", readonly=True)
    shown = fields.Char(
        "Fields", readonly=True, help="Names of what was shown or corrected."
    )

    _latest = models.Index("(company_id, at DESC, id DESC)")
    _whose = models.Constraint(
        "CHECK (reporter_id IS NOT NULL OR inbox_id IS NOT NULL)",
        "Say whose identity was looked at.",
    )

    def _check_write(self):
        raise UserError(self.env._("The history is only ever added to."))

    @api.model
    def _log(self, reporter, kind, *, reason=False, report=None, shown=(), **values):
        """Keep on record that the current user looks at an identity.

        :param kind: key of the field
        :param reason: why, in words
        :param report: civic.report because of which it is
        :param shown: names of fields
        :param values: of other fields
        """
        if self.env.cr.readonly:
            # Odoo serves the request again with a cursor that can write.
            raise ReadOnlySqlTransaction("a look at an identity is kept on record")
        door = self.env["civic.report"]
        # sudo: people only read the record of looks; the caller has been checked
        keyed = self.with_env(door._elevated().env)
        return keyed.create(
            {
                "reporter_id": reporter.id,
                "report_id": report.id if report else False,
                "company_id": reporter.company_id.id,
                "user_id": self.env.uid,
                "at": door._now(),
                "kind": kind,
                "reason": reason,
                "shown": ", ".join(sorted(shown)),
                **values,
            }
        )
