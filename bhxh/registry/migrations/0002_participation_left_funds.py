"""Which funds a participation does not pay. Expand only: rows of before pay all, and the release of before still writes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("registry", "0001_initial"),)
    operations = (
        migrations.AddField(model_name="participation", name="left_funds", field=models.TextField(default="", db_default="")),
    )
