"""The store of uploaded files, a directory or a bucket, when it does not do as it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class StoreError(Exception):
    """The store of uploaded files does not answer, or refuses us."""


@contextmanager
def asking() -> Iterator[None]:
    """Raise StoreError for whatever a store in a bucket raises in the block; a disk's OSError stays what it is."""
    try:
        yield
    except OSError:
        raise
    # The errors of a bucket belong to a package that need not be installed.
    except Exception as error:
        raise StoreError(
            f"the store of uploaded files: {error}."
            " Is the bucket of STORAGE_S3_BUCKET there, and may its key list, read, write and delete in it?"
        ) from error
