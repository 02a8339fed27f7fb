"""Our addresses, and one whose view fails with the words of a citizen in its hands."""

from django.urls import path

from bma_consult import urls
from bma_consult.urls import handler500  # noqa: F401 - Django reads it from here


def fail(request, secret):
    words = request.POST["body"]
    try:
        {}[words]
    except KeyError as error:
        raise ValueError(f"{secret} {words}") from error


urlpatterns = [path("en/fail/<str:secret>/", fail, name="fail"), *urls.urlpatterns]
