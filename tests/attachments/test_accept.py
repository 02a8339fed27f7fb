"""What is taken and what is refused, by content alone."""

import io
import struct
import tracemalloc

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from comments import attachments
from comments.attachments.unfit import UnfitError
from tests import files
from tests.files import NEEDLE, jpeg, pdf, png, raw_png, stream, upload, webp


def accept(data, name="file.bin"):
    return attachments.accept(upload(data, name))


def refused(data):
    """Return the code with which the file is refused."""
    with pytest.raises(ValidationError) as caught:
        accept(data)
    return caught.value.code


def kept(data):
    return accept(data).file.file.getvalue()


def opened(data):
    return Image.open(io.BytesIO(kept(data)))


OTHERS = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg with a declaration": b'<?xml version="1.0"?><svg onload="alert(1)"/>',
    "html": b"<!DOCTYPE html><script>alert(1)</script>",
    "text": "ข้อความ".encode(),
    "windows program": b"MZ\x90\x00" + b"\x00" * 200,
    "linux program": b"\x7fELF\x02\x01\x01" + b"\x00" * 200,
    "shell script": b"#!/bin/sh\nrm -rf /\n",
    "php": b"<?php system($_GET['x']);",
    "eicar": files.EICAR,
    "zip": files.archive(),
    "word document": files.archive() + b"word/document.xml",
    "gzip": b"\x1f\x8b\x08" + b"\x00" * 50,
    "rar": b"Rar!\x1a\x07\x00" + b"\x00" * 50,
    "gif": files.encoded(files.image("P"), "GIF"),
    "gifar": files.encoded(files.image("P"), "GIF") + files.archive(),
    "bmp": files.encoded(files.image(), "BMP"),
    "tiff": files.encoded(files.image(), "TIFF"),
    "ico": files.encoded(files.image(), "ICO"),
    "heic": b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50,
    "avif": b"\x00\x00\x00\x18ftypavif" + b"\x00" * 50,
    "mp4": b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 50,
    "jpeg 2000": b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"\x00" * 50,
    "wave": b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 50,
    "postscript": b"%!PS-Adobe-3.0\n",
    "photoshop": b"8BPS\x00\x01" + b"\x00" * 50,
    "pdf after a line": b"\n" + pdf(),
    "pdf after a byte order mark": b"\xef\xbb\xbf" + pdf(),
    "html, then a pdf": b"<script>alert(1)</script>" + pdf(),
    "one byte": b"\xff",
    "nulls": b"\x00" * 1000,
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_kind_is_refused_whatever_it_is_called(name):
    assert refused(OTHERS[name]) == "wrong_kind"
    with pytest.raises(ValidationError):
        accept(OTHERS[name], "photo.jpg")


MIXED = {
    "jpeg and zip": jpeg() + files.archive(),
    "png and zip": png() + files.archive(),
    "webp and zip": webp() + files.archive(),
    "pdf and zip": pdf(tail=files.archive()),
    "jpeg and rar": jpeg() + b"Rar!\x1a\x07\x01\x00",
    "jpeg and 7z": jpeg() + b"7z\xbc\xaf\x27\x1c\x00\x04",
    "jpeg and phar": jpeg(comment=b"<?php __HALT_COMPILER(); ?>"),
    "jpeg with a pdf in its comment": jpeg(comment=pdf()),
    "pdf with eicar": pdf(stream(files.EICAR, packed=False)),
    "jpeg with eicar": jpeg(comment=files.EICAR),
}


@pytest.mark.parametrize("name", MIXED)
def test_a_file_that_is_two_files_is_refused(name):
    assert refused(MIXED[name]) == "mixed"


