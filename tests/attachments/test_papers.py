"""PDFs that act are refused, those that are only read are kept as they came."""

import tracemalloc

import pytest

from tests import files
from tests.attachments.test_accept import accept, kept, refused
from tests.files import pdf, stream

ACTS = b"<</S /%s /JS (app.alert(1))>>"
ACTIVE = (
    "JavaScript",
    "Launch",
    "EmbeddedFile",
    "EmbeddedFiles",
    "RichMedia",
    "Rendition",
    "SubmitForm",
    "ImportData",
    "GoToE",
    "Movie",
)


def escaped(name):
    """Return a name as a PDF may also write it: /#4aava#53cript."""
    return "".join(f"#{ord(char):02x}" if number % 2 == 0 else char for number, char in enumerate(name))


@pytest.mark.parametrize("name", ACTIVE)
@pytest.mark.parametrize("spelling", [str, escaped])
@pytest.mark.parametrize("where", ["plain", "packed", "packed, of no type"])
def test_a_pdf_that_acts_is_refused(name, spelling, where):
    acts = ACTS % spelling(name).encode()
    match where:
        case "packed":
            acts = files.packed_objects(acts)
        case "packed, of no type":
            acts = files.packed_objects(acts, b"/N 1 /First 4")
    assert refused(pdf(acts)) == "active"


@pytest.mark.parametrize("name", ["JS", "XFA", "3D"])
def test_short_names_are_found_outside_of_streams_only(name):
    acts = b"<</%s 9 0 R>>" % name.encode()
    assert refused(pdf(acts)) == "active"
    assert refused(pdf(files.packed_objects(acts))) == "active"
    assert accept(pdf(stream(b"by chance /%s 1" % name.encode(), packed=False)))


@pytest.mark.parametrize(
    "entries",
    [
        b"/Type /ObjStm /N 1 /First 4 /DecodeParms <</Predictor 12>>",
        b"/Type /ObjStm /N 1 /First 4 /DecodeParms 7 0 R",
        b"/Type /ObjStm /N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]",
    ],
)
def test_objects_that_are_packed_oddly_are_refused_unseen(entries):
    assert refused(pdf(files.packed_objects(b"<<>>", entries))) == "active"


def test_packed_objects_are_unpacked_up_to_a_bound():
    objects = b"<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode>>\nstream\n%s\nendstream"
    bomb = pdf(objects % files.zeros(200 << 20))
    tracemalloc.start()
    try:
        assert refused(bomb) == "active"
        assert tracemalloc.get_traced_memory()[1] < 150 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("entry", [b"/Encrypt 9 0 R", b"/#45ncrypt 9 0 R"])
def test_a_pdf_under_a_password_is_refused(entry):
    assert refused(pdf(trailer=entry)) == "protected"


HARMLESS = {
    "one page": pdf(),
    "packed objects": pdf(files.packed_objects(b"<</Type /Font>>")),
    "a first view": pdf(b"<</OpenAction [3 0 R /XYZ null null 0]>>"),
    "a link": pdf(b"<</S /URI /URI (https://example.org)>>"),
    "an outline": pdf(b"<</First 5 0 R /Last 5 0 R /Count 1>>", stream(b"q Q")),
    "names that begin alike": pdf(b"<</LaunchPad 1 /EncryptMetadata false /JSON 2>>"),
    "an author": pdf(b"<</Author (somebody)>>"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_a_pdf_that_is_only_read_is_kept_byte_for_byte(name):
    row = accept(HARMLESS[name], "แผนที่.pdf")
    assert (row.kind, row.name, row.width) == ("application/pdf", "แผนที่.pdf", None)
    assert row.file.read() in {b"", HARMLESS[name]}
    assert kept(HARMLESS[name]) == HARMLESS[name]
