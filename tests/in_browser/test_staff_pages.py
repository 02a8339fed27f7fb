"""Every kind of page that the staff see: no barriers, nothing that does not fit, nothing untranslated."""

import pytest

from tests.in_browser import checks, people, places, staff_places

WIDTHS = (320, 390, 1280)
CHECKED_WITH_AXE = {390, 1280}


@pytest.fixture(scope="module")
def known(server):
    return places.fill_with_samples(server)


@pytest.fixture(scope="module")
def session(server, browser):
    context = browser.new_context(base_url=server.url)
    people.sign_in(context.new_page(), people.hire(server, "administrator"))
    yield context.storage_state()
    context.close()


@pytest.fixture
def officer(new_page, server, session):
    return new_page(base_url=server.url, reduced_motion="reduce", storage_state=session)


@pytest.mark.parametrize("name", staff_places.NAMES)
def test_a_staff_page_fits_every_officer(officer, known, name):
    staff_places.visit(officer, name, known)
    findings = checks.foreign_words(officer)
    for width in WIDTHS:
        officer.set_viewport_size({"width": width, "height": 844})
        # Rows of tables are dense here; axe-core still sees to it that links keep their distance.
        found = checks.misfits(officer, least=0, least_main=24)
        if width in CHECKED_WITH_AXE:
            officer.emulate_media(color_scheme="light")
            found += checks.barriers(officer)
            officer.emulate_media(color_scheme="dark")
            found += [f"dark: {line}" for line in checks.barriers(officer, checks.OF_COLOUR)]
        findings += [f"{width} px: {line}" for line in found]
    assert not findings, checks.report(findings)
