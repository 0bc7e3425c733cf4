"""The public list, its map and its feeds, as visitors and programs ask for them."""

import json
from datetime import datetime, timedelta, timezone

from lxml import etree, html

from odoo.tests import tagged

from ...models.site import map as civic_report_map
from ...models.site import search as civic_report_search
from ...models.site.filter import FILTERS
from ..rig.site import XSS, WebsiteCase

ATOM = "{http://www.w3.org/2005/Atom}"
HUE = {"latitude": 16.46372, "longitude": 107.59089}
HOSTILE = (
    *("'", '"', "%", "_", "\\", "\x00", "; DROP TABLE civic_report; --", "{{7*7}}"),
    *("9" * 40, "-1", "٣", "1e3", "1 OR 1=1", "[]", "\u202e", "x" * 5000, "None"),
    *("2026-02-31", "0000-00-00", "99999-01-01", "../../etc/passwd", XSS),
)
FEED = "/phan-anh/feed.atom"
MAP = "/phan-anh/ban-do.geojson"


class ListCase(WebsiteCase):
    def seen(self, path="/phan-anh", **params):
        """Addresses of the reports on a page of the list."""
        page = self.page(path, params=params)
        return [link.get("href") for link in page.xpath("//article//h2/a")]

    def features(self, **params):
        answer = self.url_open(MAP, params=params)
        self.assertEqual(answer.status_code, 200, answer.text)
        return {row["id"]: row for row in answer.json()["features"]}

    def entries(self, **params):
        feed = etree.fromstring(self.url_open(FEED, params=params).content)
        return [
            entry.find(f"{ATOM}link").get("href") for entry in feed.iter(f"{ATOM}entry")
        ]


