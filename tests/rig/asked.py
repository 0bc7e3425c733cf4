"""Which part of the tests a run asks: that of the wings in CIVIC_WINGS, else all.

`./dev test` names the wings that a change touches; `.ci/run` asks all.
"""

import os
from pathlib import Path

ASKED = os.environ.get("CIVIC_WINGS", "all").split(",")
# Test modules that a change touches themselves, by path under tests/.
CHANGED = os.environ.get("CIVIC_CHANGED_TESTS", "").split(",")
ROUTES = "routes"
MODELS = Path(__file__).parents[2] / "models"
WINGS = {path.name for path in MODELS.iterdir() if path.is_dir()} | {ROUTES}


def is_asked(*wings):
    """Whether a run asks what belongs to any of some wings."""
    return "all" in ASKED or not set(wings).isdisjoint(ASKED)


def trial(*wings):
    """Decorator of a class, or of a test, that tries the house at length: browsers,
    printing, servers that are killed, everything at once. It is left out where neither
    it nor a wing that takes part in it has changed.

    :param wings: names of folders of `models/`, or ROUTES for what visitors are sent;
        none: it is asked with all others only
    :raises ValueError: for a wing that does not exist
    """
    if unknown := set(wings) - WINGS:
        raise ValueError(f"no such wing: {sorted(unknown)}")

    def mark(tried):
        path = tried.__module__.rpartition(".tests.")[2].replace(".", "/") + ".py"
        tried.__test__ = is_asked(*wings) or path in CHANGED
        return tried

    return mark
