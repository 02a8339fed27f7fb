"""Every public page, by a name, and how to get there: a path, or what a citizen does before it shows."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.in_browser import people
from tests.in_browser.people import ENGLISH, THAI, Keys
from tests.server import Server

LANGUAGES = {"th": THAI, "en": ENGLISH}
# What nobody has written.
NOTHING = "20202020"


@dataclass(frozen=True)
class Known:
    """Rows that the pages are about: a goal, one without opinions, a meeting and a coming one, what was said, whose receipt."""

    goal: str
    quiet: str
    meeting: int
    coming: int
    reference: str
    rejected: Keys
    appealed: Keys


# Opinions on a meeting and in English stand beside the samples, one with a name to show.
_KNOWN = """
import json
from comments.models import DevelopmentGoal, Meeting, Submission
from tests.factories import receive, reason, reply, staff, submission
from comments import answering, appeals, moderation, reactions
from tests import meetings
meeting = Meeting.objects.get()
submission("published", meeting=meeting, display_name="คนริมคลอง", shows_name=True, email="a@example.org")
submission("published", body="More shade along the canals, please.", goal="G67-4.3-01", stance="agree")
coming = meetings.coming()
receipt = receive(body="ขายบ้านริมคลอง ราคาถูก โทรมาได้เลย")
moderation.reject(receipt.submission, actor=staff(), reason=reason())
second = receive(body="ขายคอนโดติดรถไฟฟ้า ลดราคาพิเศษ สนใจโทรมา")
moderation.reject(second.submission, actor=staff(), reason=reason())
appeal = appeals.lodge(second.submission, "ผมตั้งใจเสนอให้เมืองทำที่อยู่อาศัยราคาย่อมเยาใกล้รถไฟฟ้า ไม่ได้ตั้งใจจะขายของ")
appeals.uphold(appeal, actor=staff("ผู้พิจารณา"), words="ข้อความที่ส่งมาเป็นโฆษณา ท่านส่งข้อเสนอเรื่องที่อยู่อาศัยเป็นความคิดเห็นใหม่ได้")
row = Submission.objects.published().filter(goal__code="G67-4.3-01", language="th").first()
for voter in "abcdefgh":
    value = "disagree" if voter < "c" else "agree"
    for voted in (row, row.goal):
        reactions.vote(voted, voter=voter, value=value)
    reactions.assess(row.goal, voter=voter, answers={"suitable": voter > "a", "doable": voter > "d"})
answering.revise_goal(
    row.goal,
    {
        "indicator_th": row.goal.indicator_th.replace("จำนวน", "สัดส่วน") + " ที่เปิดให้ประชาชนใช้",
        "indicator_en": row.goal.indicator_en + " that are open to the public",
    },
    reason_th="ประชาชนขอให้นับเฉพาะที่เปิดให้ใช้จริง",
    reason_en="People asked to count only what is open to them.",
    opinions=[row],
    actor=staff(),
)
reply(row, "published", body="เห็นด้วยครับ ขอให้เริ่มจากซอยที่น้ำท่วมซ้ำทุกปีก่อน", display_name="คนท้ายซอย", shows_name=True)
reply(row, "published", body="Agreed, and please tell us when the work begins. Thank you.", sector="academic")
quiet = DevelopmentGoal.objects.filter(submissions=None).first().code
print(json.dumps(
    [row.goal.code, quiet, meeting.pk, coming.pk, row.reference,
     receipt.submission.reference, receipt.secret, second.submission.reference, second.secret]
))
"""


def fill_with_samples(server: Server) -> Known:
    """Add the samples and a few rows of ours to the server's database, and tell which there are."""
    server.manage("demo")
    *rows, first, its_secret, second, other_secret = json.loads(server.shell(_KNOWN))
    return Known(*rows, Keys(first, its_secret), Keys(second, other_secret))


PATHS = {
    "home": "/",
    "goals": "/goals/",
    "goal": "/goals/{known.goal}/",
    "meetings": "/meetings/",
    "meeting": "/meetings/{known.meeting}/",
    "meeting-coming": "/meetings/{known.coming}/",
    "meeting-floor": "/meetings/{known.coming}/floor/",
    "meeting-wall": "/meetings/{known.meeting}/wall/",
    "meeting-wall-empty": "/meetings/{known.coming}/wall/",
    "submit": "/submit/?goal={known.goal}",
    "receipt": "/receipt/",
    "comments": "/comments/",
    "comments-filtered": "/comments/?stance=disagree&sector=citizen&sort=oldest",
    "comments-found": "/comments/?q=น้ำท่วม -ขยะ ...&sort=best&sector=citizen",
    "comments-none": f"/comments/?q={NOTHING} -น้ำท่วม&kind=need",
    "comments-wrong": "/comments/?sort=upside-down",
    "comment": "/comments/{known.reference}/",
    "goal-filtered": "/goals/{known.goal}/?stance=disagree&sort=agreed",
    "goal-empty": "/goals/{known.quiet}/",
    "goal-wrong": "/goals/{known.goal}/?sort=upside-down",
    "own": "/goals/{known.goal}/vote/",
    "results": "/results/",
    "moderation": "/results/moderation/",
    "reply": "/comments/{known.reference}/reply/",
    "open-data": "/open-data/",
    "about": "/about/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "404": "/nothing/here/",
}


