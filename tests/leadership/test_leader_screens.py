import json
from datetime import timedelta
from unittest.mock import patch

from odoo import api
from odoo.tests import tagged

from odoo.addons.bus.models.bus import channel_with_db, dispatch, hashable

from ..rig.asked import ROUTES, trial
from ..rig.board import BoardCase
from ..rig.site import WebsiteCase

SUBJECT = "Ổ gà trước cổng trường"
CODE = """
    import("/civic_report/static/tests/accessible_screen.js")
        .then(({look}) => look(%(selector)s, %(parts)s))
        .then((faults) => {
            if (faults.length) {
                console.error(faults.join("\\n"));
            } else {
                console.log("test successful");
            }
        });
"""
# Pressed until its screen hears; then the figure has to change without a reload.
LIVE = """
    const shown = () => document.querySelector(
        "[data-figure=emergency] .o_civic_leader_value"
    )?.textContent.trim();
    const until = async (condition, act = () => {}) => {
        for (let tries = 0; tries < 100; tries++) {
            if (condition()) {
                return;
            }
            act(tries);
            await new Promise((resolve) => setTimeout(resolve, 200));
        }
        throw new Error(`in vain: ${condition}, ${shown()}`);
    };
    (async () => {
        await until(() => shown() === "1");
        const screen = document.querySelector("main.o_civic_leader");
        const press = (tries) =>
            tries % 5 || document.querySelector(".o_civic_leader_count").click();
        await until(() => shown() === "2", press);
        if (screen !== document.querySelector("main.o_civic_leader")) {
            throw new Error("the page was loaded anew");
        }
        console.log("test successful");
    })().catch((error) => console.error(error.message));
"""
SQUARE = [[107.0, 16.0], [107.2, 16.0], [107.2, 16.1], [107.0, 16.1], [107.0, 16.0]]


class ScreenCase(BoardCase, WebsiteCase):
    """A province with something overdue, an emergency and two wards, one with a
    border."""

    def setUp(self):
        super().setUp()
        self.ward.border = json.dumps({"type": "Polygon", "coordinates": [SQUARE]})
        self.late_report(subject=SUBJECT, ward_id=self.ward.id)
        self.make_report(track="emergency", subject="Cháy nhà")
        report = self.walk_to("received")
        report._elevated().write({"state": "designating"})
        self.count_now()
        self.keep()
        self.keep(back=1)


@tagged("-at_install", "post_install")
@trial(ROUTES)
class TestLeaderTours(ScreenCase):
    def test_a_province_leader_finds_the_most_overdue_agency(self):
        login = self.province_leader.login
        self.start_tour("/odoo", "civic_report.province_leader_governs", login=login)

    def test_the_leader_of_a_unit(self):
        login = self.leader.login
        self.start_tour("/odoo", "civic_report.unit_leader_looks", login=login)


@tagged("-at_install", "post_install")
@trial(ROUTES)
class TestLeaderToursOnTelephone(ScreenCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_province_leader_finds_the_most_overdue_agency(self):
        login = self.province_leader.login
        self.start_tour("/odoo", "civic_report.province_leader_governs", login=login)


class Looking:
    """axe-core on each screen; a case for each size."""

    def look(self, path, user, selector, *parts):
        code = CODE % {
            "selector": json.dumps(selector),
            "parts": json.dumps(parts),
        }
        self.browser_js(path, code, login=user.login, timeout=120)

    def look_at_all(self):
        drawn = ("canvas", ".leaflet-interactive", ".o_civic_leader_agency")
        self.look(
            "/odoo/civic-governing", self.province_leader, ".o_civic_leader", *drawn
        )
        self.look("/odoo/civic-unit", self.leader, ".o_civic_leader", "canvas")
        self.look(
            "/odoo/civic-wall", self.operator, ".o_civic_wall", ".leaflet-interactive"
        )


@tagged("-at_install", "post_install")
@trial(ROUTES)
class TestScreensOnTelephone(Looking, ScreenCase):
    browser_size = "390x844"

    def test_screens(self):
        self.look_at_all()


@tagged("-at_install", "post_install")
@trial(ROUTES)
class TestScreensOnDesk(Looking, ScreenCase):
    browser_size = "1366x768"

    def test_screens(self):
        self.look_at_all()

    def test_nothing_to_show(self):
        """Empty screens say what would be there, and are as accessible."""
        self.cr.execute("DELETE FROM civic_now")
        self.cr.execute("DELETE FROM civic_period_figures")
        self.env.invalidate_all()
        self.look("/odoo/civic-governing", self.province_leader, ".o_civic_leader h1")


@tagged("-at_install", "post_install")
@trial(ROUTES)
class TestScreensOnWall(Looking, ScreenCase):
    browser_size = "3840x2160"

    def test_screens(self):
        self.look_at_all()


@tagged("-at_install", "post_install")
@trial(ROUTES)
class TestLiveScreen(ScreenCase):
    """What happens elsewhere reaches an open screen through the bus."""

    def listening(self):
        """Screens that are subscribed to the province's channel."""
        channel = channel_with_db(self.env.cr.dbname, (self.company, "civic_board"))
        return dispatch._channels_to_ws.get(hashable(channel), set())

    def test_a_change_arrives_without_a_reload(self):
        happened = []

        @api.model
        def elsewhere(board, _kind):
            """Instead of counting: an emergency comes in, and the minute's pass."""
            screens = self.listening()
            if happened or not screens:
                return True
            happened.append(True)
            reports = board.env["civic.report"].with_user(self.operator.id)
            reports.create(self.report_values(track="emergency"))
            board.sudo().env["civic.now"]._cron_count()
            # What a commit does, which there is not in a test.
            board.env.cr.precommit.run()
            for screen in screens:
                screen.trigger_notification_dispatching()
            return True

        login = self.province_leader.login
        with patch.object(type(self.board), "count_figures", elsewhere):
            self.browser_js("/odoo/civic-governing", LIVE, login=login, timeout=90)
        self.assertTrue(happened)


@tagged("-at_install", "post_install")
class TestChannel(BoardCase):
    """The bus tells that there is news, to those alone who have a screen."""

    def test_the_message_holds_nothing(self):
        self.late_report()
        self.env["bus.bus"].search([]).unlink()
        self.now._cron_count()
        self.env.cr.precommit.run()
        [message] = self.env["bus.bus"].search([("channel", "like", "civic_board")])
        self.assertEqual(json.loads(message.message)["payload"], {})

    def test_stale_counts_tell_nobody_twice(self):
        self.late_report()
        self.count_now()
        later = self.env["civic.door"]._now() + timedelta(seconds=1)
        self.assertFalse(self.now._count_now(later))
