"""How gunicorn serves; gunicorn reads this file from the directory it is started in."""

import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = True
# Its default place is the home directory, which a service account need not have.
control_socket_disable = True
# A search of two thousand Thai characters is a long address.
limit_request_line = 8190


def when_ready(_server: object) -> None:
    """Read the dictionary before the workers are forked: once, and shared, instead of at each one's first search."""
    from comments.text import words  # noqa: PLC0415

    words.load()
