"""gunicorn's threads, for clients that take their time, and with a count of how long a request stood in line.

gunicorn gives a thread to a connection before anything has come, and waits for ever for the rest of a request that has begun:
a dozen clients that send a byte a second would hold every thread.
"""

import gc
import itertools
import os
import re
import socket
import threading
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ

from gunicorn.http.message import Request
from gunicorn.workers.gthread import TConn, ThreadWorker

# Seconds for the head of a request and for a small form; for a larger one as long as this many bytes a second need.
PATIENCE = float(os.environ.get("SLOW_CLIENT_SECONDS", "20"))
SLOWEST = 50_000
# What of a request has to be there before a thread takes it: less than the system keeps for a connection.
BEGINNING = 32 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
_COMES_IN_PIECES = re.compile(rb"\r\n(?:expect|transfer-encoding):", re.IGNORECASE)
_ASKS_FIRST = re.compile(rb"\r\nexpect:", re.IGNORECASE)
# Between two looks at those of which only a part is there.
_PAUSE = 0.05
# Seconds between two collections of young garbage; each tenth is of all.
_SWEEPS = 1
# Of the request that a thread is at: the seconds for which it stood in line.
at_work = threading.local()


def is_there(data: bytes) -> bool:
    """Tell whether a thread can read on without waiting: the head and the body are there, or as much as is looked at."""
    head, has_body = _looked_at(data)
    return not data or len(data) >= BEGINNING or has_body or bool(_ASKS_FIRST.search(head))


def is_whole(data: bytes) -> bool:
    """Tell whether nothing more is to come of the request."""
    head, has_body = _looked_at(data)
    return has_body and not _COMES_IN_PIECES.search(head)


def _looked_at(data: bytes) -> tuple[bytes, bool]:
    """Return the head, empty until all of it is there, and whether the body is there that it announces."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return b"", False
    length = _LENGTH.search(head + b"\r\n")
    return head, len(body) >= (int(length[1]) if length else 0)


def sweep_apart() -> None:
    """Collect garbage in a thread that holds nothing, instead of in whichever thread happens to make the next object.

    On SQLite that could be the one writer, and the garbage a statement that another thread's connection gave up on: letting go
    of it waits for that connection, which waits for the writer. Nobody wrote until one of the two gave up, after ten seconds.
    """
    gc.freeze()
    gc.disable()
    threading.Thread(target=_sweep, name="sweeper", daemon=True).start()


def _sweep() -> None:
    pause = threading.Event()
    for number in itertools.count(1):
        pause.wait(_SWEEPS)
        gc.collect(1 if number % 10 else 2)


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Threads that wait for no small request, and for a large one not too long."""

    def init_process(self) -> None:
        """Begin with nobody to wait for."""
        # Until when the loop waits for a request to come, and a thread for the rest of one.
        self.coming: dict[TConn, float] = {}
        self.reading: dict[TConn, float] = {}
        sweep_apart()
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        """Put a request in line once it is there."""
        if not conn.initialized and not conn.data_ready:
            self._wait_for_the_first_byte(conn)
        elif self._is_there(conn):
            self._put_in_line(conn)
        else:
            self.coming[conn] = time.monotonic() + PATIENCE

    def _wait_for_the_first_byte(self, conn: TConn) -> None:
        # A busy proxy may connect some seconds before it comes to sending.
        conn.timeout = time.monotonic() + PATIENCE
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _put_in_line(self, conn: TConn) -> None:
        conn.in_line_since = time.monotonic()
        super().enqueue_req(conn)

    def _is_there(self, conn: TConn) -> bool:
        conn.is_whole = False
        if conn.parser and conn.parser.unreader.buf.getvalue():
            return True
        conn.sock.setblocking(False)
        try:
            data = conn.sock.recv(BEGINNING, socket.MSG_PEEK)
            conn.is_whole = is_whole(data)
            return is_there(data)
        except BlockingIOError:
            return False
        except OSError:
            # A thread finds out what is wrong.
            return True

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Look again, every now and then, at those who were slow."""
        super().wait_for_and_dispatch_events(_PAUSE if self.coming else timeout)
        now = time.monotonic()
        for conn, until in list(self.coming.items()):
            if self._is_there(conn):
                del self.coming[conn]
                self._put_in_line(conn)
            elif until < now:
                del self.coming[conn]
                self.nr_conns -= 1
                conn.close()

    def handle(self, conn: TConn) -> object:
        """Note how long it stood in line."""
        at_work.waited = time.monotonic() - conn.in_line_since
        # Of a whole request nothing is waited for; cut off, its connection could not take the next one that the proxy hands over.
        if not conn.is_whole:
            self.reading[conn] = time.monotonic() + PATIENCE
        try:
            return super().handle(conn)
        finally:
            self.reading.pop(conn, None)

    def handle_request(self, req: Request, conn: TConn) -> object:
        """Set the time within which all of it has to be there; what we need for the answer is not limited."""
        length = next((value for name, value in req.headers if name == "CONTENT-LENGTH"), "0")
        if not conn.is_whole:
            self.reading[conn] = time.monotonic() + PATIENCE + int(length) / SLOWEST
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Once a second: let the threads that wait for a late client read the end of what it has to say."""
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self.reading.items()):
            if until < now:
                # The answer to a request that came whole still goes out.
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
