"""Settings that are not right for a site that others reach."""

from __future__ import annotations

import base64
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.utils.translation import gettext as _

from comments.doctor.findings import Finding, remark, trouble

FEWEST_CHARACTERS = 10
_OTHERS = stat.S_IROTH | stat.S_IWOTH


def start_up_checks() -> Iterator[Finding]:
    """Repeat what `check --deploy` says: keys, locale, search, second step, HTTPS, drivers."""
    for message in run_checks(include_deployment_checks=True, databases=["default"]):
        if message.level >= WARNING and not message.is_silenced():
            yield trouble(f"{message.id}: {message.msg}", message.hint or _("See docs/operations.md."))


def secrets() -> Iterator[Finding]:
    """Find secrets that somebody could guess or read."""
    again = _("Make one as docs/operations.md shows, and read there what a change does.")
    weak = [key for key in settings.CONTACT_KEYS if _is_written_by_hand(key)]
    if weak:
        yield trouble(_("CONTACT_KEYS holds a key that was written by hand, not drawn at random"), again)
    if len(set(settings.SECRET_KEY)) < FEWEST_CHARACTERS or _is_an_example(settings.SECRET_KEY):
        yield trouble(_("SECRET_KEY looks like an example, not like something drawn at random"), again)
    if settings.SECRET_KEY in settings.CONTACT_KEYS:
        yield trouble(_("SECRET_KEY and CONTACT_KEYS are the same"), again)
    file = Path(os.environ.get("ENV_FILE") or settings.BASE_DIR / ".env")
    if file.is_file() and file.stat().st_mode & _OTHERS:
        yield trouble(
            _("everybody on this machine can read the secrets in %(file)s") % {"file": file},
            f"chmod o= {file}",
        )


def _is_written_by_hand(key: str) -> bool:
    try:
        return base64.urlsafe_b64decode(key).isascii()
    except ValueError:
        # The start-up checks say that it is none at all.
        return False


def _is_an_example(secret: str) -> bool:
    return any(word in secret.casefold() for word in ("insecure", "example", "change", "secret"))


def host_names() -> Iterator[Finding]:
    """Find a site that answers to this machine alone, or to any name whatever."""
    mend = _("Set ALLOWED_HOSTS to the host names of the site.")
    if "*" in settings.ALLOWED_HOSTS:
        yield trouble(_("the site answers to any host name"), mend)
    if set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost"}:
        yield remark(_("the site answers only to people on this machine"), mend)
