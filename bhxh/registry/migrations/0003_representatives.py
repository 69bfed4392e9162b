from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform


class Migration(migrations.Migration):
    atomic = False
    dependencies = (("registry", "0002_participation_left_funds"),)
    operations = (
        AddIndexConcurrently(
            "personfact",
            models.Index(
                KeyTextTransform("pin", "value"),
                condition=Q(name__in=("father", "legal_representative", "mother")),
                name="registry_fact_representative",
            ),
        ),
    )
