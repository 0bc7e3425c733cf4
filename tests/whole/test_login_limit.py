"""Guessed passwords, counted for all workers together."""

import json
from xmlrpc.client import Fault, dumps, loads

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestGuessing(CivicCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.forget_counts()
        self.env.ref("civic_report.throttle_login_login").count = 3
        self.addCleanup(self.env.registry.clear_cache)
        self.operator.password = "mat-khau-dung"
        self.manager.password = "mat-khau-dung"
        # Odoo's own count, in this process alone, is not what is looked at.
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("base.login_cooldown_after", 0)

    def sign_in(self, user, password):
        """
        :return: whether it worked
        """
        params = {
            "db": self.env.cr.dbname,
            "login": user.login,
            "password": password,
        }
        self.opener.cookies.clear()
        with mute_logger("odoo.http"):
            answer = self.url_open(
                "/web/session/authenticate",
                data=json.dumps({"params": params}),
                headers={"Content-Type": "application/json"},
            )
        return "error" not in answer.json()

    def guess(self, user, times):
        return [self.sign_in(user, "sai") for _time in range(times)]

    def test_a_guesser_is_stopped_and_others_sign_in(self):
        self.assertFalse(any(self.guess(self.operator, 3)))
        self.assertFalse(self.sign_in(self.operator, "mat-khau-dung"), "too late")
        # A colleague behind the same address.
        self.assertTrue(self.sign_in(self.manager, "mat-khau-dung"))

    def test_right_ones_count_nothing(self):
        for _time in range(6):
            self.assertTrue(self.sign_in(self.operator, "mat-khau-dung"))
        self.guess(self.operator, 2)
        self.assertTrue(self.sign_in(self.operator, "mat-khau-dung"))

    def test_one_address_that_tries_many_logins(self):
        self.env.ref("civic_report.throttle_login_network").count = 4
        for user in (self.handler, self.leader, self.coordinator, self.province_leader):
            self.guess(user, 1)
        self.assertFalse(self.sign_in(self.manager, "mat-khau-dung"))

    def test_the_old_doors_count_too(self):
        def sign_in(password):
            params = [self.env.cr.dbname, self.operator.login, password, {}]
            answer = self.url_open(
                "/xmlrpc/2/common", data=dumps(tuple(params), "authenticate")
            )
            try:
                return loads(answer.content)[0][0]
            except Fault:
                return False

        with mute_logger("odoo.http"):
            self.assertTrue(sign_in("mat-khau-dung"))
            for _time in range(3):
                self.assertFalse(sign_in("sai"))
            self.assertFalse(sign_in("mat-khau-dung"), "too late")
        # On the page, from the same address.
        self.assertFalse(self.sign_in(self.operator, "mat-khau-dung"))

    def test_what_is_not_limited(self):
        limits = self.env["civic.throttle.limit"]
        limits.search([("scope", "=", "login")]).unlink()
        self.guess(self.operator, 5)
        self.assertTrue(self.sign_in(self.operator, "mat-khau-dung"))
