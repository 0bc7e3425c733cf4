"""What Odoo remembers from one test to the next: what no test has changed.

Odoo forgets all after each test and each class, and then compiles the same pages,
routes and lists of scripts again. A cache is cleared whenever what it was made of
changes; one that was not cleared meanwhile holds nothing that went away with the test.
"""

from contextlib import contextmanager
from unittest.mock import patch

# What takes long to make: nothing of records or rights.
KEPT = ("templates", "routing", "assets")


class _Mark:
    """Is in the caches that were not cleared since it was put there."""

    def __init__(self, registry):
        self.caches = registry._Registry__caches
        self.kept = {}
        for name in KEPT:
            self.caches[name][self] = True

    def save(self):
        for name in KEPT:
            if self in self.caches[name]:
                self.kept[name] = list(self.caches[name].items())

    def restore(self):
        for name, pairs in self.kept.items():
            for key, value in pairs:
                if key is not self:
                    self.caches[name][key] = value


@contextmanager
def kept_between_tests(registry):
    """While a test is set up: in the end it will forget what it has changed."""
    mark = _Mark(registry)
    forget_all = registry.clear_all_caches

    def forget():
        mark.save()
        forget_all()
        mark.restore()

    with patch.object(registry, "clear_all_caches", forget):
        yield


@contextmanager
def kept_between_classes(case, registry):
    """While a class is set up: in the end it will forget what it has changed."""
    mark = _Mark(registry)
    case.addClassCleanup(mark.restore)  # the last of all
    yield
    case.addClassCleanup(mark.save)  # before Odoo forgets all
