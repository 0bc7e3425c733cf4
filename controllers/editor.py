from werkzeug.exceptions import Forbidden

from odoo import http
from odoo.http import request

from odoo.addons.html_editor.controllers.main import HTML_Editor

EDITORS = "website.group_website_restricted_editor"
ROLES = ("handler", "leader", "operator", "coordinator", "province_leader")


class Editor(HTML_Editor):
    """Odoo's editor without what makes the server fetch an address that is given to it
    by visitors of a site of civic reports, or by officers who edit no site: whoever
    asks could look into the network behind it.

    Everybody else has the editor that Odoo gives them.
    """

    @http.route()
    def link_preview_metadata(self, preview_url):
        """Links are shown without a preview."""
        return {} if _is_guarded() else super().link_preview_metadata(preview_url)

    @http.route()
    def add_url(self, url, *args, **kwargs):
        _check_editor()
        return super().add_url(url, *args, **kwargs)

    @http.route()
    def save_library_media(self, media):
        _check_editor()
        return super().save_library_media(media)

    @http.route()
    def media_library_search(self, **params):
        _check_editor()
        return super().media_library_search(**params)


def _check_editor():
    if _is_guarded():
        raise Forbidden()


def _is_guarded():
    """Whether it is one of ours who asks: a visitor of our site, or an officer."""
    user = request.env.user
    if user.has_group(EDITORS):
        return False
    if user._is_internal():
        return any(user.has_group(f"civic_report.group_{role}") for role in ROLES)
    return request.env["website"].get_current_website().civic_reports
