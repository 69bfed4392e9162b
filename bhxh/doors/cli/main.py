"""The `bhxh` command: who does each subcommand, and one place where its errors become sentences and exit codes."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

import orjson

from bhxh.doors.admission import lets_in
from bhxh.doors.cli.errors import CLI_NO_DATABASE, CLI_NO_SCHEMA, CLI_OUR_FAULT
from bhxh.doors.cli.options import parser
from bhxh.kernel.errors import BhxhError, Defect, Refusal, Unavailable
from bhxh.kernel.who import SYSTEM

OK, REFUSED, TROUBLE = 0, 1, 3
"""Exit codes: done; anticipated refusal (the sentence says what to do); the outside or our own fault."""
_TRY_AGAIN = 75  # what a mail server understands (sysexits EX_TEMPFAIL): it keeps the mail and calls again
_CALLED_BY_MAIL_SERVER = {"bounces"}

Handler = Callable[[argparse.Namespace], dict[str, Any]]
Work = Callable[[tuple[str, ...]], None]


def _handlers() -> dict[str, Handler]:
    from bhxh.doors.cli import (
        accounts,
        administration,
        archive,
        book_states,
        books,
        bounces,
        consents,
        conversions,
        credentials,
        decide,
        dossiers,
        file,
        keys,
        log,
        mandates,
        officers,
        offices,
        own_data,
        programs,
        sign,
        trust,
        warehouse,
    )

    return {
        "file": file.run,
        "decide": decide.run,
        "dossier": dossiers.run,
        "book": books.run,
        "credential": credentials.run,
        "book-state": book_states.run,
        "own": own_data.run,
        "generate": administration.generate,
        "offices": offices.run,
        "appoint": administration.appoint,
        "officer": officers.run,
        "account": accounts.run,
        "mandate": mandates.run,
        "program": programs.run,
        "consent": consents.run,
        "audit": log.run,
        "bounces": bounces.run,
        "keys": keys.run,
        "archive": archive.run,
        "sign": sign.run,
        "trust": trust.run,
        "conservation": administration.conservation,
        "equality": administration.equality,
        "convert": conversions.run,
        "warehouse": warehouse.run,
        "backup": administration.backup,
        "restore": administration.restore,
    }


@lets_in(SYSTEM)
def _migrate(migrate: Callable[[], None]) -> dict[str, Any]:
    migrate()
    return {"text": "(cơ sở dữ liệu đã ở phiên bản này · the database has this release's schema)"}


@lets_in(SYSTEM)
def _work(options: argparse.Namespace, work: Work) -> dict[str, Any]:
    work(tuple(lane for lane in options.lanes.split(",") if lane))
    return {"text": "(đã dừng · stopped)"}


def ways_in() -> dict[str, Callable[..., Any]]:
    """What does each subcommand, for the matrix of who may what: whatever the parser knows, with what it declares."""
    from bhxh.doors.cli import verify

    [commands] = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001
    known: dict[str, Callable[..., Any]] = {**_handlers(), "verify": verify.run, "migrate": _migrate, "work": _work}
    return {name: known[name] for name in commands.choices}


def run(arguments: list[str], *, prepare: Callable[[str], None], migrate: Callable[[], None], work: Work) -> int:
    """Parse, do, print. Returns the exit code; never a traceback.

    Shape:  wiring hands in `prepare` (settings, database, partners, for one command), which `verify` does without, and `migrate` and `work`, which belong to
            others.
    """
    options = parser().parse_args(arguments)
    try:
        result = _do(options, prepare, migrate, work)
    except BhxhError as error:
        _print_error(error, as_json=options.json)
        return _code(options.command, REFUSED if isinstance(error, Refusal) else TROUBLE)
    except Exception as error:  # noqa: BLE001  # top of a program: whoever types a command gets a sentence
        _print_error(translate(error), as_json=options.json)
        return _code(options.command, TROUBLE)
    if options.json:
        sys.stdout.write(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        sys.stdout.write(str(result.pop("text", "") or _as_lines(result)) + "\n")
    return OK if result.get("holds", True) else REFUSED


def _code(command: str, failure: int) -> int:
    return _TRY_AGAIN if command in _CALLED_BY_MAIL_SERVER else failure


def _do(options: argparse.Namespace, prepare: Callable[[str], None], migrate: Callable[[], None], work: Work) -> dict[str, Any]:
    if options.command == "verify":
        # WHY before anything is prepared: verification needs no database, no Django and no network, and must not start any.
        from bhxh.doors.cli import verify

        return verify.run(options)
    prepare(options.command)
    if options.command == "migrate":
        return _migrate(migrate)
    if options.command == "work":
        return _work(options, work)
    return _handlers()[options.command](options)


def translate(error: Exception) -> BhxhError:
    """What no room anticipated, as a sentence: kind and place, never the text, which may hold what somebody typed."""
    kind = type(error).__name__
    if isinstance(error, RuntimeError) and "PostgreSQL" in str(error):
        return Unavailable(CLI_NO_DATABASE, kind=kind)
    if kind == "ProgrammingError" and type(error.__cause__).__name__ in {"UndefinedTable", "UndefinedColumn"}:
        return Unavailable(CLI_NO_SCHEMA)
    if kind in {"OperationalError", "InterfaceError", "PoolTimeout"}:
        return Unavailable(CLI_NO_DATABASE, kind=kind)
    place, trace = "", error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename.rpartition('bhxh/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return Defect(CLI_OUR_FAULT, kind=kind, place=place)


def _print_error(error: BhxhError, *, as_json: bool) -> None:
    if as_json:
        body = {"code": error.code, "where": error.where, "vi": error.text("vi"), "en": error.text("en")}
        sys.stdout.write(orjson.dumps({"error": body}, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        where = f" ({error.where})" if error.where else ""
        sys.stderr.write(f"{error.text('vi')}{where}\n{error.text('en')}\n[{error.code}]\n")


def _as_lines(result: dict[str, Any]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in result.items())
