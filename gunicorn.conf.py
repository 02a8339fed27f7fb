"""How gunicorn serves; gunicorn reads this file from the directory it is started in."""

import os
import sys

# Threads, because much of a submission's time is waiting for the disk.
worker_class = "bma_consult.worker.PatientWorker"
# One for each processor: Python computes on one at a time.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# More at once would not be served faster. The others stand in line, until the application says that it was too long.
# Each thread may keep a connection to the database: 8 × workers of them, and PostgreSQL allows 100 unless told otherwise.
threads = 8
# Connections that a process takes in, those in line and those kept open for a next request among them.
worker_connections = 500
# Longer than the proxy keeps a connection to us that nobody uses (deploy/nginx.conf): if we closed it first, a form that is just being
# handed over on it would be lost, and its sender told 502.
keepalive = 10
# Beyond them the system holds this many before a client is refused without a word.
backlog = 1024
# The application answers in time by itself; this is for a process that is stuck altogether.
timeout = 60
# What is under way when the service is stopped may end.
graceful_timeout = 30
preload_app = True
# Its default place is the home directory, which a service account need not have.
control_socket_disable = True
# By itself gunicorn believes what anybody on this machine, or at a socket, says of the scheme and of the path. Whose word counts is said
# by TRUSTED_PROXIES alone.
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
# A search of two thousand Thai characters is a long address.
limit_request_line = 8190


def when_ready(_server: object) -> None:
    """Before the workers are forked: read the dictionary, to share it; refuse a file that would lose what it is given."""
    from django.db import connections  # noqa: PLC0415

    from comments import checks  # noqa: PLC0415
    from comments.text import words  # noqa: PLC0415
    from comments.views import metrics  # noqa: PLC0415

    words.load()
    metrics.begin()
    messages = checks.sqlite_keeps_what_it_is_given(["default"])
    # A connection must not be shared with the workers.
    connections.close_all()
    if messages:
        sys.exit("\n".join(str(message) for message in messages))
