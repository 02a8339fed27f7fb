"""The rules of the house that a machine can see. The readers are in conventions.py."""

from io import StringIO
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

from tests import conventions
from tests.environment import DATABASE_VARIABLE, ROOT, SETTINGS, fix, names_read

CATALOGUES = ROOT / "locale" / "th" / "LC_MESSAGES"
# A name that each table in README certainly has.
KNOWN_SETTING, KNOWN_REQUIREMENT = "SECRET_KEY", "django"


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def too_long(suffix: str, most: int) -> list[str]:
    lengths = {path: len(read(path).splitlines()) for path in conventions.source_files(suffix)}
    return [
        f"{path.relative_to(ROOT)}: {length} lines"
        for path, length in lengths.items()
        if length > most and "migrations" not in path.parts
    ]


def findings(reader, paths) -> list[str]:
    return [f"{path.relative_to(ROOT)}: {finding}" for path in paths for finding in reader(read(path))]


def test_no_python_file_is_longer_than_300_lines():
    assert too_long(".py", 300) == []


def test_no_template_is_longer_than_120_lines():
    assert too_long(".html", 120) == []


def test_nothing_is_translated_when_a_module_is_loaded():
    own = [path for path in conventions.source_files(".py") if path.parts[len(ROOT.parts)] != "tests"]
    assert findings(conventions.translations_at_import, own) == []


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils.translation import gettext as _\nTITLE = _('a')",
        "from django.utils.translation import ngettext\nclass A:\n    title = ngettext('a', 'b', 2)",
        "from django.utils.translation import gettext\ndef f(title=gettext('a')): pass",
        "from django.utils.translation import pgettext\n@admin.action(description=pgettext('a', 'b'))\ndef f(): pass",
        "from django.utils import translation\nTITLE = translation.gettext('a')",
    ],
)
def test_a_translation_at_import_is_found(source):
    assert len(conventions.translations_at_import(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils.translation import gettext_lazy as _\nTITLE = _('a')",
        "from django.utils.translation import gettext as _\ndef f(): return _('a')",
        "from django.utils.translation import gettext as _\nf = lambda: _('a')",
    ],
)
def test_a_translation_when_it_is_read_is_fine(source):
    assert conventions.translations_at_import(source) == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check_changes=True, dry_run=True, stdout=StringIO())


def test_there_is_a_thai_catalogue():
    assert (CATALOGUES / "django.po").exists()


def test_every_text_is_translated_into_thai():
    missing = {
        path.name: conventions.untranslated(polib.pofile(str(path))) for path in CATALOGUES.glob("*.po")
    }
    assert {name: texts for name, texts in missing.items() if texts} == {}


def test_the_compiled_catalogues_are_the_written_ones():
    for path in CATALOGUES.glob("*.po"):
        compiled = path.with_suffix(".mo")
        assert compiled.exists()
        assert conventions.texts(polib.mofile(str(compiled))) == conventions.texts(polib.pofile(str(path)))


def test_untranslated_and_fuzzy_texts_are_found():
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="kept", msgstr="เก็บ"))
    catalogue.append(polib.POEntry(msgid="empty"))
    catalogue.append(polib.POEntry(msgid="guess", msgstr="เดา", flags=["fuzzy"]))
    catalogue.append(polib.POEntry(msgid="one", msgid_plural="many", msgstr_plural={0: ""}))
    assert conventions.untranslated(catalogue) == ["empty", "guess", "one"]


def test_templates_hold_nothing_that_the_content_security_policy_blocks():
    assert findings(conventions.blocked_markup, conventions.source_files(".html", ".svg")) == []


@pytest.mark.parametrize(
    "markup",
    [
        "<script>go()</script>",
        "<style>p { color: red }</style>",
        '<p style="color: red">',
        '<p {% if a %}class="b"{% endif %} onclick="go()">',
        '<script src="https://example.org/a.js"></script>',
        '<img src="//example.org/a.png">',
        '<link rel="stylesheet" href="http://example.org/a.css">',
    ],
)
def test_blocked_markup_is_found(markup):
    assert conventions.blocked_markup(markup) != []


def test_links_and_own_assets_are_fine():
    markup = '<a href="https://example.org">a</a><script src="{% static \'a.js\' %}" defer></script>'
    assert conventions.blocked_markup(markup) == []


def test_no_code_sleeps_or_leaves_notes_to_self():
    paths = conventions.source_files(".py", ".html", ".js", ".css", ".sh", ".toml")
    assert findings(conventions.NOTES_TO_SELF.findall, paths) == []


@pytest.mark.parametrize("line", ["# TO" + "DO: later", "time.sl" + "eep(1)"])
def test_sleeping_and_notes_to_self_are_found(line):
    assert conventions.NOTES_TO_SELF.findall(line)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-s3.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_to_one_version(name):
    pins = conventions.requirements(read(ROOT / name))
    assert pins
    assert {package: pin for package, pin in pins.items() if not pin.startswith("==") or "*" in pin} == {}


def test_readme_lists_every_setting_and_no_other():
    listed = conventions.rows_of_table(read(ROOT / "README.md"), KNOWN_SETTING)
    assert listed == names_read(read(SETTINGS))


def test_readme_lists_every_requirement_and_no_other():
    listed = conventions.rows_of_table(read(ROOT / "README.md"), KNOWN_REQUIREMENT)
    assert listed == set(conventions.requirements(read(ROOT / "requirements.txt")))


def test_reads_of_the_environment_are_found():
    source = 'a = env.bool("A", default=False)\nb = secret("B")\nenv.read_env("c")\nd = env("D")\nother("E")'
    assert names_read(source) == {"A", "B", "D"}


def test_a_developers_own_settings_do_not_reach_the_tests():
    environ = {"DATABASE_URL": "postgres://city", "LOG_LEVEL": "DEBUG", "PATH": "/bin"}
    fix(environ)
    assert "LOG_LEVEL" not in environ
    assert environ["DATABASE_URL"] == "sqlite://:memory:"
    assert environ["PATH"] == "/bin"


def test_only_the_tests_own_variable_chooses_the_database():
    environ = {"DATABASE_URL": "postgres://city", DATABASE_VARIABLE: "sqlite:///tmp/a"}
    fix(environ)
    assert environ["DATABASE_URL"] == "sqlite:///tmp/a"
