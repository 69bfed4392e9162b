import django.contrib.postgres.fields
from django.db import migrations, models

from bhxh.audit.migration_operations import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0005_officers_second_factor'),
    ]

    operations = [
        migrations.AddField(
            model_name='mandate',
            name='acts',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=['FILE', 'FOLLOW', 'WITHDRAW'], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name='mandate',
            name='procedures',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), null=True, size=None),
        ),
        migrations.AddIndex(
            model_name='mandate',
            index=models.Index(fields=['employer_id', 'mandate_id'], name='access_mandate_employer'),
        ),
        migrations.CreateModel(
            name='MandateRecord',
            fields=[
                ('pk', models.CompositePrimaryKey('mandate_id', 'n', blank=True, editable=False, primary_key=True, serialize=False)),
                ('mandate_id', models.UUIDField()),
                ('n', models.IntegerField()),
                ('employer_id', models.BigIntegerField()),
                ('account', models.TextField()),
                ('role', models.TextField()),
                ('acts', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('procedures', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), null=True, size=None)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('at', models.DateTimeField()),
                ('by_account', models.TextField()),
                ('sealed', models.BinaryField()),
                ('signed', models.BinaryField()),
            ],
            options={
                'db_table': 'access_mandate_record',
                'indexes': [models.Index(fields=['employer_id', 'at'], name='access_mandate_replay')],
            },
        ),
        # WHY: what was granted before has no sealed document, but the auditor's replay must know it. Its later end, if any, is its own here.
        migrations.RunSQL(
            "INSERT INTO access_mandate_record (mandate_id, n, employer_id, account, role, acts, procedures, from_on, until_on, at, by_account,"
            " sealed, signed) SELECT mandate_id, 1, employer_id, account, role, acts, procedures, from_on, until_on, granted_at, granted_by,"
            " '', '' FROM access_mandate",
            reverse_sql=migrations.RunSQL.noop,
        ),
        append_only('access_mandate_record'),
        migrations.AddField(
            model_name='machine',
            name='owner_employer_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='machine',
            index=models.Index(
                condition=models.Q(('owner_employer_id__isnull', False)), fields=['owner_employer_id'], name='access_machine_owner'
            ),
        ),
    ]
