"""The places where a canary may be: everything that the software keeps, sends, logs or shows.

A place is `table.column`, or one of the words that docs/data-dictionary.md explains; in the database and among the
files, what our keys open is opened, and the place is then called `encrypted …`.
"""

import io
import re
import zipfile
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.db import connection
from django.test import Client

from comments.fields import decrypt
from comments.models import Attachment, Plan, Submission
from comments.models.search import FTS_TABLE
from tests.admin.staff import QUEUE, signed_in
from tests.canaries import MARKS


def spellings(mark):
    """Return a canary's letters as they may stand: with and without what only divides them."""
    plain = re.sub(r"[- ]", "", mark)
    return {mark.lower().encode(), plain.lower().encode()}


def found(marks, places):
    """Return for each canary the names of the places that hold it."""
    told = {name: set() for name in marks}
    for place, data in places:
        low = data.lower()
        for name, mark in marks.items():
            if any(spelling in low for spelling in spellings(mark)):
                told[name].add(place)
    return told


def in_the_database():
    """Yield every cell of every table, by its column; the search's own tables are one place."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            names = [column[0] for column in cursor.description]
            of_search = table.startswith((FTS_TABLE, "comments_searchentry"))
            for row in cursor.fetchall():
                for name, cell in zip(names, row, strict=True):
                    place = "search index" if of_search else f"{table}.{name}"
                    yield from opened(place, cell)
    for session in Session.objects.all():
        yield "django_session.session_data", repr(session.get_decoded()).encode()


def opened(place, cell):
    """Yield what a cell or a file holds, and what it holds once it is decrypted."""
    data = bytes(cell) if isinstance(cell, memoryview | bytes) else str(cell).encode()
    yield place, data
    if data.startswith(b"gAAAA"):
        try:
            yield f"encrypted {place}", decrypt(data)
        except InvalidToken:
            yield f"unreadable {place}", b""


def in_files():
    """Yield every file of the storage, and what it holds once it is decrypted."""
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            yield from opened("files", path.read_bytes())


def in_mails():
    for message in outbox.outbox:
        yield "e-mails", message.message().as_bytes()
        yield "e-mails", str(message.body).encode()


def unpacked(data):
    """Yield a file, or the parts of an archive (XLSX, DOCX)."""
    if not data.startswith(b"PK"):
        yield data
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield from map(archive.read, archive.namelist())


def on_pages(place, client, paths):
    """Yield what each address answers, heads and cookies among it. Raises AssertionError for an error."""
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        body = b"".join(response) if response.streaming else response.content
        yield place, f"{response.headers}{response.cookies}".encode()
        yield from ((place, part) for part in unpacked(body))


def public_pages():
    row = Submission.objects.published().get(body__contains=MARKS["words before an edit"])
    paths = [
        *(
            "/",
            "/goals/",
            "/meetings/",
            "/submit/",
            "/comments/",
            "/comments/feed/",
            "/results/",
            "/privacy/",
        ),
        *("/results/moderation/", "/results/moderation.csv", "/sitemap-opinions.xml", "/comments/?q=zq*"),
        f"/comments/{row.reference}/",
        *(
            f"/comments/{row.reference}/files/{one.position}"
            for one in Attachment.objects.filter(submission=row)
        ),
    ]
    yield from on_pages("public pages", Client(), [*paths, *(f"/en{path}" for path in paths[:8])])


def open_data():
    tables = [
        f"/open-data/2567/{name}.{form}" for name in ("opinions", "tallies") for form in ("csv", "json")
    ]
    yield from on_pages("open data", Client(), [*tables, "/open-data/"])
    yield from on_pages("interface", Client(), ["/api/v1/opinions/", "/api/v1/tallies/", "/api/v1/goals/"])


def exports():
    planner = signed_in("planner")
    for form in ("csv", "xlsx", "jsonl"):
        response = planner.post(f"{QUEUE}export/", {"format": form})
        yield from (("exports", part) for part in unpacked(response.getvalue()))


def figures():
    planner = signed_in("planner")
    yield from on_pages("figures", planner, [f"{QUEUE}{page}/" for page in ("summary", "matrix", "reading")])
    plan = Plan.objects.current().fiscal_year
    for form in ("docx", "page"):
        response = planner.post(f"{QUEUE}report/", {"plan": plan, "format": form})
        data = response.getvalue() if response.streaming else response.content
        yield from (("report", part) for part in unpacked(data))


def staff_pages():
    """Yield what the staff's lists and an opinion's own page say, to those who may moderate, and to a responder."""
    lists = ["/admin/", QUEUE, f"{QUEUE}?status=all", f"{QUEUE}appeals/"]
    rows = [f"{QUEUE}{pk}/change/" for pk in Submission.everything.values_list("pk", flat=True)]
    log = ["/admin/comments/submissionevent/", "/admin/comments/submissionevent/csv/"]
    yield from on_pages("staff pages", signed_in("moderator"), [*lists, *rows, *log])
    people = ["/admin/auth/user/", "/admin/comments/signin/", "/admin/comments/exportrecord/"]
    yield from on_pages("administrators' pages", signed_in("administrator"), people)


def everywhere(log):
    """Yield every place; `log` is what was logged."""
    yield from in_the_database()
    yield from in_files()
    yield from in_mails()
    yield "log", log.encode()
    yield from public_pages()
    yield from open_data()
    yield from exports()
    yield from figures()
    yield from staff_pages()
