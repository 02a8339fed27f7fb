"""Look into a PDF for what could act, without a parser: names only, also those in compressed objects.

A PDF is kept byte for byte. docs/decisions/0018 says what this look finds and what it can't.
"""

from __future__ import annotations

import re
import zlib

from comments.attachments.unfit import UnfitError

# Whatever a document does that is more than being read has one of these names. They are so long that
# compressed data, which look like chance, hold none of them.
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|SubmitForm|ImportData|GoToE|Movie)(?![A-Za-z0-9])"
)
# Two or three letters do stand in compressed data, so these are looked for outside of streams only.
_ACTIVE_SHORT = re.compile(rb"/(?:JS|XFA|3D)(?![A-Za-z0-9])")
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_HEAD = re.compile(rb"%PDF-[12]\.\d")
_TAIL = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")
_TABLE = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
_STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\n|\r)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# Both numbers stand in the dictionary of compressed objects, whatever it says of its type.
_NUMBER_OF_OBJECTS = re.compile(rb"/N\s+\d+(?!\d|\s+\d+\s+R)")
_FIRST_OBJECT = re.compile(rb"/First\s+\d+(?!\d|\s+\d+\s+R)")
# Packings that nobody needs for them, and into which we can't look.
_ODD = re.compile(
    rb"/(?:ASCII\w+|LZW\w+|RunLength\w+|Crypt)|/Predictor\s+(?!1\b)|/(?:Filter|DecodeParms)\s+\d+\s+\d+\s+R"
)
_TAIL_WITHIN = 1024
MOST_UNPACKED = 32 * 1024 * 1024


def check(data: bytes) -> None:
    """Raise UnfitError (damaged, protected, active) unless `data` is a whole PDF that only shows pages."""
    _check_frame(data)
    plain = _unescape(data)
    if _ENCRYPTED.search(plain):
        raise UnfitError("protected")
    _check_names(plain, _ACTIVE)
    end, room = 0, MOST_UNPACKED
    for stream in _STREAM.finditer(data):
        if stream.start() < end:
            continue
        before = _unescape(data[end : stream.start()])
        _check_names(before, _ACTIVE_SHORT)
        end = data.find(b"endstream", stream.end())
        end = len(data) if end < 0 else end
        if _holds_objects(before):
            room -= _check_objects(before, data[stream.end() : end], room)
    _check_names(_unescape(data[end:]), _ACTIVE_SHORT)


def _check_names(text: bytes, names: re.Pattern[bytes]) -> None:
    if names.search(text):
        raise UnfitError("active")


def _check_frame(data: bytes) -> None:
    """Raise UnfitError unless head and tail are where they belong, and the tail leads to the table of objects."""
    tails = list(_TAIL.finditer(data[-_TAIL_WITHIN:]))
    if not _HEAD.match(data) or not tails:
        raise UnfitError("damaged")
    table = int(tails[-1][1])
    if not _TABLE.match(data[table : table + 64]) or b"/Root" not in _unescape(data):
        raise UnfitError("damaged")


def _unescape(data: bytes) -> bytes:
    """Return `data` with /J#61vaScript as /JavaScript."""
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), data)


def _holds_objects(before: bytes) -> bool:
    """Tell whether a stream is one of compressed objects, by the dictionary before it."""
    return b"/ObjStm" in before or bool(_NUMBER_OF_OBJECTS.search(before) and _FIRST_OBJECT.search(before))


def _check_objects(before: bytes, packed: bytes, room: int) -> int:
    """Look through compressed objects; return how many bytes they are. Raises UnfitError."""
    if _ODD.search(before):
        raise UnfitError("active")
    if b"/FlateDecode" not in before:
        plain = packed
    else:
        try:
            plain = zlib.decompressobj().decompress(packed, room)
        except zlib.error:
            raise UnfitError("damaged") from None
    if len(plain) >= room:
        raise UnfitError("active")
    for names in (_ACTIVE, _ACTIVE_SHORT):
        _check_names(_unescape(plain), names)
    return len(plain)
