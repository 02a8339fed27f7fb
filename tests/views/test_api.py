"""The interface for programs: read only, the same for everybody, described as it is."""

import pytest

from comments import campaigns
from comments.models import District, Submission
from tests.factories import submission, unlike

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"
TYPES = {"string": str, "integer": int, "boolean": bool, "null": type(None), "array": list, "object": dict}


def fit(value, schema, document):
    """Tell whether a value is as its schema says; a small reader of JSON Schema, for what ours uses."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not isinstance(value, tuple(TYPES[kind] for kind in kinds)):
        return False
    if isinstance(value, list):
        return all(fit(each, schema["items"], document) for each in value)
    if isinstance(value, dict):
        properties = schema.get("properties") or dict.fromkeys(value, schema["additionalProperties"])
        return set(schema.get("required", [])) <= set(value) and all(
            fit(each, properties[name], document) for name, each in value.items()
        )
    return True


@pytest.fixture
def document(client):
    return client.get(f"{ROOT}openapi.json").json()


def test_every_address_answers_as_it_is_described(client, document):
    row = submission(
        "published",
        body=unlike(),
        goal="G67-1.1-01",
        stance="agree",
        district=District.objects.get(code="1001"),
    )
    for path, methods in document["paths"].items():
        address = ROOT + path.lstrip("/").format(code="G67-1.1-01", reference=row.reference)
        for parameter in methods["get"]["parameters"]:
            assert parameter["in"] in {"path", "query"}
        response = client.get(address)
        schema = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert response.status_code == 200, address
        assert fit(response.json(), schema, document), address
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cache-Control"] == "public, max-age=30"
        assert not response.cookies
    assert set(client.get(ROOT).json()) == {"goals", "meetings", "opinions", "tallies", "openapi"}


def test_every_filter_of_the_list_is_described_and_narrows(client, document):
    described = {each["name"] for each in document["paths"]["/opinions/"]["get"]["parameters"]}
    found = submission(
        "published",
        goal="G67-1.1-01",
        stance="agree",
        district=District.objects.get(code="1001"),
        kind="need",
    )
    submission("published", body=unlike(), goal="G67-4.3-01", sector="academic")
    filters = {
        "q": "ทางเท้า",
        "strategy": "1",
        "goal": "G67-1.1-01",
        "sector": "citizen",
        "district": "1001",
        "stance": "agree",
        "kind": "need",
    }
    assert described == {*filters, "meeting", "theme", "campaign", "sort", "limit", "after"}
    for name, value in filters.items():
        answer = client.get(f"{ROOT}opinions/", {name: value}).json()
        assert [row["reference"] for row in answer["opinions"]] == [found.reference], name
        assert (answer["count"], answer["count_is_exact"]) == (1, True)


@pytest.mark.parametrize("sort", ["newest", "oldest", "agreed", "discussed"])
@pytest.mark.parametrize("query", ["", "ทางเท้า"])
def test_pages_follow_each_other_without_a_gap(client, sort, query):
    for number in range(5):
        submission("published", body=f"ทางเท้าที่ {unlike()}", key=f"row-{number}")
    address = f"{ROOT}opinions/?limit=2&sort={sort}&q={query}"
    found = []
    while address:
        answer = client.get(address).json()
        assert len(answer["opinions"]) <= 2
        found += [row["reference"] for row in answer["opinions"]]
        address = answer["next"]
    assert len(found) == 5
    assert set(found) == set(Submission.objects.values_list("reference", flat=True))


def test_every_member_of_a_campaign_is_listed_with_its_number(client):
    rows = [submission("published", key=f"alike-{number}") for number in range(3)]
    campaigns.Campaign.objects.get()
    answer = client.get(f"{ROOT}opinions/").json()
    assert {row["reference"] for row in answer["opinions"]} == {row.reference for row in rows}
    assert {row["campaign"] for row in answer["opinions"]} == {rows[-1].campaign_id}


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ("sort=upside-down", 400, "sort"),
        ("q=ทางเท้า&sort=best", 400, "sort"),
        ("goal=G67-9.9-99", 400, "goal"),
        ("limit=0", 400, "limit"),
        ("limit=101", 400, "limit"),
        ("limit=๕", 400, "limit"),
        ("limit=%00", 400, "limit"),
        ("campaign=999999999999999999999", 400, "campaign"),
        ("after=nonsense", 404, None),
    ],
)
def test_what_makes_no_sense_is_told_in_json(client, document, asked, status, field):
    response = client.get(f"{ROOT}opinions/?{asked}")
    assert response.status_code == status
    assert fit(response.json(), document["components"]["schemas"]["error"], document)
    assert list(response.json()["error"].get("fields", [])) == ([field] if field else [])
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "public" not in response.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "path",
    [
        "goals/none/",
        "opinions/67-0000-0000/",
        "opinions/nonsense/",
        "nothing/",
        "goals/a%2Fb/",
        "goals/%0A/",
        "opinions/%00/",
    ],
)
def test_what_is_not_there_is_404_in_json(client, path):
    response = client.get(ROOT + path)
    assert (response.status_code, response.json()["error"]["status"]) == (404, 404)


def test_it_can_only_be_read(client):
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)(f"{ROOT}opinions/")
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    asked = client.options(f"{ROOT}opinions/", headers={"Origin": "https://example.org"})
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_whoever_has_it_as_it_is_gets_304(client):
    tag = client.get(f"{ROOT}goals/").headers["ETag"]
    assert client.get(f"{ROOT}goals/", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_takes_the_same_number_of_queries_for_any_number_of_rows(
    client, django_assert_num_queries, number
):
    for _ in range(number):
        submission("published", body=unlike(), goal="G67-1.1-01")
    with django_assert_num_queries(9):
        client.get(f"{ROOT}opinions/")
