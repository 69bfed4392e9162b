"""What holders took back of their own codes."""

from django.db import migrations, models

from bhxh.audit.migration_operations import append_only, distribute


class Migration(migrations.Migration):
    dependencies = [("credentials", "0004_share")]
    operations = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("pk", models.CompositePrimaryKey("person_id", "n", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("n", models.IntegerField()),
                ("withdrawn_at", models.DateTimeField()),
            ],
            options={"db_table": "credentials_withdrawal"},
        ),
        distribute("credentials_withdrawal"),
        append_only("credentials_withdrawal"),
    ]
