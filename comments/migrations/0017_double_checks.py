from typing import Any

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from comments import references

BATCH = 1_000


def draw_lots(apps: Any, _schema_editor: Any) -> None:
    """Give every stored submission the lot of its reference."""
    Submission = apps.get_model("comments", "Submission")
    last = 0
    while rows := list(Submission.objects.filter(pk__gt=last).order_by("pk").only("reference")[:BATCH]):
        last = rows[-1].pk
        for row in rows:
            row.lot = references.lot(row.reference)
        Submission.objects.bulk_update(rows, ["lot"])


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0016_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="double_check_percent",
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text="So many of a hundred decided opinions are shown to a second moderator who does not know the decision. 0: none.",
                validators=[django.core.validators.MaxValueValidator(20)],
                verbose_name="share of double-checks (%)",
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="lot",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="DoubleCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("published", "publish"), ("rejected", "withhold")],
                        max_length=10,
                        verbose_name="second verdict",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="time")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="double_checks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="comments.submissionevent",
                        verbose_name="first decision",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="comments.rejectionreason",
                        verbose_name="reason",
                    ),
                ),
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="double_check",
                        to="comments.submission",
                        verbose_name="submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "double-check",
                "verbose_name_plural": "double-checks",
                "ordering": ["-id"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__isnull", False), ("verdict", "rejected"))
                        | models.Q(("reason__isnull", True), ("verdict", "published")),
                        name="double_check_has_a_reason_when_rejecting",
                    )
                ],
            },
        ),
        migrations.RunPython(draw_lots, migrations.RunPython.noop),
    ]
