"""Marked data that go in through every door. A canary is a word that stands nowhere else; `let_in` sends them as people do."""

import re

from django.core import mail as outbox
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comments.models import Attachment, Flag, ImportBatch, Plan, Submission
from tests import files
from tests.admin.staff import QUEUE, as_shown, decide, member, signed_in
from tests.factories import content, office
from tests.spreadsheets import csv_bytes
from tests.telephone import PASSWORD, code, codes_on, key_on

HOME, OFFICE = "203.0.113.77", "203.0.113.99"
# Canary → how it is spelt where it goes in. What the software draws itself is added on the way.
MARKS = {
    "published words": "zqpublishedwords",
    "withheld words": "zqwithheldwords",
    "words before an edit": "zqfirstwords",
    "covered words": "zqcoveredwords",
    "shown name": "zqshownname",
    "hidden name": "zqhiddenname",
    "organisation": "zqorganisation",
    "e-mail": "zqcontact@example.org",
    "changed e-mail": "zqchanged@example.org",
    "e-mail for a copy": "zqcopy@example.org",
    "telephone": "0819704613",
    "name of a file": "zqfilename",
    "words in a file": "zqinafile",
    "metadata of a picture": files.NEEDLE.decode(),
    "appeal": "zqappealwords",
    "report of a reader": "zqreportwords",
    "name in a reply": "zqreplyname",
    "imported words": "zqimportedwords",
    "imported e-mail": "zqimported@example.org",
    "words of a row that was not imported": "zqrowleftout",
    "searched by a citizen": "zqcitizensearch",
    "searched by the staff": "zqstaffsearch",
    "name of the browser": "zqbrowsername",
    "address of a citizen": HOME,
    "address of the staff": OFFICE,
    "wrong password": "zqwrongpassword",
    "name that nobody has": "zqnobodyname",
    "password": PASSWORD,
    "note of a decision": "zqdecisionnote",
    "note for colleagues": "zqcolleaguenote",
    "reason for looking": "zqlookingreason",
    "draft of an answer": "zqdraftanswer",
    "purpose of an export": "zqexportpurpose",
}
BODY = "อยากให้ทางเท้าหน้าโรงเรียนเดินได้สะดวกและปลอดภัย {} ขอขอบคุณ"
PDF = files.pdf(b"(zqinafile)")


class Person(Client):
    """A browser at one address, that says what it is."""

    def __init__(self, address=HOME):
        super().__init__(REMOTE_ADDR=address, headers={"user-agent": MARKS["name of the browser"]})

    def secrets(self, response):
        """Return reference and secret of the receipt that an answer leads to."""
        shown = self.get(response.url).content.decode()
        return {
            part: re.search(rf'id="receipt-{part}">([0-9A-Z-]+)<', shown)[1]
            for part in ("reference", "secret")
        }

    def speak(self, words, key, *, to="/submit/", **said):
        """Send an opinion or a reply; return the keys of its receipt."""
        first = {"body": BODY.format(words), "sector": "citizen", "idempotency_key": key * 32}
        return self.secrets(self.post(to, first | said))

    def with_receipt(self, keys, deed, **said):
        """Do something with a receipt."""
        return self.post(f"/receipt/{deed}/", keys | said)


def row_of(keys):
    return Submission.everything.get(reference=keys["reference"])


def let_in():
    """Send every canary in; return how each is spelt."""
    citizen, marks = Person(), dict(MARKS)
    published, withheld = _speak(citizen)
    marks |= {"secret of a receipt": published["secret"], "key of a form": "a" * 32}
    _staff_decides(row_of(published), row_of(withheld))
    citizen.with_receipt(withheld, "appeal", body=f"{MARKS['appeal']} is what I meant to say.")
    _readers(citizen, row_of(published))
    marks["number of a browser"] = signing.loads(citizen.cookies["voter"].value, salt="comments.voter.cookie")
    _staff_works(row_of(published))
    return marks | _staff_comes_in()


def _speak(citizen):
    """Send two opinions with all that can come with one, change one of them, and have a copy sent."""
    published = citizen.speak(
        f"{MARKS['words before an edit']}",
        "a",
        display_name=MARKS["shown name"],
        consent_display_name="on",
        organisation=MARKS["organisation"],
        email=MARKS["e-mail"],
        phone=MARKS["telephone"],
        attachments=[
            SimpleUploadedFile(f"{MARKS['name of a file']}.pdf", PDF),
            SimpleUploadedFile("photo.jpg", files.told_jpeg()),
        ],
    )
    withheld = citizen.speak(
        MARKS["withheld words"], "b", display_name=MARKS["hidden name"], email=MARKS["e-mail"]
    )
    words = BODY.format(f"{MARKS['published words']} {MARKS['covered words']}")
    citizen.with_receipt(published, "edit", body=words, edition=1)
    citizen.with_receipt(published, "wishes", email=MARKS["changed e-mail"], phone=MARKS["telephone"])
    citizen.with_receipt(published, "copy", email=MARKS["e-mail for a copy"])
    citizen.post("/receipt/", published | {"secret": "WRONG"})
    citizen.get("/comments/", {"q": MARKS["searched by a citizen"]})
    return published, withheld


