"""Lists uploaded to be judged before they are signed, with how far the judging has come."""

from django.db import migrations, models
from django.db.models import Q

from bhxh.audit.migration_operations import read_write


class Migration(migrations.Migration):
    dependencies = (("dossiers", "0006_answers"),)
    operations = (
        migrations.CreateModel(
            name="ListCheck",
            fields=[
                ("check_id", models.UUIDField(primary_key=True, serialize=False)),
                ("filer", models.TextField()),
                ("account", models.TextField()),
                ("asker", models.JSONField()),
                ("procedure_slug", models.TextField()),
                ("once", models.TextField()),
                ("source", models.BinaryField()),
                ("source_sha256", models.TextField()),
                ("source_name", models.TextField()),
                ("source_media_type", models.TextField()),
                ("size_bytes", models.IntegerField()),
                ("period", models.TextField()),
                ("batch", models.IntegerField()),
                ("confirmed_repairs", models.JSONField(default=list)),
                ("state", models.TextField()),
                ("total", models.IntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("kinds", models.JSONField(default=dict)),
                ("money", models.JSONField(default=dict)),
                ("refusal", models.JSONField(default=dict)),
                ("wrong_lines", models.JSONField(default=list)),
                ("person_ids", models.JSONField(default=list)),
                ("found", models.BinaryField(default=b"")),
                ("marked", models.BinaryField(default=b"")),
                ("prepared", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "dossiers_list_check",
                "indexes": [
                    models.Index(fields=["filer", "check_id"], name="dossiers_list_check_filer"),
                    models.Index(fields=["expires_at"], name="dossiers_list_check_expiry"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("filer", "once"), name="dossiers_list_check_once"),
                    models.CheckConstraint(
                        condition=Q(state__in=("waiting", "reading", "checking", "done", "refused", "failed")),
                        name="dossiers_list_check_state",
                    ),
                ],
            },
        ),
        read_write("dossiers_list_check"),
    )
