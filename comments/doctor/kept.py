"""What would be left if this machine burned down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from comments import backups as all_backups
from comments.doctor.findings import Finding, remark, trouble


def backups() -> Iterator[Finding]:
    """Find backups that are too old or not encrypted, and a list of erasures that nobody keeps."""
    if not settings.BACKUP_DIR:
        yield remark(
            _("BACKUP_DIR is empty, so nobody here knows of any backup"),
            _("Set it, and run manage.py backup by a timer, as docs/operations.md shows."),
        )
        return
    if not Path(settings.BACKUP_DIR).is_dir():
        yield trouble(
            _("the directory of the backups is not there: %(place)s") % {"place": settings.BACKUP_DIR},
            _("Is the disk mounted? It must be another one than that of the data."),
        )
        return
    newest = max((path.stat().st_mtime for path in all_backups.existing()), default=0.0)
    if time.time() - newest > settings.BACKUP_MOST_HOURS * 3600:
        yield trouble(
            _("the newest backup is more than %(hours)d hours old, or there is none")
            % {"hours": settings.BACKUP_MOST_HOURS},
            _("See why the timer of manage.py backup failed."),
        )
    if not settings.BACKUP_KEY:
        yield remark(
            _("backups are not encrypted, unless a key is given to the command"),
            _("Set BACKUP_KEY, and keep the key apart from the backups."),
        )
    if not settings.ERASURE_LOG:
        yield remark(
            _("no list of erasures is kept beside the backups"),
            _("Set ERASURE_LOG to a file on the disk of the backups."),
        )
