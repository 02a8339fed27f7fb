"""One file that holds all parts of a backup and, at its end, what they are.

It is a compressed tar archive, so that `tar` opens one that is not encrypted.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from comments.backups import sealing
from comments.backups.databases import State

MANIFEST = "manifest.json"
CHUNK = sealing.CHUNK


class Source(Protocol):
    """What can be read from."""

    def read(self, size: int = ..., /) -> bytes:
        """Return at most `size` bytes."""


Take = Callable[[str, Source], None]


class DamagedError(Exception):
    """The archive is not what was written, or no archive of ours."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: when it was made of which database, rows by table, size and SHA-256 by member."""

    made_at: str
    vendor: str
    migrations: list[str]
    tables: dict[str, int]
    members: dict[str, list[Any]]


class Writer:
    """An archive that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        """Begin without members."""
        self._tar = tar
        self._members: dict[str, list[Any]] = {}

    def add(self, name: str, file: IO[bytes]) -> None:
        """Add everything in `file` as `name`."""
        member = tarfile.TarInfo(name)
        member.size = file.seek(0, os.SEEK_END)
        file.seek(0)
        reader = _Hashed(file)
        self._tar.addfile(member, reader)
        self._members[name] = [member.size, reader.hexdigest()]

    def finish(self, *, made_at: str, vendor: str, state: State) -> Manifest:
        """Add the manifest, and return it."""
        manifest = Manifest(made_at, vendor, state.migrations, state.tables, self._members)
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(text)
        self._tar.addfile(member, io.BytesIO(text))
        return manifest


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._hash = file, hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        self.size += len(data)
        return data

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


@contextmanager
def writing(path: Path, key: bytes | None) -> Iterator[Writer]:
    """Yield an archive to add to; it stands at `path` once the block has ended well, and else nowhere.

    Raises FileExistsError, OSError.
    """
    if path.exists():
        raise FileExistsError(f"{path} is there already")
    part = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            sealed = sealing.Sealing(file, key) if key else None
            with (
                gzip.GzipFile(fileobj=sealed or file, mode="wb", compresslevel=1, mtime=0) as packed,
                tarfile.open(fileobj=packed, mode="w|", bufsize=CHUNK) as tar,
            ):
                yield Writer(tar)
            if sealed:
                sealed.finish()
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


def read(path: Path, key: bytes | None, take: Take | None = None) -> Manifest:
    """Read an archive to its end, compare every byte with its manifest, and return that; `take` gets each member.

    Raises DamagedError, OSError.
    """
    members: dict[str, list[Any]] = {}
    manifest = b""
    try:
        with path.open("rb") as file, gzip.GzipFile(fileobj=_opened(path, file, key)) as packed:
            with tarfile.open(fileobj=packed, mode="r|", bufsize=CHUNK) as tar:
                for member in tar:
                    if manifest:
                        raise DamagedError("something follows the manifest")
                    reader = _Hashed(tar.extractfile(member) or io.BytesIO())
                    if member.name == MANIFEST:
                        manifest = reader.read()
                        continue
                    if take:
                        take(member.name, reader)
                    _drain(reader)
                    members[member.name] = [reader.size, reader.hexdigest()]
            _drain(packed)
    except gzip.BadGzipFile:
        raise DamagedError("it is no backup of ours, or no longer") from None
    except (sealing.OpenError, tarfile.TarError, zlib.error, EOFError) as error:
        raise DamagedError(str(error)) from error
    return _compared(manifest, members)


def copy(source: Source, target: IO[bytes]) -> None:
    """Copy what is left of `source`."""
    while chunk := source.read(CHUNK):
        target.write(chunk)


def _opened(path: Path, file: IO[bytes], key: bytes | None) -> IO[bytes]:
    if not sealing.is_sealed(path):
        return file
    if key is None:
        raise DamagedError("it is encrypted, and no key was given")
    return io.BufferedReader(sealing.Opening(file, key), CHUNK)


def _drain(file: Source) -> None:
    while file.read(CHUNK):
        pass


def _compared(text: bytes, members: dict[str, list[Any]]) -> Manifest:
    try:
        manifest = Manifest(**json.loads(text))
    except (ValueError, TypeError):
        raise DamagedError("it has no manifest: it is cut off, or not ours") from None
    if apart := [
        name for name in manifest.members | members if manifest.members.get(name) != members.get(name)
    ]:
        raise DamagedError(f"not as the manifest says: {', '.join(sorted(apart)[:5])}")
    return manifest
