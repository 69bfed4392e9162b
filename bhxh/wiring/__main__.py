"""The program `bhxh`: set up Django, bind the partners, hand over to the command-line door."""

import os
import sys


def main(arguments: list[str]) -> int:
    """Run one command. `bhxh migrate` must be the owner of the schema; every other command runs as the application."""
    if arguments[:1] == ["migrate"]:
        os.environ["BHXH_DATABASE_ROLE"] = "bhxh_owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhxh.wiring.settings")

    from bhxh.wiring.configuration import configuration

    if not configuration().database_url:
        configuration().postgres.ensure_started()

    import django

    django.setup()

    if arguments[:1] == ["migrate"]:
        from bhxh.wiring.migrating import migrate

        migrate()
        return 0

    from bhxh.doors.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
