"""Bound what one request may bring."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, UnreadablePostError

from comments import attachments

_PIECE = 64 * 1024
# The files of one opinion, and room for its words.
LARGEST_REQUEST = attachments.MOST * attachments.LARGEST + 5 * 1024 * 1024


class Quota(FileUploadHandler):
    """Refuse a request that is too large: by what it says of itself, and by what it really brings.

    It stands before the handlers that keep the bytes, and passes them on.
    """

    received = 0

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002 - the signature is Django's
        META: Any,  # noqa: ARG002, N803
        content_length: int,
        boundary: Any,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        """Raise RequestDataTooBig before anything is read."""
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig("The request is larger than all files and words may be.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        """Pass a piece of a file on. Raises RequestDataTooBig once there are too many."""
        self.received += len(raw_data)
        if self.received > LARGEST_REQUEST:
            raise RequestDataTooBig("The files are larger than all of them may be.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def discard(request: HttpRequest) -> None:
    """Read on past what was refused, up to twice what is taken, and keep nothing.

    A browser that is cut off while it still sends shows an error of its own, and not our page.
    """
    try:
        for _piece in range(2 * LARGEST_REQUEST // _PIECE):
            if not request.read(_PIECE):
                return
    except UnreadablePostError:
        return
