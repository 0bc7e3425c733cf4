"""Identities that are easily found where they should not be."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from ...models.vault import vault as civic_vault
from ...models.vault.vault import VARIABLE
from ...tools import vault
from .common import CivicCase

CANARY = {
    "name": "Người Kín Đáo",
    "phone": "0987654321",
    "email_from": "kin.dao@example.com",
    "address": "Số 7 ngõ Kín",
    "citizen_id": "046099012345",
    "zalo_id": "246845883529197922",
    "facebook_id": "6543210987654321",
}


class VaultCase(CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reporters = cls.env["civic.reporter"]
        cls.sender = cls.reporters.create({**CANARY, "user_id": cls.other_citizen.id})

    def as_(self, user):
        """The reporter as a user has it after a new request."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.sender.with_user(user)

    def looks(self):
        return self.env["civic.access"].search([("reporter_id", "=", self.sender.id)])

    def row(self, reporter=None):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(r)::text FROM civic_reporter r WHERE id = %s",
            [(reporter or self.sender).id],
        )
        return self.env.cr.fetchone()[0]

    def use_ring(self, *secrets):
        """Keep keys of these single bytes in a file of this test."""
        if not hasattr(self, "path"):
            folder = TemporaryDirectory()
            self.addCleanup(folder.cleanup)
            self.path = Path(folder.name) / "keys.json"
            known = patch.dict(os.environ, {VARIABLE: str(self.path)})
            self.startPatcher(known)
        entries = [vault.new_entry(bytes([number]) * 32) for number in secrets]
        self.path.write_text(json.dumps({"keys": entries}))
        return [entry["id"] for entry in entries]

    def forget_keys(self):
        """As if nothing had been sealed yet."""
        self.env.cr.execute("DELETE FROM civic_vault_key")
        self.env.registry.clear_cache()
        self.addCleanup(self.env.registry.clear_cache)

    def lose_key(self):
        """As if the file were gone."""
        self.startPatcher(patch.dict(os.environ, {VARIABLE: "/nowhere/keys.json"}))
        self.startPatcher(patch.object(civic_vault, "_logger"))
        self.env.invalidate_all()
