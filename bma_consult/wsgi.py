"""The WSGI application that gunicorn serves."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bma_consult.settings")

_serve = get_wsgi_application()


class Whole:
    """What a client sends, which must not end before the length that it announced.

    Else a form whose connection broke in the middle of the words would be read as if it ended there.
    """

    def __init__(self, stream: Any, length: int) -> None:
        self._stream, self._left = stream, length
        self.readline = stream.readline

    def read(self, size: int) -> bytes:
        """Return as many bytes as asked for. Raises ConnectionResetError when they never came."""
        data: bytes = self._stream.read(size)
        self._left -= len(data)
        if len(data) < size and self._left > 0:
            raise ConnectionResetError("the client left before its request was whole")
        return data


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve a request that is whole, and tell it how long it stood in line."""
    length = environ.get("CONTENT_LENGTH") or "0"
    environ["wsgi.input"] = Whole(environ["wsgi.input"], int(length) if length.isdigit() else 0)
    if worker := sys.modules.get("bma_consult.worker"):
        environ["consult.waited"] = getattr(worker.at_work, "waited", 0.0)
    return _serve(environ, start_response)
