"""Papers at the desk, what was done with each, and print copies."""

from django.db import migrations, models

from bhxh.audit.migration_operations import append_only, distribute


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('pk', models.CompositePrimaryKey('owner_id', 'owner_kind', 'case_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('owner_id', models.BigIntegerField()),
                ('owner_kind', models.TextField()),
                ('case_id', models.UUIDField()),
                ('original', models.TextField()),
                ('paper', models.TextField()),
                ('declared_pages', models.IntegerField()),
                ('opened_by', models.TextField()),
                ('opened_by_person_id', models.BigIntegerField()),
                ('agency_code', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'conversion_case',
                'indexes': [models.Index(fields=['case_id'], name='conversion_case_by_id')],
                'constraints': [models.CheckConstraint(condition=models.Q(('owner_kind__in', ('person', 'employer'))), name='conversion_case_owner_kind'), models.CheckConstraint(condition=models.Q(('declared_pages__gte', 1)), name='conversion_case_pages')],
            },
        ),
        migrations.CreateModel(
            name='CaseStep',
            fields=[
                ('pk', models.CompositePrimaryKey('owner_id', 'owner_kind', 'case_id', 'n', blank=True, editable=False, primary_key=True, serialize=False)),
                ('owner_id', models.BigIntegerField()),
                ('owner_kind', models.TextField()),
                ('case_id', models.UUIDField()),
                ('n', models.IntegerField()),
                ('step', models.TextField()),
                ('by', models.TextField()),
                ('by_person_id', models.BigIntegerField()),
                ('agency_code', models.TextField()),
                ('at', models.DateTimeField()),
                ('words', models.TextField()),
                ('scans', models.JSONField()),
                ('item_id', models.UUIDField(null=True)),
                ('file_sha256', models.TextField(null=True)),
                ('code', models.TextField(null=True)),
                ('certificate', models.BinaryField(null=True)),
            ],
            options={
                'db_table': 'conversion_step',
                'indexes': [models.Index(condition=models.Q(('code__isnull', False)), fields=['code'], name='conversion_step_code'), models.Index(condition=models.Q(('file_sha256__isnull', False)), fields=['file_sha256'], name='conversion_step_file'), models.Index(condition=models.Q(('item_id__isnull', False)), fields=['item_id'], name='conversion_step_item')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('certificate__isnull', False), ('code__isnull', False), ('file_sha256__isnull', False), ('item_id__isnull', False), ('step', 'CERTIFIED')), models.Q(('certificate__isnull', True), ('code__isnull', True), ('file_sha256__isnull', True), ('item_id__isnull', True), ('step__in', ('PROPOSED', 'DECLINED', 'WITHDRAWN'))), _connector='OR'), name='conversion_step_certified')],
            },
        ),
        migrations.CreateModel(
            name='PrintCopy',
            fields=[
                ('pk', models.CompositePrimaryKey('owner_id', 'owner_kind', 'print_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('owner_id', models.BigIntegerField()),
                ('owner_kind', models.TextField()),
                ('print_id', models.UUIDField()),
                ('original_sha256', models.TextField()),
                ('original_item_id', models.UUIDField(null=True)),
                ('original_code', models.TextField()),
                ('kind', models.TextField()),
                ('pages', models.IntegerField()),
                ('by', models.TextField()),
                ('by_person_id', models.BigIntegerField()),
                ('agency_code', models.TextField()),
                ('at', models.DateTimeField()),
                ('made_on', models.DateField()),
                ('item_id', models.UUIDField()),
                ('file_sha256', models.TextField()),
                ('code', models.TextField()),
                ('certificate', models.BinaryField()),
            ],
            options={
                'db_table': 'conversion_print',
                'indexes': [models.Index(fields=['print_id'], name='conversion_print_by_id'), models.Index(fields=['code'], name='conversion_print_code'), models.Index(fields=['file_sha256'], name='conversion_print_file')],
                'constraints': [models.UniqueConstraint(fields=('owner_id', 'owner_kind', 'original_sha256', 'by', 'made_on'), name='conversion_print_once_a_day'), models.CheckConstraint(condition=models.Q(('owner_kind__in', ('person', 'employer'))), name='conversion_print_owner_kind')],
            },
        ),
        append_only("conversion_case", "conversion_step", "conversion_print"),
        distribute("conversion_case", "owner_id"),
        distribute("conversion_step", "owner_id"),
        distribute("conversion_print", "owner_id"),
    ]
