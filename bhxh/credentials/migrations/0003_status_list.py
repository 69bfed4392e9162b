"""Status lists as last published."""

from django.db import migrations, models

from bhxh.audit.migration_operations import read_write


class Migration(migrations.Migration):
    dependencies = [("credentials", "0002_proposal")]
    operations = [
        migrations.CreateModel(
            name="PublishedList",
            fields=[
                ("list_number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField(db_index=True)),
                ("fresh_until", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                ("kid", models.TextField()),
            ],
            options={"db_table": "credentials_status_list"},
        ),
        read_write("credentials_status_list"),
    ]
