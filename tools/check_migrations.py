"""Fails where a model changed and no migration says so."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bhxh.wiring.settings"
os.environ["BHXH_DATABASE_ROLE"] = "bhxh_owner"


def main() -> int:
    """0 where models and migrations agree. Needs no data: only the loaded migration files are compared."""
    import django
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    django.setup()
    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    ours = {label: found for label, found in changes.items() if label != "procrastinate"}
    for label, found in ours.items():
        for migration in found:
            for operation in migration.operations:
                print(f"{label}: no migration for: {operation.describe()}")
    return 1 if ours else 0


if __name__ == "__main__":
    sys.exit(main())
