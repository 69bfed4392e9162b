"""A running count of dossiers by state, so that the conservation law over everything ever filed is a sum of a few rows."""

from django.db import migrations, models

from bhxh.audit.migration_operations import append_only, read_write

_FILL = (
    "INSERT INTO dossiers_tally (state, dossiers) SELECT state, count(*) FROM dossiers_dossier GROUP BY state"
    " UNION ALL SELECT 'DRAFT', -count(*) FROM dossiers_dossier HAVING count(*) > 0"
)


class Migration(migrations.Migration):
    dependencies = (("dossiers", "0007_list_check"),)
    operations = (
        migrations.CreateModel(
            name="Move",
            fields=[
                ("move_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("from_state", models.TextField()),
                ("to_state", models.TextField()),
            ],
            options={"db_table": "dossiers_move"},
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[("state", models.TextField(primary_key=True, serialize=False)), ("dossiers", models.BigIntegerField())],
            options={"db_table": "dossiers_tally"},
        ),
        migrations.CreateModel(
            name="Recount",
            fields=[
                ("at", models.DateTimeField(primary_key=True, serialize=False)),
                ("filed", models.BigIntegerField()),
                ("disagreeing", models.BigIntegerField()),
                ("off_by", models.BigIntegerField()),
            ],
            options={"db_table": "dossiers_recount"},
        ),
        read_write("dossiers_move", "dossiers_tally"),
        append_only("dossiers_recount"),
        migrations.RunSQL(_FILL, reverse_sql=migrations.RunSQL.noop),
    )
