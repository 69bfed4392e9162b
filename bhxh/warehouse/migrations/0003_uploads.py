from django.db import migrations, models

from bhxh.audit.migration_operations import distribute, read_write


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0002_sealed_keys")]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "owner_id", "owner_kind", "upload_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner_id", models.BigIntegerField()),
                ("owner_kind", models.TextField()),
                ("upload_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("sha256", models.TextField()),
                ("size_bytes", models.BigIntegerField()),
                ("received_at", models.DateTimeField()),
                ("state", models.TextField()),
                ("scan", models.TextField()),
                ("media_type", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("item_id", models.UUIDField(null=True)),
                ("examined_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "warehouse_upload",
                "indexes": [
                    models.Index(
                        fields=("received_at",), condition=models.Q(("state", "received")), name="warehouse_upload_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owner_kind__in", ("person", "employer"))), name="warehouse_upload_owner_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("examined_at__isnull", True), ("item_id__isnull", True), ("reason", ""), ("scan", "waiting"), ("state", "received")),
                            models.Q(
                                ("examined_at__isnull", False),
                                ("item_id__isnull", False),
                                ("reason", ""),
                                ("scan__in", ("clean", "not_scanned")),
                                ("state", "usable"),
                            ),
                            models.Q(("examined_at__isnull", False), ("item_id__isnull", True), ("state", "refused"), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="warehouse_upload_state",
                    ),
                ],
            },
        ),
        distribute("warehouse_upload", "owner_id"),
        read_write("warehouse_upload"),
    ]
