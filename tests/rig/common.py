import functools
import os
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

import pytz
from passlib.context import CryptContext

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, new_test_user
from odoo.tests.common import get_db_name

from odoo.addons.base.models.res_users import ResUsersPatchedInTest

from .caches import kept_between_classes, kept_between_tests
from .frozen import frozen

# A database like the tests' own to which nobody is connected, where `./dev test` has
# made one: it is copied in a moment.
UNTOUCHED = os.environ.get("CIVIC_UNTOUCHED")
HANOI = pytz.timezone("Asia/Ho_Chi_Minh")


# Name → groups of everybody in a province.
PEOPLE = {
    "operator": "civic_report.group_operator",
    "handler": "civic_report.group_handler",
    "leader": "civic_report.group_leader",
    "other_handler": "civic_report.group_handler",
    "other_leader": "civic_report.group_leader",
    "coordinator": "civic_report.group_coordinator",
    "manager": "civic_report.group_centre_manager",
    "administrator": "civic_report.group_administrator",
    "province_leader": "civic_report.group_province_leader",
    "plain": "base.group_user",
    "citizen": "base.group_portal",
    "other_citizen": "base.group_portal",
}


def login_of(name):
    return f"civic_{name}"


def local(text):
    """Naive UTC datetime of a local time in Viet Nam, such as "2026-11-20 16:30"."""
    moment = HANOI.localize(datetime.fromisoformat(text))
    return moment.astimezone(pytz.utc).replace(tzinfo=None)


def local_text(moment):
    """Local time in Viet Nam, as `local` reads it, of a naive UTC datetime."""
    return pytz.utc.localize(moment).astimezone(HANOI).strftime("%Y-%m-%d %H:%M")


