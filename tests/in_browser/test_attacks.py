"""In a real browser: no payload runs on any page, and none of the policy is broken."""

import json

from playwright.sync_api import Error, expect

from tests.attacks.payloads import ALL, PAYLOADS
from tests.in_browser import people
from tests.long import LONG

# The pages that say most of what others typed, with scripts of ours at work on it; all of them in the long form.
TELLING = (
    "/comments/",
    "/comments/?q=zqx&sort=best",
    "/goals/G67-1.1-01/",
    "/wall/",
    "/meetings/1/",
    "/admin/",
    "/admin/comments/submission/?status=all",
    "/admin/comments/submission/triage/?sort=campaign",
    "/admin/comments/theme/",
    "/admin/comments/developmentgoal/1/change/",
    "/admin/comments/submission/appeals/",
)
# Short fields hold a few payloads at once; each turn begins with another.
TURNS = range(0, len(PAYLOADS), 3) if LONG else (0,)
FILL = """
import json
from django.core.files.storage import default_storage
from tests.attacks import payloads
from tests.test_roles import matrix
rows = matrix()
payloads.speak()
payloads.poison()
print(json.dumps(payloads.places(rows)))
"""
POISON = "from tests.attacks import payloads; payloads.poison({start})"


def watched(page, alarms):
    page.on("dialog", lambda dialog: (alarms.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    return page


def test_no_payload_runs_on_any_page(new_page, server):
    paths = json.loads(server.shell(FILL).splitlines()[-1])
    alarms = []
    officer = watched(new_page(base_url=server.url), alarms)
    people.sign_in(officer, people.hire(server, "administrator"))
    # Chromium draws a sitemap with styles of its own, which the policy refuses.
    paths.remove("/sitemap.xml")
    chosen = paths if LONG else [path for path in paths if path in TELLING or path.endswith("/wall/")]
    assert len(chosen) >= 8
    for start in TURNS:
        if start:
            server.shell(POISON.format(start=start))
        for path in chosen:
            try:
                officer.goto(path)
            except Error as error:
                # A download is no page.
                if "Download" not in error.message and "ERR_ABORTED" not in error.message:
                    raise
                continue
            if officer.evaluate(
                "window.__xss !== undefined || document.querySelector('zqx, [zqx]') !== null"
            ):
                alarms.append(path)
    assert alarms == []


def test_what_scripts_of_ours_put_into_a_page_is_text(new_page, server):
    alarms = []
    page = watched(new_page(base_url=server.url), alarms)
    people.write(page, body=f"{people.BODY} {ALL}", display_name=PAYLOADS[5], organisation=PAYLOADS[10])
    people.send(page)
    expect(page.locator("dialog [data-send]")).to_be_visible()
    expect(page.locator("dialog")).to_contain_text("onerror=__xss=1")
    page.goto("/submit/")
    expect(page.locator("[data-discard]")).to_be_visible()
    page.locator("input[role=combobox]").fill(PAYLOADS[7])
    page.goto("/comments/?q=%3Cimg%20src=x%20onerror=__xss=1%3E")
    assert page.evaluate("window.__xss") is None
    assert alarms == []
