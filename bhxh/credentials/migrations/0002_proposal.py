"""Proposals to withdraw a book for a time or to give it back: one officer's, decided by another."""

from django.db import migrations, models

from bhxh.audit.migration_operations import read_write


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("proposal_id", models.UUIDField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("act", models.TextField()),
                ("reason", models.TextField()),
                ("words", models.TextField()),
                ("proposed_by", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("outcome", models.TextField()),
                ("decided_by", models.TextField(default="")),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "credentials_proposal",
                "indexes": [
                    models.Index(fields=["person_id", "proposal_id"], name="credentials_proposal_person"),
                    models.Index(fields=["proposal_id"], name="credentials_proposal_open", condition=models.Q(("outcome", "OPEN"))),
                ],
            },
        ),
        read_write("credentials_proposal"),
    ]
