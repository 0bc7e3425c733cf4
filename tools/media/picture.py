"""Pictures drawn anew, without whatever was hidden in them."""

from __future__ import annotations

import io

from PIL import ExifTags, Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile

from . import jpeg
from .exif import exif_notes, read_exif
from .kinds import PILLOW_FORMATS, MediaError, identify
from .whole import has_its_parts, is_whole, mended, tiff_pages

JPEG = "image/jpeg"
TIFF = "image/tiff"
# The cameras of today's telephones make up to 50 million pixels (8192 × 6144) in any
# format, 200 million in JPEG, which is decoded at a fraction of its size. One in more
# than a single scan is held whole in the memory while it is decoded.
MAX_PIXELS = 51_000_000
MAX_PIXELS_JPEG = 205_000_000
EIGHT_BITS = ("L", "LA", "RGB", "RGBA", "CMYK")
MAX_SIDE = 2560
# A profile of colours; those of cameras and screens have some hundred bytes to 10 KB.
MAX_PROFILE = 4 * 1024 * 1024
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
    max_pixels: int | None = None,
    max_side: int = MAX_SIDE,
    max_frames: int = MAX_FRAMES,
    quality: int = 85,
) -> tuple[bytes, str, dict]:
    """Draw a picture anew, upright and without anything but its pixels.

    EXIF, XMP, comments, colour profiles, thumbnails, further frames and whatever is
    hidden behind the end are gone; only the first frame of an animation is kept.
    Colours become sRGB. Pictures in which something is transparent become PNG, all
    others JPEG. Of a JPEG that is cut off near its end, what is there is taken.

    :param max_pixels: of the original; what its format allows if not given
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
        # Of a TIFF they are counted without Pillow, which would seek them one by one.
        is_tiff = mimetype == TIFF
        frames = tiff_pages(data) if is_tiff else getattr(image, "n_frames", 1)
        image, exif = upright(image, max_side, data, mimetype)
        cleaned, mimetype = encode(image, quality)
        found_likeness = likeness(image)
    except (MediaError, MemoryError):
        raise
    except Exception as error:  # decoders raise any kind on malformed input
        raise MediaError("broken", mimetype) from error
    metadata = exif_notes(exif)
    metadata.update(
        width=image.width,
        height=image.height,
        frames=frames,
        likeness=found_likeness,
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
    data: bytes, mimetype: str, max_pixels: int | None, max_frames: int
) -> Image.Image:
    """Read the header and refuse by it, before a pixel is decoded."""
    limit = max_pixels or most_pixels(data, mimetype)
    too_many = MediaError("too_many_pixels", mimetype, limit)
    try:
        if mimetype == JPEG:
            # Past the check of Image.open: its bound is one for all formats.
            image = JpegImageFile(io.BytesIO(data))
        else:
            image = Image.open(io.BytesIO(data), formats=(PILLOW_FORMATS[mimetype],))
    except SyntaxError as error:
        raise MediaError("broken", mimetype) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many from None
    if image.width * image.height > limit:
        raise too_many
    if mimetype == TIFF:
        if not has_its_parts(image, len(data)):
            raise MediaError("broken", mimetype)
    elif getattr(image, "n_frames", 1) > max_frames:
        raise MediaError("too_many_frames", mimetype, max_frames)
    return image


def most_pixels(data: bytes, mimetype: str) -> int:
    """Return how many pixels of a picture are decoded in bounded memory."""
    if mimetype == JPEG and not jpeg.scans(data)[1]:
        return MAX_PIXELS_JPEG
    return MAX_PIXELS


def upright(
    image: Image.Image, max_side: int, data: bytes, mimetype: str
) -> tuple[Image.Image, Image.Exif]:
    """Decode, shrink, turn, make the colours sRGB; return the picture and its EXIF.

    A JPEG is decoded at the smallest scale that will do, the others whole: 50 million
    pixels take 150 to 350 MB while it lasts, with transparency 500 MB.

    :raise MediaError: broken.
    """
    profile = image.info.get("icc_profile")
    if mimetype == JPEG:
        if not jpeg.has_end(data):
            image = mended(data, max_side)
            if image is None:
                raise MediaError("broken", mimetype)
        image.draft(None, (max_side, max_side))
    image.load()
    exif = read_exif(image)  # not before: PNG may hold it behind the pixels
    image = eight_bits(image)
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image = in_srgb(image, profile)
    turn = ORIENTATIONS.get(exif.get(ExifTags.Base.Orientation))
    if turn is not None:
        image = image.transpose(turn)
    return image, exif


def eight_bits(image: Image.Image) -> Image.Image:
    """Return the picture with 8 bits for each part of a colour, without a palette."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode == "F" or image.mode.startswith("I"):  # 16 or 32 bits of grey
        if image.mode not in ("F", "I", "I;16"):
            image = image.convert("I")
        least, most = image.getextrema()
        if image.mode == "F" or most > 65535 or least < 0:
            scale = 255 / (most - least) if most > least else 0
            return (
                image.convert("F")
                .point(lambda value: value * scale - least * scale)
                .convert("L")
            )
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    # Others (LAB, YCbCr) are known by few operations.
    return image if image.mode in EIGHT_BITS else image.convert("RGB")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in the colours of screens, from those of its camera.

    Display P3 and Adobe RGB are shown dull where their profile is gone. A profile that
    is malformed, or not one of such a picture, is passed over.
    """
    if not profile or len(profile) > MAX_PROFILE:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        alpha = image.getchannel("A") if "A" in image.getbands() else None
        colours = image.convert("RGB") if image.mode == "RGBA" else image
        if source.profile.xcolor_space.strip() not in ("RGB", "CMYK"):
            return image
        colours = ImageCms.profileToProfile(
            colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    if alpha:
        colours.putalpha(alpha)
    return colours


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
