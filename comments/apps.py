"""The one application of the project, and the staff's site in the place of Django's."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """Comments on the city's annual action plan."""

    name = "comments"
    default = True
    verbose_name = _("Public consultation")

    def ready(self) -> None:
        """Register the system checks, and the triggers that migrations may drop."""
        from comments import (  # noqa: PLC0415 - models are not ready at import time
            checks,  # noqa: F401
            reactions,
        )
        from comments.models import noticing, search, standing, triggers, watching  # noqa: PLC0415

        # SQLite rebuilds a table to alter it and forgets its triggers, so they are set after each
        # migrate, not in one migration.
        post_migrate.connect(triggers.install, sender=self)
        post_migrate.connect(watching.install, sender=self)
        post_migrate.connect(noticing.install, sender=self)
        post_migrate.connect(standing.install, sender=self)
        # The search index is beyond what a migration can say, and on SQLite it lives by triggers too.
        post_migrate.connect(search.install, sender=self)
        post_migrate.connect(reactions.install, sender=self)


class StaffSiteConfig(admin_apps.AdminConfig):
    """Django's admin with our way to sign in."""

    default = False
    default_site = "comments.staff_site.StaffSite"
