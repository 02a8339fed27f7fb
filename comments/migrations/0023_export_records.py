import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import comments.models.history


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0022_events_in_public"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # In two steps, so that rows from before stay empty: when they were written is not known.
        migrations.AddField(
            model_name="answernotice",
            name="recorded_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="recorded"),
        ),
        migrations.AlterField(
            model_name="answernotice",
            name="recorded_at",
            field=models.DateTimeField(
                db_default=comments.models.history.RecordedNow(),
                editable=False,
                null=True,
                verbose_name="recorded",
            ),
        ),
        # In two steps, so that rows from before stay empty: when they were written is not known.
        migrations.AddField(
            model_name="submission",
            name="recorded_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="recorded"),
        ),
        migrations.AlterField(
            model_name="submission",
            name="recorded_at",
            field=models.DateTimeField(
                db_default=comments.models.history.RecordedNow(),
                editable=False,
                null=True,
                verbose_name="recorded",
            ),
        ),
        migrations.CreateModel(
            name="FormerValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("of_table", models.CharField(max_length=40, verbose_name="table")),
                ("of_row", models.BigIntegerField(verbose_name="row")),
                ("of_column", models.CharField(max_length=40, verbose_name="column")),
                ("value", models.TextField(null=True, verbose_name="value")),
                ("recorded_at", models.DateTimeField(verbose_name="until")),
                (
                    "erased_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="erased"),
                ),
            ],
            options={
                "verbose_name": "former value",
                "verbose_name_plural": "former values",
                "ordering": ["pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["of_table", "of_row"], name="former_value_of_row"),
                    models.Index(fields=["recorded_at"], name="former_value_until"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made")),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("page", "export page"),
                            ("action", "ticked in the queue"),
                            ("again", "downloaded again"),
                            ("command", "command line"),
                        ],
                        max_length=10,
                        verbose_name="way",
                    ),
                ),
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
                ("schema_version", models.PositiveSmallIntegerField(verbose_name="version of the columns")),
                ("rows", models.PositiveIntegerField(verbose_name="rows")),
                ("published", models.PositiveIntegerField(verbose_name="published")),
                ("pending", models.PositiveIntegerField(verbose_name="awaiting review")),
                ("rejected", models.PositiveIntegerField(verbose_name="not published")),
                ("withdrawn", models.PositiveIntegerField(verbose_name="withdrawn")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(db_index=True, max_length=64, verbose_name="SHA-256")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "register of exports",
                "ordering": ["-pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rows",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("published"), "+", models.F("pending")
                                        ),
                                        "+",
                                        models.F("rejected"),
                                    ),
                                    "+",
                                    models.F("withdrawn"),
                                ),
                            )
                        ),
                        name="export_accounts_for_every_row",
                    )
                ],
            },
        ),
    ]
