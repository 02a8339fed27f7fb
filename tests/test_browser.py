"""The watch over the browser sees what it is there to see."""

from tests.browser import watch

ADDRESS = "http://127.0.0.1:9/"
POLICY = "default-src 'none'; script-src 'self'; img-src *"
GOOD = "<title>Good</title>"
BAD = "<title>Bad</title><p style='color: red'><img src='http://example.org/a.png'><script src='/a.js'></script>"


def findings_on(browser, html) -> list[str]:
    """Show one page to a watched browser; every request is answered here, nothing leaves the machine."""

    def answer(route):
        script = route.request.url.endswith(".js")
        route.fulfill(
            body="throw new Error('boom')" if script else html,
            content_type="text/javascript" if script else "text/html",
            headers={"Content-Security-Policy": POLICY},
        )

    context = browser.new_context()
    context.route("**/*", answer)
    findings = watch(context)
    context.new_page().goto(ADDRESS)
    context.close()
    return sorted(finding.partition(":")[0] for finding in findings)


def test_a_good_page_passes(browser):
    assert findings_on(browser, GOOD) == []


def test_each_offence_is_found(browser):
    assert findings_on(browser, BAD) == ["policy broken", "third party asked", "uncaught error"]