@tagged("-at_install", "post_install")
class TestFilters(ListCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roads = cls.category
        cls.potholes = cls.env["civic.category"].create(
            {"name": "Ổ gà", "parent_id": cls.roads.id}
        )
        cls.lighting = cls.env.ref("civic_report.category_lighting")
        cls.branch = cls.env["civic.agency"].create(
            {"name": "Đội quản lý đường bộ", "parent_id": cls.agency.id}
        )

    def make_some(self):
        """Four reports that differ in everything by which the list is filtered."""
        rows = {
            "hole": ("2026-11-16 08:00", self.potholes, self.ward, self.agency, "done"),
            "road": ("2026-11-10 08:00", self.roads, None, self.branch, "processing"),
            "lamp": (
                *("2026-10-01 08:00", self.lighting, self.ward),
                *(self.other_agency, "processing"),
            ),
            "old": (
                *("2025-12-31 23:30", self.lighting, None),
                *(self.other_agency, "done"),
            ),
        }
        made = {}
        for name, (moment, category, ward, agency, state) in rows.items():
            with self.at(moment):
                report = self.make_report(
                    subject=f"Việc {name}",
                    category_id=category.id,
                    ward_id=ward.id if ward else False,
                    **HUE,
                )
                report.receive()
                report.dispatch([self.agency.id])
            if state == "done":
                assignment = report.assignment_ids
                assignment.with_user(self.handler).accept()
                assignment.with_user(self.handler).submit("Đã xử lý.")
                assignment.with_user(self.leader).approve()
                report.publish()
            report = report._elevated()
            report.agency_id = agency
            made[name] = report
        # Times of deadlines are not what is tried here.
        made["lamp"].overdue_from = datetime(2026, 10, 2)
        for name in ("hole", "road", "old"):
            made[name].overdue_from = False
        return made

    def test_every_filter_and_all_together(self):
        made = self.make_some()
        paths = {self.path(report): name for name, report in made.items()}
        codes = {report.name: name for name, report in made.items()}
        rows = [
            ({}, "hole road lamp old"),
            ({"category": self.roads.id}, "hole road"),
            ({"category": self.potholes.id}, "hole"),
            ({"agency": self.agency.id}, "hole road"),
            ({"agency": self.branch.id}, "road"),
            ({"ward": self.ward.id}, "hole lamp"),
            ({"state": "open"}, "road lamp"),
            ({"state": "done"}, "hole old"),
            ({"overdue": "1"}, "lamp"),
            ({"overdue": "1", "state": "done"}, ""),
            ({"period": "7"}, "hole road"),
            ({"period": "30"}, "hole road"),
            ({"period": "year"}, "hole road lamp"),
            ({"from": "2026-10-01", "to": "2026-11-10"}, "road lamp"),
            ({"from": "2026-11-10", "to": "2026-10-01"}, "road lamp"),
            ({"to": "2025-12-31"}, "old"),
            ({"from": "2026-01-01", "period": "7"}, "hole road lamp"),
            ({"ward": self.ward.id, "category": self.lighting.id}, "lamp"),
            ({"agency": self.agency.id, "ward": self.ward.id}, "hole"),
            ({"search": "viec", "state": "open", "period": "year"}, "road lamp"),
            (
                {
                    "search": "viec",
                    "category": self.lighting.id,
                    "agency": self.other_agency.id,
                    "ward": self.ward.id,
                    "state": "open",
                    "overdue": "1",
                    "period": "year",
                },
                "lamp",
            ),
        ]
        with self.at("2026-11-16 09:00"):
            for params, expected in rows:
                with self.subTest(params):
                    names = expected.split()
                    self.assertEqual(
                        [paths[path] for path in self.seen(**params)], names
                    )
                    self.assertEqual(
                        [codes[code] for code in self.features(**params)], names
                    )
                    self.assertEqual(
                        [paths[self.local(url)] for url in self.entries(**params)],
                        names,
                    )

    def local(self, url):
        base_url = self.env["website"].get_current_website().get_base_url()
        self.assertTrue(url.startswith(base_url), url)
        return url.removeprefix(base_url)

    def test_words_of_any_keyboard(self):
        report = self.published(subject="Ổ gà lớn ở Đông Ba")
        for words in ("o ga", "Ổ GÀ", "O\u0302\u0309 ga\u0300", "dong ba", "ĐÔNG"):
            with self.subTest(words):
                self.assertEqual(self.seen(search=words), [self.path(report)])

    def test_short_words_are_whole_words(self):
        hole = self.published(subject="Hố, sâu 20cm")
        street = self.published(subject="Đường 30/4 ngập, xe máy ngã")
        for words, expected in (
            ("ho", [hole]),
            ("20cm hố", [hole]),
            ("30/4", [street]),
            ("may xe", [street]),
            ("ngap,", [street]),
            ("le loi", [street, hole]),
            ("x", []),
            ("ng", []),
            ("...", []),
        ):
            with self.subTest(words):
                paths = [self.path(report) for report in expected]
                self.assertEqual(self.seen(search=words), paths)

    def test_old_words_are_found_behind_many(self):
        """However many reports came since, and however many pages are turned."""
        old = [self.published(subject=f"Cây đổ {index}") for index in range(3)]
        fresh = self.published(subject="Cây nghiêng")
        self.published(subject="Việc khác")
        self.patch(civic_report_search, "MANY", 2)
        expected = [fresh, *reversed(old)]
        model = self.env["civic.site.list"]
        seen, older = [], None
        for _page in expected:
            reports, older = model._search_published_sudo(
                self.company, {"search": "cay"}, older=older, limit=1
            )
            seen += reports
        self.assertEqual(seen, expected)
        self.assertIsNone(older)

    def test_what_is_in_force_is_said_and_can_be_taken_off(self):
        self.published(ward_id=self.ward.id)
        params = {"search": "lê lợi", "ward": self.ward.id, "from": "2026-01-01"}
        page = self.page("/phan-anh", params=params)
        [row] = page.xpath("//nav[@aria-label='Filters in force']")
        links = {self.text(link): link.get("href") for link in row.iter("a")}
        self.assertEqual(len(links), 4)
        without = links[f"Remove the filter Ward: {self.ward.name}"]
        self.assertIn("from=2026-01-01", without)
        self.assertNotIn("ward", without)
        self.assertIn("Remove the filter From 01/01/2026", links)
        self.assertEqual(links["Remove all filters"], "/phan-anh")
        # What is chosen stays chosen in the form, which is open to show it.
        form = page.xpath("//form[@role='search']")[0]
        self.assertEqual(form.fields["ward"], str(self.ward.id))
        self.assertEqual(form.fields["from"], "2026-01-01")
        self.assertTrue(form.xpath(".//details[@open]"))

    def test_hostile_addresses(self):
        """Whatever stands in an address: a page, a feed or words that say what is
        wrong; never an error, never markup."""
        report = self.published(**HUE)
        for name in (*FILTERS, "older", "nothing"):
            for value in HOSTILE:
                with self.subTest(name=name, value=value[:30]):
                    answer = self.url_open("/phan-anh", params={name: value})
                    self.assertEqual(answer.status_code, 200)
                    self.assertNotIn("<script>alert", answer.text)
                    if name != "search":
                        self.assertIn(report.name, answer.text)
        for value in HOSTILE:
            for path in (FEED, MAP):
                answer = self.url_open(
                    path, params=dict.fromkeys((*FILTERS, "older"), value)
                )
                self.assertEqual(answer.status_code, 200)

    def test_the_same_name_twice(self):
        self.published()
        for path in ("/phan-anh", FEED, MAP):
            answer = self.url_open(
                f"{path}?search=x&search=y&ward=1&ward=2&from=&from="
            )
            self.assertEqual(answer.status_code, 200)

    def test_choices_that_stand_below_others(self):
        self.published()
        page = self.page("/phan-anh")
        options = {
            option.get("value"): option.text_content()
            for option in page.xpath("//select[@id='category']/option")
        }
        self.assertEqual(options[str(self.potholes.id)], "– Ổ gà")
        self.potholes.name = "Hố sâu"
        page = self.page("/phan-anh")
        self.assertIn("– Hố sâu", page.xpath("//select[@id='category']/option/text()"))

    def test_another_province_is_no_choice(self):
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        ward = self.env["civic.ward"].create(
            {"name": "Phường của tỉnh khác", "company_id": other.id}
        )
        report = self.published()
        page = self.page("/phan-anh", params={"ward": ward.id})
        self.assertNotIn(ward.name, self.text(page))
        self.assertIn(report.name, self.text(page))

    def test_the_list_asks_as_much_with_filters_as_without(self):
        made = self.make_some()
        self.env.flush_all()
        model = self.env["civic.site.list"]

        def queries(args):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            filters = model._read_filters_sudo(self.company, args)
            reports, _older = model._search_published_sudo(self.company, filters)
            cards = [report._public_card_values() for report in reports]
            return self.cr.sql_log_count - before, len(cards)

        queries({})
        plain, count = queries({})
        self.assertEqual(count, len(made))
        args = {
            "search": "viec",
            "category": str(self.lighting.id),
            "agency": str(self.other_agency.id),
            "ward": str(self.ward.id),
            "overdue": "1",
        }
        queries(args)  # what addresses may name is kept
        filtered, count = queries(args)
        self.assertEqual(count, 1)
        self.assertLessEqual(filtered, plain + 1, "one to know where the latest end")

    def test_found_pages_are_no_pages_for_search_engines(self):
        self.published()
        robots = "//meta[@name='robots']/@content"
        self.assertFalse(self.page("/phan-anh").xpath(robots))
        self.assertIn("noindex", self.page("/phan-anh?state=done").xpath(robots)[0])


@tagged("-at_install", "post_install")
class TestMap(ListCase):
    def test_only_what_everybody_may_see(self):
        shown = self.published(**HUE)
        for hidden in (
            self.make_report(**HUE),
            self.walk_to("received", self.make_report(**HUE)),
            self.walk_to("done", self.make_report(visibility="private", **HUE)),
            self.walk_to("done", self.make_report(visibility="sensitive", **HUE)),
        ):
            self.assertNotIn(hidden.name, self.features())
        self.assertEqual(list(self.features()), [shown.name])
        shown.with_user(self.operator).set_visibility("private", "Người gửi đề nghị.")
        self.assertFalse(self.features())

    def test_a_feature_says_what_the_card_says_and_no_more(self):
        report = self.published(subject=XSS, latitude=16.4637212, longitude=107.5908967)
        answer = self.url_open(MAP)
        self.assertEqual(answer.headers["Content-Type"], "application/geo+json")
        self.assertTrue(answer.json()["complete"])
        [feature] = answer.json()["features"]
        self.assertEqual(
            feature["geometry"], {"type": "Point", "coordinates": [107.5909, 16.46372]}
        )
        properties = feature["properties"]
        self.assertEqual(properties["subject"], XSS)
        self.assertTrue(properties["url"].endswith(self.path(report)))
        self.assertEqual(
            set(properties),
            {
                *("code", "subject", "state", "state_label", "is_open", "is_overdue"),
                *("category", "agency", "ward", "received_at", "url"),
            },
        )

    def test_a_view_near_and_far(self):
        here = self.published(**HUE)
        beside = self.published(latitude=16.4640, longitude=107.5912)
        away = self.published(latitude=16.0544, longitude=108.2022)
        rows = {
            "107.5908,16.4636,107.5910,16.4638": [here],
            "107.55,16.44,107.62,16.49": [beside, here],
            "105,14,110,18": [away, beside, here],
            "108.2022,16.0544,108.2022,16.0544": [away],
            "0,0,1,1": [],
            "-720,-100,720,100": [away, beside, here],
        }
        for box, expected in rows.items():
            with self.subTest(box):
                self.assertEqual(
                    list(self.features(bbox=box)), [row.name for row in expected]
                )

    def test_views_that_are_none(self):
        for box in ("", "1,2,3", "a,b,c,d", "nan,0,1,1", "2,0,1,1", "0,0,1,1;", XSS):
            with self.subTest(box):
                answer = self.url_open(MAP, params={"bbox": box})
                self.assertEqual(answer.status_code, 400)
                self.assertIn("west,south,east,north", answer.json()["error"])

    def test_a_view_is_bounded_and_says_so(self):
        for _index in range(5):
            latest = self.published(**HUE).name
        street = "107.58,16.46,107.60,16.47"
        for limit, value in (("MAX_SHOWN", 3), ("MAX_LOOKED", 4)):
            for box in (street, "105,14,110,18"):
                with self.subTest(limit, box=box):
                    self.patch(civic_report_map, limit, value)
                    answer = self.url_open(MAP, params={"bbox": box}).json()
                    self.assertFalse(answer["complete"])
                    self.assertLessEqual(len(answer["features"]), value)
                    self.assertEqual(answer["features"][0]["id"], latest)

    def test_who_has_it_already_is_sent_nothing(self):
        report = self.published(**HUE)
        for path in (MAP, FEED):
            with self.subTest(path):
                first = self.url_open(path)
                self.assertEqual(first.headers["Cache-Control"], "no-cache")
                known = {"If-None-Match": first.headers["ETag"]}
                again = self.url_open(path, headers=known)
                self.assertEqual((again.status_code, again.content), (304, b""))
        report.with_user(self.operator).subject = "Tên khác"
        changed = self.url_open(MAP, headers=known)
        self.assertEqual(changed.status_code, 200)

    def test_queries_do_not_grow(self):
        model = self.env["civic.site.list"]

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            box = civic_report_map.geo.Box(107, 16, 108, 17)
            features, _all = model._map_features_sudo(self.company, {}, box, "")
            return self.cr.sql_log_count - before, len(features)

        self.published(**HUE)
        queries()
        few, one = queries()
        for _index in range(5):
            self.published(**HUE)
        many, six = queries()
        self.assertEqual((one, six), (1, 6))
        self.assertEqual(many, few)

    def test_the_page_carries_the_map_and_its_filters(self):
        self.published(ward_id=self.ward.id, **HUE)
        page = self.page("/phan-anh", params={"ward": self.ward.id})
        [section] = page.xpath("//section[@data-features]")
        self.assertEqual(section.get("data-features"), f"{MAP}?ward={self.ward.id}")
        self.assertEqual(
            json.loads(section.get("data-settings")), self.company._civic_map()
        )

    def test_in_a_browser(self):
        """The map is fetched when it is shown, and leads to the report."""
        self.walk_to("processing", self.make_report(**HUE))
        self.start_tour("/phan-anh", "civic_report.citizen_map")


@tagged("-at_install", "post_install")
class TestFeed(ListCase):
    def test_a_feed_that_programs_can_read(self):
        report = self.published(subject=f"Ổ gà {XSS}", **HUE)
        hidden = self.walk_to("done", self.make_report(visibility="private"))
        answer = self.url_open(FEED)
        self.assertEqual(
            answer.headers["Content-Type"], "application/atom+xml; charset=utf-8"
        )
        self.assertNotIn(hidden.name.lower(), answer.text)
        feed = etree.fromstring(answer.content)
        self.assertEqual(feed.tag, f"{ATOM}feed")
        for name in ("id", "title", "updated", "author"):
            self.assertIsNotNone(feed.find(f"{ATOM}{name}"), name)
        [entry] = feed.iter(f"{ATOM}entry")
        self.assertEqual(entry.findtext(f"{ATOM}title"), report.subject)
        self.assertRegex(
            entry.findtext(f"{ATOM}id"),
            rf"^tag:.+,2026:/phan-anh/{report.name.lower()}$",
        )
        self.assertIn("Ổ gà sâu, cần vá.", entry.findtext(f"{ATOM}content"))
        self.assertIn("has answered", entry.findtext(f"{ATOM}content"))
        updated = datetime.fromisoformat(entry.findtext(f"{ATOM}updated"))
        self.assertEqual(
            updated.astimezone(timezone.utc).replace(tzinfo=None), report.closed_at
        )

    def test_ids_and_moments_stay(self):
        report = self.published()
        first = self.url_open(FEED)
        report.with_user(self.operator).subject = "Chữ khác"
        second = self.url_open(FEED)
        ids = [
            etree.fromstring(answer.content).findtext(f".//{ATOM}entry/{ATOM}id")
            for answer in (first, second)
        ]
        self.assertEqual(*ids)
        self.assertEqual(
            first.headers["Last-Modified"], second.headers["Last-Modified"]
        )

    def test_an_empty_feed(self):
        feed = etree.fromstring(self.url_open(FEED).content)
        self.assertFalse(list(feed.iter(f"{ATOM}entry")))
        self.assertTrue(feed.findtext(f"{ATOM}updated"))

    def test_no_personal_data_in_feed_and_map(self):
        canary = "CANARY-7391"
        self.reporter.write({"name": canary, "address": canary, "citizen_id": canary})
        self.published(description=f"Tôi là {canary}, 0912345678", **HUE)
        for path in (FEED, MAP):
            answer = self.url_open(path)
            for part in (canary, "912345678", "nguoi.phan.anh", "civic_citizen"):
                self.assertNotIn(part, answer.text, path)

    def test_the_list_leads_to_its_feed(self):
        self.published(ward_id=self.ward.id)
        page = self.page("/phan-anh", params={"ward": self.ward.id})
        [link] = page.xpath("//link[@type='application/atom+xml']")
        self.assertEqual(link.get("href"), f"{FEED}?ward={self.ward.id}")
        self.assertEqual(self.url_open(link.get("href")).status_code, 200)

    def test_reading_needs_no_writing(self):
        self.published(**HUE)
        for path in ("/phan-anh?state=done&search=lo", FEED, MAP):
            with self.subTest(path), self.assertNoLogs("odoo.http", "WARNING"):
                self.assertEqual(self.url_open(path).status_code, 200)


@tagged("-at_install", "post_install")
class TestSharing(ListCase):
    def meta(self, page):
        tags = page.xpath("//meta[@property or @name]")
        names = [tag.get("property") or tag.get("name") for tag in tags]
        self.assertEqual(len(names), len(set(names)), "each is said once")
        return dict(zip(names, (tag.get("content") for tag in tags), strict=True))

    def data(self, page):
        [script] = page.xpath("//script[@type='application/ld+json']")
        return json.loads(script.text)

    def test_a_report_that_is_shared(self):
        report = self.published(subject=f"</script>{XSS}", **HUE)
        page = self.page(self.path(report))
        meta = self.meta(page)
        self.assertEqual(meta["og:title"], report.subject)
        self.assertIn("has answered", meta["og:description"])
        self.assertEqual(meta["description"], meta["og:description"])
        self.assertTrue(meta["og:url"].endswith(self.path(report)))
        self.assertRegex(
            meta["og:image"], r"^http.+/phan-anh/anh/pa-[\d-]+/0\?size=960$"
        )
        picture = self.url_open(meta["og:image"])
        self.assertEqual(picture.headers["Content-Type"], "image/jpeg")
        data = self.data(page)
        self.assertEqual(data["headline"], report.subject)
        self.assertEqual(data["image"], meta["og:image"])
        self.assertEqual(data["contentLocation"]["geo"]["latitude"], 16.46372)
        self.assertEqual(data["author"]["name"], self.company.name)
        published = datetime.fromisoformat(data["datePublished"])
        self.assertLess(datetime.now(timezone.utc) - published, timedelta(days=1))

    def test_without_picture_and_place(self):
        report = self.walk_to("processing").sudo()
        page = self.page(self.path(report))
        self.assertNotIn("og:image", self.meta(page))
        self.assertEqual(self.meta(page)["twitter:card"], "summary")
        self.assertNotIn("geo", self.data(page)["contentLocation"])

    def test_the_list_that_is_shared(self):
        report = self.published(subject=XSS)
        page = self.page("/phan-anh")
        self.assertEqual(self.meta(page)["og:type"], "website")
        [item] = self.data(page)["mainEntity"]["itemListElement"]
        self.assertEqual(item["name"], XSS)
        self.assertTrue(item["url"].endswith(self.path(report)))

    def test_one_address_of_a_page(self):
        self.published()
        [link] = self.page("/phan-anh?state=done").xpath("//link[@rel='canonical']")
        self.assertTrue(link.get("href").endswith("/phan-anh"))

    def test_the_map_of_the_site_is_bounded(self):
        report = self.published()
        answer = html.fromstring(self.url_open("/sitemap.xml").content)
        addresses = [loc.text for loc in answer.iter("loc")]
        self.assertLessEqual(len(addresses), 50_000)
        self.assertTrue(
            any(address.endswith(self.path(report)) for address in addresses)
        )
