"""./dev stop: end what this checkout runs."""

from . import databases, demo, postgres
from .machine import say


def main(arguments: list[str]) -> int:
    say("stopped the demo" if demo.stop() else "no demo was running")
    if "--all" in arguments and postgres.answers():
        if databases.used_by_others():
            say("PostgreSQL goes on: another checkout uses it")
        else:
            postgres.stop()
    return 0
