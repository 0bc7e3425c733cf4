"""Addresses of the pages of a report's sender."""

from urllib.parse import urlencode

# Of senders with an account, and of those who prove by a one-time code who they are.
ACCOUNT_PAGE = "/my/phan-anh"
PROVED_PAGE = "/phan-anh/tra-cuu"
# What addresses begin with behind which people act as citizens, officers too.
CITIZENS_PAGES = ("/phan-anh", ACCOUNT_PAGE, "/my/du-lieu")
# All addresses of this module begin with one of these, after the language if any.
OUR_PATHS = (*CITIZENS_PAGES, "/civic", "/civic_report")


def is_our_path(path, in_any_language=False):
    """Tell whether this module answers at a path, as far as its beginning says.

    :param in_any_language: the path may still begin with a language: "/en/phan-anh"
    """
    if in_any_language and not _is_below(path, OUR_PATHS):
        _empty, _language, path = [*path.split("/", 2), "", ""][:3]
        path = f"/{path}"
    return _is_below(path, OUR_PATHS)


def is_citizens_path(path):
    """Tell whether who asks for a path acts as a citizen."""
    return _is_below(path, CITIZENS_PAGES)


def _is_below(path, starts):
    return any(path == start or path.startswith(f"{start}/") for start in starts)


def lookup_path(code="", **query):
    """Return the address of the page where a report is looked up by its code."""
    query = {name: value for name, value in {"code": code, **query}.items() if value}
    return PROVED_PAGE + (f"?{urlencode(query)}" if query else "")
