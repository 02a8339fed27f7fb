"""The documents say what the code does. The readers are in documents.py."""

import csv
import json
import re
import tomllib
from itertools import chain

import pytest
from django.apps import apps
from django.core.management import get_commands
from django.utils import timezone

from comments import checks, moderation, reference_data, roles
from comments.exports import columns, download, open_data, register
from comments.exports.filters import ExportFilter
from comments.models import Answer, ExportRecord, Submission, SubmissionEvent
from comments.models.submissions import OUTSIDE
from comments.models.triggers import SEALED
from tests import documents
from tests.documents import codes, rows, section
from tests.environment import ROOT, SETTINGS
from tests.exports.test_csv_file import HOSTILE
from tests.factories import receive

ALL = documents.documents()
OPERATIONS = ROOT / "docs" / "operations.md"
each_document = pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def readme():
    return read("README.md")


@pytest.fixture(scope="module")
def architecture():
    return read("docs/architecture.md")


@pytest.fixture(scope="module")
def dictionary():
    return read("docs/data-dictionary.md")


def test_the_dictionary_names_every_column_of_the_open_data(dictionary):
    told = {
        name.strip("`"): re.findall(r"`(\w+)`", columns)
        for name, columns in rows(section(dictionary, "Open data"))
    }
    assert told == {
        name: [column.name for column in dataset.columns] for name, dataset in open_data.DATASETS.items()
    }


def test_there_are_documents():
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"} <= {path.name for path in ALL}
    assert len(ALL) > 12


@each_document
def test_links_and_pictures_lead_somewhere(path):
    assert documents.broken_links(path) == []


@each_document
def test_named_files_tests_and_functions_exist(path):
    assert documents.missing_places(path.read_text(encoding="utf-8")) == []


@each_document
def test_named_commands_exist(path):
    text = path.read_text(encoding="utf-8")
    known = set(re.findall(r"^([\w.-]+):", read("Makefile"), re.MULTILINE)) | {".env"}
    assert documents.make_targets(text) <= known
    assert documents.management_commands(text) <= set(get_commands())


@pytest.mark.parametrize("link", ["gone.md", "a.md#gone", "#gone", "gone.jpg"])
def test_a_broken_link_is_found(tmp_path, link):
    document = tmp_path / "a.md"
    document.write_text(f"# Here we are\n[good](a.md#here-we-are) [far](https://example.org/x) [bad]({link})")
    assert documents.broken_links(document) == [link]


@pytest.mark.parametrize("place", ["tests/gone.py", "tests/documents.py::gone", "comments/intake.py::gone"])
def test_a_name_that_is_gone_is_found(place):
    assert documents.missing_places(f"`tests/documents.py::slug` and `{place}`") == [place]


def test_commands_are_found_wherever_they_stand():
    text = "`make gone`, `manage.py gone_too`\n```sh\nmake lost  # a comment\nmanage.py lost_too\n```\nto make sense"
    assert documents.make_targets(text) == {"gone", "lost"}
    assert documents.management_commands(text) == {"gone_too", "lost_too"}


def test_readme_lists_every_target_of_make_that_make_help_lists(readme):
    helped = set(re.findall(r"^([a-z-]+):.*##", read("Makefile"), re.MULTILINE))
    cells = (codes(row[0]) for row in rows(section(readme, "Commands")))
    assert {cell[0].split()[1] for cell in cells if cell[0].startswith("make ")} == helped


def test_readme_lists_every_command_of_ours_and_its_filters(readme):
    table = {codes(row[0])[0]: row[1] for row in rows(section(readme, "Commands"))}
    ours = {name for name, app in get_commands().items() if app == "comments"}
    assert {name for name in table if not name.startswith("make ")} == ours
    options = re.findall(r"--[a-z-]+", table["export_submissions"])
    own = ["--out", "--format", "--as-of", "--purpose"]
    assert options == [*own, *(f"--{name.replace('_', '-')}" for name in ExportFilter.base_fields)]