DAMAGED = {
    "half a jpeg": files.noise((200, 200), "JPEG")[:20_000],
    "half a png": files.noise((100, 100), "PNG")[:15_000],
    "half a webp": files.noise((200, 200), "WEBP")[:10_000],
    "half a pdf": pdf(stream(b"x" * 1000))[:300],
    "jpeg header": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "png header": b"\x89PNG\r\n\x1a\n",
    "webp header": files.webp_header(b"VP8 "),
    "pdf header": b"%PDF-1.7\n",
    "html behind a jpeg header": b"\xff\xd8\xff\xe0<script>alert(1)</script>",
    "html behind a png header": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "html behind a pdf header": b"%PDF-1.4\n<script>alert(1)</script>\n%%EOF",
    "png with a wrong checksum": png().replace(b"IDAT", b"IDAT", 1)[:-20] + b"\x00" * 20,
    "png of no width": raw_png(0, 10, pixels=files.zeros(0)),
    "png without pixels": raw_png(10, 10),
    "png with a packed profile of 200 MB": raw_png(
        1, 1, files.chunk(b"iCCP", b"x\x00\x00" + files.zeros(200 << 20)), pixels=files.zeros(0)
    ),
    "png with a packed text of 200 MB": raw_png(
        1, 1, files.chunk(b"zTXt", b"x\x00\x00" + files.zeros(200 << 20)), pixels=files.zeros(0)
    ),
    "pdf that leads nowhere": pdf().replace(b"startxref\n", b"startxref\n9"),
    "pdf without an end": pdf().replace(b"%%EOF", b""),
    "pdf whose end comes too early": pdf(tail=b"x" * 2000),
    "pdf without a root": pdf().replace(b"/Root", b"/Boot"),
    "pdf with broken packed objects": pdf(
        b"<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length 4>>\nstream\nabcd\nendstream"
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_file_that_is_not_whole_is_refused(name):
    assert refused(DAMAGED[name]) == "damaged"


TOO_LARGE = {
    "png of 169 megapixels": files.huge_png,
    "png of 50.1 megapixels": lambda: raw_png(10_000, 5_010, pixels=files.zeros(1 << 20)),
    "png of four thousand million": lambda: raw_png(65_000, 65_000),
    "jpeg of 16000 by 16000": lambda: jpeg().replace(
        struct.pack(">BHH", 8, 48, 64), struct.pack(">BHH", 8, 16_000, 16_000), 1
    ),
    "webp of 16384 by 16384": lambda: files.webp_header(
        b"VP8X\x0a\x00\x00\x00\x10\x00\x00\x00\xff\x3f\x00\xff\x3f\x00" + b"\x00" * 30
    ),
    "lossless webp": lambda: files.webp_header(b"VP8L\x10\x00\x00\x00\x2f\xff\xff\xff\x0f" + b"\x00" * 30),
    "lossy webp": lambda: files.webp_header(
        b"VP8 \x20\x00\x00\x00\x30\x01\x00\x9d\x01\x2a\xff\x3f\xff\x3f" + b"\x00" * 30
    ),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_too_many_pixels_are_refused_before_they_are_decoded(name):
    data = TOO_LARGE[name]()
    tracemalloc.start()
    try:
        assert refused(data) == "too_many_pixels"
        assert tracemalloc.get_traced_memory()[1] < 4 * len(data) + 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(form):
    assert refused(files.moving(form)) == "animated"


def test_nothing_and_too_much_are_refused_before_they_are_read():
    assert refused(b"") == "empty"
    assert refused(jpeg().ljust(attachments.LARGEST + 1, b"\x00")) == "too_large"
    assert accept(jpeg().ljust(attachments.LARGEST, b"\x00")).size < 10_000


TOLD = {"JPEG": files.told_jpeg, "PNG": files.told_png, "WEBP": files.told_webp}


@pytest.mark.parametrize("form", TOLD)
def test_place_camera_profile_and_comments_are_gone(form):
    data = TOLD[form]()
    assert NEEDLE in data
    with Image.open(io.BytesIO(data)) as before:
        assert before.getexif().get_ifd(0x8825)
    after = kept(data)
    assert NEEDLE not in after
    assert b"<script" not in after
    with Image.open(io.BytesIO(after)) as picture:
        assert picture.format == form
        assert not picture.getexif()
        assert {"icc_profile", "exif", "xmp", "comment", "gps"}.isdisjoint(picture.info)
        assert picture.size == (64, 48)


@pytest.mark.parametrize(
    ("orientation", "white_at", "size"),
    [(1, "left", (64, 48)), (3, "right", (64, 48)), (6, "top", (48, 64)), (8, "bottom", (48, 64))],
)
def test_a_photograph_stands_as_the_camera_was_held(orientation, white_at, size):
    picture = opened(files.told_jpeg(orientation)).convert("L")
    width, height = picture.size
    sides = {"left": (2, height // 2), "right": (width - 3, height // 2)}
    sides |= {"top": (width // 2, 2), "bottom": (width // 2, height - 3)}
    assert [side for side, point in sides.items() if picture.getpixel(point) > 200] == [white_at]
    assert picture.size == size


SORTS = {
    "grey jpeg": (jpeg("L"), "L"),
    "four inks": (jpeg("CMYK"), "RGB"),
    "progressive": (jpeg(progressive=True), "RGB"),
    "several in one jpeg": (
        files.encoded(files.image(), "MPO", save_all=True, append_images=[files.image()]),
        "RGB",
    ),
    "jpeg with something behind it": (jpeg() + b"video" * 100, "RGB"),
    "16 bits": (files.encoded(Image.new("I;16", (8, 8), 40_000), "PNG"), "I;16"),
    "one bit": (png("1"), "1"),
    "palette": (png("P"), "RGB"),
    "palette with holes": (png("P", transparency=0), "RGBA"),
    "grey with a hole": (png("L", transparency=0), "RGBA"),
    "grey and alpha": (png("LA"), "LA"),
    "alpha": (png("RGBA"), "RGBA"),
    "lossless webp": (webp(lossless=True), "RGB"),
    "webp with alpha": (files.encoded(Image.new("RGBA", (9, 9), (1, 2, 3, 4)), "WEBP"), "RGBA"),
    "one pixel": (png(size=(1, 1)), "RGB"),
}


@pytest.mark.parametrize("name", SORTS)
def test_every_sort_of_picture_is_rebuilt(name):
    data, mode = SORTS[name]
    with opened(data) as picture:
        assert picture.mode == mode
        picture.load()
    assert kept(kept(data))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_notes_of_the_camera_are_no_reason_to_refuse_its_picture():
    assert accept(jpeg(exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff")).width == 64


def test_a_rebuilt_picture_is_no_larger_than_what_is_taken():
    # Four bits a pixel as it comes, twenty-four as it is written.
    palette = files.encoded(Image.effect_noise((4_500, 4_000), 90).convert("P"), "PNG", bits=4)
    assert len(palette) <= attachments.LARGEST
    row = accept(palette)
    assert row.size <= attachments.LARGEST
    assert (row.width, row.height) in {(4_500, 4_000), (2_250, 2_000), (1_125, 1_000)}


def test_a_picture_above_25_megapixels_is_halved():
    row = accept(jpeg(size=(7_000, 6_000)))
    assert (row.width, row.height) == (3_500, 3_000)


def test_the_name_gets_the_end_of_what_the_file_is():
    assert accept(png(), "photo.jpg").name == "photo.png"
    assert accept(jpeg(), "setup.exe").name == "setup.exe.jpg"
    assert accept(webp(), "../../etc/passwd").name == "passwd.webp"
    assert accept(jpeg(), "gpj.\u202eexe").name == "gpj.exe.jpg"
    assert accept(jpeg(), "\u202e\u200b").name == "attachment.jpg"


def test_a_name_that_tells_of_a_person_is_not_kept():
    assert accept(pdf(), "บัตร 1-1111-11111-11-9.pdf").name == "attachment.pdf"
    assert accept(pdf(), "somying@example.org.pdf").name == "attachment.pdf"


def test_the_codes_have_messages_that_name_the_file():
    with pytest.raises(ValidationError, match=r"a b\.svg"):
        accept(b"<svg>", "a b.svg")
    assert UnfitError("damaged").code == "damaged"
