import os
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text import words
from comments.text.normalise import normalise
from tests.environment import ROOT

THAI = st.text(st.sampled_from("กขคงจชดตนบปพมรลวสหอเแโใไะาำิีึืุูั็่้๊๋์ๆฯ ๐๙.\u200bABcé5😔"), max_size=80)
TEXT = THAI | st.text(max_size=80)
SENTENCES = [
    "อยากให้ซ่อมทางเท้าหน้าโรงเรียนก่อนเปิดเทอม",
    "น้ำท่วมซอยลาดพร้าวทุกครั้งที่ฝนตกหนัก",
    "ขอรถเมล์สาย 8 เพิ่มในชั่วโมงเร่งด่วน",
    "สวนสาธารณะใกล้บ้านไม่มีไฟส่องสว่าง",
]
HOSTILE = {
    "one letter": "a" * 1_000_000,
    "one consonant": "ก" * 1_000_000,
    "leading vowels": "เ" * 1_000_000,
    "tone marks": "่" * 1_000_000,
    "digits": "5" * 1_000_000,
    "ambiguous": "ตากลม" * 200_000,
    "emoji families": "👨‍👩‍👧" * 100_000,
    "mixed scripts": "aกb曼ກ" * 100_000,
}


@given(TEXT)
def test_leaves_are_whole_stretches_of_the_normalised_text(text):
    normal = normalise(text)
    end = 0
    for span in words.leaf_spans(normal):
        assert end <= span.start < span.end <= len(normal)
        assert span.end - span.start <= words.LONGEST_LEAF
        end = span.end


@given(TEXT)
def test_every_letter_digit_and_symbol_is_in_a_leaf(text):
    normal = normalise(text)
    covered = {at for span in words.leaf_spans(normal) for at in range(span.start, span.end)}
    missed = {normal[at] for at in range(len(normal)) if at not in covered}
    assert not {char for char in missed if char.isalnum()} - set("ๆฯ")


@given(TEXT)
def test_spelling_variants_have_the_same_words(text):
    assert words.words(text) == words.words(normalise(text))
    assert words.leaves(text) == words.leaves(normalise(text))


@given(TEXT)
def test_words_and_leaves_hold_no_space(text):
    assert not any(char.isspace() for leaf in [*words.words(text), *words.leaves(text)] for char in leaf)


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=30))
def test_long_runs_are_cut_as_short_ones_are(sentences):
    run = "".join(sentences).replace(" ", "")
    apart = [leaf for sentence in sentences for leaf in words.leaves(sentence.replace(" ", ""))]
    assert sorted(words.leaves(run)) == sorted(apart)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_megabyte_takes_a_few_seconds_at_most(text):
    words.load()
    began = time.process_time()
    words.leaves(text)
    assert time.process_time() - began < 20


@pytest.mark.parametrize("char", ["ก", "a", "่", "😔", "กา", "ตากลม", "เ"])
def test_time_grows_with_length_only(char):
    words.load()

    def seconds(size):
        text = (char * size)[:size]
        began = time.process_time()
        words.leaves(text)
        return time.process_time() - began

    seconds(8_000)
    assert seconds(80_000) < 30 * max(seconds(8_000), 0.002)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ทางเท้า", "ซ่อมทางเท้าหน้าโรงเรียน"),
        ("น้ำ", "นํ้าท่วมถนน"),
        ("บางรัก", "สำนักงานเขตบางรัก"),
        ("กทม", "อยากให้กทม.ขุดลอกคลอง"),
        ("กรุงเทพ", "คนกรุงเทพฯอยากได้"),
        ("ต่าง", "ที่ต่างๆกัน"),
        ("pm", "ฝุ่นPM2.5สูง"),
        ("2.5", "ฝุ่นPM2.5สูง"),
        ("g67", "เป้าหมายG67-1.1-01ครับ"),
        ("สิทธิพันธุ์", "ชัชชาติสิทธิพันธุ์"),
    ],
)
def test_a_word_has_the_same_leaves_alone_and_in_a_sentence(query, text):
    assert set(words.leaves(query)) <= set(words.leaves(text))


def test_a_word_inside_another_is_no_leaf():
    assert "ตา" not in words.leaves("ตามใจ")
    assert "road" not in words.leaves("roadside")
    assert "5" not in words.leaves("25.5")


def test_unknown_words_do_not_meet_known_ones():
    assert words.leaves("ฟหกด") == ["~ฟ", "~ห", "~ก", "~ด"]
    assert set(words.leaves("~")) == {"~"}


def test_every_term_is_one_word_whole():
    terms = [line for line in words.TERMS.read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert len(terms) == len(set(terms)) > 200
    assert {term: words.words(term) for term in terms if words.words(term) != [normalise(term)]} == {}


def test_every_term_can_be_found_by_its_parts():
    assert not [
        leaf for leaf in words.leaves(words.TERMS.read_text("utf-8")) if leaf.startswith(words.UNKNOWN)
    ]


def test_version_changes_with_terms_and_algorithm(monkeypatch, tmp_path):
    def version():
        words.version.cache_clear()
        return words.version()

    first = version()
    monkeypatch.setattr(words, "ALGORITHM", words.ALGORITHM + 1)
    second = version()
    (tmp_path / "terms.txt").write_text("คำใหม่\n", "utf-8")
    monkeypatch.setattr(words, "TERMS", tmp_path / "terms.txt")
    assert len({first, second, version()}) == 3
    monkeypatch.undo()
    assert version() == first


def test_the_dictionary_is_loaded_only_when_it_is_needed():
    source = (
        "import sys, comments.text.words as w, comments.text.query, comments.text.highlight; "
        "w.version(); sys.exit('pythainlp' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", source], cwd=ROOT, check=False).returncode == 0


def test_the_dictionary_is_read_where_nothing_can_be_written(tmp_path):
    home = tmp_path / "no-home"
    code = "from comments.text import words; print(words.words('น้ำท่วมถนน'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout
    assert not home.exists()