def test_readme_knows_how_many_samples_there_are(readme):
    assert f"adds {len(reference_data.samples())} sample opinions" in readme


def test_readme_gives_the_defaults_of_the_settings(readme):
    table = {codes(row[0])[0]: row[1] for row in rows(section(readme, "Settings"))}
    plain = documents.defaults(SETTINGS.read_text(encoding="utf-8"))
    assert len(plain) > 5
    assert {name: table[name] for name in plain} == {
        name: documents.as_written(default) for name, default in plain.items()
    }


def test_readme_gives_each_role_its_permissions(readme):
    told = {key: set() for key in roles.ROLES}
    for what, *cells in rows(section(readme, "Roles")):
        for key, cell in zip(roles.ROLES, cells, strict=True):
            told[key] |= set(chain.from_iterable(permissions(name, cell) for name in codes(what)))
    assert told == {key: set(role.permissions) for key, role in roles.ROLES.items()}


def permissions(name, cell):
    app, _dot, model = name.rpartition(".")
    match cell:
        case "–":
            return []
        case "yes":
            return [f"comments.{name}"]
    return [f"{app or 'comments'}.{action}_{model}" for action in cell.split()]


def test_readme_names_the_licence_of_what_others_wrote(readme):
    table = {codes(row[1])[0]: row[2] for row in rows(section(readme, "What others wrote"))}
    assert set(table) == {f"static/vendor/{path.name}" for path in (ROOT / "static" / "vendor").iterdir()}
    assert all(f"({where}/" in licence for where, licence in table.items())


def test_architecture_shows_the_layers_that_the_linter_enforces(architecture):
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert "```\n" + "\n".join(layers) + "\n```" in architecture


def test_architecture_names_a_place_and_a_test_for_each_promise(architecture):
    table = rows(section(architecture, "What is promised, and what keeps it"))
    assert [row[0] for row in table] == [str(number) for number in range(1, 9)]
    assert all("comments/" in row[2] and "tests/" in row[3] for row in table)


def test_architecture_shows_the_decisions(architecture):
    told = {}
    for what, before, after, _by in rows(section(architecture, "The way of a submission")):
        told[what.partition(",")[0]] = (frozenset(codes(before)), codes(after)[0])
    received = {"received": (frozenset(), "pending")}
    assert told == received | {str(kind): decision for kind, decision in moderation.DECISIONS.items()}


EXPORTS = {
    "The export of submissions": columns.SUBMISSIONS,
    "The export of the summary": columns.SUMMARY,
}
CHOICES = {
    "about": Submission.About.values,
    "kind": Submission.Kind.values,
    "stance": Submission.Stance.values,
    "channel": Submission.Channel.values,
    "status": Submission.Status.values,
    "district_code": [OUTSIDE],
    "language": ["th", "en", "und", "zxx"],
    "answer_outcome": Answer.Outcome.values,
    "sector": [row["key"] for row in csv.DictReader(read("comments/data/sectors.csv").splitlines())],
    "reason_code": [row["code"] for row in json.loads(read("comments/data/rejection_reasons.json"))],
}


@pytest.mark.parametrize("heading", EXPORTS)
def test_dictionary_lists_the_columns_and_codes_of_the_exports_in_order(dictionary, heading):
    table = rows(section(dictionary, heading))
    assert [codes(row[0])[0] for row in table] == list(EXPORTS[heading])
    told = {codes(row[0])[0]: codes(row[2]) for row in table}
    assert told == {name: CHOICES.get(name, []) for name in told}


def guarded():
    return {name for name, column in columns.SUBMISSIONS.items() if column.type == "text"}


def test_dictionary_says_which_columns_are_guarded(dictionary):
    table = rows(section(dictionary, "The export of submissions"))
    assert {codes(row[0])[0] for row in table if "guarded" in row[1]} == guarded()


