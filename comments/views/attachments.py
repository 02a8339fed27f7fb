"""Hand out the files of published opinions."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from comments import references
from comments.models import Attachment
from comments.views import files


@require_safe
def comment_file(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """Hand out one file of a published opinion."""
    try:
        canonical = references.parse(reference)
    except ValueError:
        raise Http404("not a reference") from None
    found = Attachment.objects.published().select_related("submission")
    row = get_object_or_404(found, submission__reference=canonical, position=number)
    return redirect(row) if reference != canonical else download(row)


def download(row: Attachment) -> FileResponse:
    """Return a file as something to save. The caller says who may have it."""
    response = files.download(row.file, row.name, row.kind)
    # A decision takes effect at once: no cache may keep a file that is no longer public.
    response["Cache-Control"] = "no-store"
    return response
