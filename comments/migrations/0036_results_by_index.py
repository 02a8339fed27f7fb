from django.db import migrations, models

from comments.models.concurrently import ReplaceIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("comments", "0035_given_passwords"),
    ]

    operations = [
        # Under the same name: the version before reads by it, too.
        ReplaceIndexConcurrently(
            model_name="submission",
            index=models.Index(
                fields=["plan", "status", "reason", "sector", "goal", "stance", "kind", "meeting", "parent"],
                name="submission_of_plan",
            ),
        ),
    ]
