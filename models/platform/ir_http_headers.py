import secrets
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException, NotFound

from odoo import models
from odoo.http import request

from ...tools import page_policy
from ..ground.paths import is_our_path
from .ir_qweb import MARKED, PLACEHOLDER

SOURCES = "civic_report.page_sources"
BUILDERS = "website.group_website_restricted_editor"


class IrHttp(models.AbstractModel):
    """What browsers are told about the answers of this module's addresses, errors
    included; other apps' answers stay as they are.
    """

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        if not is_our_path(path_info, in_any_language=True):
            return super()._match(path_info)
        if "\0" in path_info:
            raise NotFound  # no text of a database holds one
        cls._civic_secure_session()
        with cls._civic_redirections():
            return super()._match(path_info)

    @classmethod
    def _serve_fallback(cls):
        path = request.httprequest.path
        if "\0" in path and is_our_path(path, in_any_language=True):
            return NotFound().get_response(request.httprequest.environ)
        return super()._serve_fallback()

    @classmethod
    def _pre_dispatch(cls, rule, args):
        if not is_our_path(request.httprequest.path):
            return super()._pre_dispatch(rule, args)
        with cls._civic_redirections():
            result = super()._pre_dispatch(rule, args)
        request.update_context(**{MARKED: True})
        return result

    @classmethod
    @contextmanager
    def _civic_redirections(cls):
        """Set the headers of a redirection on the way to a page, which goes past
        `_post_dispatch`."""
        try:
            yield
        except HTTPException as error:
            if error.code is None:
                cls._civic_set_headers(error.get_response())
            raise

    @classmethod
    def _civic_secure_session(cls):
        """Let the cookie of the session bear what all of ours do, on redirections
        too, to which Odoo adds it last."""
        future = request.future_response
        is_https = request.httprequest.scheme == "https"
        future.set_cookie = partial(future.set_cookie, samesite="Lax", secure=is_https)

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        cls._civic_secure(response)
        return result

    @classmethod
    def _handle_error(cls, exception):
        response = super()._handle_error(exception)
        if is_our_path(request.httprequest.path):
            if isinstance(response, HTTPException):
                response = response.get_response(request.httprequest.environ)
            cls._civic_secure(response)
        return response

    @classmethod
    def _civic_secure(cls, response):
        """Set the headers of an answer of ours; what a route has set itself stays."""
        if is_our_path(request.httprequest.path):
            cls._civic_set_headers(response)

    @classmethod
    def _civic_set_headers(cls, response):
        headers = response.headers
        for name, value in page_policy.HEADERS.items():
            headers.setdefault(name, value)
        if "Content-Security-Policy" not in headers:
            headers["Content-Security-Policy"] = cls._civic_policy(response)
        # Behind a proxy this is what the visitor uses only in proxy_mode.
        is_https = request.httprequest.scheme == "https"
        if is_https:
            headers.setdefault("Strict-Transport-Security", page_policy.HSTS)
        cookies = headers.getlist("Set-Cookie")
        headers.setlist(
            "Set-Cookie",
            [page_policy.safe_cookie(cookie, is_https) for cookie in cookies],
        )

    @classmethod
    def _civic_policy(cls, response):
        if response.mimetype != "text/html":
            return page_policy.NO_PAGE
        env = request.env
        if env.uid and env.user.has_group(BUILDERS):
            return page_policy.builder_policy()
        nonce = cls._civic_mark_scripts(response)
        return page_policy.page_policy(cls._civic_page_sources(), nonce)

    @classmethod
    def _civic_mark_scripts(cls, response):
        """Give the scripts of a page a nonce of its own.

        :return: the nonce, "" for a page whose scripts are not marked
        """
        marked = f'nonce="{PLACEHOLDER}"'.encode()
        page = b"" if response.is_streamed else response.get_data()
        if marked not in page:
            return ""
        nonce = secrets.token_urlsafe(18)
        response.set_data(page.replace(marked, f'nonce="{nonce}"'.encode()))
        return nonce

    @classmethod
    def _civic_page_sources(cls):
        """Where pages may load something from besides this server.

        :return: dict of directive → list of sources
        """
        # sudo: visitors read neither parameters nor companies; what is used of them is
        # in every page
        parameters_sudo = request.env["ir.config_parameter"].sudo()
        sources = page_policy.read_sources(parameters_sudo.get_param(SOURCES))
        website = getattr(request, "website", None)
        if not website:
            return sources
        website_sudo = website.sudo()
        if not website_sudo.civic_theme:  # Odoo's themes have their fonts from there
            for name, hosts in page_policy.FONTS.items():
                sources.setdefault(name, []).extend(hosts)
        if tiles := website_sudo.company_id.civic_map_tile_url:
            sources.setdefault("img-src", []).append(_origin(tiles))
        if website_sudo.cdn_activated and website_sudo.cdn_url:
            for name in ("script-src", "style-src", "img-src", "font-src"):
                sources.setdefault(name, []).append(_origin(website_sudo.cdn_url))
        return sources


def _origin(url):
    parts = urlsplit(url, scheme="https")
    return f"{parts.scheme}://{parts.netloc}"
