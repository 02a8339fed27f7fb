"""Read a picture and write it anew, so that nothing but its pixels is left of the file that came."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

# Imported by name, so that Pillow does not load its other forty decoders to look for these three.
from PIL import ExifTags, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

from comments.attachments.unfit import UnfitError

MEGA = 1_000_000
MOST_PIXELS = 50 * MEGA
# Pillow's decoder of WebP holds four copies of the picture at once.
MOST_PIXELS_WEBP = 25 * MEGA
# A larger picture is halved in both directions: a decoded pixel takes four bytes.
MOST_KEPT = 25 * MEGA
LARGEST = 10 * 1024 * 1024
WEBP = "image/webp"
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", WEBP: "WEBP"}
# Measured on 24 megapixels: these settings stay below 4 seconds, the default ones of WebP take 11.
_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 85},
    "PNG": {"compress_level": 3},
    "WEBP": {"quality": 85, "method": 0},
}
_MODES = {"JPEG": {"L", "RGB"}, "PNG": {"1", "L", "LA", "RGB", "RGBA", "I;16"}, "WEBP": {"RGB", "RGBA"}}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pillow reads the size from the header, and by these two lines refuses it before it decodes anything.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A picture that we wrote ourselves."""

    data: bytes
    width: int
    height: int


def rebuild(data: bytes, content_type: str) -> Picture:
    """Return the picture in `data` upright, without metadata, colour profile or anything behind its end.

    It has at most 25 megapixels and 10 MB. Raises UnfitError (damaged, animated, too_many_pixels).
    """
    name = FORMATS[content_type]
    if content_type == WEBP and _pixels_of_webp(data) > MOST_PIXELS_WEBP:
        raise UnfitError("too_many_pixels")
    try:
        with Image.open(BytesIO(data), formats=[name]) as image:
            _check_still(image, name)
            return _write(_upright(image, name), name)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnfitError("too_many_pixels") from None
    except UnfitError:
        raise
    except Exception:  # noqa: BLE001 - there is no end to the ways in which a decoder stumbles over hostile bytes
        raise UnfitError("damaged") from None


def _check_still(image: Image.Image, name: str) -> None:
    # A JPEG may carry a second picture for its depth or its brightness; the first is the photograph.
    if name != "JPEG" and getattr(image, "is_animated", False):
        raise UnfitError("animated")


def _pixels_of_webp(data: bytes) -> int:
    """Return the size that the header of a WebP tells; 0 for a header of no known form.

    Pillow would reserve memory for it before it tells the size itself.
    """

    def number(start: int, length: int) -> int:
        return int.from_bytes(data[start : start + length], "little")

    match data[12:16]:
        case b"VP8X":
            return (number(24, 3) + 1) * (number(27, 3) + 1)
        case b"VP8L":
            sides = number(21, 4)
            return ((sides & 0x3FFF) + 1) * ((sides >> 14 & 0x3FFF) + 1)
        case b"VP8 ":
            return (number(26, 2) & 0x3FFF) * (number(28, 2) & 0x3FFF)
    return 0


def _upright(image: Image.Image, name: str) -> Image.Image:
    """Return the pixels alone, small enough, as the camera was held, in a mode that the format can hold."""
    if image.width * image.height > MOST_KEPT:
        # A JPEG can be decoded at half its size; others ignore this.
        image.draft(None, (image.width // 2, image.height // 2))
    image.load()
    turn = _TURNS.get(_orientation(image))
    plain = image if image.mode in _MODES[name] and "transparency" not in image.info else _plain(image)
    if plain.width * plain.height > MOST_KEPT:
        plain = plain.reduce(2)
    return plain.transpose(turn) if turn is not None else plain


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - broken notes of the camera are no reason to refuse its picture
        return 1


def _plain(image: Image.Image) -> Image.Image:
    has_alpha = "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info
    return image.convert("RGBA" if has_alpha else "RGB")


def _write(image: Image.Image, name: str) -> Picture:
    """Encode `image`, and smaller ones of it until the file is no larger than what we take."""
    # The encoders would carry over profile, comment and transparency from here.
    image.info = {}
    while True:
        file = BytesIO()
        image.save(file, name, exif=b"", icc_profile=None, **_OPTIONS[name])
        if file.tell() <= LARGEST:
            return Picture(file.getvalue(), image.width, image.height)
        image = image.reduce(2)
