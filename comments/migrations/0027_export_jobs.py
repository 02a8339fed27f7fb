import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import comments.models.exports


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0026_flags"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked")),
                ("purpose", models.CharField(blank=True, max_length=200, verbose_name="purpose")),
                ("filters", models.JSONField(default=dict, verbose_name="filters")),
                ("as_of", models.DateTimeField(verbose_name="as of")),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "Excel workbook (XLSX)"), ("jsonl", "JSON Lines")],
                        max_length=5,
                        verbose_name="format",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("making", "being made"),
                            ("ready", "ready"),
                            ("failed", "failed"),
                            ("gone", "removed"),
                        ],
                        default="making",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("expected", models.PositiveIntegerField(verbose_name="rows at most")),
                ("looked_at", models.PositiveIntegerField(default=0, verbose_name="rows so far")),
                ("last_received_at", models.DateTimeField(editable=False, null=True)),
                ("last_row", models.BigIntegerField(editable=False, null=True)),
                ("draft_size", models.PositiveBigIntegerField(default=0, editable=False)),
                (
                    "name",
                    models.CharField(
                        default=comments.models.exports.random_name,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="export_jobs",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jobs",
                        to="comments.exportrecord",
                        verbose_name="export",
                    ),
                ),
            ],
            options={
                "verbose_name": "large export",
                "verbose_name_plural": "large exports",
                "ordering": ["-pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            ("record__isnull", False),
                            _connector="OR",
                        ),
                        name="export_job_ready_has_a_record",
                    )
                ],
            },
        ),
    ]