def _staff_decides(published, withheld):
    client = signed_in("moderator")
    covered = {"words": MARKS["covered words"], "words_reason": "other", "covered": ""}
    client.post(f"{QUEUE}{published.pk}/redact/", covered | {"seen": as_shown(published)})
    decide(client, published, "publish", note=MARKS["note of a decision"])
    decide(client, withheld, "reject", reason="off_topic", note=MARKS["note of a decision"])
    assert [row_of({"reference": row.reference}).status for row in (published, withheld)] == [
        "published",
        "rejected",
    ]


def _readers(citizen, published):
    page = f"/comments/{published.reference}/"
    ours = {"sec-fetch-site": "same-origin"}
    citizen.post(f"{page}vote/", {"value": "agree"}, follow=True, headers=ours)
    said = {"reason": "other", "words": MARKS["report of a reader"]}
    citizen.post(f"{page}flag/", said, follow=True)
    citizen.speak("ตอบ", "c", to=f"{page}reply/", display_name=MARKS["name in a reply"])


def _staff_works(published):
    """Look at contact details, leave a note, draft an answer, bring in a file, search, and export."""
    moderator, planner = signed_in("moderator"), signed_in("planner")
    moderator.post(f"{QUEUE}{published.pk}/contact/", {"why": MARKS["reason for looking"]})
    moderator.post(f"{QUEUE}{published.pk}/note/", {"note": MARKS["note for colleagues"]})
    moderator.get(QUEUE, {"q": MARKS["searched by the staff"]})
    closed = {"note": MARKS["note of a decision"], "last": Flag.objects.latest("pk").pk}
    moderator.post(f"{QUEUE}{published.pk}/flags/", closed)
    said = content(office=office().pk, text_th=MARKS["draft of an answer"])
    planner.post(f"{QUEUE}{published.pk}/answer/", said)
    _bring_in(planner)
    planner.post(f"{QUEUE}export/", {"format": "csv", "purpose": MARKS["purpose of an export"]}).getvalue()


def _bring_in(planner):
    rows = [
        ["ความคิดเห็น", "ภาคส่วน", "อีเมล"],
        [BODY.format(MARKS["imported words"]), "ภาคประชาชน", MARKS["imported e-mail"]],
        [BODY.format(MARKS["words of a row that was not imported"]), "nobody", ""],
    ]
    columns = {"column_0": "body", "column_1": "sector", "column_2": "email"}
    for _ in ("one that waits", "one that is added"):
        file = SimpleUploadedFile("rows.csv", csv_bytes(rows))
        planner.post(f"{QUEUE}import/", {"plan": Plan.objects.current().pk, "file": file})
        batch = ImportBatch.objects.latest("pk")
        planner.post(f"{QUEUE}import/{batch.pk}/check/", {"header_row": 1} | columns)
    planner.post(f"{QUEUE}import/{batch.pk}/add/", {"mode": "skip_bad"}, follow=True)


def _staff_comes_in():
    """Try a wrong password and a wrong name, then come in with two steps; return the keys that this made."""
    administrator = member("administrator")
    administrator.set_password(PASSWORD)
    administrator.save()
    client, door = Person(OFFICE), "/admin/login/"
    client.post(door, {"username": "administrator", "password": MARKS["wrong password"]})
    client.post(door, {"username": MARKS["name that nobody has"], "password": PASSWORD})
    client.post(door, {"username": "administrator", "password": PASSWORD})
    key = key_on(client.get("/admin/second-step/new/").content.decode())
    done = client.post("/admin/second-step/new/", {"code": code(key)})
    assert client.get("/admin/").status_code == 200
    return {
        "key of a telephone": key.replace(" ", ""),
        "recovery code": codes_on(done.content.decode())[0],
        "session of the staff": client.cookies["sessionid"].value,
    }


def handed_in():
    """Tell how much came in through the doors, so that a door that is shut is no success."""
    return {
        "opinions": Submission.objects.count(),
        "replies": Submission.everything.exclude(parent=None).count(),
        "files": Attachment.objects.count(),
        "reports": Flag.objects.count(),
        "mails": len(outbox.outbox),
    }
