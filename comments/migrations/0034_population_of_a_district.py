import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0033_counted_by_index"),
    ]

    operations = [
        migrations.AlterField(
            model_name="district",
            name="population",
            field=models.PositiveIntegerField(
                validators=[django.core.validators.MinValueValidator(1)], verbose_name="registered population"
            ),
        ),
    ]
