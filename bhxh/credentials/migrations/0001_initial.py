"""Cards and summaries as issued, and the numbers that give each its place in a status list."""

from django.db import migrations, models

from bhxh.audit.migration_operations import append_only, distribute


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Credential",
            fields=[
                ("pk", models.CompositePrimaryKey("person_id", "n", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("n", models.IntegerField()),
                ("kind", models.TextField()),
                ("subject", models.TextField()),
                ("content_digest", models.BinaryField()),
                ("list_number", models.IntegerField()),
                ("list_index", models.IntegerField()),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("text", models.TextField()),
                ("kid", models.TextField()),
            ],
            options={
                "db_table": "credentials_credential",
                "indexes": [models.Index(fields=["list_number", "list_index"], name="credentials_place")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ("HEALTH_CARD", "BOOK_SUMMARY"))), name="credentials_kind")
                ],
            },
        ),
        distribute("credentials_credential"),
        append_only("credentials_credential"),
        migrations.RunSQL(
            "CREATE SEQUENCE credentials_place_number MINVALUE 0 START 0; GRANT USAGE ON SEQUENCE credentials_place_number TO bhxh_app",
            reverse_sql="DROP SEQUENCE credentials_place_number",
        ),
    ]
