"""What an officer types at the counter for somebody is the officer's alone until it is filed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("dossiers", "0008_tally"),)
    operations = (
        migrations.AddField(model_name="answerdraft", name="officer", field=models.TextField(db_default="", default="")),
        migrations.AddIndex(
            model_name="answerdraft",
            index=models.Index(
                condition=models.Q(("officer", ""), _negated=True), fields=["officer", "saved_at"], name="dossiers_answers_officer"
            ),
        ),
    )