def test_dictionary_and_workbook_say_of_what_type_each_column_is_and_what_it_means(dictionary):
    table = rows(section(dictionary, "The export of submissions"))
    assert {codes(row[0])[0]: row[5] for row in table} == {
        name: column.type for name, column in columns.SUBMISSIONS.items()
    }
    assert all(row[6] for row in table)
    explained = [line[0] for line in csv.reader(read("comments/data/export_columns.csv").splitlines())]
    assert explained[4:] == list(columns.SUBMISSIONS)
    manifest = json.loads(register.manifest(ExportRecord(as_of=timezone.now())))
    assert manifest.keys() <= set(codes(section(dictionary, "As of a moment")))


def test_dictionary_shows_the_guard(dictionary):
    text = section(dictionary, "The formula guard")
    examples = [(codes(row[0])[0], codes(row[1])[0]) for row in rows(text)]
    assert examples
    assert [columns.guard(text) for text, _cell in examples] == [cell for _text, cell in examples]
    visible = {character for character in columns.DANGEROUS if character.isprintable()}
    assert visible == set(codes(text.partition("**To get")[0])) - {"'"}


@pytest.mark.django_db
def test_the_recipe_of_the_dictionary_gives_the_exact_texts_back(dictionary, tmp_path, monkeypatch):
    for body in HOSTILE:
        receive(body=body)
    with (tmp_path / "opinions.csv").open("wb") as file:
        download.write_submissions(Submission.objects.all(), file)
    monkeypatch.chdir(tmp_path)
    ((_, recipe),) = [fence for fence in documents.FENCE.findall(dictionary) if fence[0] == "python"]
    names = {}
    exec(recipe, names)  # noqa: S102 - our own document
    assert names["GUARDED"] == guarded()
    assert [row["body"] for row in names["rows"]] == HOSTILE


def models():
    return apps.get_app_config("comments").get_models(include_auto_created=True)


def test_dictionary_lists_every_column_of_every_table(dictionary):
    tables = re.findall(r"^### (comments_\w+)$", dictionary, re.MULTILINE)
    told = {table: columns_told(section(dictionary, table)) for table in tables}
    assert told == {
        model._meta.db_table: {field.column for field in model._meta.local_fields} - {"id", None}
        for model in models()
    }


def columns_told(text):
    return set(chain.from_iterable(codes(row[0]) for row in rows(text)))


def test_dictionary_lists_the_codes_of_the_tables(dictionary):
    for model in models():
        table = {codes(row[0])[0]: codes(row[1]) for row in rows(section(dictionary, model._meta.db_table))}
        chosen = {
            field.column: [value for value, _ in field.choices]
            for field in model._meta.fields
            if field.choices
        }
        for column in chosen.keys() & {column for column, told in table.items() if told}:
            assert table[column] == chosen[column]
    assert "`contact_revealed`" in section(dictionary, SubmissionEvent._meta.db_table)


def test_dictionary_lists_every_constraint_and_every_sealed_column(dictionary):
    table = rows(section(dictionary, "Rules that the database keeps"))
    constraints = {(codes(row[0])[0], codes(row[1])[0]) for row in table if len(row) == 3}
    assert constraints == {
        (constraint.name, model._meta.db_table)
        for model in models()
        for constraint in model._meta.constraints
    }
    sealed = {codes(row[0])[0]: tuple(codes(row[1])) or None for row in table if len(row) == 2}
    assert sealed == SEALED


def test_operations_takes_the_right_to_delete_from_every_sealed_table():
    (grants,) = [
        body
        for _, body in documents.FENCE.findall(
            section(OPERATIONS.read_text("utf-8"), "A role that can't delete")
        )
    ]
    revoked = set(
        re.findall(r"comments_\w+", " ".join(re.findall(r"REVOKE [A-Z, ]*DELETE ON (.*) FROM", grants)))
    )
    assert revoked == set(SEALED)


def test_operations_explains_every_finding_of_the_checks():
    ids = re.compile(r"comments\.[EW]\d{3}")
    assert set(ids.findall(OPERATIONS.read_text("utf-8"))) == set(ids.findall(read(checks.__file__)))
