from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='notices_message_sent_has_time',
        ),
        migrations.AddField(
            model_name='message',
            name='bounced_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='delayed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='status',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AlterField(
            model_name='message',
            name='failed_reason',
            field=models.TextField(choices=[('', 'None'), ('no_address', 'No Address'), ('bad_address', 'Bad Address'), ('needs_utf8', 'Needs Utf8'), ('no_mailbox', 'No Mailbox'), ('mailbox_full', 'Mailbox Full'), ('blocked', 'Blocked'), ('rejected', 'Rejected'), ('expired', 'Expired')], default=''),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('bounced_at__isnull', False)), fields=['bounced_at'], name='notices_message_bounced'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(('sent_at__isnull', True), ('state', 'waiting')), models.Q(('bounced_at__isnull', False), ('state', 'delivery_failed')), models.Q(('sent_at__isnull', True), ('state', 'delivery_failed')), _connector='OR'), name='notices_message_time_of_state'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('bounced_at__isnull', True), ('state', 'delivery_failed'), _connector='OR'), name='notices_message_bounced_is_failed'),
        ),
    ]
