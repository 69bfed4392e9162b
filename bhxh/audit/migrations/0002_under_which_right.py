"""Under which consent or mandate, for whom, which groups and why. Expand only: rows of before hold none of it, and keep their digests."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("audit", "0001_initial"),)
    operations = (
        migrations.AddField(model_name="entry", name="consent_id", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="entry", name="mandate_id", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="look", name="roles", field=models.TextField(null=True)),
        migrations.AddField(model_name="look", name="on_behalf_of_person_id", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="look", name="consent_id", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="look", name="mandate_id", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="look", name="groups", field=models.TextField(null=True)),
        migrations.AddField(model_name="look", name="reason", field=models.TextField(null=True)),
    )
