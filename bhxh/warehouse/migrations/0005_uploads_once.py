"""What is sent twice is one upload: by the key under which it was sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0004_lifetimes")]

    operations = [
        migrations.AddField(model_name="upload", name="once", field=models.TextField(default="", db_default="")),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(
                fields=("owner_id", "owner_kind", "once"), condition=~models.Q(once=""), name="warehouse_upload_once"
            ),
        ),
    ]
