"""./dev pictures: retake the pictures that the documents show.

docs/pictures.tsv has the columns file, login, path, width, height, wait, clicks; the
height `full` shows the whole page, and several clicks are separated by `;;`.
"""

import csv

from . import shot
from .machine import CHECKOUT, Failure

LIST = CHECKOUT / "docs" / "pictures.tsv"


def main(arguments: list[str]) -> int:
    if not LIST.exists():
        raise Failure("There is no docs/pictures.tsv.")
    with open(LIST, newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        if not arguments or row["file"] in arguments:
            _retake(row)
    return 0


def _retake(row: dict[str, str]) -> None:
    row = {column: value or "" for column, value in row.items()}
    full = row["height"] == "full"
    clicks = [("click", click) for click in row["clicks"].split(";;") if click]
    waits = [("wait", row["wait"])] if row["wait"] else []
    shot.take(
        row["login"],
        row["path"],
        LIST.parent / "pictures" / row["file"],
        width=int(row["width"] or 1280),
        height=800 if full else int(row["height"] or 800),
        full=full,
        steps=[*clicks, *waits],
    )
