"""Hand out what somebody uploaded, so that no browser runs it as ours."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404

# Should a browser open it in spite of all, then without scripts, forms and our origin.
POLICY = "default-src 'none'; sandbox"


def download(file: FieldFile, name: str) -> FileResponse:
    """Return a stored file as a download called `name`. Raises Http404 when it is gone."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404("the file is gone") from None
    response = FileResponse(opened, as_attachment=True, filename=name)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response
