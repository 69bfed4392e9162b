"""The program `bhxh`: hand over to the command-line door; set up Django and bind the partners when the door asks for it."""

import os
import sys

_OF_THE_OWNER = {"migrate", "restore"}
"""Commands that must be the owner of the schema; every other one is the application."""


def main(arguments: list[str]) -> int:
    """Run one command; its exit code."""
    from bhxh.doors.cli.main import run
    from bhxh.wiring.logging import configure_logging

    configure_logging()
    if arguments[:1] == ["list-room"]:  # for our own web server only, so no command that anybody is told of
        _prepare("list-room")
        _serve_lists(int(arguments[1]))
        return 0
    return run(arguments, prepare=_prepare, migrate=_migrate, work=_work)


def _prepare(command: str) -> None:
    if command in _OF_THE_OWNER:
        os.environ["BHXH_DATABASE_ROLE"] = "bhxh_owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhxh.wiring.settings")

    from bhxh.wiring.configuration import configuration
    from bhxh.wiring.production import check_command, check_production, check_schema

    check_production(configuration())
    check_command(configuration(), command)
    if not configuration().database_url:
        configuration().postgres.ensure_started()

    import django

    django.setup()
    if command not in _OF_THE_OWNER:
        check_schema(configuration())

    from bhxh.wiring.composition import compose

    compose()


def _migrate() -> None:
    from bhxh.wiring.migrating import migrate

    migrate()


def _work(lanes: tuple[str, ...]) -> None:
    from bhxh.doors.jobs.worker import work

    work(lanes)


def _serve_lists(descriptor: int) -> None:
    from django.db import close_old_connections

    from bhxh.doors.list_room import serve

    serve(descriptor, after_each=close_old_connections)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
