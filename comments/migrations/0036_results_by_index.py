from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0035_given_passwords"),
    ]

    operations = [
        # Under the same name: the version before reads by it, too.
        migrations.RemoveIndex(model_name="submission", name="submission_of_plan"),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                fields=["plan", "status", "reason", "sector", "goal", "stance", "kind", "meeting", "parent"],
                name="submission_of_plan",
            ),
        ),
    ]
