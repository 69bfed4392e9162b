from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0002_returned_mail'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='person_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='read_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('person_id__isnull', False)), fields=['person_id', 'message_id'], name='notices_message_inbox'),
        ),
    ]
