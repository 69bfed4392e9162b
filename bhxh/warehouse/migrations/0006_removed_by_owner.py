"""That its owner removed an item is written down, not read from its days."""

from django.db import migrations, models

_FILL = (
    "UPDATE warehouse_lifetime SET is_removed = TRUE"
    " WHERE settled_at IS NULL AND (ended_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < keep_until_on"
)
"""What ended ahead of its time: only owners ended it so. WHY no more: of what is settled nobody asks."""


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0005_uploads_once")]

    operations = [
        migrations.AddField(model_name="lifetime", name="is_removed", field=models.BooleanField(default=False, db_default=False)),
        migrations.RunSQL(_FILL, reverse_sql=migrations.RunSQL.noop),
    ]
