from odoo import api, models
from odoo.fields import Domain

from .reporter import CHAT_IDS, IDENTITY, _sender


class CivicReporter(models.Model):
    """Whoever sends is a reporter whom the Centre knows, or a new one."""

    _inherit = "civic.reporter"

    @api.model
    def _for_sender(self, values, company, user):
        """Find or make the reporter of an incoming report.

        A signed-in citizen is the account's reporter, and whoever writes by chat is who
        the provider says, under the name that the Centre knows. Anybody else is found
        again only by telephone, name and e-mail address together, and proves nothing by
        knowing them: what is known is never changed by such a sender. What is said
        otherwise stays with the report, see `civic.statement`.

        :param values: dict of identity fields
        :param user: res.users, empty for an anonymous sender
        :raises VaultError: the key is missing or wrong
        """
        values = self._normalized(values)
        vault = self.env["civic.vault"]
        chat = next((name for name in CHAT_IDS if values.get(name)), None)
        if user:
            sent_by = Domain("user_id", "in", user.ids)
        elif chat:
            same = vault._fingerprints(chat, values[chat])
            sent_by = Domain(CHAT_IDS[chat], "in", same)
        else:
            sender = vault._fingerprints("sender", _sender(values))
            sent_by = Domain("user_hash", "=", False)
            sent_by &= Domain("sender_hash", "in", sender)
            if values.get("email_from"):
                sent_by &= Domain("email_from", "=", values["email_from"])
        # active_test does not matter here: reporters are not archived
        known = self.search(sent_by & Domain("company_id", "=", company.id), limit=1)
        if known:
            if user:
                known._correct_own(values)
            elif not known.lang and values.get("lang"):
                known.lang = values["lang"]
            return known
        return self.create({**values, "company_id": company.id, "user_id": user.id})

    def _correct_own(self, values):
        """Take over what the owner of the account says; it is kept on record.

        :param values: dict of normalized identity fields
        """
        before = self._identity()
        self.write({name: value for name, value in values.items() if value})
        after = self._identity()
        changed = [name for name in IDENTITY if before.get(name) != after.get(name)]
        if changed:
            self.env["civic.access"]._log(self, "change", shown=changed)
