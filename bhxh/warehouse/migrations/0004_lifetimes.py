from django.db import migrations, models

from bhxh.audit.migration_operations import distribute, read_write


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0003_uploads")]

    operations = [
        migrations.AddField(model_name="item", name="keep_until_on", field=models.DateField(null=True)),
        migrations.AddIndex(model_name="item", index=models.Index(fields=["sha256"], name="warehouse_item_by_content")),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                fields=["keep_until_on"], condition=models.Q(("keep_until_on__isnull", False)), name="warehouse_item_ending"
            ),
        ),
        migrations.CreateModel(
            name="Lifetime",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "owner_id", "owner_kind", "item_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner_id", models.BigIntegerField()),
                ("owner_kind", models.TextField()),
                ("item_id", models.UUIDField()),
                ("keep_until_on", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "warehouse_lifetime",
                "indexes": [
                    models.Index(
                        fields=["ended_at"],
                        condition=models.Q(("ended_at__isnull", False), ("settled_at__isnull", True)),
                        name="warehouse_lifetime_unsettled",
                    )
                ],
            },
        ),
        distribute("warehouse_lifetime", "owner_id"),
        read_write("warehouse_lifetime"),
    ]
