"""What the machine gives the application: room, places to write, mail, time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import mail as django_mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.attachments import store
from comments.doctor.findings import Finding, remark, trouble

MEGABYTE = 1024 * 1024
# Below this one upload may fill the disk in the middle of a deed.
LEAST_TO_SERVE = 64 * MEGABYTE
LEAST = 1024 * MEGABYTE
SAMPLE = "doctor-looks-whether-this-can-be-written"


def room_to_serve() -> Iterator[Finding]:
    """Find a disk on which the next opinion may find no room."""
    return _short_of(LEAST_TO_SERVE, {Path(settings.VAR_DIR), *_of_the_database()})


def disk() -> Iterator[Finding]:
    """Find disks that are nearly full."""
    return _short_of(LEAST, {Path(settings.VAR_DIR), Path(tempfile.gettempdir()), *_of_the_database()})


def _of_the_database() -> list[Path]:
    name = str(connection.settings_dict["NAME"])
    is_file = connection.vendor == "sqlite" and Path(name).is_file()
    return [Path(name).parent] if is_file else []


def _short_of(least: int, places: set[Path]) -> Iterator[Finding]:
    for place in sorted(places):
        free = shutil.disk_usage(place).free
        if free < least:
            yield trouble(
                _("only %(size)s are free in %(place)s") % {"size": filesizeformat(free), "place": place},
                _("Make room: old backups and logs first. Nothing of the application's own may be deleted."),
            )


def writable_places() -> Iterator[Finding]:
    """Find places for files in which none can be kept."""
    places = [settings.FILE_UPLOAD_TEMP_DIR, settings.EXPORT_ROOT, settings.OPEN_DATA_ROOT]
    for place in map(Path, places):
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=place):
                pass
        except OSError as error:
            yield _can_not_write(str(place), error)
    try:
        with store.asking():
            name = default_storage.save(SAMPLE, ContentFile(SAMPLE.encode()))
            default_storage.delete(name)
    except (OSError, store.StoreError) as error:
        yield _can_not_write(_("the store of uploaded files"), error)


def _can_not_write(place: str, error: Exception) -> Finding:
    return trouble(
        _("no file can be written to %(place)s: %(error)s") % {"place": place, "error": error},
        _("It must belong to the user of the service, on a disk that is neither full nor read-only."),
    )


def static_files() -> Iterator[Finding]:
    """Find style sheets, scripts and pictures that are missing or older than the code."""
    if settings.DEBUG:
        return
    root = Path(settings.STATIC_ROOT)
    stale = 0
    for finder in get_finders():
        for name, storage in finder.list([]):
            collected = root / name
            with storage.open(name) as file:
                stale += not collected.is_file() or collected.read_bytes() != file.read()
    if stale:
        yield trouble(
            _("static files that are missing or older than the code: %(count)d") % {"count": stale},
            "manage.py collectstatic --noinput",
        )


def mail() -> Iterator[Finding]:
    """Find a mail server that does not answer, and e-mails that would lead nowhere."""
    if not settings.SENDS_EMAIL:
        yield remark(_("no e-mail is sent, because EMAIL_URL is empty"), _("Set it, if that is not meant."))
        return
    try:
        with django_mail.get_connection():
            pass
    except (OSError, SMTPException) as error:
        yield trouble(
            _("the mail server does not answer: %(error)s") % {"error": error},
            _("Look at EMAIL_URL and into the log of the mail server."),
        )
    if not settings.SITE_URL:
        yield trouble(_("e-mails about answers have no links"), _("Set SITE_URL to the address of the site."))
    if settings.DEFAULT_FROM_EMAIL == "webmaster@localhost":
        yield trouble(_("e-mails have no sender of yours"), _("Set DEFAULT_FROM_EMAIL."))


def time_zone() -> Iterator[Finding]:
    """Find a machine that reckons Bangkok's time wrongly."""
    offset = datetime.now(timezone.get_default_timezone()).utcoffset()
    if offset != timedelta(hours=7):
        yield trouble(
            _("the time in Bangkok comes out as UTC%(offset)s, not UTC+7") % {"offset": offset},
            _("Install the tzdata package of the operating system."),
        )
