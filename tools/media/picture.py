"""Pictures drawn anew, without whatever was hidden in them."""

from __future__ import annotations

import io

from PIL import ExifTags, Image

from .exif import exif_notes, read_exif
from .kinds import PILLOW_FORMATS, MediaError, identify
from .whole import is_whole

# The cameras of today's telephones make 48 to 50 million pixels.
MAX_PIXELS = 50_000_000
MAX_SIDE = 2560
MAX_FRAMES = 100
ORIENTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def clean_picture(
    data: bytes,
    max_pixels: int = MAX_PIXELS,
    max_side: int = MAX_SIDE,
    max_frames: int = MAX_FRAMES,
    quality: int = 85,
) -> tuple[bytes, str, dict]:
    """Draw a picture anew, upright and without anything but its pixels.

    EXIF, XMP, comments, colour profiles, thumbnails, further frames and whatever is
    hidden behind the end are gone; only the first frame of an animation is kept.
    Pictures in which something is transparent become PNG, all others JPEG.

    :param max_side: the longer side of the result, in pixels; nothing is enlarged.
    :return: the picture, its mimetype, and what the original told: ``latitude`` and
        ``longitude`` in degrees WGS 84 or None; ``taken_at``, a datetime, aware if the
        camera noted its zone, else naive by the camera's own clock, or None;
        ``altitude`` in metres and ``direction`` in degrees from north, or None;
        ``software`` that wrote the file, or None; and ``width``, ``height`` of the
        result, ``frames`` of the original, ``likeness`` (see :func:`likeness`).
    :raise MediaError: as :func:`inspect`, and too_many_pixels, too_many_frames; also
        type_not_allowed for what is not a picture.
    """
    mimetype = identify(data)
    if mimetype not in PILLOW_FORMATS:
        raise MediaError("type_not_allowed", mimetype)
    if not is_whole(data, mimetype):
        raise MediaError("broken", mimetype)
    try:
        image = open_picture(data, mimetype, max_pixels, max_frames)
        frames = getattr(image, "n_frames", 1)
        image, exif = upright(image, max_side)
        cleaned, mimetype = encode(image, quality)
    except (MediaError, MemoryError):
        raise
    except Exception as error:  # decoders raise any kind on malformed input
        raise MediaError("broken", mimetype) from error
    metadata = exif_notes(exif)
    metadata.update(
        width=image.width,
        height=image.height,
        frames=frames,
        likeness=likeness(image),
    )
    return cleaned, mimetype, metadata


def thumbnail(data: bytes, side: int = 320) -> tuple[bytes, str]:
    """Return a small picture, cleaned as :func:`clean_picture` does, and its type."""
    small, mimetype, _metadata = clean_picture(data, max_side=side, quality=80)
    return small, mimetype


def likeness(image: Image.Image) -> str | None:
    """Return 64 bits, in hexadecimal, that stay when a picture is saved anew or shrunk.

    They say of neighbouring spots which one is darker. None for a picture that is too
    plain to be told from another plain one.
    """
    small = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    spots = small.tobytes()
    bits = [
        spots[row * 9 + column] > spots[row * 9 + column + 1] + 2
        for row in range(8)
        for column in range(8)
    ]
    if not 6 <= sum(bits) <= 58:
        return None
    return f"{int(''.join('01'[bit] for bit in bits), 2):016x}"


def open_picture(
    data: bytes, mimetype: str, max_pixels: int, max_frames: int
) -> Image.Image:
    """Read the header and refuse by it, before a pixel is decoded."""
    too_many = MediaError("too_many_pixels", mimetype, max_pixels)
    try:
        image = Image.open(io.BytesIO(data), formats=(PILLOW_FORMATS[mimetype],))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many from None
    if image.width * image.height > max_pixels:
        raise too_many
    if getattr(image, "n_frames", 1) > max_frames:
        raise MediaError("too_many_frames", mimetype, max_frames)
    return image


def upright(image: Image.Image, max_side: int) -> tuple[Image.Image, Image.Exif]:
    """Decode, shrink and turn; return the picture and its EXIF.

    A JPEG is decoded at the smallest scale that will do, the others whole: 50 million
    pixels take 150 to 350 MB while it lasts, with transparency 500 MB.
    """
    image.draft(None, (max_side, max_side))  # nothing but JPEG heeds it
    image.load()
    exif = read_exif(image)
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode in ("P", "PA"):
        transparent = image.has_transparency_data
        image = image.convert("RGBA" if transparent else "RGB")
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    turn = ORIENTATIONS.get(exif.get(ExifTags.Base.Orientation))
    if turn is not None:
        image = image.transpose(turn)
    return image, exif


def encode(image: Image.Image, quality: int) -> tuple[bytes, str]:
    output = io.BytesIO()
    if image.has_transparency_data:
        image = image.convert("RGBA")
    if image.mode == "RGBA" and image.getextrema()[3][0] < 255:
        # What an encoder may copy into the file: comments, profiles, text.
        image.info = {}
        image.save(output, "PNG")
        return output.getvalue(), "image/png"
    image = image.convert("L" if image.mode == "L" else "RGB")
    image.info = {}
    image.save(output, "JPEG", quality=quality, optimize=True, progressive=True)
    return output.getvalue(), "image/jpeg"