def _submit_errors(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}/submit/")
    people.fill(page, body="สั้นไป", email="ไม่ใช่อีเมล", phone="12")
    people.send(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _reply_errors(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}/comments/{known.reference}/reply/")
    people.fill(page, body="สั้นไป")
    people.send(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _flag_errors(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}/comments/{known.reference}/flag/")
    people.fill(page, words="ก" * 501)
    people.send(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _submit_review(page: Page, prefix: str, known: Known) -> None:
    people.write(page, prefix=prefix, goal=known.goal, display_name="คนริมคลอง", email="somebody@example.org")
    people.send(page)
    expect(page.locator("dialog [data-send]")).to_be_visible()


def _submit_review_page(page: Page, prefix: str, known: Known) -> None:
    people.write(page, prefix=prefix, body=f"{people.BODY} โทร 081 000 0000", district="1004", stance="agree")
    people.send_without_script(page, review="1")
    expect(page.locator("[name=change]")).to_be_visible()


def _submit_offline(page: Page, prefix: str, known: Known) -> None:
    people.write(page, prefix=prefix)
    page.context.set_offline(True)
    people.send(page)
    expect(page.locator("[data-kind=offline]")).to_be_visible()
    page.context.set_offline(False)


def _submit_draft(page: Page, prefix: str, known: Known) -> None:
    people.write(page, prefix=prefix)
    page.goto(f"{prefix}/submit/")
    expect(page.locator("[data-discard]")).to_be_visible()


def _receipt_new(page: Page, prefix: str, known: Known) -> None:
    people.speak(page, prefix=prefix, goal=known.goal)


def _receipt_state(page: Page, prefix: str, known: Known) -> None:
    people.look_up(page, known.rejected, prefix)
    expect(page.locator("#receipt-status")).to_be_visible()


def _receipt_appeal(page: Page, prefix: str, known: Known) -> None:
    _receipt_state(page, prefix, known)
    page.locator("#appeal summary").click()
    people.press(page, "appeal", body="สั้นไป")
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _receipt_appealed(page: Page, prefix: str, known: Known) -> None:
    people.look_up(page, known.appealed, prefix)
    expect(page.locator("#appealed")).to_be_visible()


def _receipt_deeds(page: Page, prefix: str, known: Known) -> None:
    keys = people.speak(page, prefix=prefix, email="somebody@example.org", phone="081 234 5678")
    people.look_up(page, keys, prefix)
    page.locator("#change summary").click()
    people.press(page, "edit", body=f"{people.BODY} และมีม้านั่ง")
    page.locator("#change summary").click()
    people.press(page, "edit", body="สั้นไป")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.locator(".deed").evaluate_all("deeds => deeds.forEach(deed => { deed.open = true })")


def _receipt_too_late(page: Page, prefix: str, known: Known) -> None:
    people.look_up(page, people.speak(page, prefix=prefix), prefix)
    page.locator("#change summary").click()
    page.locator("[name=edition]").evaluate("field => { field.value = '2' }")
    people.press(page, "edit", body=f"{people.BODY} และมีม้านั่ง")
    expect(page.locator(".notice-error")).to_be_visible()


def _receipt_too_often(page: Page, prefix: str, known: Known) -> None:
    for _ in range(6):
        people.look_up(page, Keys("67-0000-0000", "no such secret"), prefix)
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _receipt_errors(page: Page, prefix: str, known: Known) -> None:
    people.look_up(page, Keys("67-0000-0000", "no such secret"), prefix)
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _forbidden(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}/receipt/")
    page.context.clear_cookies()
    people.fill(page, reference=known.reference)
    # The receipt's own address would give the typed keys back instead.
    page.locator("main form").evaluate(
        "(form, path) => form.setAttribute('action', path)", f"{prefix}/about/"
    )
    people.send(page)
    expect(page.get_by_text("403", exact=True)).to_be_visible()


def _too_large(page: Page, prefix: str, known: Known) -> None:
    people.write(page, prefix=prefix)
    people.send_too_much(page)
    expect(page.get_by_text("413", exact=True)).to_be_visible()


def _voted(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}/goals/{known.goal}/")
    page.locator("#votes button[value=agree]").click()
    expect(page.locator("#votes [aria-pressed=true]")).to_be_visible()


def _own_wrong(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}/comments/{known.reference}/vote/")
    page.locator("#votes button[value=agree]").evaluate("button => { button.value = 'perhaps' }")
    page.locator("#votes button[value=perhaps]").click()
    expect(page.locator("main [role=alert]")).to_be_visible()


Visit = Callable[[Page, str, Known], object]
ACTS: dict[str, Visit] = {
    "submit-errors": _submit_errors,
    "reply-errors": _reply_errors,
    "flag-errors": _flag_errors,
    "submit-review": _submit_review,
    "submit-review-page": _submit_review_page,
    "submit-offline": _submit_offline,
    "submit-draft": _submit_draft,
    "receipt-new": _receipt_new,
    "receipt-state": _receipt_state,
    "receipt-appeal": _receipt_appeal,
    "receipt-appealed": _receipt_appealed,
    "receipt-deeds": _receipt_deeds,
    "receipt-too-late": _receipt_too_late,
    "receipt-errors": _receipt_errors,
    "receipt-too-often": _receipt_too_often,
    "goal-voted": _voted,
    "own-wrong": _own_wrong,
    "403": _forbidden,
    "413": _too_large,
}
NAMES = [*PATHS, *ACTS]


def visit(page: Page, name: str, language: str, known: Known) -> None:
    """Bring `page` to the public page `name` in a language."""
    prefix = LANGUAGES[language]
    if name in ACTS:
        ACTS[name](page, prefix, known)
    else:
        page.goto(prefix + PATHS[name].format(known=known))
