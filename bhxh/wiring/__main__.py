"""The program `bhxh`: set up Django, bind the partners, hand over to the command-line door."""

import os
import sys


def main(arguments: list[str]) -> int:
    """Run one command. `bhxh migrate` must be the owner of the schema; every other command runs as the application."""
    if arguments[:1] in (["migrate"], ["restore"]):
        os.environ["BHXH_DATABASE_ROLE"] = "bhxh_owner"
    if arguments[:1] == ["verify"]:
        # WHY first: verification needs no database, no Django and no network, and must not start any.
        from bhxh.doors.cli.main import run as run_offline

        return run_offline(arguments)
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
    from bhxh.doors.jobs.worker import work
    from bhxh.wiring.composition import compose
    from bhxh.wiring.logging import configure_logging

    configure_logging()
    compose()

    return run(arguments, work=work)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
