"""Auditors ask by time. BRIN: rows come in that order, and writing them costs nothing more."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("audit", "0002_under_which_right"),)
    operations = (
        migrations.AddIndex(model_name="entry", index=BrinIndex(fields=["at"], name="audit_entry_at", pages_per_range=32)),
        migrations.AddIndex(model_name="look", index=BrinIndex(fields=["at"], name="audit_look_at", pages_per_range=32)),
    )
