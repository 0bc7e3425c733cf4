"""What search engines and news readers are told of pages, in schema.org's words."""

import json

from odoo.tests import tagged

from ..rig.site import WebsiteCase

HUE = {"latitude": 16.46372, "longitude": 107.59095}


@tagged("-at_install", "post_install")
class TestStructuredData(WebsiteCase):
    def data(self, path):
        page = self.page(path)
        [script] = page.xpath("//script[@type='application/ld+json']")
        return json.loads(script.text)

    def published(self, **values):
        return self.walk_to("processing", self.make_report(**values))

    def test_the_list(self):
        first = self.published(subject="Đèn hỏng")
        second = self.published(subject="Ổ gà")
        data = self.data("/phan-anh")
        self.assertEqual(
            data["publisher"],
            {"@type": "GovernmentOrganization", "name": self.company.name},
        )
        self.assertTrue(data["url"].endswith("/phan-anh"))
        items = data["mainEntity"]["itemListElement"]
        self.assertEqual([item["position"] for item in items], [1, 2])
        self.assertEqual([item["name"] for item in items], ["Ổ gà", "Đèn hỏng"])
        for item, report in zip(items, (second, first), strict=True):
            self.assertTrue(item["url"].endswith(self.path(report)))

    def test_places(self):
        place = {"@type": "Place"}
        address = {"address": "Trước số 10 Lê Lợi"}
        geo = {"geo": {"@type": "GeoCoordinates", **HUE}}
        for values, expected in (
            ({}, {**place, **address}),
            (
                {"ward_id": self.ward.id},
                {**place, "address": "Trước số 10 Lê Lợi, Phường Thuận Hóa"},
            ),
            ({"address": False, **HUE}, {**place, **geo}),
            (HUE, {**place, **address, **geo}),
            ({"address": False}, None),
        ):
            with self.subTest(values):
                data = self.published(**values)._share_values()["data"]
                self.assertEqual(data.get("contentLocation"), expected)

    def test_only_what_is_there(self):
        report = self.published(address=False, category_id=False)
        data = self.data(self.path(report))
        for name in ("contentLocation", "articleSection", "image"):
            self.assertNotIn(name, data)
        self.assertEqual(data["publisher"]["name"], self.company.name)
