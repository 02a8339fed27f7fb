"""Tell which language a text is written in, by its letters."""

import re

import regex

# ISO 639's code where there is no language: the words are erased.
NO_WORDS = "zxx"
_LETTER = regex.compile(r"[\p{Lo}\p{Ll}\p{Lu}]")
_THAI, _LATIN = re.compile("[\u0e01-\u0e2e]"), re.compile("[A-Za-z]")


def detect(text: str) -> str:
    """Return "th" when Thai consonants make up at least a third of the letters, "en" when Latin
    letters are the most, else "und" (undetermined).

    Thai weighs more because Thai text carries Latin names and abbreviations, seldom the reverse.

    >>> detect("อยากให้ BTS ถูกลง"), detect("More trees, please"), detect("2567 !")
    ('th', 'en', 'und')
    """
    letters, thai, latin = (len(one.findall(text)) for one in (_LETTER, _THAI, _LATIN))
    if letters and thai * 3 >= letters:
        return "th"
    return "en" if latin * 2 > letters else "und"
