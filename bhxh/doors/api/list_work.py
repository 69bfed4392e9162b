"""What the API answers about a list of workers, apart from the request it came in: pieces of work that take plain values and give JSON."""

from bhxh.doors import list_filing
from bhxh.doors.api.confirmation_shapes import ConfirmationPreparationOut, ToConfirmOut
from bhxh.doors.api.shapes import CheckOut, DraftOut, PreparationOut
from bhxh.doors.list_filing import ToFile
from bhxh.doors.partners import partners
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.months import Month
from bhxh.procedures.register_employees.checking import check_lines, write_documents
from bhxh.registry.queries import get_employer


def check(*, actor: Actor, employer_id: int, content: bytes, period: Month, batch: int, confirmed_repairs: frozenset[int]) -> bytes:
    """The answer's JSON: every row's verdict, written down as it is found."""
    at, employer = now(), get_employer(employer_id)
    written = write_documents(content, employer=employer, period=period, batch=batch, at=at)
    judged = check_lines(written, actor=actor, employer=employer, at=at, confirmed_repairs=confirmed_repairs, deps=partners().gathering())
    return CheckOut.write(period=str(period), documents=[part.document for part in written[1]], lines=judged)


def prepare(*, actor: Actor, list_: ToFile, certificate: bytes) -> bytes:
    """The answer's JSON: the drafts, and what the key outside must sign of each."""
    prepared = list_filing.prepare(actor=actor, list_=list_, certificate=certificate)
    first, *further = [DraftOut.of(part.document, part.draft, lines=part.lines) for part in prepared]
    return PreparationOut(**first.model_dump(), further=further).model_dump_json().encode()


def prepare_to_confirm(*, actor: Actor, list_: ToFile) -> bytes:
    """The answer's JSON: the documents, each to be confirmed by whoever acts for the unit."""
    first, *further = [ToConfirmOut.of(shown) for shown, _ in list_filing.prepare_to_confirm(actor=actor, list_=list_)]
    return ConfirmationPreparationOut(**first.model_dump(), further=further).model_dump_json().encode()
