from collections import defaultdict
from functools import cached_property

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.own_words import BY_FORM
from ...tools.redaction import Identity, find, same_number

# Other rows of one person that are compared with: more is a shared address.
MOST_SAME = 10


class OfficeNumbers:
    """Numbers and addresses of a province and its agencies, which are no person's.

    Looked up only where a text holds some number.
    """

    def __init__(self, company):
        self.company = company

    def __contains__(self, pair):
        return pair[0] in BY_FORM and pair in self._pairs

    @cached_property
    def _pairs(self):
        # sudo: official numbers, to compare with
        company = self.company.sudo()
        agencies = company.env["civic.agency"].with_context(active_test=False)
        rows = agencies.search_read(
            [("company_id", "=", company.id)],
            ["phone", "duty_phone", "email"],
            load=None,
        )
        official = [company.phone, company.email, company.civic_email]
        official += [row[name] for row in rows for name in row if name != "id"]
        # Apart: no number of one with another's.
        text = "\n;\n".join(filter(None, official))
        return {
            (span.kind, same_number(span.kind, text[span.start : span.end]))
            for span in find(text)
        }


class CivicReporter(models.Model):
    _inherit = "civic.reporter"

    same_ids = fields.Many2many(
        "civic.reporter",
        string="Same Telephone or E-mail",
        compute="_compute_same_ids",
        groups=fields.NO_ACCESS,
        help="Other rows with the same telephone number or e-mail address: perhaps the "
        "same person, known by another name.",
    )

    @api.depends("phone_hash", "email_hash", "company_id")
    def _compute_same_ids(self):
        columns = ("phone_hash", "email_hash")
        # Several in one search, in the order of the latest.
        wanted = Domain.OR(
            Domain(column, "in", list(filter(None, self.mapped(column))))
            for column in columns
        )
        found = self.search(wanted, order="id desc", limit=MOST_SAME * len(self))
        by_value = defaultdict(list)
        for other in found:
            for name in columns:
                by_value[other.company_id, name, other[name]].append(other.id)
        for row in self:
            same = {
                id_
                for name in columns
                if row[name]
                for id_ in by_value[row.company_id, name, row[name]]
            }
            latest = sorted(same - {row._origin.id}, reverse=True)
            row.same_ids = self.browse(latest[:MOST_SAME])


class CivicReport(models.Model):
    """Who may be the sender: what is known, what the report says otherwise, and who
    else is known by the same number. In clear, to be compared with."""

    _inherit = "civic.report"

    has_statement = fields.Boolean(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="It says of its sender otherwise than is known, whatever was decided.",
    )

    def _sender_identities(self):
        """Identities of the sender, the known one first; for elevated records.

        :raises VaultError: the key is missing or wrong
        """
        self.ensure_one()
        sender = self.reporter_id
        identities = [self._identity_of(sender)]
        if self.has_statement:
            identities += [
                self._identity_from(statement._said())
                for statement in self.statement_ids
            ]
        # Whoever has given both is known as well as another row could tell.
        if sender and not (identities[0].phone and identities[0].email):
            identities += map(self._identity_of, sender.same_ids)
        return identities

    @api.model
    def _identity_of(self, reporter):
        return self._identity_from(
            {
                name: reporter[name]
                for name in ("name", "phone", "email_from", "citizen_id", "address")
            }
        )

    @api.model
    def _identity_from(self, values):
        """:param values: dict of fields of civic.reporter"""
        return Identity(
            name=values.get("name") or "",
            phone=values.get("phone") or "",
            email=values.get("email_from") or "",
            citizen_id=values.get("citizen_id") or "",
            address=values.get("address") or "",
        )

    def _offices(self):
        """What has the form of somebody's number and is an office's."""
        return OfficeNumbers(self.company_id)
