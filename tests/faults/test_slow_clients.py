"""Clients that take their time keep nobody else waiting, and are cut off in the end; half a form is no form."""

import socket
from contextlib import ExitStack
from threading import Event
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest

from bma_consult.worker import BEGINNING, is_there, is_whole
from tests.test_parallel import Sender

PATIENCE = 1
# Of one process with 8 threads.
CLIENTS = 50
BEGUN = {
    "head": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "body": b"POST /submit/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nbody=",
}


@pytest.fixture(scope="module")
def server(server_stage):
    with server_stage.server(afresh=True, SLOW_CLIENT_SECONDS=str(PATIENCE), WEB_CONCURRENCY="1") as running:
        yield running


def connect(server):
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname, address.port), timeout=30)


def was_cut_off(client):
    """Send on, a byte at a time, until the connection ends; tell whether it ended with nothing or a refusal."""
    for _ in range(20 * PATIENCE):
        try:
            client.sendall(b"x")
            client.settimeout(0.25)
            answer = client.recv(100)
        except TimeoutError:
            continue
        except (BrokenPipeError, ConnectionResetError):
            return True
        return answer == b"" or answer.startswith(b"HTTP/1.1 400")
    return False


@pytest.mark.parametrize("part", BEGUN)
def test_slow_clients_keep_nobody_else_waiting_and_are_cut_off(server, part):
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(server)) for _ in range(CLIENTS)]
        for client in clients:
            client.sendall(BEGUN[part])
        Event().wait(0.1)
        with urlopen(f"{server.url}/about/", timeout=PATIENCE) as response:
            assert response.status == 200
        assert all(was_cut_off(client) for client in clients)


def test_a_form_whose_connection_broke_in_the_middle_of_the_words_is_not_taken(server):
    sender = Sender(server.url)
    token = sender.drawn_form()
    said = urlencode(token | {"sector": "citizen", "body": "ก" * 5000})
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in sender.jar)
    head = (
        f"POST /submit/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nContent-Length: {len(said)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    with connect(server) as client:
        client.sendall((head + said[:-900]).encode())
        client.shutdown(socket.SHUT_WR)
        assert client.recv(100).startswith(b"HTTP/1.1 400")
    assert server.query("SELECT count(*) FROM comments_submission") == [(0,)]
    with connect(server) as client:
        client.sendall((head + said).encode())
        assert client.recv(100).startswith(b"HTTP/1.1 303")
    assert server.query("SELECT count(*) FROM comments_submission") == [(1,)]


@pytest.mark.parametrize(
    ("data", "there"),
    [
        (b"GET / HTTP/1.1\r\nHost: a", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\ncontent-length:3\r\nHost: a\r\n\r\nabc", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", True),
        (b"\r\n\r\n", True),
        (b"x" * BEGINNING, True),
        (b"", True),
    ],
)
def test_a_thread_takes_a_request_once_it_is_there(data, there):
    assert is_there(data) is there


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", False),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a", False),
        (b"", False),
    ],
)
def test_a_request_of_which_all_is_there_keeps_its_connection_however_long_the_answer_takes(data, whole):
    assert is_whole(data) is whole
