from typing import Any

from django.db import migrations

from comments.text import similarity

BATCH = 1_000


def file_what_is_there(apps: Any, _schema_editor: Any) -> None:
    """Give every stored text its fingerprint and file it under its bands; nothing stored before is grouped."""
    Submission = apps.get_model("comments", "Submission")
    Band = apps.get_model("comments", "Band")
    rows = Submission.objects.filter(fingerprint="").only("pk", "plan_id", "body").order_by("pk")
    while batch := list(rows[:BATCH]):
        for row in batch:
            row.fingerprint = similarity.fingerprint(row.body)
        Submission.objects.bulk_update(batch, ["fingerprint"])
        Band.objects.bulk_create(
            [
                Band(number=number, submission_id=row.pk)
                for row in batch
                for number in sorted(set(similarity.bands(row.body, scope=str(row.plan_id))))
            ],
            batch_size=5_000,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0002_campaigns"),
    ]

    operations = [
        migrations.RunPython(file_what_is_there, migrations.RunPython.noop),
    ]
