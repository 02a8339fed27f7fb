"""What people do in a browser: speak, follow up, sign in. Each function takes the page it happens on."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.server import Server

THAI, ENGLISH = "", "/en"
BODY = "อยากให้มีทางเดินเลียบคลองแสนแสบที่น้ำไม่ท่วม และมีไฟส่องสว่างทุกคืน"
PASSWORD = "a-password-for-the-tests"


@dataclass(frozen=True)
class Keys:
    """What a receipt gives its author."""

    reference: str
    secret: str


def write(page: Page, *, prefix: str = THAI, query: str = "", **said: str) -> None:
    """Open the form and fill it in without sending it; choices by the names of the contract."""
    page.goto(f"{prefix}/submit/{query}")
    fill(page, **{"body": BODY, "sector": "citizen"} | said)


def fill(page: Page, **said: str) -> None:
    """Fill fields of the open form, whatever their sort."""
    for name, value in said.items():
        field = page.locator(f"main form [name={name}]")
        match field.first.evaluate("field => field.type"):
            case "radio" | "checkbox":
                page.locator(f"main form [name={name}][value='{value}']").check()
            case "select-one" if field.is_visible():
                field.select_option(value)
            case "select-one":
                pick_goal(page, value)
            case _:
                field.fill(value)


def pick_goal(page: Page, code: str) -> None:
    """Search the goals for a code and take the one that has it."""
    page.locator("input[role=combobox]").fill(code)
    page.locator(f"[role=option][data-value='{code}']").click()


def send(page: Page) -> None:
    """Press the button of the form."""
    page.locator("main form [type=submit]").click()


def confirm(page: Page) -> None:
    """Press the button under the last look; what comes with files is sent without one where there is no script."""
    last = page.locator("[data-send]")
    expect(last.or_(page.locator("#receipt-secret")).first).to_be_visible()
    if last.count():
        last.click()


def keys_shown(page: Page) -> Keys:
    """Confirm what the form shows for a last look, and return what the receipt page shows this once."""
    confirm(page)
    return read_keys(page)


def read_keys(page: Page) -> Keys:
    """Return what the receipt page shows, once it is there."""
    expect(page.locator("#receipt-secret")).to_be_visible()
    return Keys(*(page.locator(f"#receipt-{name}").inner_text() for name in ("reference", "secret")))


def speak(page: Page, **said: str) -> Keys:
    """Send an opinion and return the keys of its receipt."""
    write(page, **said)
    send(page)
    return keys_shown(page)


def look_up(page: Page, keys: Keys, prefix: str = THAI) -> None:
    """Ask what became of an opinion."""
    page.goto(f"{prefix}/receipt/")
    fill(page, reference=keys.reference, secret=keys.secret)
    send(page)


def press(page: Page, deed: str, **said: str) -> None:
    """Do something from the receipt: "edit", "appeal", "wishes", "withdraw", "erasure" or "copy"."""
    form = page.locator(f"main form[action$='/receipt/{deed}/']")
    for name, value in said.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("[type=submit]").click()


def hire(server: Server, role: str) -> str:
    """Have a member of staff with one role, and return the user's name."""
    server.shell(
        "from django.contrib.auth.models import Group, User\n"
        f"user, _ = User.objects.get_or_create(username='{role}')\n"
        f"user.first_name, user.is_staff = 'ผู้ดูแล', True\n"
        f"user.set_password('{PASSWORD}'); user.save()\n"
        f"user.groups.add(Group.objects.get(name='{role}'))"
    )
    return role


def sign_in(page: Page, username: str) -> None:
    """Sign in to the staff's site."""
    page.goto("/admin/")
    fill(page, username=username, password=PASSWORD)
    send(page)
    expect(page.locator("#logout-form")).to_be_attached()


def send_too_much(page: Page) -> None:
    """Send the form with eleven million bytes in it, as a browser without script does.

    They are in a hidden field, which costs the browser no drawing.
    """
    swell(page)
    send_without_script(page)


def send_without_script(page: Page, **more: str) -> None:
    """Send the form past its scripts, with more fields in it, such as the one of its button."""
    page.locator("main form").evaluate(
        """(form, more) => {
          for (const [name, value] of Object.entries(more)) {
            form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
          }
          HTMLFormElement.prototype.submit.call(form);
        }""",
        more,
    )


def swell(page: Page) -> None:
    """Put eleven million bytes into the open form."""
    page.locator("[name=idempotency_key]").evaluate("field => { field.value = 'a'.repeat(11_000_000) }")
