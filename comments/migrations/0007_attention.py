from typing import Any

from django.db import migrations, models
from django.db.models import F, Max

from comments.text import attention

BATCH = 1_000


def read_what_is_there(apps: Any, _schema_editor: Any) -> None:
    """Give every stored text its attention, as what is covered in it now leaves it."""
    Submission = apps.get_model("comments", "Submission")
    last = 0
    while rows := list(
        Submission.objects.filter(pk__gt=last).order_by("pk").only("body", "redacted_body")[:BATCH]
    ):
        last = rows[-1].pk
        covered = covered_in(apps, [row.pk for row in rows if row.redacted_body])
        for row in rows:
            row.attention = attention.level(row.body, covered.get(row.pk, []))
        Submission.objects.bulk_update([row for row in rows if row.attention], ["attention"])


def covered_in(apps: Any, keys: list[int]) -> dict[int, list[tuple[int, int]]]:
    """Return what is covered in each of the submissions `keys`."""
    events = apps.get_model("comments", "SubmissionEvent").objects.filter(kind="redacted")
    events = events.filter(submission__in=keys).order_by()
    newest = events.values("submission").annotate(newest=Max("pk")).values("newest")
    covered: dict[int, list[tuple[int, int]]] = {}
    redactions = apps.get_model("comments", "Redaction").objects.filter(event__in=newest)
    for redaction in redactions.select_related("event"):
        covered.setdefault(redaction.event.submission_id, []).append((redaction.start, redaction.end))
    return covered


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0006_drop_search_text"),
    ]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="attention",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                F("status"), F("attention").desc(), F("received_at"), F("id"), name="submission_attention"
            ),
        ),
        migrations.RunPython(read_what_is_there, migrations.RunPython.noop),
    ]
