"""The account beside the report: what citizens do is written by a technical user.

Whoever acts as a citizen has proved by an account, a one-time code or a link to be the
sender; the account is to stay unknown to whoever reads rows. :func:`as_citizen` gives
what citizens do the technical user's environment. What Odoo itself writes beside it,
such as computed fields at the end of a request, and what other code of the request
creates, goes by :class:`Base` below.
"""

from odoo import SUPERUSER_ID, models
from odoo.http import request

from .ours import is_our_model
from .paths import is_citizens_path

CITIZEN = "civic_report.user_citizen"
AUTHORS = ("create_uid", "write_uid")
# Odoo's models with rows about our records: the field that says so.
BESIDE = {
    "ir.attachment": "res_model",
    "mail.activity": "res_model",
    "mail.message": "model",
}
# And those by which somebody is told of what a citizen did.
TOLD = frozenset({"bus.bus", "ir.cron.trigger", "mail.mail", "mail.notification"})


def as_citizen(records):
    """These records in the environment in which citizens' acts are written.

    :return: the same records for the technical user, with that user's few rights
    """
    return records.with_user(records.env.ref(CITIZEN)).sudo(False)


def _on_citizens_page():
    return bool(request) and is_citizens_path(request.httprequest.path)


class Base(models.AbstractModel):
    _inherit = "base"

    def _create(self, data_list):
        citizen = self._civic_author()
        if citizen:
            for data in data_list:
                if self._civic_is_about_ours(data["stored"]):
                    data["stored"].update(dict.fromkeys(AUTHORS, citizen))
        return super()._create(data_list)

    def _write_multi(self, vals_list):
        citizen = self._civic_author()
        if citizen:
            vals_list = [
                {**vals, "write_uid": citizen}
                if record._civic_is_about_ours(vals)
                else vals
                for record, vals in zip(self, vals_list, strict=True)
            ]
        return super()._write_multi(vals_list)

    def _civic_author(self):
        """Id of the technical user, where a citizen acts; False elsewhere.

        A citizen is whoever is no officer; on citizens' pages, officers are too: their
        own reports do not bear their names.
        """
        name = self._name
        if not (is_our_model(self) or name in BESIDE or name in TOLD):
            return False
        if self.env.uid == SUPERUSER_ID or not self._log_access:
            return False
        # Nobody at all where a route asks for no session.
        user = self.env.user
        if not user or user._is_internal() and not _on_citizens_page():
            return False
        # Not there while the module is being installed.
        return self.env["ir.model.data"]._xmlid_to_res_id(CITIZEN)

    def _civic_is_about_ours(self, vals):
        """Whether a row is of this module, about a record of it, or tells of one.

        :param vals: values that are being written to it
        """
        if self._name in BESIDE:
            field = BESIDE[self._name]
            # sudo: only to tell of which module the record is
            model = vals.get(field) or self.sudo()[field]
            return is_our_model(self.env.get(model))
        return is_our_model(self) or _on_citizens_page()
