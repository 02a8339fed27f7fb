"""A backup is made while a real server takes opinions, and brought back into nothing."""

import base64
import json
import re
import threading
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.databases import empty_database
from tests.server import manage

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
# With a file each, one published, one that will be erased after the backup.
BEFORE = """
from comments import erasure
from tests.factories import attached, receive, submission, staff
receive(body="ขอให้ดูแลคลองแสนแสบให้สะอาด zqcanal", attachments=attached("a.pdf", "b.jpg"), email="a@example.org")
submission("published", body="อยากได้สวนสาธารณะใกล้บ้าน zqpark")
receive(key="later", body="ข้อความนี้จะถูกลบ zqerased", attachments=attached("c.pdf"))
"""
ERASED = """
from comments import erasure
from comments.models import Submission
erasure.erase(Submission.objects.get(body__contains="zqerased"), actor=None, ground="writing", case_number="1")
"""
LOOK = """
import json
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.test import Client
from comments import attachments, doctor, search
from comments.models import Contact, Submission, SubmissionEvent
from tests.factories import receive

def refused(sql):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "sealed" in str(error)

everything = Submission.everything.all()
print(json.dumps({
    "rows": list(everything.order_by("pk").values_list("reference", "body", "idempotency_hash")),
    "events": list(SubmissionEvent.objects.order_by("pk").values_list("submission__reference", "kind", "note")),
    "contacts": [one.email for one in Contact.objects.exclude(email="")],
    "broken": [what for _, what in attachments.broken()],
    "files": len(default_storage.listdir("attachments")[1]),
    "sealed": refused("UPDATE comments_submissionevent SET note = 'x'"),
    "words sealed": refused("UPDATE comments_submission SET body = 'x'"),
    "found": search.matching(Submission.objects.all(), "zqcanal", audience="staff").count(),
    "new": bool(receive(body="ความเห็นหลังการกู้คืน", key="after the restore").submission.pk),
    "new found": search.matching(Submission.objects.all(), "หลังการกู้คืน", audience="staff").count(),
    "ready": Client(headers={"host": "127.0.0.1"}).get("/readyz").content.decode(),
    "troubles": [one.name for one in doctor.examine() if any(finding.is_trouble for finding in one.findings)],
}))
"""


class Writers:
    """Citizens who send opinions until they are told to stop, and remember what was confirmed."""

    def __init__(self, url):
        self.url, self.stopped, self.confirmed = f"{url}/submit/", threading.Event(), []
        self.threads = [threading.Thread(target=self.write, args=(number,)) for number in range(2)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def write(self, writer):
        opener, number = build_opener(HTTPCookieProcessor()), 0
        while not self.stopped.is_set():
            number += 1
            page = opener.open(self.url).read().decode()
            fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
            said = {"body": f"ผู้เขียน {writer} เขียนเรื่องที่ {number} ระหว่างสำรองข้อมูล", "sector": "citizen"}
            answer = opener.open(self.url, urlencode(fields | said).encode()).read().decode()
            self.confirmed.append(re.search(r'id="receipt-reference">([0-9A-Z-]+)<', answer)[1])


@pytest.fixture
def installation(server, tmp_path):
    """Return the environment of an empty installation of the same kind, which is gone after the test."""
    var = tmp_path / "restored"
    (var / "static").mkdir(parents=True)
    database = empty_database(server.database.url, tmp_path, "restored")
    yield server.env | {"DATABASE_URL": database.url, "VAR_DIR": str(var)}
    database.drop()


def test_what_was_confirmed_before_the_backup_is_there_after_the_restore(server, installation, tmp_path):
    log = tmp_path / "erasures.csv"
    keys = {"BACKUP_KEY": KEY, "ERASURE_LOG": str(log)}
    server.shell(BEFORE)
    path = tmp_path / "one.backup"
    with Writers(server.url) as writers:
        while not writers.confirmed:
            assert any(thread.is_alive() for thread in writers.threads)
        before = set(writers.confirmed)
        told = manage(server.env | keys, "backup", path).stdout
    assert "encrypted" in told
    assert path.read_bytes()[:3] == b"BMA"
    assert len(writers.confirmed) > len(before), "nobody wrote during the backup"
    original = json.loads(
        manage(server.env | keys, "shell", "--verbosity=0", "--command", ERASED + LOOK).stdout
    )
    assert len(log.read_text().splitlines()) == 2

    told = manage(installation | keys, "restore", path).stdout
    assert "every table as in the manifest" in told
    assert ": erased" in told
    restored = json.loads(manage(installation, "shell", "--verbosity=0", "--command", LOOK).stdout)
    references = {reference for reference, *_ in restored["rows"]}
    assert before < references
    for part in ("rows", "events"):
        there = [row for row in original[part] if row[0] in references]
        assert restored[part] == there
    assert not any("zqerased" in body for _, body, _ in restored["rows"])
    expected = {"broken": [], "files": 2, "contacts": ["a@example.org"], "sealed": True, "words sealed": True}
    expected |= {"found": 1, "new": True, "new found": 1, "ready": "ready\n"}
    left_out = {"start-up checks", "secrets", "administrators", "static files"}
    assert set(restored["troubles"]) <= left_out | {"durability"}
    assert {name: restored[name] for name in expected} == expected
    assert not list(Path(installation["VAR_DIR"]).glob("backup-*"))
