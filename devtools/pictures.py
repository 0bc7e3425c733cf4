"""./dev pictures: retake the pictures that the documents and the Apps store show.

docs/pictures.tsv has the columns file, login, path, width, height, wait, clicks; the
height `full` shows the whole page, and several clicks are separated by `;;`. A path
without a slash before it is a page of this checkout, not of the demo.
"""

import csv
from pathlib import Path

from PIL import Image

from . import browser, shot
from .machine import CHECKOUT, Failure

LIST = CHECKOUT / "docs" / "pictures.tsv"


def main(arguments: list[str]) -> int:
    if not LIST.exists():
        raise Failure("There is no docs/pictures.tsv.")
    with open(LIST, newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        if not arguments or Path(row["file"]).name in arguments:
            _retake(row)
    return 0


def _retake(row: dict[str, str]) -> None:
    row = {column: value or "" for column, value in row.items()}
    out = CHECKOUT / row["file"]
    full = row["height"] == "full"
    size = int(row["width"] or 1280), 800 if full else int(row["height"] or 800)
    if row["path"].startswith("/"):
        clicks = [("click", click) for click in row["clicks"].split(";;") if click]
        waits = [("wait", row["wait"])] if row["wait"] else []
        shot.take(
            *(row["login"], row["path"], out),
            **{"width": size[0], "height": size[1], "full": full},
            steps=[*clicks, *waits],
        )
    else:
        with browser.opened(*size) as page:
            page.open((CHECKOUT / row["path"]).as_uri())
            out.write_bytes(page.picture(*size, full=full))
    _shrink(out)


def _shrink(path: Path) -> None:
    """Colours from a palette: a third of the bytes, and hardly seen on screens."""
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(256, kmeans=2, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
