"""The queue's own tables have no index that begins with a job's lock. Without it every look for the next job reads the whole queue once
for each job that waits: with some hundreds waiting that cost the database a third of a core.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('procrastinate', '0041_post_retry_failed_job'),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX jobs_lock ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing')",
            "DROP INDEX jobs_lock",
        ),
    ]
