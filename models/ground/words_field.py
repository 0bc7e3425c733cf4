"""Fields for what a citizen has written: read whole at the Centre, masked elsewhere.

Each of these fields has a companion of the same name and ``_masked``, a column that is
kept up to date when text or identity changes. Whoever does not belong to the Centre
reads, searches, sorts and groups by the companion under the field's own name; what they
write is the whole. So nothing is compared with identities at read, no list costs more
queries, and no search can ask for what is masked.

Who reads is the user of the environment, whatever its rights of the moment: code that
goes on with `sudo` shows an agency no more. The superuser, in whose name messages go
out at night, reads what is masked. What is told to the sender, or has to be compared,
is read by `civic.words._whole_words`; pages for everybody by `_masked_words`.
"""

from odoo import SUPERUSER_ID, fields

SUFFIX = "_masked"
MODE = "civic_words"
# RPC cannot send them.
WHOLE, MASKED = object(), object()


def reads_whole(env):
    """Whether this environment reads what citizens wrote as they wrote it."""
    mode = env.context.get(MODE)
    if mode is WHOLE or mode is MASKED:
        return mode is WHOLE
    if env.uid == SUPERUSER_ID:
        return False
    return env.user.has_group("civic_report.group_operator")


def whole_words(records):
    """Records as the Centre, and the sender, read them."""
    return records.with_context(**{MODE: WHOLE})


def masked_words(records):
    """Records as they are read outside the Centre, by whomever."""
    if records.env.context.get(MODE) is MASKED:
        return records  # lists ask for each of their rows
    return records.with_context(**{MODE: MASKED})


class _Words:
    """What the fields below have in common."""

    def _companion(self, env):
        return env.registry[self.model_name]._fields[self.name + SUFFIX]

    def __get__(self, record, owner=None):
        if record is not None:
            companion = self._companion(record.env)
            waiting = record.env.transaction.tocompute.get(companion)
            if waiting and not reads_whole(record.env):
                companion.recompute(record)
        return super().__get__(record, owner)

    def _get_cache_impl(self, env):
        if reads_whole(env):
            return super()._get_cache_impl(env)
        return self._companion(env)._get_cache(env)

    def _update_cache(self, records, cache_value, dirty=False):
        """What is written is the whole. Rows that are not saved yet have no companion:
        their forms show what was typed into them."""
        unsaved = records.browse(id_ for id_ in records._ids if not id_)
        if unsaved and not reads_whole(records.env):
            super()._update_cache(unsaved, cache_value)
        whole = records.with_context(**{MODE: WHOLE})
        return super()._update_cache(whole, cache_value, dirty)

    def write(self, records, value):
        return super().write(records.with_context(**{MODE: WHOLE}), value)

    def to_sql(self, model, alias):
        if reads_whole(model.env):
            return super().to_sql(model, alias)
        return self._companion(model.env).to_sql(model, alias)


class WordsChar(_Words, fields.Char):
    """A line that a citizen has written."""


class WordsText(_Words, fields.Text):
    """A text that a citizen has written."""


class WordsProperties(_Words, fields.Properties):
    """Answers that a citizen has given to the questions of a category."""


def _companion_of(base):
    class Companion(base):
        """What of a field everybody may read who may read the field.

        :param of: name of the field; `depends` names what decides besides its text
        """

        def __init__(self, of=None, depends=(), **values):
            if of:

                def compute(records):
                    records._compute_masked(of)

                values = {
                    "compute": compute,
                    "depends": (of, *depends),
                    "store": True,
                    "copy": False,
                    # All of them at once, and never with what is read every time.
                    "prefetch": "masked",
                    "groups": fields.NO_ACCESS,
                    **values,
                }
            super().__init__(**values)

    return Companion


MaskedChar = _companion_of(fields.Char)
MaskedText = _companion_of(fields.Text)
MaskedJson = _companion_of(fields.Json)
