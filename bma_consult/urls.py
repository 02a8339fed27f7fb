"""Every address: Thai at /, English under /en/, the machine's own without a language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from comments.urls import api_urlpatterns
from comments.views import health, metrics, pages, sitemaps

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<section>.xml", sitemaps.section, name="sitemap_section"),
    path("api/v1/", include(api_urlpatterns)),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("", include("comments.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "comments.views.errors.bad_request"
handler403 = "comments.views.errors.forbidden"
handler404 = "comments.views.errors.not_found"
handler500 = "comments.views.errors.server_error"
