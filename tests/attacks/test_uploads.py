"""Ninety hostile files: each is refused for what it is, or kept without what came beside it, in bounded memory."""

import json
import os
import subprocess
import sys
import unicodedata

import pytest

from tests.attacks.uploads import KEPT, MEGABYTE, REFUSED
from tests.environment import ROOT

# A picture of 25 megapixels may take as much; a bomb takes more.
MOST_GROWN = 150 * MEGABYTE


@pytest.fixture(scope="module")
def looked_into(tmp_path_factory):
    directory = str(tmp_path_factory.mktemp("hostile"))
    for deed in ("make", "look"):
        command = [sys.executable, "-m", "tests.attacks.uploads", deed, directory]
        done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_there_are_many():
    assert len(REFUSED) >= 60
    assert len(KEPT) >= 15


def test_each_is_refused_for_a_reason_that_its_author_can_read(looked_into):
    told = {name: looked_into["told"][name] for name in REFUSED}
    assert {name: said for name, said in told.items() if "code" not in said} == {}
    codes = {said["code"] for said in told.values()}
    assert codes == {
        *("empty", "too_large", "wrong_kind", "mixed", "damaged", "animated", "too_many_pixels", "protected"),
        "active",
    }


def test_what_is_kept_has_nothing_left_but_its_pixels_and_a_plain_name(looked_into):
    told = {name: looked_into["told"][name] for name in KEPT}
    assert {name: said for name, said in told.items() if said.get("needle", True)} == {}
    for name, said in told.items():
        kept = said["name"]
        assert kept.rpartition(".")[2] in {"jpg", "jpeg", "png", "webp"}, (name, kept)
        assert not any(unicodedata.category(one) in {"Cc", "Cf", "Cs"} for one in kept), (name, kept)
        assert not set('/\\"<>:|?*') & set(kept), (name, kept)
        assert len(kept) <= 120, name
        assert not kept.startswith("."), (name, kept)


def test_the_memory_that_they_take_is_bounded(looked_into, record_property):
    record_property("grown", looked_into["grown"])
    assert looked_into["grown"] < MOST_GROWN
