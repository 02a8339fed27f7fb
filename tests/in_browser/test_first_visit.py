"""Reading costs little and leaves no trace: every page is light, and only forms set a cookie."""

from collections import Counter

import pytest

from tests.in_browser import people, places

MOST_BYTES, MOST_BYTES_AFTER = 150_000, 30_000
WITH_FORM = {"submit", "receipt", "reply"}
# A page weighs the same in both languages but for its words: one is weighed on a phone, the other on a desk.
SIZES = {"th": (390, 844), "en": (1280, 800)}


@pytest.fixture(scope="module")
def known(server):
    return places.fill_with_samples(server)


class Meter:
    """What came over the wire, headers included, and which addresses of ours answered with what."""

    def __init__(self, page):
        self.total, self.responses, self._page = 0, [], page
        self._session = session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._add)
        page.on("response", self._keep)

    def end(self):
        self._page.remove_listener("response", self._keep)
        self._session.detach()

    def forget(self):
        """Keep nothing of what was fetched before, as at a first visit."""
        self._session.send("Network.clearBrowserCache")
        self._session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _add(self, event):
        self.total += event["encodedDataLength"]

    def _keep(self, response):
        self.responses.append(response)


@pytest.mark.parametrize("language", places.LANGUAGES)
@pytest.mark.parametrize("name", places.PATHS)
def test_a_first_visit_is_light_and_sets_a_cookie_only_for_a_form(kept, server, known, name, language):
    width, height = SIZES[language]
    page = kept.emptied(server.url)
    page.set_viewport_size({"width": width, "height": height})
    meter = Meter(page)
    meter.forget()
    places.visit(page, name, language, known)
    page.evaluate("document.fonts.ready")
    meter.end()
    kinds = Counter(response.request.resource_type for response in meter.responses)
    assert kinds["stylesheet"] >= 3
    assert kinds["font"] >= 2
    assert 0 < meter.total <= MOST_BYTES, f"{width} px: {meter.total} bytes"
    headers = [response.all_headers() for response in meter.responses]
    setting = [response.url for response in meter.responses if "set-cookie" in response.all_headers()]
    varying = [each for each in headers if "cookie" in each.get("vary", "").lower()]
    if name in WITH_FORM:
        assert [cookie["name"] for cookie in page.context.cookies()] == ["csrftoken"]
    else:
        assert (page.context.cookies(), setting, varying) == ([], [], [])


@pytest.mark.parametrize("language", places.LANGUAGES)
def test_whoever_goes_on_reading_fetches_little_and_a_page_that_is_as_it_was_hardly_anything(
    new_page, server, known, language
):
    page = new_page(base_url=server.url, viewport={"width": 390, "height": 844})
    places.visit(page, "home", language, known)
    sizes = {}
    for name in places.PATHS:
        meter = Meter(page)
        places.visit(page, name, language, known)
        page.evaluate("document.fonts.ready")
        sizes[name] = meter.total
        meter.end()
    # The home page was there already, and may be kept.
    assert min(size for name, size in sizes.items() if name != "home") > 0
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES_AFTER} == {}
    places.visit(page, "comments", language, known)
    meter = Meter(page)
    response = page.reload()
    assert response.status in {200, 304}
    assert 0 < meter.total <= 2_000, f"{meter.total} bytes"


def test_a_cookie_that_is_there_changes_nothing_for_a_reader(page, server, known):
    people.speak(page)
    page.goto(places.PATHS["comments"])
    response = page.reload()
    assert "set-cookie" not in response.all_headers()
    assert "no-store" not in response.all_headers().get("cache-control", "")
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert names == {"csrftoken", "form"}
