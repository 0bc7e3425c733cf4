from collections import defaultdict

from psycopg2.errors import ReadOnlySqlTransaction

from odoo import api, fields, models
from odoo.exceptions import UserError

# Kinds of which an identity is opened by; they count, see `civic.look.day`.
OPENING = ("show", "file", "letter", "raw", "number")
SUBJECTS = ("reporter_id", "inbox_id", "call_id")


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
    call_id = fields.Many2one(
        "civic.call", index="btree_not_null", ondelete="restrict", readonly=True
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
            ("number", "Looked at a caller's number"),
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
    # Also what one person opened today: every look asks.
    _by_user = models.Index("(user_id, at DESC)")
    _whose = models.Constraint(
        "CHECK (COALESCE(reporter_id, inbox_id, call_id) IS NOT NULL)",
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
        :raises TooManyLooks: this person may not open another identity today
        """
        look = {
            "reporter_id": reporter.id,
            "report_id": report.id if report else False,
            "company_id": reporter.company_id.id,
            "reason": reason,
            "shown": ", ".join(sorted(shown)),
            **values,
        }
        return self._log_all(kind, [look])

    @api.model
    def _opens(self, company, subjects):
        """The current user is about to see identities.

        :param company: res.company whose they are
        :param subjects: set of (field of this model, id): whose identity it is
        :raises TooManyLooks: they are more than this person may look at today
        """

    @api.model
    def _log_all(self, kind, looks):
        """Keep on record that the current user looks at identities, and count them.

        The one door by which an identity is opened: call it before anything of it is
        given to the caller.

        :param kind: key of the field
        :param looks: list of dicts of fields
        :raises TooManyLooks: these are more than this person may open today; none is
            to be shown then
        """
        if self.env.cr.readonly:
            # Odoo serves the request again with a cursor that can write.
            raise ReadOnlySqlTransaction("a look at an identity is kept on record")
        if kind in OPENING:
            opened = defaultdict(set)
            for look in looks:
                opened[look["company_id"]].add(
                    self._subject(*(look.get(name) for name in SUBJECTS))
                )
            for company_id, subjects in opened.items():
                company = self.env["res.company"].browse(company_id)
                self._opens(company, subjects)
        door = self.env["civic.report"]
        # sudo: people only read the record of looks; the caller has been checked
        keyed = self.with_env(door._elevated().env)
        common = {"user_id": self.env.uid, "at": door._now(), "kind": kind}
        return keyed.create([{**common, **look} for look in looks])

    @api.model
    def _subject(self, reporter_id, inbox_id, call_id):
        """Whose identity it is: a sender's, or that behind a message or a call."""
        ids = (reporter_id, inbox_id, call_id)
        return next((name, id_) for name, id_ in zip(SUBJECTS, ids, strict=True) if id_)
