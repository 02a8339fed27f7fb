from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0032_rows_worked_out"),
    ]

    operations = [
        migrations.AddIndex(
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
