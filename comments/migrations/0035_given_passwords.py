import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0034_population_of_a_district"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GivenPassword",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="given_password",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AlterField(
            model_name="signin",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed_in", "signed in"),
                    ("refused", "wrong name or password"),
                    ("locked", "locked after too many wrong passwords"),
                    ("code_refused", "wrong code at the second step"),
                    ("recovered", "came in with a recovery code"),
                    ("enrolled", "second step set up"),
                    ("reset", "second step taken away by an administrator"),
                    ("signed_out", "signed out"),
                    ("idle", "signed out after a pause"),
                    ("expired", "signed out after the longest time"),
                    ("changed", "signed out because the account was changed"),
                    ("lapsed", "first password had lapsed"),
                    ("ended", "signed out elsewhere by the person"),
                ],
                max_length=20,
                verbose_name="event",
            ),
        ),
    ]
