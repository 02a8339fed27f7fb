"""Hostile files, made on the spot; `python -m tests.attacks.uploads make DIRECTORY` writes them, `look` says what becomes of each."""

import gzip
import io
import json
import resource
import struct
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path

from tests import files
from tests.files import EICAR, NEEDLE, chunk, pdf, raw_png, stream, zeros

HTML = b"<!doctype html><script>fetch('//evil.example')</script>"
PHP = b"<?php system($_GET['c']); __HALT_COMPILER(); ?>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><l>&c;</l>'
MEGABYTE = 1 << 20


def zipped(name="a.txt", content=b"x" * 100, **more):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        for other, text in more.items():
            archive.writestr(other, text)
    return file.getvalue()


def tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../a"), io.BytesIO())
    return file.getvalue()


def jpeg_of(width, height):
    """Return a JPEG whose header claims this size."""
    data = files.jpeg()
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">HH", height, width) + data[place + 4 :]


def png_with(*chunks):
    data = files.png()
    return data[:33] + b"".join(chunks) + data[33:]


# What nobody takes, by a name that lies about it.
REFUSED = {
    "svg.svg": lambda: SVG,
    "svg called png.png": lambda: SVG,
    "svg after a bom.jpg": lambda: b"\xef\xbb\xbf" + SVG,
    "html.html": lambda: HTML,
    "html called jpeg.jpg": lambda: HTML,
    "html in utf-16.png": lambda: HTML.decode().encode("utf-16"),
    "xml that laughs.xml": lambda: LAUGHS,
    "php.php": lambda: PHP,
    "php called jpeg.php.jpg": lambda: PHP,
    "gif.gif": lambda: files.encoded(files.image("L"), "GIF"),
    "gif that is a script.gif": lambda: b"GIF89a/*" + bytes(20) + b"*/=alert(1)//",
    "bmp.bmp": lambda: files.encoded(files.image(), "BMP"),
    "tiff.tif": lambda: files.encoded(files.image(), "TIFF"),
    "ico.ico": lambda: files.encoded(files.image(), "ICO"),
    "eps.eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run",
    "wmf.jpg": lambda: b"\xd7\xcd\xc6\x9a" + bytes(50),
    "heic.heic": lambda: b"\x00\x00\x00\x18ftypheic" + bytes(50),
    "avif.avif": lambda: b"\x00\x00\x00\x18ftypavif" + bytes(50),
    "film.mp4": lambda: b"\x00\x00\x00\x18ftypisom" + bytes(50),
    "program of linux.jpg": lambda: b"\x7fELF" + bytes(60),
    "program of windows.pdf": lambda: b"MZ" + bytes(60),
    "shortcut.lnk": lambda: b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60),
    "shell.sh": lambda: b"#!/bin/sh\nrm -rf /",
    "java.class": lambda: b"\xca\xfe\xba\xbe" + bytes(60),
    "wasm.png": lambda: b"\x00asm\x01\x00\x00\x00",
    "word.docx": lambda: zipped("word/document.xml", b"<w/>"),
    "old word.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "rtf.rtf": lambda: rb"{\rtf1\object\objdata 0}",
    "mail.eml": lambda: b"From: a\r\nContent-Type: text/html\r\n\r\n" + HTML,
    "formula.csv": lambda: b"=cmd|' /C calc'!A0",
    "zip.zip": zipped,
    "zip that climbs.zip": lambda: zipped("../../../../etc/cron.d/a"),
    "zip bomb.zip": lambda: zipped("bomb", bytes(30 * MEGABYTE)),
    "zip bomb called pdf.pdf": lambda: zipped("bomb", bytes(10 * MEGABYTE)),
    "gzip bomb.gz": lambda: gzip.compress(bytes(10 * MEGABYTE)),
    "tar.tar": tar,
    "rar.rar": lambda: b"Rar!\x1a\x07\x01\x00" + bytes(50),
    "7z.7z": lambda: b"7z\xbc\xaf\x27\x1c" + bytes(50),
    "virus.txt": lambda: EICAR,
    "virus in a jpeg.jpg": lambda: files.jpeg() + EICAR,
    "virus in a pdf.pdf": lambda: pdf(stream(EICAR, packed=False)),
    "virus in a note of a png.png": lambda: png_with(chunk(b"tEXt", b"Comment\x00" + EICAR)),
    "jpeg and zip.jpg": lambda: files.jpeg() + zipped(),
    "png and zip.png": lambda: files.png() + zipped(),
    "pdf and zip.pdf": lambda: pdf(tail=zipped()),
    "jpeg and pdf.jpg": lambda: files.jpeg(comment=b"%PDF-1.7"),
    "jpeg and rar.jpg": lambda: files.jpeg() + b"Rar!\x1a\x07\x00",
    "jpeg and phar.jpg": lambda: files.jpeg(comment=PHP),
    "html before a pdf.pdf": lambda: HTML + pdf(),
    "169 megapixels.png": files.huge_png,
    "four thousand megapixels.png": lambda: raw_png(65_535, 65_535),
    "two to the thirty-first.png": lambda: raw_png(2**31 - 1, 2**31 - 1),
    "no pixels.png": lambda: raw_png(0, 0),
    "four thousand megapixels.jpg": lambda: jpeg_of(65_500, 65_500),
    "huge canvas.webp": lambda: files.webp_header(b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff" * 6),
    "moving.png": lambda: files.moving("PNG"),
    "moving.webp": lambda: files.moving("WEBP"),
    "cut off.jpg": lambda: files.noise((200, 200), "JPEG")[:4000],
    "cut off.png": lambda: files.noise((200, 200), "PNG")[:4000],
    "cut off.webp": lambda: files.noise((200, 200), "WEBP")[:1500],
    "cut off.pdf": lambda: pdf()[:-30],
    "only a beginning.jpg": lambda: b"\xff\xd8\xff",
    "only a beginning.png": lambda: b"\x89PNG\r\n\x1a\n",
    "only a beginning.pdf": lambda: b"%PDF-1.7\n",
    "nothing.jpg": lambda: b"",
    "a byte too much.jpg": lambda: files.jpeg() + bytes(10 * MEGABYTE),
    "acting.pdf": lambda: pdf(b"<</S /JavaScript /JS (app.alert(1))>>"),
    "acting, escaped.pdf": lambda: pdf(b"<</S /J#61vaScript /J#53 (1)>>"),
    "acting, packed.pdf": lambda: pdf(files.packed_objects(b"<</S /JavaScript>>")),
    "launching.pdf": lambda: pdf(b"<</S /Launch /F (calc.exe)>>"),
    "with a file in it.pdf": lambda: pdf(b"<</Type /EmbeddedFile>>"),
    "with a form.pdf": lambda: pdf(b"<</XFA 9 0 R>>"),
    "under a password.pdf": lambda: pdf(trailer=b"/Encrypt 9 0 R"),
    "objects without end.pdf": lambda: pdf(
        *[stream(bytes(12 * MEGABYTE), b"/Type /ObjStm /N 1 /First 4")] * 4
    ),
    "streams without end.pdf": lambda: pdf()[:-6] + b"stream\n" * 200_000 + b"%%EOF",
}
# What is taken, and has nothing left in it of what came beside the pixels.
KEPT = {
    "told.jpg": files.told_jpeg,
    "told.png": files.told_png,
    "told.webp": files.told_webp,
    "with html in a comment.jpg": lambda: files.jpeg(comment=HTML + NEEDLE),
    "with php behind its end.jpg": lambda: files.jpeg() + b"<?php " + NEEDLE,
    # What is more than the header says is never unpacked.
    "pixels without end.png": lambda: raw_png(100, 100, pixels=zeros(100 * MEGABYTE)),
    "a note without end.png": lambda: png_with(
        chunk(b"zTXt", b"a\x00\x00" + zlib.compress(bytes(MEGABYTE // 4)) + NEEDLE)
    ),
    f"{'ก' * 4000}.jpg": files.told_jpeg,
    "\u202egpj.exe": files.told_jpeg,
    "\u2066\u202e\u200b\ufeff.jpg": files.told_jpeg,
    "../../../../etc/passwd\x00.jpg": files.told_jpeg,
    "C:\\Windows\\CON.jpg": files.told_jpeg,
    "a.php.jpg": files.told_jpeg,
    ".htaccess": files.told_jpeg,
    "<script>alert(1)</script>.html": files.told_jpeg,
    'a"; filename="b.exe': files.told_jpeg,
    "a\r\nSet-Cookie: a=b.jpg": files.told_jpeg,
    "%2e%2e%2f%00.jpg": files.told_jpeg,
    "   ...   ": files.told_jpeg,
    "": files.told_jpeg,
}


def make(directory):
    """Write all of them into a directory, each under its number: that may take more memory than to look into them."""
    for number, one in enumerate((REFUSED | KEPT).values()):
        (directory / str(number)).write_bytes(one())


def look(directory):
    """Look into all of them, and print what became of each and by how many bytes this process grew at most."""
    import django

    django.setup()
    # What a bomb would take ends here, and not with the machine.
    resource.setrlimit(resource.RLIMIT_AS, (2500 * MEGABYTE, 2500 * MEGABYTE))
    tried("warm.png", files.png())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    names = enumerate(REFUSED | KEPT)
    told = {name: tried(name, (directory / str(number)).read_bytes()) for number, name in names}
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    json.dump({"told": told, "grown": grown * 1024}, sys.stdout)


def tried(name, data):
    """Return what becomes of a file: why it is refused, or its name and what was left in it."""
    from django.core.exceptions import ValidationError

    from comments import attachments

    upload = files.upload(data, "x")
    # Django would tidy the name first; what sends it may be another.
    upload._name = name
    try:
        found = attachments.accept(upload)
    except ValidationError as error:
        return {"code": error.code}
    found.file.seek(0)
    kept = found.file.read()
    return {"name": found.name, "kind": found.kind, "needle": NEEDLE in kept, "size": len(kept)}


if __name__ == "__main__":
    {"make": make, "look": look}[sys.argv[1]](Path(sys.argv[2]))
