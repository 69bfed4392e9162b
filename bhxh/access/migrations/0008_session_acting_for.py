"""For whom a browser acts besides its own person: their opaque reference, no number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("access", "0007_second_factor_by_key"),)
    operations = (migrations.AddField(model_name="session", name="acting_for", field=models.TextField(default="", db_default="")),)
