"""Sealed payloads lie in their row as they are, up to a page.

WHY: moved out of the row and squeezed, as PostgreSQL does by itself, one payload costs more than composing, hashing and signing it.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("book", "0001_initial"),)
    operations = (
        migrations.RunSQL(
            "ALTER TABLE book_version ALTER COLUMN payload SET STORAGE EXTERNAL; ALTER TABLE book_version SET (toast_tuple_target = 8160)",
            reverse_sql="ALTER TABLE book_version ALTER COLUMN payload SET STORAGE EXTENDED; ALTER TABLE book_version RESET (toast_tuple_target)",
        ),
    )
