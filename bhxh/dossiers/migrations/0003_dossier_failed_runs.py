from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0002_dossier_result'),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='failed_runs',
            field=models.IntegerField(default=0, db_default=0),
        ),
        migrations.AddField(
            model_name='dossier',
            name='last_failure',
            field=models.TextField(default='', db_default=''),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('failed_runs__gt', 0)), fields=['dossier_id'], name='dossiers_failing'),
        ),
    ]
