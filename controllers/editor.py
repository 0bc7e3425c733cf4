from werkzeug.exceptions import Forbidden

from odoo import http
from odoo.http import request

from odoo.addons.html_editor.controllers.main import HTML_Editor

EDITORS = "website.group_website_restricted_editor"


class Editor(HTML_Editor):
    """Odoo's editor without what makes the server fetch an address that is given to it:
    whoever asks could look into the network behind it.
    """

    @http.route()
    def link_preview_metadata(self, preview_url):
        """Links are shown without a preview, inside and outside."""
        return {}

    @http.route()
    def add_url(self, url, *args, **kwargs):
        self._check_editor()
        return super().add_url(url, *args, **kwargs)

    @http.route()
    def save_library_media(self, media):
        self._check_editor()
        return super().save_library_media(media)

    @http.route()
    def media_library_search(self, **params):
        self._check_editor()
        return super().media_library_search(**params)

    def _check_editor(self):
        if not request.env.user.has_group(EDITORS):
            raise Forbidden()
