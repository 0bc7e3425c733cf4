"""What verbs are given, checked: remote callers send anything in an argument's place,
and name records that are not theirs."""

from odoo.exceptions import MissingError, UserError

from ...tools.text import clean

# Letters of a reason that a verb is given: it stands in histories, notices, documents.
MOST_REASON = 2000


def required_text(env, text, what):
    """A text that may not be missing, cleaned.

    :param text: as the caller sent it
    :param what: the words for it, which complete “Write …”
    :raises UserError: for nothing, and for what is no text
    """
    text = clean(text) if isinstance(text, str) else ""
    if not text:
        raise UserError(env._("Write %s.", what))
    return text


def reason_text(env, text, what, most=MOST_REASON):
    """A reason that may not be missing, cleaned.

    :param text, what: see `required_text`
    :param most: letters that are kept
    :raises UserError: for nothing, for what is no text, and for a longer one
    """
    return check_length(env, required_text(env, text, what), most)


def check_length(env, text, most):
    """Refuse a text that is longer than what is kept: nothing is cut unsaid.

    :return: the text
    :raises UserError: for a longer one
    """
    if len(text or "") > most:
        raise UserError(
            env._(
                "This text has %(length)s letters, at most %(most)s are kept: shorten "
                "it.",
                length=len(text),
                most=most,
            )
        )
    return text


def id_of(value):
    """The id of what callers name a record by; 0, which is no id, for anything else.

    :param value: an id or a record
    """
    id_ = getattr(value, "id", value)
    # Odoo takes True for 1.
    return id_ if type(id_) is int else 0


def ids_of(values):
    """The ids of what callers name records by, in their order; see `id_of`.

    :param values: ids, records or a recordset; anything else names none
    """
    try:
        return [id_of(value) for value in values or ()]
    except TypeError:
        return []


def check_visible(records, words=None, operation="read"):
    """Refuse records that the caller may not see like those that do not exist.

    :param words: instead of those for any record
    :param operation: what they must be there for
    :raises MissingError: for one of them, and where there is none
    """
    if not records or records.exists()._filtered_access(operation) != records:
        raise MissingError(words) if words else missing(records.env)


def missing(env):
    """The error that answers for what is not there and for what is not the caller's."""
    return MissingError(env._("Not found: it does not exist or is not yours to see."))
