"""The interface for programs keeps to its own description, whatever it is asked.

With LONG=1 each address is asked many times as often.
"""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi import checks

from comments.models import DevelopmentGoal
from tests.factories import submission, unlike
from tests.long import LONG

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("EXAMPLES", "2000")) if LONG else 12
KEPT = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
OPERATIONS = ["/goals/", "/goals/{code}/", "/meetings/", "/opinions/", "/opinions/{reference}/", "/tallies/"]
POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
# Besides what is made up, values that lead somewhere.
KNOWN = {
    "goal": st.sampled_from(["G67-1.1-01", "G67-2.2-01"]),
    "stance": st.sampled_from(["agree", "disagree"]),
    "sector": st.just("citizen"),
    "district": st.sampled_from(["1001", "outside"]),
    "sort": st.sampled_from(["oldest", "agreed", "discussed"]),
    "limit": st.integers(-1, 101),
    "q": st.text(max_size=40),
}


@pytest.fixture
def described(settings):
    """Yield the interface as it describes itself, with something to tell."""
    settings.SEARCHES_PER_MINUTE = 10**9
    for stance in ("agree", "disagree", ""):
        submission("published", body=unlike(), stance=stance, goal=DevelopmentGoal.objects.first().code)
    # The test's own transaction is on the connection.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in signals:
        signal.connect(close_old_connections)


def test_every_address_is_asked(described):
    assert sorted(described.raw_schema["paths"]) == OPERATIONS


@pytest.mark.parametrize("path", OPERATIONS)
def test_the_interface_keeps_to_its_description(described, path):
    operation = described[path]["GET"]
    is_narrowed = path == "/opinions/"
    for mode in (POSITIVE, NEGATIVE) if is_narrowed else (POSITIVE,):
        known = st.fixed_dictionaries({}, optional=KNOWN if is_narrowed else {})
        _ask(operation.as_strategy(generation_mode=mode), known)


def _ask(cases, queries):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=not LONG,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, query=queries)
    def ask(case, query):
        case.query.update(query)
        case.call_and_validate(checks=KEPT, headers={"Accept-Encoding": "identity"})

    ask()
