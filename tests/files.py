"""Files to attach, good and hostile, made on the spot."""

import io
import random
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

# Stands wherever a file can hide words: in what is kept it must not stand anywhere.
NEEDLE = b"needle-in-the-metadata"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def upload(data, name="file.bin"):
    """Return an upload that says of itself what a browser may say: nothing to rely on."""
    return SimpleUploadedFile(name, data, "text/html")


def image(mode="RGB", size=(64, 48)):
    """Return a picture that is white at the left and black elsewhere, so that it can be told how it was turned."""
    drawn = Image.new("L", size, 0)
    drawn.paste(255, (0, 0, size[0] // 4, size[1]))
    return drawn.convert(mode)


def encoded(picture, form, **options):
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def exif(orientation=1):
    """Return EXIF data with a place, a camera and an orientation."""
    data = Image.Exif()
    data[0x010E], data[0x0110], data[0x0112] = NEEDLE.decode(), NEEDLE.decode(), orientation
    data.get_ifd(0x8825).update({1: "N", 2: (13.0, 45.0, 30.0), 3: "E", 4: (100.0, 30.0, 0.0)})
    return data.tobytes()


def jpeg(mode="RGB", size=(64, 48), **options):
    return encoded(image(mode, size), "JPEG", **options)


def png(mode="RGB", size=(64, 48), **options):
    return encoded(image(mode, size), "PNG", **options)


def webp(mode="RGB", size=(64, 48), **options):
    return encoded(image(mode, size), "WEBP", **options)


def noise(size, form, **options):
    """Return a picture that compresses badly."""
    data = random.Random(7).randbytes(size[0] * size[1] * 3)  # noqa: S311
    return encoded(Image.frombytes("RGB", size, data), form, **options)


def told_jpeg(orientation=1):
    """Return a photograph that tells of place, camera, profile, comment and rights."""
    xmp = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + NEEDLE + b"</x:xmpmeta>"
    data = jpeg(exif=exif(orientation), comment=NEEDLE, icc_profile=b"x" * 128 + NEEDLE)
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp + data[2:] + NEEDLE


def told_png():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", NEEDLE.decode())
    info.add_text("Zipped", NEEDLE.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", f"<script>{NEEDLE.decode()}</script>")
    info.add(b"prVt", b"<script>alert(1)</script>" + NEEDLE)
    return png(pnginfo=info, exif=exif(), icc_profile=b"x" * 128 + NEEDLE) + NEEDLE


def told_webp():
    return webp(exif=exif(), xmp=b"<x>" + NEEDLE + b"</x>", icc_profile=b"x" * 128 + NEEDLE)


def moving(form):
    """Return a picture of two frames."""
    frames = [image(), image().transpose(Image.Transpose.ROTATE_180)]
    return encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def raw_png(width, height, *chunks, depth=8, colour=0, pixels=b""):
    """Return a PNG put together from its parts, whatever they make of it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + b"".join([header, *chunks, chunk(b"IDAT", pixels), chunk(b"IEND", b"")])


def huge_png(side=13_000):
    """Return a whole PNG of side × side black pixels; 169 megapixels in 164 kB."""
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(bytes(side + 1)) for _ in range(side)) + packer.flush()
    return raw_png(side, side, pixels=pixels)


def zeros(size):
    """Return `size` zero bytes, packed."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()


def webp_header(body):
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def pdf(*objects, trailer=b"", tail=b""):
    """Return a PDF of one empty page and these objects more, numbered from 4."""
    all_objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200]>>",
        *objects,
    ]
    file, places = io.BytesIO(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    file.seek(0, io.SEEK_END)
    for number, one in enumerate(all_objects, start=1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    table = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    file.writelines(b"%010d 00000 n \n" % place for place in places)
    file.write(b"trailer\n<</Size %d /Root 1 0 R %s>>\n" % (len(places) + 1, trailer))
    file.write(b"startxref\n%d\n%%%%EOF\n" % table + tail)
    return file.getvalue()


def stream(data, entries=b"", *, packed=True):
    data = zlib.compress(data) if packed else data
    packing = b"/Filter /FlateDecode " if packed else b""
    return b"<<%s%s /Length %d>>\nstream\n%s\nendstream" % (packing, entries, len(data), data)


def packed_objects(text, entries=b"/Type /ObjStm /N 1 /First 4"):
    """Return an object that holds others, packed, as most programs write them today."""
    return stream(b"9 0 " + text, entries)


def archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("a.class", "x" * 100)
    return file.getvalue()
