"""Parts of a picture painted over, for the edited version that everybody sees."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from PIL import ImageDraw

from .kinds import PILLOW_FORMATS, MediaError, identify
from .picture import encode, open_picture

# Boxes on one picture, and the least side of one as a share of the picture's.
MAX_BOXES = 50
MIN_BOX = 0.002


class Box(NamedTuple):
    """A part of a picture, in shares of its width and height from the top left."""

    x: float
    y: float
    width: float
    height: float


def checked_boxes(rows: object) -> list[Box]:
    """Return boxes that lie on the picture, of what a browser sent.

    :param rows: rows of four numbers: x, y, width, height; what lies beyond the edge is
        cut off
    :raise ValueError: too many boxes, or one that is none.
    """
    if not isinstance(rows, (list, tuple)) or len(rows) > MAX_BOXES:
        raise ValueError(f"not a list of at most {MAX_BOXES} boxes")
    return [_checked_box(row) for row in rows]


def _checked_box(row: object) -> Box:
    try:
        x, y, width, height = map(float, row)
    except (TypeError, ValueError):
        raise ValueError("a box is four numbers") from None
    if not all(map(math.isfinite, (x, y, width, height))):
        raise ValueError("a box is four numbers")
    left, top = (min(max(at, 0.0), 1.0) for at in (x, y))
    right, bottom = (min(max(at, 0.0), 1.0) for at in (x + width, y + height))
    if right - left < MIN_BOX or bottom - top < MIN_BOX:
        raise ValueError("a box has an area")
    return Box(left, top, right - left, bottom - top)


def redact(
    data: bytes, boxes: Iterable[Box], quality: int = 85
) -> tuple[bytes, str, int, int]:
    """Draw a picture anew with solid black boxes on it.

    What is under a box is not in the result: it is painted over before the picture is
    encoded. Boxes are widened to whole pixels.

    :param data: a picture that :func:`clean_picture` made.
    :return: the picture, its mimetype, width and height.
    :raise MediaError: as :func:`clean_picture`.
    """
    mimetype = identify(data)
    if mimetype not in PILLOW_FORMATS:
        raise MediaError("type_not_allowed", mimetype)
    image = open_picture(data, mimetype, None, 1)
    try:
        image.load()
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    except OSError as error:
        raise MediaError("broken", mimetype) from error
    pen = ImageDraw.Draw(image)
    for box in boxes:
        left, top = math.floor(box.x * image.width), math.floor(box.y * image.height)
        right = math.ceil((box.x + box.width) * image.width) - 1
        bottom = math.ceil((box.y + box.height) * image.height) - 1
        pen.rectangle((left, top, max(right, left), max(bottom, top)), fill="black")
    redacted, mimetype = encode(image, quality)
    return redacted, mimetype, image.width, image.height
