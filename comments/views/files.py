"""Hand out what somebody uploaded, so that no browser runs it as ours."""

from __future__ import annotations

import logging

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404

# Should a browser open it in spite of all, then without scripts, forms and our origin.
POLICY = "default-src 'none'; sandbox"
logger = logging.getLogger(__name__)


def download(file: FieldFile, name: str, kind: str = "application/pdf") -> FileResponse:
    """Return a stored file as a download called `name`. Raises Http404 when it is gone."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        logger.error("the file %s is missing", file.name)  # noqa: TRY400 - the traceback tells nothing
        raise Http404("the file is missing") from None
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=kind)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
