"""Steps of transcripts: opened, saved, entered, settled, discarded."""

from django.db import migrations, models

from bhxh.audit.migration_operations import append_only, distribute


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='TranscriptStep',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'dossier_id', 'n', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.BigIntegerField()),
                ('dossier_id', models.UUIDField()),
                ('n', models.IntegerField()),
                ('step', models.TextField()),
                ('by', models.TextField()),
                ('by_person_id', models.BigIntegerField()),
                ('agency_code', models.TextField()),
                ('at', models.DateTimeField()),
                ('case_id', models.UUIDField()),
                ('rows', models.JSONField()),
                ('words', models.TextField()),
            ],
            options={
                'db_table': 'transcripts_step',
                'constraints': [models.CheckConstraint(condition=models.Q(('n__gte', 1)), name='transcripts_step_number'), models.CheckConstraint(condition=models.Q(('step__in', ['OPENED', 'SAVED', 'ENTERED', 'SETTLED', 'DISCARDED'])), name='transcripts_step_known')],
            },
        ),
        append_only("transcripts_step"),
        distribute("transcripts_step", "person_id"),
    ]
