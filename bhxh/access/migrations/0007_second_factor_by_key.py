"""Which session showed which key stands in a table of its own, for tokens too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("access", "0006_mandates_as_documents"),)
    operations = (migrations.RemoveField(model_name="session", name="second_factor_at"),)
