"""What is not the caller's is answered like what does not exist.

Odoo says “forbidden” for the one and “does not exist” for the other, or nothing at all:
whoever counts ids up would see which of them are taken. So for records of this module
alone.
"""

import logging

from odoo import models
from odoo.exceptions import AccessError, MissingError
from odoo.tools.translate import get_translation

from .ours import is_our_model

_logger = logging.getLogger(__name__)


class NotFound(AccessError):
    """Refused in the words, by the name and with the status of a missing record.

    For Odoo's own code it stays what it is: much of it goes on without a record to
    which access is refused.
    """

    http_status = MissingError.http_status


# Clients are told an error's kind by these.
NotFound.__name__ = NotFound.__qualname__ = MissingError.__name__
NotFound.__module__ = MissingError.__module__


def missing_words(records):
    """The words in which Odoo says of the first of these records that it is missing."""
    env = records.env
    lang = env.lang or "en_US"
    record = {"record": records[:1], "user": env.uid}
    return "\n".join(
        [
            get_translation(
                "base", lang, "Record does not exist or has been deleted.", ()
            ),
            get_translation(
                "base", lang, "(Record: %(record)s, User: %(user)s)", record
            ),
        ]
    )


def not_found(records, among=None):
    """The error with which these records are refused, as if they were missing.

    What rules look at is read past the rights of who asks; it may not stay in memory,
    where it would be found after this refusal without being asked for again.

    :param among: the records that rules looked at, where there are more
    """
    words = missing_words(records)
    (records if among is None else among).invalidate_recordset()
    return NotFound(words)


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """What the caller may not see is not found; what may be seen but not changed
        is refused as ever, and so is what another of the caller's companies has."""
        if is_our_model(records) and operation != "create":
            user = self.env.user
            known = records.with_context(allowed_company_ids=user.company_ids.ids)
            unknown = records - known.sudo(False)._filtered_access("read")
            if unknown:
                _logger.info("Not found by uid %s: %s %s", user.id, operation, unknown)
                return not_found(unknown.with_env(self.env), among=records)
        return super()._make_access_error(operation, records)


class Base(models.AbstractModel):
    _inherit = "base"

    def _check_access(self, operation):
        """Rules cannot be looked at for a record that does not exist: it is refused
        like those that they refuse."""
        try:
            return super()._check_access(operation)
        except MissingError:
            found = self.exists()
            if not is_our_model(self) or found == self:
                raise
        missing = self - found
        refused = super(Base, found)._check_access(operation) if found else None
        forbidden = missing + refused[0] if refused else missing
        return forbidden, lambda: not_found(forbidden)

    def read(self, fields=None, load="_classic_read"):
        """As everywhere; of our records, those that are missing are said to be."""
        rows = super().read(fields, load)
        if len(rows) < len(self) and is_our_model(self):
            there = {row["id"] for row in rows}
            missing = self.filtered(lambda record: record.id not in there)
            raise MissingError(missing_words(missing))
        return rows

    def get_field_translations(self, field_name, langs=None):
        """As everywhere; of our records, to whoever may read them."""
        if is_our_model(self):
            self.check_access("read")
        return super().get_field_translations(field_name, langs=langs)
