"""Which language a page is in: its address says so, and nothing else."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class LanguageByAddress(LocaleMiddleware):
    """Django's, without its `Vary: Accept-Language`, which would make caches keep a copy for every browser."""

    def process_response(
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        response: HttpResponseBase,
    ) -> HttpResponseBase:
        """Name the language."""
        response.headers.setdefault("Content-Language", translation.get_language() or "th")
        return response
