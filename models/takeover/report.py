from odoo import api, fields, models

from ...tools.text import fold
from ..identity.reporter import _sender


class CivicReport(models.Model):
    """What a report keeps of the older system that it came from."""

    _inherit = "civic.report"

    imported_from = fields.Char("Older System", readonly=True, copy=False)
    imported_number = fields.Char(
        "Number in the Older System", readonly=True, copy=False
    )

    _imported_once = models.UniqueIndex(
        "(company_id, imported_from, imported_number) "
        "WHERE imported_number IS NOT NULL",
        "This case of the older system has been taken in already.",
    )

    @api.depends("imported_number")
    def _compute_search_text(self):
        """The number by which people know the case finds it, too."""
        result = super()._compute_search_text()
        # sudo: written for everybody's search; which number it had is no secret
        for report in self.sudo().filtered("imported_number"):
            number = fold(report.imported_number)
            report.search_text = f"{report.search_text}\n{number}"
        return result


class CivicReporter(models.Model):
    _inherit = "civic.reporter"

    @api.model
    def _for_senders(self, identities, company):
        """The reporters of senders without accounts, found or made in a constant number
        of queries; see `_for_sender`.

        :param identities: list of dicts of identity fields; an empty one is nobody
        :return: list of reporters, in the same order
        """
        known = [self._normalized(values) for values in identities]
        hashed = [self._sender_hashes(values) for values in known]
        wanted = {each for hashes in hashed for each in hashes}
        rows = self.search(
            [
                ("company_id", "=", company.id),
                ("user_hash", "=", False),
                ("sender_hash", "in", list(wanted)),
            ],
            order="id",
        )
        found = {}
        for row in rows:
            # The same person under another address is told apart.
            found.setdefault((row.sender_hash, row.email_hash or False), row)
            found.setdefault((row.sender_hash, None), row)
        vault, missing, keys, latest = self.env["civic.vault"], {}, [], {}
        for values, hashes in zip(known, hashed, strict=True):
            email = values.get("email_from")
            mails = vault._fingerprints("email", email) if email else [None]
            pairs = [(each, mail) for each in hashes for mail in mails]
            key = next((pair for pair in pairs if pair in found), None)
            if key is None and not email and hashes:
                # Who gave an address before may leave it out now.
                key = latest.get(hashes[0])
            if key is None and any(values.values()):
                # Without a telephone nobody is found again.
                key = pairs[0] if pairs else (None, len(keys))
                missing.setdefault(key, {**values, "company_id": company.id})
                latest.setdefault(key[0], key)
            keys.append(key)
        made = self.create(list(missing.values()))
        found |= dict(zip(missing, made, strict=True))
        return [found[key] if key else self.browse() for key in keys]

    @api.model
    def _sender_hashes(self, values):
        sender = _sender(values)
        return self.env["civic.vault"]._fingerprints("sender", sender) if sender else []
