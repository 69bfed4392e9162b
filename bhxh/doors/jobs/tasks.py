"""Every background job by its name: read the clock, make one call. Each may run twice without harm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from traceback import extract_tb
from typing import Final, Literal
from uuid import UUID, uuid4

import structlog
from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from bhxh.access.commands import link_account
from bhxh.access.queries import list_subjects
from bhxh.book.archiving import look_after_copies
from bhxh.book.commands import seal_books
from bhxh.book.flows import publish
from bhxh.doors.jobs.lanes import LARGE_FROM_LINES
from bhxh.doors.list_room import give_back_memory
from bhxh.doors.partners import partners
from bhxh.dossiers import flows as dossier_flows
from bhxh.dossiers.commands import mark_receipt_sent
from bhxh.dossiers.failure_commands import clear_failures, note_failure
from bhxh.dossiers.list_checks import JOB_CHECK_LIST, end_check
from bhxh.dossiers.queries import has_failed, list_without_receipt_time
from bhxh.dossiers.records import JOB_DELIVER, JOB_GATHER, JOB_REPORT, JOB_SEAL_BOOKS
from bhxh.kernel import jobs
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Trouble
from bhxh.notices import flows as notice_flows
from bhxh.notices.commands import SEND
from bhxh.notices.queries import get_message
from bhxh.procedures.register_employees.list_checking import check_kept_list
from bhxh.registry.queries import list_persons
from bhxh.warehouse import flows as warehouse_flows
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.upload_commands import JOB_EXAMINE

_log = structlog.get_logger()

JOB_PUBLISH: Final = jobs.name("book.books.publish")
JOB_ARCHIVE: Final = jobs.name("book.archive.look_after")

_BOOKS_AT_ONCE = 100  # LIMIT: pushed one by one, some ten milliseconds each; the slot is free for others after a second


class _NotYetError(Exception):
    """Another run holds the letter, a book is not sealed, the e-ID has not taken a book: tried again."""


_PASSING = (Trouble, _NotYetError, OperationalError, InterfaceError)
"""WHY the database's: a connection that broke, a deadlock, a lock's time-out; the same job does better a little later."""

_LATER = RetryStrategy(max_attempts=12, wait=1, exponential_wait=2, retry_exceptions=_PASSING)
"""LIMIT: twelve attempts are an hour and more; what still waits then is asked for again by the clockwork's sweepers."""


def _system(name: str) -> Actor:
    return system_actor(name=name, request_id=uuid4().hex, purpose=name)


@contextmanager
def _failures_noted(dossier_id: UUID) -> Iterator[None]:
    """An error of ours is counted on the dossier, which comes back later and later; the job itself is done with.

    WHY not tried again by the queue: the same data meet the same error. The sweeper asks again at the time that was noted.
    """
    try:
        yield
    except _PASSING:
        raise
    except Exception as error:  # noqa: BLE001  # top of a job
        what = _place_of(error)
        failed = note_failure(actor=_system("jobs"), at=now(), dossier_id=dossier_id, what=what)
        _log.error("dossiers.run.failed", dossier=str(dossier_id), what=what, failed_runs=failed)
    else:
        if has_failed(dossier_id):
            clear_failures(actor=_system("jobs"), at=now(), dossier_id=dossier_id)


def _place_of(error: Exception) -> str:
    """The kind of an error and the last line of our own code on its way; its message may hold what somebody typed."""
    ours = [frame for frame in extract_tb(error.__traceback__) if "/bhxh/" in frame.filename]
    place = f"{ours[-1].filename.rpartition('/bhxh/')[2]}:{ours[-1].lineno}" if ours else ""
    return f"{getattr(error, 'code', '') or type(error).__name__} {place}".strip()


def send_message(*, message_id: str, **_later: object) -> None:
    """Hand one letter to the mail server; a receipt's hand-over is noted on its dossier.

    WHY the letter is looked at, not what this call did: a run that was killed after the hand-over has noted nothing, and one
    that was killed during it holds the letter until its lease lapses.
    """
    notice_flows.deliver(UUID(message_id), now(), partners().mail)
    message = get_message(UUID(message_id))
    if message.sent_at is None and not message.failed_reason:
        raise _NotYetError
    if message.kind == "receipt" and message.sent_at is not None and message.dossier_id is not None:
        for dossier_id in list_without_receipt_time([message.dossier_id]):
            mark_receipt_sent(actor=_system("notices"), at=message.sent_at, dossier_id=dossier_id)


def gather(*, dossier_id: str, lines: int = 0, **_later: object) -> None:
    """Ask the registers and decide what rules can decide."""
    with _memory_given_back(lines), _failures_noted(UUID(dossier_id)):
        dossier_flows.gather(UUID(dossier_id), now(), partners().gathering())


