import datetime as dt

import django.utils.timezone
from django.db import migrations, models

import comments.fields
import comments.models.meetings


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0007_attention"),
    ]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="changed_at",
            field=models.DateTimeField(
                auto_now=True, default=django.utils.timezone.now, verbose_name="changed"
            ),
            preserve_default=False,
        ),
        # Of the meetings that are there nobody said when the notice was published: they are not called late.
        migrations.AddField(
            model_name="meeting",
            name="clocks_apply",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="meeting",
            name="clocks_apply",
            field=models.BooleanField(
                default=True,
                help_text="Whether the notice and the summary were in time is shown to the public.",
                verbose_name="the official clocks apply",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="notice_published_on",
            field=models.DateField(blank=True, null=True, verbose_name="notice published on"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="summary_published_on",
            field=models.DateField(blank=True, null=True, verbose_name="summary published on"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="summary_en",
            field=models.TextField(blank=True, verbose_name="summary (English)"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="summary_th",
            field=models.TextField(blank=True, verbose_name="summary (Thai)"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_on__gte", dt.date(1900, 1, 1))),
                name="meeting_is_held_in_our_time",
                violation_error_message="Is the year of the meeting right?",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("notice_published_on__isnull", True),
                    ("notice_published_on__lte", models.F("held_on")),
                    _connector="OR",
                ),
                name="meeting_notice_comes_before_it",
                violation_error_message="The notice of a meeting can't be published after it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("summary_published_on__isnull", True),
                    ("summary_published_on__gte", models.F("held_on")),
                    _connector="OR",
                ),
                name="meeting_summary_comes_after_it",
                violation_error_message="The summary of a meeting can't be published before it.",
            ),
        ),
        migrations.AddField(
            model_name="meetingdocument",
            name="file",
            field=comments.fields.PdfField(
                blank=True,
                default="",
                max_length=255,
                upload_to=comments.models.meetings.kept_at,
                verbose_name="PDF file",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="meetingdocument",
            name="kind",
            field=models.CharField(
                choices=[
                    ("agenda", "agenda"),
                    ("slides", "slides"),
                    ("minutes", "minutes"),
                    ("summary", "summary"),
                    ("other", "other"),
                ],
                default="other",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="meetingdocument",
            name="url",
            field=models.URLField(blank=True, verbose_name="link"),
        ),
        migrations.AlterModelOptions(
            name="meetingdocument",
            options={
                "ordering": ["position", "id"],
                "verbose_name": "document",
                "verbose_name_plural": "documents",
            },
        ),
        migrations.AddConstraint(
            model_name="meetingdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file", ""), models.Q(("url", ""), _negated=True)),
                    models.Q(models.Q(("file", ""), _negated=True), ("url", "")),
                    _connector="OR",
                ),
                name="document_is_a_file_or_a_link",
                violation_error_message="A document is either a PDF file or a link.",
            ),
        ),
    ]
