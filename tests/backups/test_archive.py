import gzip
import io
import os
import tarfile

import pytest

from comments.backups import archive, sealing
from comments.backups.databases import State

KEY = bytes(range(32))
CONTENTS = {
    "database": os.urandom(sealing.CHUNK + 7),
    "files/attachments/a": b"the first file",
    "files/b": b"",
}
keyed = pytest.mark.parametrize("key", [KEY, None], ids=["sealed", "plain"])


def write(path, key, contents=CONTENTS):
    with archive.writing(path, key) as out:
        for name, data in contents.items():
            out.add(name, data if isinstance(data, io.BytesIO) else io.BytesIO(data))
        return out.finish(made_at="now", vendor="sqlite", state=State(["comments.0001"], {"t": 3}))


@keyed
def test_what_was_written_is_read(tmp_path, key):
    path, taken = tmp_path / "a.backup", {}
    written = write(path, key)
    read = archive.read(path, key, lambda name, file: taken.update({name: file.read()}))
    assert (read, taken) == (written, CONTENTS)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["a.backup"]


@keyed
def test_what_broke_off_leaves_nothing(tmp_path, key):
    class Full(io.BytesIO):
        def read(self, *_):
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write(tmp_path / "a", key, {"files/a": b"x" * 3_000_000, "database": Full(b"x")})
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path):
    write(tmp_path / "a", None)
    with pytest.raises(FileExistsError):
        write(tmp_path / "a", None)


@keyed
@pytest.mark.parametrize("left", [0, 10, 40, 2000, sealing.CHUNK // 2, -1, -20], ids=str)
def test_a_file_that_is_cut_off_is_found(tmp_path, key, left):
    path = tmp_path / "a"
    write(path, key)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(archive.DamagedError):
        archive.read(path, key)


def test_a_sealed_file_cut_off_between_two_chunks_is_found(tmp_path):
    path = tmp_path / "a"
    write(path, KEY)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(sealing.MAGIC) + 16 + sealing.CHUNK + 16])
    with pytest.raises(archive.DamagedError, match="cut off"):
        archive.read(path, KEY)


@keyed
def test_each_changed_byte_is_found(tmp_path, key):
    path = tmp_path / "a"
    write(path, key)
    whole = path.read_bytes()
    # The eight bytes after the second of gzip's head say nothing of what is in it.
    for place in (30, 45, 900, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(archive.DamagedError):
            archive.read(path, key)


def test_chunks_that_changed_places_and_another_key_are_found(tmp_path):
    sealed = io.BytesIO()
    sealing_ = sealing.Sealing(sealed, KEY)
    sealing_.write(b"a" * sealing.CHUNK + b"b" * sealing.CHUNK + b"c")
    sealing_.finish()
    head, size = len(sealing.MAGIC) + 16, sealing.CHUNK + 16
    whole = sealed.getvalue()
    moved = (
        whole[:head]
        + whole[head + size : head + 2 * size]
        + whole[head : head + size]
        + whole[head + 2 * size :]
    )
    for data, key in ((moved, KEY), (whole, bytes(32)), (whole + b"x", KEY)):
        with pytest.raises(sealing.OpenError):
            sealing.Opening(io.BytesIO(data), key).readall()
    assert len(sealing.Opening(io.BytesIO(whole), KEY).readall()) == 2 * sealing.CHUNK + 1


def test_a_sealed_file_shows_nothing_and_needs_its_key(tmp_path):
    write(tmp_path / "a", KEY, {"database": b"words of a citizen" * 99})
    with pytest.raises(archive.DamagedError, match="no key"):
        archive.read(tmp_path / "a", None)
    assert b"words" not in (tmp_path / "a").read_bytes()


def test_a_member_that_is_not_as_the_manifest_says_is_found(tmp_path):
    path = tmp_path / "a"
    write(path, None)
    unpacked = gzip.decompress(path.read_bytes()).replace(b"the first file", b"another  file!", 1)
    path.write_bytes(gzip.compress(unpacked))
    with pytest.raises(archive.DamagedError, match="files/attachments/a"):
        archive.read(path, None)


def test_an_archive_of_somebody_else_is_none_of_ours(tmp_path):
    with tarfile.open(tmp_path / "a", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("something"))
    with pytest.raises(archive.DamagedError, match="no manifest"):
        archive.read(tmp_path / "a", None)


@pytest.mark.parametrize("text", ["", "short", "!" * 44, "a" * 46])
def test_a_key_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        sealing.key_of(text)
