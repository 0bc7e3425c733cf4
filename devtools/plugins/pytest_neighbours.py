"""Pytest plugin: tests of Odoo that drive a browser are skipped where none is wanted.

They take hours, and run scripts of Odoo that this add-on does not touch.
"""

import unittest

import pytest

from odoo.tests import common


@pytest.fixture(autouse=True, scope="session")
def no_browser():
    def skip(*_arguments, **_options):
        raise unittest.SkipTest("a browser is not asked for")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(common.HttpCase, "browser_js", skip)
        yield
