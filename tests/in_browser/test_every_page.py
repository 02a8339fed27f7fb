"""Every public page, in both languages: no barriers, nothing that does not fit, nothing untranslated."""

import pytest

from tests.in_browser import checks, places

# The two languages have the same elements: one is looked through, in both schemes; the other has other words, which must fit.
WIDTHS = {"th": (320, 390, 768, 1280), "en": (320, 1280)}
LOOKED_THROUGH_AT = {"th": 390}


@pytest.fixture(scope="module")
def known(server):
    return places.fill_with_samples(server)


@pytest.fixture
def visitor(kept, server):
    return kept.emptied(server.url)


@pytest.mark.parametrize("language", places.LANGUAGES)
@pytest.mark.parametrize("name", places.NAMES)
def test_a_page_fits_every_reader(visitor, known, name, language):
    places.visit(visitor, name, language, known)
    findings = checks.foreign_words(visitor)
    for width in WIDTHS[language]:
        visitor.set_viewport_size({"width": width, "height": 844})
        found = checks.misfits(visitor)
        if width == LOOKED_THROUGH_AT.get(language):
            found += checks.barriers_in_both_schemes(visitor)
        findings += [f"{width} px: {line}" for line in found]
    assert not findings, checks.report(findings)
