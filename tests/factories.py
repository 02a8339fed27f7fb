"""Make rows through the same doors as the application does."""

import hashlib
import io
import itertools

from django.contrib.auth.models import User

from comments import answering, attachments, intake, moderation, themes
from comments.exports import opinions, register
from comments.exports.filters import ExportFilter
from comments.models import Agency, DevelopmentGoal, DoubleCheck, Plan, RejectionReason, Sector, Theme
from tests import files

_numbers = itertools.count(1)
BODY = "อยากให้ทางเท้าหน้าโรงเรียนเดินได้สะดวกและปลอดภัย"


def unlike():
    """Return words that are like no other text's."""
    syllables = ["บาง", "คลอง", "ลาน", "สวน", "ริม", "ตลาด", "หมู่", "ใหญ่", "น้อย", "ไม้", "เรือ", "ทอง"]
    drawn = hashlib.sha256(f"{next(_numbers)}".encode()).digest()
    return "อยากเห็น" + "".join(syllables[byte % len(syllables)] for byte in drawn)


def statement(**said):
    """Return a statement on the current plan; `goal`, `sector` may be codes."""
    if isinstance(said.get("goal"), str):
        said["goal"] = DevelopmentGoal.objects.get(code=said["goal"])
    sector = said.pop("sector", "citizen")
    said["sector"] = Sector.objects.get(key=sector) if isinstance(sector, str) else sector
    return intake.Statement(**{"plan": Plan.objects.current(), "body": BODY} | said)


def attached(*names):
    """Return files that were looked into; by the ends of their names, each of other content."""
    made = {"jpg": files.jpeg, "png": files.png, "webp": files.webp}
    contents = [
        made[end](size=(60 + len(name), 40)) if end in made else files.pdf(b"(%s)" % name.encode())
        for name, end in ((name, name.rpartition(".")[2]) for name in names)
    ]
    return tuple(
        attachments.accept(files.upload(content, name)) for content, name in zip(contents, names, strict=True)
    )


def receive(*, key=None, channel="web", at=None, **said):
    """Send a statement in and return its receipt."""
    key = key or f"key-{next(_numbers)}"
    return intake.receive(statement(**said), idempotency_key=key, channel=channel, at=at)


def submission(status="pending", actor=None, **said):
    """Return a submission in `status`; "rejected" is for being off topic."""
    row = receive(**said).submission
    match status:
        case "published":
            moderation.publish(row, actor=actor or staff())
        case "rejected":
            moderation.reject(row, actor=actor or staff(), reason=reason())
        case "withdrawn":
            moderation.withdraw(row)
    return row


def reply(to, status="pending", actor=None, **said):
    """Return a reply to the opinion `to` in `status`."""
    return submission(status, actor, **{"parent": to, "body": unlike()} | said)


def content(**says):
    """Return what an answer says."""
    first = {"outcome": "adopted", "text_th": "จะปรับทางเท้าให้เสร็จภายในปีนี้", "office": office()}
    return first | says


def answered(target, *, goal=None, author=None, approver=None, at=None, **says):
    """Return an approved answer to an opinion, a campaign or a theme, of which those that it reaches were told."""
    draft = answering.draft(target, content(**says), goal=goal, author=author or staff("responder"))
    answer = answering.approve(draft, approver=approver or staff("planner"), at=at)
    answering.spread(answer)
    return answer


def double_checked(row, *, by="second", why=None):
    """Return the second verdict on a published opinion; whose lot it is does not matter."""
    decision = row.events.filter(to_status=row.status).latest("pk")
    verdict = "rejected" if why else "published"
    return DoubleCheck.objects.create(
        submission=row, decision=decision, verdict=verdict, reason=why, actor=staff(by)
    )


def theme(code="flood", **says):
    """Return a theme of the current plan, with its first event."""
    first = {"title_th": "น้ำท่วม", "title_en": "Flooding", "words": "น้ำท่วม\nระบายน้ำ"}
    row = Theme.objects.create(**{"plan": Plan.objects.current(), "code": code} | first | says)
    themes.record(row, actor=staff("planner"))
    return row


def office(number=0):
    """Return an office, by its place among them all."""
    return Agency.objects.order_by("pk")[number]


def reason(code="off_topic"):
    """Return a reason for not publishing."""
    return RejectionReason.objects.get(code=code)


def staff(username="moderator"):
    """Return a member of staff, made when missing."""
    return User.objects.get_or_create(username=username, defaults={"is_staff": True})[0]


def exported(actor=None, **filters):
    """Return the record of a CSV that holds what the `filters` choose."""
    form = ExportFilter(filters)
    assert form.is_valid(), form.errors
    order = register.Order(opinions.chosen(form), "csv", "page", actor, "ทดสอบ")
    return register.carry_out(order, io.BytesIO())
