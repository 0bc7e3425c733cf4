"""Figures as a report keeps them, of what was counted."""

from decimal import Decimal


def kept(figures):
    """Figures as JSON keeps them."""
    return {
        key: float(value) if isinstance(value, Decimal) else value
        for key, value in figures.items()
    }


def of(groups, key):
    """What was counted of a key; keys that came through JSON are texts."""
    return groups.get(key) if key in groups else groups.get(str(key))


def int_keys(groups):
    return sorted({int(key or 0) for key in groups})


def report_figures(counted, before=None):
    """Figures of reports, with what is summed of them.

    :param before: those of the period before; none where nothing is compared
    """
    figures = {
        key: value for key, value in (counted or {}).items() if value is not None
    }
    figures["received"] = figures.get("received") or 0
    figures["total"] = sum(
        figures.get(key) or 0 for key in ("carried", "received", "reopened")
    )
    figures["pleased"] = pleased(figures)
    if before is not None:
        figures["before"] = before.get("received") or 0
    return figures


def agency_figures(counted):
    """Figures of an agency; its rate in time is of what had a time."""
    figures = {
        key: value for key, value in (counted or {}).items() if value is not None
    }
    figures["given"] = figures.get("given") or 0
    figures["timed"] = (figures.get("on_time") or 0) + (figures.get("late") or 0)
    figures["pleased"] = pleased(figures)
    return figures


def pleased(figures):
    """Satisfied, or at least accepting: both grades are counted as accepted."""
    return figures.get("accepted") or 0


def says_something(figures):
    return any(
        value for key, value in figures.items() if isinstance(value, (int, float))
    )
