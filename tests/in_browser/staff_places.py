"""The staff's pages, by a name, and how to get there."""

from playwright.sync_api import Page, expect

from tests.in_browser import staff_door
from tests.in_browser.people import THAI
from tests.in_browser.places import Known
from tests.in_browser.staff_asked import ASKED
from tests.in_browser.staff_decisions import DECISIONS
from tests.in_browser.staff_samples import FILE, ID, PHONE, TEXT, UPLOAD, fill_with_more  # noqa: F401

QUEUE = "/admin/comments/submission/"
PATHS = {
    "index": "/admin/",
    "queue": QUEUE,
    "queue-rejected": f"{QUEUE}?status=rejected&sort=oldest",
    "queue-empty": f"{QUEUE}?q=ไม่มีใครเขียนคำนี้",
    "queue-attention": f"{QUEUE}?sort=attention",
    "queue-filtered": f"{QUEUE}?personal_data=found&sector=citizen",
    "queue-wrong": f"{QUEUE}?sort=กลับหัว",
    "queue-second": f"{QUEUE}?second=waits",
    "queue-flagged": f"{QUEUE}?flagged=found&status=all&sort=attention",
    "triage": f"{QUEUE}triage/?sort=attention",
    "triage-second": f"{QUEUE}triage/?second=waits",
    "triage-empty": f"{QUEUE}triage/?q=ไม่มีใครเขียนคำนี้",
    "triage-wrong": f"{QUEUE}triage/?stance=กลับหัว",
    "enter": f"{QUEUE}enter/",
    "import": f"{QUEUE}import/",
    "matrix": f"{QUEUE}matrix/",
    "reading": f"{QUEUE}reading/?goal=G67-1.1-01&weigh=on",
    "report": f"{QUEUE}report/",
    "themes": "/admin/comments/theme/",
    "theme": "/admin/comments/theme/1/change/",
    "theme-merge": "/admin/comments/theme/1/merge/",
    "answers": "/admin/comments/answer/",
    "drafts": "/admin/comments/answerdraft/",
    "erasures": "/admin/comments/erasurerequest/",
    "appeals": f"{QUEUE}appeals/",
    "export": f"{QUEUE}export/",
    "exports": "/admin/comments/exportrecord/",
    "export-failed": f"{QUEUE}export/1/",
    "export-record": "/admin/comments/exportrecord/1/change/",
    "double-checks": "/admin/comments/doublecheck/?verdicts=all",
    "double-check": "/admin/comments/doublecheck/check/",
    "summary": f"{QUEUE}summary/?plan=2567",
    "summary-wide": f"{QUEUE}summary/?rows=sector&columns=district&measure=texts",
    "events": "/admin/comments/submissionevent/",
    "sign-ins": "/admin/comments/signin/?kind=signed_in",
    "goals": "/admin/comments/developmentgoal/",
    "goal": "/admin/comments/developmentgoal/1/change/",
    "meeting": "/admin/comments/meeting/1/change/",
    "plan": "/admin/comments/plan/1/change/",
    "user": "/admin/auth/user/1/change/",
    "password": "/admin/password_change/",
    "places": "/admin/places/",
    "404": "/admin/nothing/here/",
}


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


