"""The two kinds of routes that most of the site's are."""

from odoo import http


def page_route(path, *, sitemap=False, **options):
    """A page of the site, or a file, for whoever comes; it writes nothing.

    :param sitemap: function that lists its addresses, see Odoo's `http.route`
    :param options: others of `http.route`
    """
    return http.route(
        path,
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        sitemap=sitemap,
        **options,
    )


def form_route(path, **options):
    """What a form of the site sends, from whoever comes.

    :param options: others of `http.route`; `csrf=False` where the handler checks
        otherwise who sends
    """
    return http.route(
        path,
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        **options,
    )
