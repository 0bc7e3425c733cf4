"""Plain values: dicts, lists, texts, figures and moments, as JSON has them."""

from datetime import date, datetime


def as_json(value):
    """A plain value with nothing in it that `json` does not know.

    :param value: dicts and lists of texts, figures, moments (UTC, as Odoo keeps them)
        and days
    :return: the same with moments and days by RFC 3339
    """
    if isinstance(value, dict):
        return {name: as_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return value
