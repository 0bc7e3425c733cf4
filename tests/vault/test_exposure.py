"""Where the key file lies and who may read it, as the administrator is told."""

import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import config


@tagged("-at_install", "post_install")
class TestExposure(TransactionCase):
    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.data, self.apart = Path(folder, "data"), Path(folder, "apart")
        self.data.mkdir()
        self.apart.mkdir()
        options = {**config.options, "data_dir": str(self.data)}
        self.enterContext(patch.object(config, "options", options))

    def told(self, folder, mode=0o600, named=True):
        path = folder / "keys"
        if mode is not None:
            path.touch()
            os.chmod(path, mode)
        vault = type(self.env["civic.vault"])
        with patch.object(vault, "_path", lambda _self: (str(path), named)):
            return self.env["civic.vault"]._exposure()

    def test_nothing_is_wrong(self):
        self.assertEqual(self.told(self.apart), ("", ""))
        self.assertEqual(self.told(self.apart, 0o640), ("", ""), "the service's group")

    def test_there_is_no_file(self):
        self.assertEqual(self.told(self.apart, None), ("", ""))

    def test_others_may_read_it(self):
        for mode in (0o604, 0o602, 0o601):
            found, advice = self.told(self.apart, mode)
            self.assertIn("read by other accounts", found)
            self.assertIn("chmod o-rwx", advice)

    def test_it_lies_beside_the_files(self):
        found, advice = self.told(self.data)
        self.assertIn("data directory", found)
        self.assertIn("move", advice)
