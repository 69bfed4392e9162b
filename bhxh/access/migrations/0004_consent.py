"""Who may ask persons for data, what was asked, what was granted and what withdrawn."""

import django.contrib.postgres.fields
from django.db import migrations, models

from bhxh.audit.migration_operations import append_only, read_write


def _texts() -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)


class Migration(migrations.Migration):
    dependencies = (("access", "0003_sessions"),)
    operations = (
        migrations.CreateModel(
            name="Requester",
            fields=[
                ("requester_id", models.TextField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("kind", models.TextField()),
                ("client_id", models.TextField(default="")),
                ("employer_id", models.BigIntegerField(null=True)),
                ("fields", _texts()),
                ("purposes", _texts()),
                ("contact", models.TextField(default="")),
                ("notice_url", models.TextField(default="")),
                ("until_on", models.DateField(null=True)),
                ("registered_at", models.DateTimeField()),
            ],
            options={
                "db_table": "access_requester",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client_id",), name="access_requester_client", condition=models.Q(("client_id", ""), _negated=True)
                    ),
                    models.UniqueConstraint(
                        fields=("employer_id",), name="access_requester_employer", condition=models.Q(("employer_id__isnull", False))
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreedScope",
            fields=[
                ("scope_id", models.TextField(primary_key=True, serialize=False)),
                ("requester_id", models.TextField()),
                ("legal_basis", models.TextField()),
                ("purpose_vi", models.TextField()),
                ("purpose_en", models.TextField()),
                ("ground", models.TextField()),
                ("fields", _texts()),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("registered_at", models.DateTimeField()),
            ],
            options={"db_table": "access_agreed_scope"},
        ),
        migrations.CreateModel(
            name="ConsentRequest",
            fields=[
                ("request_id", models.UUIDField(primary_key=True, serialize=False)),
                ("requester_id", models.TextField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("fields", _texts()),
                ("purpose", models.TextField()),
                ("reason", models.TextField()),
                ("reference", models.TextField()),
                ("on", models.DateField(null=True)),
                ("until_on", models.DateField()),
                ("asked_by", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("lapses_at", models.DateTimeField()),
                ("state", models.TextField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("consent_id", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "access_consent_request",
                "indexes": [models.Index(fields=["person_id", "asked_at"], name="access_consent_request_person")],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("consent_id", models.UUIDField(primary_key=True, serialize=False)),
                ("request_id", models.UUIDField(unique=True)),
                ("person_id", models.BigIntegerField(db_index=True)),
                ("requester_id", models.TextField()),
                ("fields", _texts()),
                ("purpose", models.TextField()),
                ("on", models.DateField(null=True)),
                ("until_on", models.DateField()),
                ("granted_at", models.DateTimeField()),
                ("receipt", models.BinaryField()),
            ],
            options={"db_table": "access_consent"},
        ),
        migrations.CreateModel(
            name="ConsentWithdrawal",
            fields=[
                ("consent_id", models.UUIDField(primary_key=True, serialize=False)),
                ("withdrawn_at", models.DateTimeField()),
                ("channel", models.TextField()),
            ],
            options={"db_table": "access_consent_withdrawal"},
        ),
        read_write("access_requester", "access_agreed_scope", "access_consent_request"),
        append_only("access_consent", "access_consent_withdrawal"),
    )
