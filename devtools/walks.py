"""./dev walks: how far through the house some actions go, counted."""

from . import testing
from .machine import CHECKOUT

WALKS = CHECKOUT / "tests" / "whole" / "traced_walks.py"


def main(arguments: list[str]) -> int:
    return testing.main([str(WALKS), "-s", "-q", "--no-header", *arguments])
