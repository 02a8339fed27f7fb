"""What the application relies on to be in the database, and those who look after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import reference_data as reference
from comments import retention, roles
from comments.doctor.findings import Finding, remark, trouble
from comments.models import Plan

OVERDUE = timedelta(days=2)


def reference_data() -> Iterator[Finding]:
    """Find reference rows that are not there, and a site that shows no plan."""
    for name, count in reference.missing().items():
        yield trouble(
            _("reference rows are missing: %(count)d of %(name)s") % {"count": count, "name": name},
            "manage.py load_reference",
        )
    if Plan.objects.current() is None:
        yield trouble(
            _("no plan is shown to the public"), _("Tick “shown to the public” on the page of the plan.")
        )
    elif not Plan.objects.accepting().filter(is_public=True).exists():
        yield remark(
            _("no plan takes opinions at present"), _("See the opening and closing moments of the plan.")
        )


def roles_as_in_the_table() -> Iterator[Finding]:
    """Find roles that permit something else than the table says."""
    if apart := roles.apart():
        yield trouble(
            _("roles are not as the table says: %(names)s") % {"names": ", ".join(apart)},
            "manage.py setup_roles",
        )


def administrators() -> Iterator[Finding]:
    """Find a site that nobody can administer, and people who have no second step yet."""
    people = User.objects.filter(is_active=True)
    if not people.filter(is_superuser=True).exists():
        yield trouble(_("there is no active superuser"), "manage.py first_administrator")
    alone = people.filter(is_staff=True, authenticator=None).values_list("username", flat=True)
    if settings.STAFF_TWO_FACTOR and (names := sorted(alone)):
        yield remark(
            _("accounts that have not set up the second step: %(count)d") % {"count": len(names)},
            _("They do at the next sign-in. Deactivate accounts that nobody uses."),
        )


def retention_at_work() -> Iterator[Finding]:
    """Find personal data that should have gone days ago."""
    late = timezone.now() - OVERDUE
    if kinds := [rule.key for rule in retention.RULES if rule.due(late).count()]:
        yield trouble(
            _("personal data is kept beyond its time: %(kinds)s") % {"kinds": ", ".join(kinds)},
            _("Run manage.py purge_expired every night, as docs/operations.md shows."),
        )
