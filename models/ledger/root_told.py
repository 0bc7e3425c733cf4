from hashlib import sha256

from psycopg2.extras import Json

from odoo import api, fields, models

from ..messages.delivery import Undelivered
from ..messages.outbox import CITIZENS

# What is told to addresses outside each day.
ROOT = "root"
ROOT_PAGE = "/phan-anh/kiem-chung"
ROOT_GAPS = frozenset({"province", "link", "day", "size", "root", "earlier", "check"})
# Roots before it that are told once more: a mail may have been lost.
EARLIER = 7


class CivicNotice(models.Model):
    _inherit = "civic.notice"

    audience = fields.Selection(
        selection_add=[("outside", "Address outside")],
        ondelete={"outside": "cascade"},
    )

    @api.model
    def _selection_event(self):
        labels = {ROOT: self.env._("Root of the history")}
        return [*super()._selection_event(), *labels.items()]

    def _known_gaps(self):
        return ROOT_GAPS if self.audience == "outside" else super()._known_gaps()


class CivicOutbox(models.Model):
    """The daily root leaves the house: what others keep, nobody here can rewrite."""

    _inherit = "civic.outbox"

    audience = fields.Selection(
        selection_add=[("outside", "Address outside")],
        ondelete={"outside": "cascade"},
    )

    @api.model
    def _queue_root(self, root):
        """Queue a root for all addresses that companies have named.

        :param root: civic.event.root
        """
        companies = self.env["res.company"].search([("civic_root_emails", "!=", False)])
        notices = self.env["civic.notice"]._by_event().get(ROOT, ())
        self._queue(
            [
                {
                    **self._prepare_row(notice, company),
                    "key": f"root:{root.day}:{company.id}:{mark}:{notice[0]}",
                    "audience": "outside",
                    # The address stands in the settings alone.
                    "facts": Json({"root": root.id, "address": mark}),
                    "priority": CITIZENS,
                }
                for company in companies
                for mark in map(_mark, company._civic_root_addresses())
                for notice in notices
                if notice[2] == "email"
            ]
        )

    def _recipient_email(self):
        if self.audience != "outside":
            return super()._recipient_email()
        for address in self.company_id._civic_root_addresses():
            if _mark(address) == self.facts["address"]:
                return address
        raise Undelivered("nobody", self.env._("The address was taken off the list."))

    def _recipient_lang(self):
        if self.audience != "outside":
            return super()._recipient_lang()
        return self.company_id.partner_id.lang or self.env.lang

    def _officer_values(self):
        if self.audience != "outside":
            return super()._officer_values()
        root = self.env["civic.event.root"].browse(self.facts["root"])
        earlier = root.search([("id", "<", root.id)], limit=EARLIER)
        return {
            "province": self.company_id.name,
            "link": self._link(),
            "day": root.day.strftime("%d/%m/%Y"),
            "size": str(root.size),
            "root": root._line(),
            "check": self.env["civic.event.check"]._round_words(),
            "earlier": "\n".join(row._line() for row in earlier),
        }

    def _link(self):
        if self.audience != "outside":
            return super()._link()
        return self._site() + ROOT_PAGE


def _mark(address):
    """What names an address in a row, and is not the address."""
    return sha256(address.encode()).hexdigest()[:16]
