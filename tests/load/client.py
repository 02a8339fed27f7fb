"""One request over a connection of its own, as raw as it gets."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers in lower case."""

    status: int
    headers: dict[str, list[str]]
    body: bytes

    @property
    def cookies(self) -> dict[str, str]:
        """Return the cookies that were set."""
        lines = self.headers.get("set-cookie", [])
        return dict(line.split(";")[0].split("=", 1) for line in lines)


@dataclass(frozen=True)
class Client:
    """A browser that speaks to one server from one address, and stops waiting after `patience` seconds."""

    url: str
    address: str = "127.0.0.1"
    cookies: str = ""
    patience: float = 30

    async def get(self, path: str) -> Answer:
        """Read a page."""
        return await self._ask(self._head("GET", path))

    async def post(self, path: str, content_type: str, body: bytes, *, hangs_up: bool = False) -> Answer:
        """Send a form; with `hangs_up` leave before the answer can be read. Raises OSError or TimeoutError."""
        length = {"Content-Type": content_type, "Content-Length": str(len(body))}
        return await self._ask(self._head("POST", path, **length) + body, hangs_up=hangs_up)

    def _head(self, method: str, path: str, **more: str) -> bytes:
        fields = {
            "Host": urlsplit(self.url).netloc,
            "Connection": "close",
            "Origin": self.url,
            "X-Forwarded-For": self.address,
            "Accept-Encoding": "gzip",
        } | more
        if self.cookies:
            fields["Cookie"] = self.cookies
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode()

    async def _ask(self, request: bytes, *, hangs_up: bool = False) -> Answer:
        async with asyncio.timeout(self.patience):
            address = urlsplit(self.url)
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            try:
                writer.write(request)
                await writer.drain()
                if hangs_up:
                    raise ConnectionAbortedError("hung up")
                return _parsed(await reader.read())
            finally:
                writer.close()


def _joined(chunks: bytes) -> bytes:
    """Put together what nginx, which packs answers on their way, sends in pieces."""
    body = b""
    while True:
        size, end, chunks = chunks.partition(b"\r\n")
        length = int(size, 16) if end else 0
        if len(chunks) < length or not end:
            raise ConnectionResetError("half an answer")
        if not length:
            return body
        body, chunks = body + chunks[:length], chunks[length + 2 :]


def _parsed(data: bytes) -> Answer:
    head, end, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    status = re.fullmatch(r"HTTP/1\.1 (\d{3}) .*", first)
    if not status or not end:
        raise ConnectionResetError("no answer")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.lower(), []).append(value.strip())
    if "chunked" in headers.get("transfer-encoding", []):
        body = _joined(body)
    length = headers.get("content-length")
    if length and len(body) < int(length[0]):
        raise ConnectionResetError("half an answer")
    return Answer(int(status[1]), headers, body)
