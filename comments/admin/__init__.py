"""The staff's site: Django's admin with our templates, one file an aggregate."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comments.admin import (  # noqa: F401
    double_checks,
    drafts,
    erasures,
    events,
    export_register,
    goals,
    meetings,
    places,
    plans,
    sectors,
    sign_ins,
    staff,
    submissions,
    themes,
)

admin.site.site_header = _("BMA Consult")
admin.site.site_title = _("BMA Consult")
admin.site.index_title = _("Work desk")
# Our header leads everywhere that matters; a second navigation would only narrow the page.
admin.site.enable_nav_sidebar = False
