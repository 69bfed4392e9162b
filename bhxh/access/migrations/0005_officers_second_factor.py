from django.db import migrations, models

from bhxh.audit.migration_operations import read_write


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_consent'),
    ]

    operations = [
        migrations.CreateModel(
            name='OfficerKey',
            fields=[
                ('key_id', models.TextField(primary_key=True, serialize=False)),
                ('login', models.TextField(db_index=True)),
                ('name', models.TextField()),
                ('credential', models.BinaryField()),
                ('counter', models.BigIntegerField()),
                ('registered_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_because', models.TextField(default='')),
            ],
            options={
                'db_table': 'access_officer_key',
            },
        ),
        migrations.CreateModel(
            name='KeyInvitation',
            fields=[
                ('login', models.TextField(primary_key=True, serialize=False)),
                ('code_sha256', models.TextField()),
                ('made_by', models.TextField()),
                ('until_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'access_key_invitation',
            },
        ),
        migrations.CreateModel(
            name='KeyChallenge',
            fields=[
                ('pk', models.CompositePrimaryKey('session', 'act', blank=True, editable=False, primary_key=True, serialize=False)),
                ('session', models.TextField()),
                ('act', models.TextField()),
                ('challenge', models.BinaryField()),
                ('until_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'access_key_challenge',
            },
        ),
        migrations.CreateModel(
            name='SecondFactor',
            fields=[
                ('session', models.TextField(primary_key=True, serialize=False)),
                ('login', models.TextField()),
                ('key_id', models.TextField(db_index=True)),
                ('proven_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'access_second_factor',
            },
        ),
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('request_id', models.UUIDField(primary_key=True, serialize=False)),
                ('person_id', models.BigIntegerField(db_index=True)),
                ('kind', models.TextField()),
                ('words', models.TextField()),
                ('received_at', models.DateTimeField()),
                ('received_by', models.TextField()),
                ('answer_due_on', models.DateField()),
                ('done_due_on', models.DateField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('extended_at', models.DateTimeField(null=True)),
                ('extended_because', models.TextField(default='')),
                ('done_at', models.DateTimeField(null=True)),
                ('is_granted', models.BooleanField(null=True)),
                ('outcome', models.TextField(default='')),
            ],
            options={
                'db_table': 'access_data_request',
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['done_due_on', 'request_id'], name='access_data_request_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('done_at__isnull', True), models.Q(('is_granted__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='access_data_request_has_outcome')],
            },
        ),
        read_write('access_officer_key', 'access_key_invitation', 'access_key_challenge', 'access_second_factor', 'access_data_request'),
    ]
