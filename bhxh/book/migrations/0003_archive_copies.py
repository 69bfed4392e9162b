"""Copies of books' pages that prove their seal for decades: which item of the warehouse, until when, when to look again."""

from django.db import migrations, models

from bhxh.audit.migration_operations import distribute, read_write


class Migration(migrations.Migration):
    dependencies = (("book", "0002_inline_payload"),)
    operations = (
        migrations.CreateModel(
            name="ArchiveCopy",
            fields=[
                ("pk", models.CompositePrimaryKey("person_id", "n", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("n", models.IntegerField()),
                ("item_id", models.UUIDField()),
                ("stamps", models.IntegerField()),
                ("stamped_at", models.DateTimeField()),
                ("lasts_until", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("trust_version", models.TextField()),
                ("trouble", models.TextField(default="")),
            ],
            options={
                "db_table": "book_archive_copy",
                "indexes": [
                    models.Index(fields=["due_at"], name="book_archive_copy_due"),
                    models.Index(fields=["trust_version"], name="book_archive_copy_judged"),
                    models.Index(fields=["lasts_until"], name="book_archive_copy_ends"),
                    models.Index(fields=["person_id"], condition=models.Q(("trouble", ""), _negated=True), name="book_archive_copy_trouble"),
                ],
            },
        ),
        distribute("book_archive_copy"),
        read_write("book_archive_copy"),
    )
