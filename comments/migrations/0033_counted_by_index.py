from django.db import migrations, models

from comments.models.concurrently import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("comments", "0032_rows_worked_out"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="submission",
            index=models.Index(
                fields=[
                    "is_outside_bangkok",
                    "district",
                    "goal",
                    "sector",
                    "stance",
                    "kind",
                    "channel",
                    "status",
                    "plan",
                    "meeting",
                    "campaign",
                    "parent",
                ],
                name="submission_counted",
            ),
        ),
    ]
