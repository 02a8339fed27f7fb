"""What docs/security.md says, where no other test does, and the page itself against its form."""

import json
import re

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from tests import audit, leaks
from tests.admin.staff import member
from tests.conventions import source_files
from tests.documents import codes, rows, section
from tests.environment import ROOT, SETTINGS

PAGE = "docs/security.md"
ANSWERS = {
    "/": 200,
    "/nothing/": 404,
    "/admin/login/": 200,
    "/api/v1/": 200,
    "/healthz": 200,
    "/open-data/": 200,
}
# With these a program speaks to another machine, or starts another program.
OUTWARD = re.compile(
    r"^\s*(?:import|from) (urllib\.request|urllib3|http\.client|requests|httpx|socket|ftplib|subprocess)\b",
    re.MULTILINE,
)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.django_db
def test_cookies_and_heads_are_those_that_the_settings_ask_for(settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    for path, status in ANSWERS.items():
        response = client.get(path, secure=True)
        heads = response.headers
        assert response.status_code == status, path
        assert heads["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", path
        assert heads["X-Content-Type-Options"] == "nosniff", path
        assert heads["Referrer-Policy"] == heads["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert heads["X-Frame-Options"] == "DENY", path
        policy = heads["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path
        opened = {name: value for name, value in heads.items() if name.startswith("Access-Control-")}
        assert opened == ({"Access-Control-Allow-Origin": "*"} if path.startswith("/api/") else {}), path
    cookie = client.cookies["csrftoken"]
    assert (cookie["secure"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.django_db
def test_the_first_administrator_has_a_name_that_nobody_guesses(capsys):
    for _ in range(2):
        User.objects.update(is_active=False)
        call_command("first_administrator")
    first, second = User.objects.filter(is_superuser=True)
    assert {first.username, second.username}.isdisjoint({"admin", "administrator", "root"})
    assert first.username != second.username
    assert f"Name: {first.username}" in capsys.readouterr().out


def test_no_script_sets_what_is_named_by_what_comes_in():
    scripts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "static" / "js").glob("*.js")}
    assert len(scripts) > 10
    set_by_name = re.compile(r"__proto__|\w\[[^\]]+\]\s*=(?![=>])|Object\.assign\(\s*\{")
    assert {
        name: set_by_name.findall(text) for name, text in scripts.items() if set_by_name.search(text)
    } == {}
    # Words of others become an object in these alone; what is read from it is read by names of ours.
    assert {name for name, text in scripts.items() if "JSON.parse" in text} == {"draft.js", "votes.js"}


def test_it_asks_nobody_on_the_way():
    own = [path for path in source_files(".py") if path.parts[len(ROOT.parts)] == "comments"]
    assert len(own) > 100
    found = [str(path.relative_to(ROOT)) for path in own if OUTWARD.search(path.read_text(encoding="utf-8"))]
    # A backup by the database's own programs, from the command line.
    assert found == ["comments/backups/databases.py"]
    assert OUTWARD.search("import a\n    from urllib.request import urlopen")


@pytest.mark.django_db
def test_a_password_of_any_letters_and_any_length_opens_as_it_was_typed():
    password, user = "  ทางเท้า กับ ต้นไม้ริมคลอง 👨‍👩‍👧 " * 4, member("moderator")
    user.set_password(password)
    user.save()
    page = Client().get("/admin/login/").content.decode()
    assert re.search(r'<input type="password"[^>]*name="password"|name="password"[^>]*type="password"', page)
    assert "onpaste" not in page
    for typed, status in ((password, 302), (password.strip(), 200), (password[:72], 200)):
        response = Client().post("/admin/login/", {"username": "moderator", "password": typed})
        assert response.status_code == status


def test_passwords_are_stretched():
    assert "PASSWORD_HASHERS" not in SETTINGS.read_text(encoding="utf-8")
    assert global_settings.PASSWORD_HASHERS[0].endswith(PBKDF2PasswordHasher.__name__)
    assert PBKDF2PasswordHasher.iterations >= 600_000


def test_the_standing_checks_are_part_of_make_check():
    checks = re.search(r"^CHECKS := (.*)$", read("Makefile"), re.MULTILINE)[1].split()
    assert {"check-code", "check-types", "check-deploy", "check-secrets"} <= set(checks)
    assert "check --deploy --fail-level WARNING" in read("Makefile")
    assert re.search(r'^  "S", ', read("pyproject.toml"), re.MULTILINE)
    assert "tests.audit" in read(".ci/run")


def answer(**told):
    return json.dumps({"dependencies": [{"name": name} | said for name, said in told.items()]})


GOOD, SILENT = {"version": "1", "vulns": []}, {"skip_reason": "Dependency not found on PyPI"}
BAD = {"version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}


def test_silence_is_no_good_answer():
    pinned = {"django", "pillow"}
    assert audit.findings(answer(django=GOOD, pillow=GOOD), pinned) == []
    assert audit.findings(answer(django=GOOD, pillow=SILENT), pinned) == ["pillow was not looked up"]
    assert audit.findings(answer(django=SILENT), pinned) == [
        "django was not looked up",
        "pillow was not looked up",
    ]
    assert audit.findings(answer(django=BAD, pillow=GOOD), pinned) == ["django: PYSEC-1, mended in 2"]
    for nothing in ("", "[]", "{}"):
        assert audit.findings(nothing, pinned) == ["pip-audit gave no answer"]
    assert not audit.is_reachable("file:///nowhere")


def test_no_secret_is_kept_in_the_files():
    assert leaks.all_findings(leaks.tracked()) == []


# Put together here, so that this file does not find itself.
SECRETS = [
    "-----BEGIN RSA " + "PRIVATE KEY-----",
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "gh" + "p_" + "a1" * 18,
    "postgres://bma_app:" + "correct-horse@localhost/x",
    "CONTACT_KEYS=" + "Zm9y" * 10 + "Zm9=",
    "SECRET_KEY=" + "x7" * 20,
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_found_and_not_repeated(secret, tmp_path):
    (tmp_path / "a.md").write_text(f"first\nkeep {secret} well\n")
    found = leaks.all_findings(["a.md"], tmp_path)
    assert found[0].startswith("a.md, line 2: ")
    assert secret not in "".join(found)


@pytest.mark.parametrize("name", [".env", "deploy/.env.city", "a/key.pem", "id_ed25519", "var/bma.sqlite3"])
def test_files_that_hold_secrets_are_known_by_their_names(name):
    assert leaks.in_name(name)


@pytest.mark.parametrize(
    "line", ["SECRET_KEY=…", "postgres://USER:PASSWORD@HOST/NAME", "postgres://bma_app:…@localhost/x"]
)
def test_a_place_for_a_secret_is_none(line):
    assert list(leaks.in_text(line)) == []


def test_each_requirement_has_a_number_a_way_and_a_test():
    page = read(PAGE)
    for heading, least in (("Level 2", 70), ("Ten points of level 3", 10)):
        table = rows(section(page, heading))
        assert len(table) >= least
        for numbers, name, way, tests in table:
            assert re.fullmatch(r"\d+\.\d+\.\d+( \d+\.\d+\.\d+)*", numbers)
            assert name
            assert way
            assert codes(tests)
            assert all(re.fullmatch(r"tests/[\w/]+\.py::test_\w+", code) for code in codes(tests)), numbers


def test_no_requirement_is_both_met_and_not():
    page = read(PAGE)
    met = [number for row in rows(section(page, "Level 2")) for number in row[0].split()]
    unmet = [number for row in rows(section(page, "Not met")) for number in row[0].split()]
    assert len(met) == len(set(met))
    assert set(met).isdisjoint(unmet)
