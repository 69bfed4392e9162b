"""Lines point to the line that spells out their terms.

WHY no default: fragments of before (bhxh-book/1) spell out each line, are append-only and cannot be carried over. Only trial databases
hold any; there this migration fails, and they are made anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("ledger", "0001_initial"),)
    operations = (
        migrations.AddField(model_name="contributionline", name="terms_n", field=models.IntegerField()),
        migrations.AddConstraint(
            model_name="contributionline",
            constraint=models.CheckConstraint(
                condition=models.Q(("terms_n__gte", 1), ("terms_n__lte", models.F("n"))), name="ledger_line_terms"
            ),
        ),
    )
