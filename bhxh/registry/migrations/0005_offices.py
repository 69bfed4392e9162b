from django.db import migrations, models

from bhxh.audit.migration_operations import read_write


class Migration(migrations.Migration):
    dependencies = (("registry", "0004_employers_by_representative"),)
    operations = (
        migrations.CreateModel(
            name="Office",
            fields=[
                ("pk", models.CompositePrimaryKey("code", "valid_from", blank=True, editable=False, primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("level", models.TextField()),
                ("parent_code", models.TextField(default="")),
                ("province_code", models.TextField()),
                ("ward_code", models.TextField()),
                ("name", models.TextField()),
                ("name_search", models.TextField(db_index=True)),
                ("address", models.TextField()),
                ("phone", models.TextField(default="")),
                ("opening_hours", models.TextField(default="")),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("source", models.TextField()),
            ],
            options={"db_table": "registry_office"},
        ),
        read_write("registry_office"),
    )
