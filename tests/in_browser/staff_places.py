"""The staff's pages, by a name, and how to get there."""

from playwright.sync_api import Page, expect

from tests.in_browser import people
from tests.in_browser.people import THAI
from tests.in_browser.places import Known
from tests.server import Server

QUEUE = "/admin/comments/submission/"
PATHS = {
    "index": "/admin/",
    "queue": QUEUE,
    "queue-rejected": f"{QUEUE}?status=rejected&sort=oldest",
    "queue-empty": f"{QUEUE}?q=ไม่มีใครเขียนคำนี้",
    "queue-attention": f"{QUEUE}?sort=attention",
    "queue-filtered": f"{QUEUE}?personal_data=found&sector=citizen",
    "queue-wrong": f"{QUEUE}?sort=กลับหัว",
    "triage": f"{QUEUE}triage/?sort=attention",
    "triage-empty": f"{QUEUE}triage/?q=ไม่มีใครเขียนคำนี้",
    "triage-wrong": f"{QUEUE}triage/?stance=กลับหัว",
    "export": f"{QUEUE}export/",
    "summary": f"{QUEUE}summary/",
    "events": "/admin/comments/submissionevent/",
    "goals": "/admin/comments/developmentgoal/",
    "goal": "/admin/comments/developmentgoal/1/change/",
    "meeting": "/admin/comments/meeting/1/change/",
    "plan": "/admin/comments/plan/1/change/",
    "user": "/admin/auth/user/1/change/",
    "password": "/admin/password_change/",
    "404": "/admin/nothing/here/",
}


# What makes a campaign, and personal data to cover: numbers that nobody has.
_TEXT = "ขอให้กรุงเทพมหานครเพิ่มต้นไม้ริมถนนทุกสาย ให้คนเดินได้ร่มเย็นทั้งวัน และดูแลไม่ให้กิ่งไม้พาดสายไฟในหน้าฝน"
ID, PHONE = "1-1111-11111-11-9", "081-000-0000"
_HELD = f"เลขบัตร {ID} โทร {PHONE} นายทดสอบ ตัวอย่าง ดู https://example.com ด่วนนนนน ไฟทางดับในซอยทดสอบ 5"
_COVERED = f"น้ำไม่ไหลมาสามวันแล้ว ติดต่อ {PHONE} หรือบ้านเลขที่ 12/34 ในซอยทดสอบ"
# Each process of ours draws the same keys, so these have their own.
_MORE = f"""
from itertools import count
from tests.factories import staff, submission
from comments import moderation
keys = (f"staff-{{number}}" for number in count())
for more in ("", "", " ขอให้เริ่มที่หน้าโรงเรียนก่อน", " โทรหาผมได้ที่ {PHONE}"):
    submission(body={_TEXT!r} + more, stance="agree" if more else "", key=next(keys))
submission("published", body={_TEXT!r}, stance="disagree", key=next(keys))
submission("rejected", body={_TEXT!r}, key=next(keys))
submission(body={_HELD!r}, key=next(keys))
covered = submission(body={_COVERED!r}, key=next(keys))
start = covered.body.index({PHONE!r})
moderation.redact(covered, [(start, start + len({PHONE!r}), "mobile_phone")], actor=staff())
"""


def fill_with_more(server: Server) -> None:
    """Add what only the staff see: a campaign, and texts with personal data, covered and not."""
    server.shell(_MORE)


def _login(page: Page, prefix: str, known: Known) -> None:
    page.context.clear_cookies()
    page.goto(f"{prefix}/admin/")


def _login_wrong(page: Page, prefix: str, known: Known) -> None:
    _login(page, prefix, known)
    people.fill(page, username="nobody", password="nothing")
    people.send(page)
    expect(page.locator(".errornote")).to_be_visible()


def _submission(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}")
    page.locator(".card h2 a").first.click()
    expect(page.locator("#history")).to_be_visible()


def _submission_rejected(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}?q={known.rejected.reference}")
    page.locator(".card h2 a").first.click()
    expect(page.locator("#history")).to_be_visible()


def _campaign(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}?sort=campaign")
    page.locator(".card .alike a").first.click()
    expect(page.locator("#members-title")).to_be_visible()


def _campaign_without_reason(page: Page, prefix: str, known: Known) -> None:
    _campaign(page, prefix, known)
    page.locator("#queue button.reject").click()
    expect(page.locator(".errornote")).to_be_visible()


def _triage_campaign(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}triage/?sort=campaign")
    page.locator("#keys summary").click()
    expect(page.locator(".triage .members")).to_be_visible()


def _triage_cover_nowhere(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}triage/?sort=attention")
    page.locator("#cover summary").click()
    page.locator("#cover input[name$='-words']").fill("ไม่มีคำนี้")
    page.locator("#cover button[type=submit]").click()
    expect(page.locator("#cover .errorlist")).to_be_visible()


def _view_without_name(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}?sort=attention")
    page.locator(".filters summary").click()
    page.locator("button[form=save-view]").click()
    expect(page.locator(".saved-views .errorlist")).to_be_visible()


def cover(page: Page, prefix: str, known: Known) -> None:
    """Open the page on which personal data of the gravest kind waits to be covered."""
    page.goto(f"{prefix}{QUEUE}?sort=attention")
    page.locator(".card h2 a").first.click()
    expect(page.locator("#redact")).to_be_visible()


def _cover_nowhere(page: Page, prefix: str, known: Known) -> None:
    cover(page, prefix, known)
    page.locator("#redact summary").click()
    page.locator("#redact_words").fill("ไม่มีคำนี้")
    page.locator("#redact button[type=submit]").click()
    expect(page.locator("#redact_words_error")).to_be_visible()


def _covered(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}")
    page.locator(".card:has(.covered) h2 a").first.click()
    expect(page.locator(".statement .covered")).to_be_visible()


def _reject(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}")
    page.locator(".card button.reject").first.click()
    expect(page.locator(".reasons")).to_be_visible()


def _reject_without_reason(page: Page, prefix: str, known: Known) -> None:
    _reject(page, prefix, known)
    page.locator("#content-main button.reject").click()
    expect(page.locator(".errornote")).to_be_visible()


ACTS = {
    "submission": _submission,
    "submission-rejected": _submission_rejected,
    "campaign": _campaign,
    "triage-campaign": _triage_campaign,
    "triage-cover-nowhere": _triage_cover_nowhere,
    "view-without-name": _view_without_name,
    "campaign-without-reason": _campaign_without_reason,
    "cover": cover,
    "cover-nowhere": _cover_nowhere,
    "covered": _covered,
    "reject": _reject,
    "reject-without-reason": _reject_without_reason,
    # They sign out, so they come last.
    "login": _login,
    "login-wrong": _login_wrong,
}
NAMES = [*PATHS, *ACTS]
# The texts of the others come from the same templates, and the catalogue is complete.
ALSO_IN_ENGLISH = (
    "queue",
    "queue-attention",
    "triage",
    "triage-campaign",
    "campaign",
    "campaign-without-reason",
    "cover",
    "cover-nowhere",
    "covered",
    "login",
)


def visit(page: Page, name: str, known: Known, prefix: str = THAI) -> None:
    """Bring `page`, on which somebody has signed in, to the staff's page `name`."""
    if name in ACTS:
        ACTS[name](page, prefix, known)
    else:
        page.goto(prefix + PATHS[name])
