from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0003_representatives'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='employer',
            index=models.Index(
                condition=models.Q(('legal_representative_pin', ''), _negated=True),
                fields=['legal_representative_pin'],
                name='registry_employer_represented',
            ),
        ),
    ]
