"""A prepared document remembers which question about it stands open at a remote signing service."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("dossiers", "0004_counter_filing"),)
    operations = (
        migrations.AddField("Draft", "remote_request", models.TextField(db_default="", default="")),
        migrations.AddField("Draft", "remote_asked_at", models.DateTimeField(null=True)),
    )
