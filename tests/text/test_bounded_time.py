"""The longest texts that can be received, and worse, take no step of reading them long."""

import gc
import random
import time

import pytest

from comments import intake
from comments.text import graphemes, keys, language, personal_data, similarity, tone, words
from comments.text.normalise import normalise

# Several times what the slowest takes; a step whose time grows with the square of the length takes more.
MOST_SECONDS = 0.4
CHANCE = random.Random(8)  # noqa: S311 - the same texts each time
FAMILY = "👨‍👩‍👧‍👦"
MARKS = [chr(code) for code in range(0x300, 0x36F)]
LETTERS = [chr(code) for code in (*range(0xE01, 0xE3B), *range(0xE40, 0xE4F))]
EXTREME = {
    "thai without a space": "".join(CHANCE.choices(LETTERS, k=10_000)),
    "one word again and again": "ตากลม" * 2_500,
    "one consonant": "ก" * 8_000,
    "one base under 8,000 marks": "ก" + "".join(CHANCE.choices(MARKS, k=8_000)),
    "8,000 bases under 9 marks each": "".join(
        "a" + "".join(CHANCE.choices(MARKS, k=9)) for _ in range(8_000)
    ),
    "tone marks": "ก" + "่" * 8_000,
    "sara am typed apart": "กํ่า" * 8_000,
    "emoji families": FAMILY * 8_000,
    "flags": "🇹🇭" * 8_000,
    "half a flag more": "🇹🇭" * 7_999 + "🇹",
    "mixed scripts": "".join(CHANCE.choices("กข ้abcяж漢字かな한글عربिक๑😀", k=8_000)),
    "numbers": "081-234-5678 " * 600,
    "names": "นายสมชาย ใจดี บ้านเลขที่ 123/45 " * 250,
    "polite particles": "นะคะครับ" * 1_000,
    "addresses": "a.b@c.d-" * 1_000,
    "zero width": "\u200b" * 70_000 + "ก" * 10,
}
STEPS = {
    "count": graphemes.count,
    "count what shows": graphemes.count_visible,
    "language": language.detect,
    "normalise": normalise,
    "keys": lambda text: keys.keys(normalise(text)),
    "fingerprint": similarity.fingerprint,
    "bands": similarity.bands,
    "additions": lambda text: similarity.additions(text, text[: len(text) // 2]),
    "additions to another": lambda text: similarity.additions(EXTREME["thai without a space"], text),
    "personal data": personal_data.find,
    "tone": tone.nudges,
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
@pytest.mark.parametrize("text", EXTREME.values(), ids=EXTREME)
def test_an_extreme_text_takes_no_step_long(text, step):
    words.load()
    assert seconds(step, text) < MOST_SECONDS


def seconds(step, text):
    """Return the processor time of a step, without that of collecting what other tests have left behind."""
    gc.disable()
    try:
        began = time.process_time()
        step(text)
        return time.process_time() - began
    finally:
        gc.enable()


def test_a_megabyte_is_refused_before_it_is_read():
    began = time.process_time()
    with pytest.raises(intake.ValidationError):
        intake.check_body("ก" * 333_333)
    assert time.process_time() - began < MOST_SECONDS
