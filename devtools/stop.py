"""./dev stop: end what this checkout runs."""

from . import demo, postgres
from .machine import say


def main(arguments: list[str]) -> int:
    say("stopped the demo" if demo.stop() else "no demo was running")
    if "--all" in arguments:
        postgres.stop()
    return 0
