"""What officers file for persons at the counter, until the person confirms or refuses."""

from django.db import migrations, models
from django.db.models import Q

from bhxh.audit.migration_operations import read_write


class Migration(migrations.Migration):
    dependencies = (("dossiers", "0003_dossier_failed_runs"),)
    operations = (
        migrations.CreateModel(
            name="CounterFiling",
            fields=[
                ("dossier_id", models.UUIDField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("officer", models.TextField()),
                ("why", models.TextField()),
                ("filed_at", models.DateTimeField()),
                ("remind_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(db_default="", default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("confirmation_sha256", models.TextField(db_default="", default="")),
            ],
            options={
                "db_table": "dossiers_counter_filing",
                "indexes": [
                    models.Index(fields=["person_id", "dossier_id"], name="dossiers_counter_person"),
                    models.Index(condition=Q(remind_at__isnull=False), fields=["remind_at"], name="dossiers_counter_remind"),
                    models.Index(condition=Q(answer="refused"), fields=["answered_at"], name="dossiers_counter_refused"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(answer__in=("", "confirmed", "refused")), name="dossiers_counter_known_answer"),
                    models.CheckConstraint(
                        condition=Q(answer="", answered_at__isnull=True)
                        | (~Q(answer="") & Q(answered_at__isnull=False, remind_at__isnull=True)),
                        name="dossiers_counter_answered_once",
                    ),
                ],
            },
        ),
        read_write("dossiers_counter_filing"),
    )
