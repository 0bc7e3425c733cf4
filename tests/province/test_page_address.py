"""Pages of this module name the province's address, whatever the server is called."""

from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ...models.province import address


@tagged("-at_install", "post_install")
class TestPageAddress(TransactionCase):
    def test_on_pages_of_ours_and_elsewhere(self):
        site = self.env["website"].get_current_website()
        site.domain = "https://tinh.example"
        ours = "https://phananh.example"
        with patch.object(type(site), "_civic_base_url", lambda _self: ours):
            for is_ours, expected in ((True, ours), (False, "https://tinh.example")):
                with patch.object(address, "_is_page_of_ours", lambda o=is_ours: o):
                    self.assertEqual(site.get_base_url(), expected)
                    self.assertNotEqual(site.browse().get_base_url(), ours)
