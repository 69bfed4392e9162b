"""Heads stamped by somebody else's clock, and heads found by size. The table of idempotency keys goes: nothing ever wrote to it."""

from django.db import migrations, models

from bhxh.audit.migration_operations import append_only


class Migration(migrations.Migration):
    dependencies = (("audit", "0003_found_by_time"),)
    operations = (
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_id", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("stamped_at", models.DateTimeField()),
                ("authority", models.TextField()),
                ("token", models.BinaryField()),
                ("certificates", models.JSONField()),
            ],
            options={"db_table": "audit_stamp"},
        ),
        append_only("audit_stamp"),
        migrations.AddIndex(model_name="sealedhead", index=models.Index(fields=["size"], name="audit_sealed_head_size")),
        migrations.DeleteModel(name="IdempotencyKey"),
    )
