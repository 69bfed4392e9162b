"""What a person filled in on pages and has not filed yet; what a supplement request asked for."""

from django.db import migrations, models

from bhxh.audit.migration_operations import read_write


class Migration(migrations.Migration):
    dependencies = (("dossiers", "0005_remote_signing"),)
    operations = (
        migrations.CreateModel(
            name="AnswerDraft",
            fields=[
                ("draft_id", models.UUIDField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("procedure_slug", models.TextField()),
                ("typed", models.JSONField(default=dict)),
                ("pages", models.JSONField(default=dict)),
                ("files", models.JSONField(default=list)),
                ("version", models.IntegerField(default=1)),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("filed_code", models.TextField(default="")),
            ],
            options={
                "db_table": "dossiers_answers",
                "indexes": [
                    models.Index(fields=["person_id", "draft_id"], name="dossiers_answers_person"),
                    models.Index(fields=["expires_at"], name="dossiers_answers_expiry"),
                ],
            },
        ),
        read_write("dossiers_answers"),
        migrations.AddField("Dossier", "supplement_defects", models.JSONField(db_default=[], default=list)),
    )
