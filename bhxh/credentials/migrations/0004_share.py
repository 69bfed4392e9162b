"""Parts of a card or a book that are shown for some minutes."""

from django.db import migrations, models

from bhxh.audit.migration_operations import read_write


class Migration(migrations.Migration):
    dependencies = [("credentials", "0003_status_list")]
    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                ("secret_sha256", models.TextField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField(db_index=True)),
                ("kind", models.TextField()),
                ("parts", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("views", models.IntegerField()),
            ],
            options={"db_table": "credentials_share"},
        ),
        read_write("credentials_share"),
    ]
