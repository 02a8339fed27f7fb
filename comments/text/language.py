"""Tell which language a text is written in, by its letters."""

import unicodedata

# ISO 639's code where there is no language: the words are erased.
NO_WORDS = "zxx"
_THAI = ("\u0e01", "\u0e2e")


def detect(text: str) -> str:
    """Return "th" when Thai consonants make up at least a third of the letters, "en" when Latin
    letters are the most, else "und" (undetermined).

    Thai weighs more because Thai text carries Latin names and abbreviations, seldom the reverse.

    >>> detect("อยากให้ BTS ถูกลง"), detect("More trees, please"), detect("2567 !")
    ('th', 'en', 'und')
    """
    letters = [char for char in text if unicodedata.category(char) in {"Lo", "Ll", "Lu"}]
    thai = sum(_THAI[0] <= char <= _THAI[1] for char in letters)
    latin = sum(char.isascii() for char in letters)
    if letters and thai * 3 >= len(letters):
        return "th"
    return "en" if latin * 2 > len(letters) else "und"
