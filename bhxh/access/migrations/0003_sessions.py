import django.contrib.postgres.fields
from django.db import migrations, models

from bhxh.audit.migration_operations import read_write


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0002_used_assertions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_id', models.UUIDField(primary_key=True, serialize=False)),
                ('secret_sha256', models.TextField(unique=True)),
                ('account', models.TextField()),
                ('issuer', models.TextField()),
                ('subject', models.TextField()),
                ('sid', models.TextField()),
                ('account_type', models.TextField()),
                ('assurance_level', models.SmallIntegerField()),
                ('pin', models.TextField()),
                ('org_id', models.TextField()),
                ('methods', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('signed_in_at', models.DateTimeField(null=True)),
                ('acting_as', models.TextField()),
                ('employer_id', models.BigIntegerField(null=True)),
                ('device', models.TextField()),
                ('second_factor_at', models.DateTimeField(null=True)),
                ('begun_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'access_session',
                'indexes': [
                    models.Index(fields=['account', 'begun_at'], name='access_session_account'),
                    models.Index(fields=['issuer', 'sid'], name='access_session_sid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SignedOut',
            fields=[
                ('pk', models.CompositePrimaryKey('issuer', 'name', blank=True, editable=False, primary_key=True, serialize=False)),
                ('issuer', models.TextField()),
                ('name', models.TextField()),
                ('at', models.DateTimeField()),
                ('kept_until', models.DateTimeField()),
            ],
            options={
                'db_table': 'access_signed_out',
            },
        ),
        read_write('access_session', 'access_signed_out'),
    ]
