"""Fixtures of the tests in a browser."""

import re

import pytest

# One entry: its first line, and all that follows up to the next line that begins with a time.
_REFUSAL = re.compile(
    r"^[-0-9:, ]+ERROR django\.security\.RequestDataTooBig .*\n(?:(?!\d{4}-|\[\d{4}-).*\n)*", re.MULTILINE
)


@pytest.fixture
def refusals(server):
    """Let a test send too much: Django logs the refusal with a traceback, though nothing has failed."""
    yield
    server.log_file.write_text(_REFUSAL.sub("", server.log), encoding="utf-8")