def _enter_wrong(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{PATHS['enter']}")
    page.locator(".desk-form [name=received_on]").fill("31/02/2569")
    page.locator(".desk-form [type=submit]").click()
    expect(page.locator(".desk-form .errorlist").first).to_be_visible()


def _entered(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{PATHS['enter']}")
    page.locator(".desk-form [name=body]").fill(f"{TEXT} ที่สวนสาธารณะใกล้บ้าน")
    page.locator(".desk-form [name=sector]").select_option(index=1)
    page.locator(".desk-form [type=submit]").click()
    expect(page.locator(".receipt-told")).to_be_visible()


def _import_wrong(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{PATHS['import']}")
    page.locator(".imports [type=submit]").click()
    expect(page.locator(".imports .errorlist")).to_be_visible()


def _import_columns(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{PATHS['import']}")
    page.locator("[type=file]").set_input_files(UPLOAD)
    page.locator(".imports [type=submit]").click()
    expect(page.locator(".imports .columns")).to_be_visible()


def _import_columns_wrong(page: Page, prefix: str, known: Known) -> None:
    _import_columns(page, prefix, known)
    page.locator(".columns select").first.select_option("sector")
    page.locator(".columns select").nth(1).select_option("")
    page.locator(".imports [type=submit]").click()
    expect(page.locator(".columns .errorlist")).to_be_visible()


def _import_fates(page: Page, prefix: str, known: Known) -> None:
    _import_columns(page, prefix, known)
    page.locator(".imports [type=submit]").click()
    expect(page.locator(".imports .fates")).to_be_visible()


def _imported(page: Page, prefix: str, known: Known) -> None:
    _import_fates(page, prefix, known)
    page.locator(".imports [type=submit]").click()
    expect(page.locator(".imports .fates .number a, .imports .fates a.number").first).to_be_visible()


def _imports(page: Page, prefix: str, known: Known) -> None:
    _import_columns(page, prefix, known)
    page.goto(f"{prefix}{PATHS['import']}")
    expect(page.locator(".imports table")).to_be_visible()


def _files(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}?sort=newest")
    page.locator(".card:has(.files-count) h2 a").first.click()
    for summary in page.locator("#files summary").all():
        summary.click()
    expect(page.locator("#files .badge.rejected")).to_be_visible()


def _answered(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}?status=published&answer=answered")
    page.locator(".card h2 a").first.click()
    expect(page.locator("#answer-title")).to_be_visible()


def _answer(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}?status=published&answer=blank&goal=G67-1.1-01")
    page.locator(".card h2 a").first.click()
    page.locator("a.button[href*='/answer/']").click()
    expect(page.locator("[name=text_th]")).to_be_visible()


def _answer_wrong(page: Page, prefix: str, known: Known) -> None:
    _answer(page, prefix, known)
    page.locator(".answer-page .panel button[type=submit]").first.click()
    expect(page.locator(".answer-page .errornote").first).to_be_visible()


def _approve(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{PATHS['drafts']}")
    page.locator("#result_list tbody a").first.click()
    expect(page.locator("#approve-title")).to_be_visible()


def _view_saved(page: Page, prefix: str, known: Known) -> None:
    page.goto(f"{prefix}{QUEUE}?sort=attention")
    page.locator(".filters summary").click()
    page.locator("[name=name][form=save-view]").fill("2569-10-01 – 2570-09-30 – 1001, 1002, 1003, 1004, 1005")
    page.locator("button[form=save-view]").click()
    expect(page.locator(".orders a[aria-current]").last).to_contain_text("2569")


ACTS = {
    "enter-wrong": _enter_wrong,
    "entered": _entered,
    "import-wrong": _import_wrong,
    "import-columns": _import_columns,
    "import-columns-wrong": _import_columns_wrong,
    "import-fates": _import_fates,
    "imported": _imported,
    "imports": _imports,
    "files": _files,
    **ASKED,
    "answered": _answered,
    "answer": _answer,
    "answer-wrong": _answer_wrong,
    "approve": _approve,
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
    **DECISIONS,
    # From now on the view stands above the queue.
    "view-saved": _view_saved,
    # They sign out, so they come last.
    **staff_door.ACTS,
}
NAMES = [*PATHS, *ACTS]
# The texts of the others come from the same templates, and the catalogue is complete.
ALSO_IN_ENGLISH = [
    *("queue", "queue-attention", "triage", "triage-campaign", "campaign", "campaign-without-reason"),
    *(
        "cover",
        "cover-nowhere",
        "covered",
        "enter",
        "imports",
        "erasure-asked",
        "appeal-wrong",
        "answer",
        "approve",
        "matrix",
    ),
    *("double-check", "login"),
]


def visit(page: Page, name: str, known: Known, prefix: str = THAI) -> None:
    """Bring `page`, on which somebody has signed in, to the staff's page `name`."""
    if name in ACTS:
        ACTS[name](page, prefix, known)
    else:
        page.goto(prefix + PATHS[name])