def check_list(*, check_id: str, lines: int = 0, **_later: object) -> None:
    """Judge a list that was uploaded and is not filed. An error of ours is said on its page, and the job is done with."""
    with _memory_given_back(lines):
        actor = _system("checking")
        try:
            check_kept_list(UUID(check_id), actor=actor, at=now(), deps=partners().gathering())
        except _PASSING:
            raise
        except Exception as error:  # noqa: BLE001  # top of a job
            _log.error("dossiers.list.failed", check=check_id, what=_place_of(error))
            end_check(actor=actor, at=now(), check_id=UUID(check_id), error=None)


def seal(*, dossier_id: str, person_ids: list[int], lines: int = 0, **_later: object) -> None:
    """Seal the books of touched persons, then let them be published."""
    key = partners().keys.seal_key("book")
    sealing = seal_books(actor=_system("sealing"), at=now(), person_ids=person_ids, key=key, dossier_id=UUID(dossier_id))
    publish_later([book.person_id for book in sealing.books], lines=lines)


def publish_later(person_ids: list[int], *, lines: int = 0) -> None:
    """The next job of a chain: what it publishes is found anew from the tables, so losing it loses only time."""
    for start in range(0, len(person_ids), _BOOKS_AT_ONCE):
        jobs.defer(JOB_PUBLISH, person_ids=person_ids[start : start + _BOOKS_AT_ONCE], lines=lines)


def publish_books(*, person_ids: list[int], **_later: object) -> None:
    """Push sealed books to their holders' e-ID accounts; accounts never seen here are asked for by number, in the body."""
    actor, at, issuer = _system("publishing"), now(), partners().eid_issuer
    subjects = list_subjects(person_ids, issuer=issuer)
    unknown = {person.pin: person.person_id for person in list_persons([p for p in person_ids if p not in subjects]).values() if person.pin}
    for pin, subject in partners().accounts.find_subjects(unknown).items() if unknown else ():
        link_account(actor=actor, at=at, issuer=issuer, subject=subject, person_id=unknown[pin])
        subjects[unknown[pin]] = subject
    done = publish(actor=actor, at=at, person_ids=person_ids, publication=partners().publication, subjects=subjects)
    if done.waiting:
        raise _NotYetError


def look_after_archive(**_later: object) -> None:
    """Renew the archive copies that are due; while there are more, the clockwork asks again."""
    done = look_after_copies(actor=_system("archiving"), at=now(), archivist=partners().archivist())
    if done.made_anew or done.waiting:
        _log.error("book.archive.alarm", made_anew=done.made_anew, waiting=done.waiting)


def deliver(*, dossier_id: str, lines: int = 0, **_later: object) -> None:
    """Return a resolved dossier; while a book is still to be sealed the clockwork asks again."""
    with _memory_given_back(lines), _failures_noted(UUID(dossier_id)):
        if not dossier_flows.deliver(UUID(dossier_id), now(), partners().delivery()):
            raise _NotYetError


@contextmanager
def _memory_given_back(lines: int) -> Iterator[None]:
    """After a long list the worker is as small as before it."""
    try:
        yield
    finally:
        if lines >= LARGE_FROM_LINES:
            give_back_memory()


def examine_upload(*, upload_id: str, owner_kind: Literal["person", "employer"], owner_id: int, **_later: object) -> None:
    """Scan what an owner sent in, prove what it is, keep or refuse it."""
    warehouse_flows.examine(UUID(upload_id), owner=Owner(owner_kind, owner_id), at=now(), scanner=partners().scanner)


def report(*, dossier_id: str, n: int, **_later: object) -> None:
    """Tell the national portal of one step."""
    dossier_flows.report(UUID(dossier_id), n, now(), partners().portal)


_SOON = RetryStrategy(max_attempts=30, wait=1, linear_wait=1, retry_exceptions=_PASSING)

_LETTERS = RetryStrategy(max_attempts=12, wait=5, retry_exceptions=_PASSING)
"""LIMIT: a minute, longer than the lease of a killed worker; then the sweeper goes on with its own growing pauses."""

TASKS: Final[dict[str, tuple[Callable[..., None], RetryStrategy]]] = {
    SEND: (send_message, _LETTERS),
    JOB_GATHER: (gather, _LATER),
    JOB_CHECK_LIST: (check_list, _LATER),
    JOB_SEAL_BOOKS: (seal, _LATER),
    JOB_PUBLISH: (publish_books, _LATER),
    JOB_ARCHIVE: (look_after_archive, _LATER),
    JOB_DELIVER: (deliver, _SOON),
    JOB_REPORT: (report, _LATER),
    JOB_EXAMINE: (examine_upload, _LATER),
}
"""Name -> what runs, and how it is tried again. A house test compares the names with those that rooms declare."""


def declare() -> None:
    """Tell the queue; called once by wiring."""
    for name, (function, retry) in TASKS.items():
        app.task(name=name, retry=retry)(function)
