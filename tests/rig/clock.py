"""Passes of the clock, and who is told of what."""

from unittest.mock import patch

from .common import CivicCase


class ClockCase(CivicCase):
    """Passes of the clock, and who is told of what."""

    def setUp(self):
        super().setUp()
        self.told = []
        users = type(self.env["res.users"])

        def told(user, kind, message, **_options):
            if kind == "simple_notification":
                self.told.append((user.login, message["message"]))

        self.startPatcher(patch.object(users, "_bus_send", told))

    def beat(self, text, **options):
        """Pass at a local time; who was told what."""
        self.told.clear()
        with (
            self.at(text),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr)["civic.alert"]._cron_pass(**options)
        self.env.invalidate_all()
        return sorted(self.told)