class Province:
    """A small province under Huế's regulation: Centre, two agencies, every role.

    Its set-up is a case's that brings an environment, of whatever database.
    """

    def forget_counts(self):
        """As if no limit had been reached: counts outlive the test that made them."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            # Unlike DELETE it waits for whoever counts at this moment.
            cr.execute("TRUNCATE civic_throttle")

    @classmethod
    def set_up_province(cls):
        cls.company = cls.env.company
        cls.procedure = cls.env.ref("civic_report.procedure_hue")
        cls.company.civic_procedure_id = cls.procedure
        cls.set_up_people()
        cls.set_up_agencies()
        cls.category = cls.env.ref("civic_report.category_roads")
        cls.web = cls.env.ref("civic_report.channel_web")
        cls.reporter = cls.env["civic.reporter"].create(
            {
                "name": "Người phản ánh",
                "phone": "0912345678",
                "email_from": "nguoi.phan.anh@example.com",
                "user_id": cls.citizen.id,
            }
        )

    @classmethod
    def set_up_people(cls):
        """Everybody, of whom a database may know from before; see `CivicCase`."""
        logins = {login_of(name): name for name in PEOPLE}
        known = cls.env["res.users"].search([("login", "in", list(logins))])
        found = {logins[user.login]: user for user in known}
        for name, groups in PEOPLE.items():
            setattr(cls, name, found.get(name) or cls.make_user(name, groups))

    @classmethod
    def make_user(cls, name, groups):
        """A user called civic_NAME, without the mails that greet a new one."""
        return new_test_user(
            cls.env,
            login=login_of(name),
            groups=groups,
            tz="Asia/Ho_Chi_Minh",
            context={"no_reset_password": True, "tracking_disable": True},
        )

    @classmethod
    def set_up_agencies(cls):
        cls.agency = cls.make_agency("Sở Xây dựng", "SXD", cls.handler, cls.leader)
        cls.other_agency = cls.make_agency(
            "UBND phường Thuận Hóa", "TH", cls.other_handler, cls.other_leader
        )
        cls.coordinating_agency = cls.make_agency(
            "Cơ quan được chỉ định phối hợp", "PH", cls.coordinator, cls.coordinator
        )

    @classmethod
    def make_agency(cls, name, code, handler, leader, **values):
        return cls.env["civic.agency"].create(
            {
                "name": name,
                "code": code,
                "handler_ids": [Command.set(handler.ids)],
                "leader_ids": [Command.set(leader.ids)],
                "focal_handler_id": handler.id,
                "focal_leader_id": leader.id,
                **values,
            }
        )

    @classmethod
    def set_up_english_site(cls):
        """The website is this province's, in English alone: tests read its words."""
        english = cls.env.ref("base.lang_en")
        cls.env["website"].get_current_website().write(
            {
                "company_id": cls.company.id,
                "civic_reports": True,
                "default_lang_id": english.id,
                "language_ids": [Command.set(english.ids)],
            }
        )

    @classmethod
    def report_values(cls, **values):
        return {
            "subject": "Ổ gà lớn trên đường Lê Lợi",
            "description": "Ổ gà sâu khoảng 20 cm giữa làn đường.",
            "address": "Trước số 10 Lê Lợi",
            "category_id": cls.category.id,
            "channel_id": cls.web.id,
            "reporter_id": cls.reporter.id,
            **values,
        }

    def make_report(self, **values):
        """A report as an operator sees it when it has just come in."""
        reports = self.env["civic.report"].with_user(self.operator)
        return reports.create(self.report_values(**values))

    def walk_to(self, state, report=None):
        """A report that has come as far as `state`, and its assignment if any."""
        report = report or self.make_report()
        steps = {
            "received": lambda: report.receive(),
            "processing": lambda: report.dispatch(
                [self.agency.id], incomplete_reason="Rõ rồi."
            ),
            "accepted": lambda: report.assignment_ids.with_user(self.handler).accept(),
            "submitted": lambda: self.submit(report.assignment_ids),
            "resolved": lambda: report.assignment_ids.with_user(self.leader).approve(),
            "done": lambda: report.publish(),
        }
        for name, step in steps.items():
            if state == "new":
                break
            step()
            if name == state:
                break
        return report

    @classmethod
    def complete_sender(cls):
        """Give the sender what the strictest regulation demands."""
        cls.reporter.write({"address": "12 Hùng Vương", "citizen_id": "046188000781"})
        cls.reporter.verified = True

    def submit(self, assignments):
        if self.procedure.assign_step:
            assignments.with_user(self.leader).assign(self.handler.id)
        asked = any(assignments.mapped("asks_completion"))
        now = assignments._now()
        assignments.with_user(self.handler).submit("Đã vá ổ gà.", asked and now)

    def at(self, text):
        """Freeze the time at a local time in Viet Nam."""
        return frozen(local(text))

    @contextmanager
    def undone(self):
        """Undo what is done inside."""
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def step_of(self, record, code, state="open"):
        steps = record.sudo().step_ids.filtered(
            lambda step: step.code == code and step.state == state
        )
        self.assertEqual(len(steps), 1, f"{code} {state}")
        return steps

    def assertLocal(self, moment, text):
        """Compare a naive UTC datetime with a local time in Viet Nam."""
        self.assertEqual(local_text(moment), text)


def quick_passwords():
    """Passwords that are hashed in no time, as in the tests of a transaction."""
    context = CryptContext(["pbkdf2_sha512", "plaintext"], pbkdf2_sha512__rounds=1)
    return patch.object(ResUsersPatchedInTest, "_crypt_context", lambda _self: context)


class Staffed(Province):
    """People who are committed once for all cases of a run: to make them takes longer
    than all the rest of a province."""

    @classmethod
    @functools.cache
    def commit_people(cls, database):
        registry = Registry(database)
        with quick_passwords(), registry.cursor() as cr:  # which commits at the end
            cls.env = api.Environment(cr, SUPERUSER_ID, {})
            cls.set_up_people()
        registry.signal_changes()


class CivicCase(Province, TransactionCase):
    """The province in a transaction that is undone, its people apart."""

    @classmethod
    def setUpClass(cls):
        database = get_db_name()
        if UNTOUCHED:  # the tests' own is dropped after them
            Staffed.commit_people(database)
        with kept_between_classes(cls, Registry(database)):
            super().setUpClass()
        cls.set_up_province()

    def setUp(self):
        with kept_between_tests(self.registry):
            super().setUp()
        self.addCleanup(self.end_transaction)

    def end_transaction(self):
        """As a transaction's end does: let go of the locks of letter numbers.

        Its rows are still there, as it has not ended: who tells in another one of what
        this one counted would wait for it for ever.
        """
        with patch.object(self.registry["civic.look.day"], "_tell_over"):
            self.env.cr.postrollback.run()
