"""What is written down of conversions and prints. Each is one transaction with its entry in the log; nothing written is ever changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from bhxh.access.roles import OfficerRole
from bhxh.audit.commands import command, record
from bhxh.conversion.certificates import Certificate, Organisation, Printed
from bhxh.conversion.errors import (
    CNV_NOT_NOW,
    CNV_PAGES_DIFFER,
    CNV_SAME_FILE_TWICE,
    CNV_TOO_MANY_PAGES,
    CNV_WORDS,
)
from bhxh.conversion.facts import CaseView, Converter, Scanned
from bhxh.conversion.letters import compose_notice
from bhxh.conversion.models import Case, CaseStep, PrintCopy
from bhxh.conversion.originals import ORIGINALS, Original, Paper
from bhxh.conversion.policies import acting_converter, check_certifier, check_may_follow, is_already_proposed
from bhxh.conversion.queries import get_case
from bhxh.conversion.readability import ReadableFrom
from bhxh.conversion.states import NAMES, Step
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.ids import uuid7
from bhxh.kernel.text import tidy
from bhxh.kernel.who import officer
from bhxh.notices.commands import enqueue
from bhxh.registry.queries import get_person
from bhxh.warehouse.commands import Conversion, Stored, put_stored
from bhxh.warehouse.owners import Owner

FEWEST_CHARACTERS, MOST_CHARACTERS = 10, 1000  # LIMIT: fewer say nothing
_CONVERTERS = officer(OfficerRole.CONVERTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """What a conversion made: it lies in the store already, and nobody sees it before a row says so."""

    stored: Stored
    certificate: Certificate


@command(by=_CONVERTERS)
def open_case(
    *, actor: Actor, at: datetime, owner: Owner, original: Original, paper: Paper, declared_pages: int, limits: ReadableFrom
) -> UUID:
    """A paper came to the desk. How many pages it has is said before anything is scanned.

    Raises: NotAllowed CNV-010; Conflict CNV-014; Invalid CNV-007.
    """
    by = acting_converter(actor, owner)
    if not 1 <= declared_pages <= limits.most_pages:
        raise Invalid(CNV_TOO_MANY_PAGES, where="pages", most=limits.most_pages)
    case_id = uuid7(at)
    Case.objects.create(
        owner_id=owner.id,
        owner_kind=owner.kind,
        case_id=case_id,
        original=original.value,
        paper=paper.value,
        declared_pages=declared_pages,
        opened_by=by.account,
        opened_by_person_id=by.person_id,
        agency_code=by.agency_code,
        at=at,
    )
    _record(actor, at, "conversion.case.open", owner, {"case": str(case_id), "original": original.value, "pages": declared_pages})
    return case_id


@command(by=_CONVERTERS)
def propose(*, actor: Actor, at: datetime, case_id: UUID, scanned: Scanned, remarks: str) -> None:
    """These scans are the paper, every page compared. The same again changes nothing.

    Raises: NotFound CNV-012; NotAllowed CNV-010; Conflict CNV-013, CNV-014; Invalid CNV-001, CNV-018, CNV-021.
    """
    case = get_case(case_id)
    by = acting_converter(actor, case.owner)
    if is_already_proposed(case, actor, scanned):
        _record(actor, at, "conversion.case.repeat", case.owner, {"case": str(case_id)})
        return
    if len(scanned.pages) != case.declared_pages:
        raise Invalid(CNV_PAGES_DIFFER, where="items", declared=case.declared_pages, found=len(scanned.pages))
    if len({scan.sha256 for scan in scanned.scans}) != len(scanned.scans):
        raise Invalid(CNV_SAME_FILE_TWICE, where="items")
    remarks = tidy(remarks)
    if len(remarks) > MOST_CHARACTERS:
        raise Invalid(CNV_WORDS, where="remarks", fewest=0, most=MOST_CHARACTERS)
    _write(case, Step.PROPOSED, by, at, words=remarks, scans=scanned.as_json())
    _record(actor, at, "conversion.case.propose", case.owner, {"case": str(case_id), "pages": len(scanned.pages)})


@command(by=_CONVERTERS)
def certify(*, actor: Actor, at: datetime, case: CaseView, made: MadeFile, organisation: Organisation) -> UUID:
    """The converted file is a paper of its owner from now on, with a letter that says so. `case` is what the certificate was made of.

    Shape:  where the kind of paper declares a second person, this is another officer, and another human being, than who proposed.
    Raises: NotAllowed CNV-010, CNV-011; Conflict CNV-013, CNV-014, CNV-015.
    """
    by = check_certifier(actor=actor, at=at, case=case)
    facts, proposed = ORIGINALS[case.original], case.proposed
    assert proposed is not None, "the check above lets nothing else through"
    item_id = put_stored(
        actor=actor,
        at=at,
        owner=case.owner,
        stored=made.stored,
        kind=f"converted_{case.original.value}",
        title_vi=f"{facts.vi} (bản chuyển đổi từ giấy)",
        title_en=f"{facts.en} (converted from paper)",
        provenance={
            "source_kind": "OFFICER",
            "source_system": "conversion",
            "source_record_id": str(case.case_id),
            "code": made.certificate.code,
            "from": [scan.sha256 for scan in case.scanned.scans],
        },
        conversion=Conversion(
            direction="TO_ELECTRONIC", from_sha256=case.scanned.scans[0].sha256, converted_by=proposed.by, converted_at=at
        ),
    )
    _write(
        case,
        Step.CERTIFIED,
        by,
        at,
        item_id=item_id,
        file_sha256=made.stored.sha256,
        code=made.certificate.code,
        certificate=made.certificate.sealed,
    )
    _tell(actor, at, case, Step.CERTIFIED, organisation)
    detail: dict[str, Json] = {"case": str(case.case_id), "item": str(item_id), "code": made.certificate.code, "kid": made.certificate.kid}
    _record(actor, at, "conversion.case.certify", case.owner, {**detail, "proposed_by": proposed.by})
    return item_id


@command(by=_CONVERTERS)
def decline(*, actor: Actor, at: datetime, case_id: UUID, words: str) -> None:
    """The scans are not the paper, or not all of it. Raises NotFound CNV-012; NotAllowed CNV-010; Conflict CNV-013, CNV-014; Invalid CNV-018."""
    _end(actor, at, case_id, Step.DECLINED, words)


@command(by=_CONVERTERS)
def withdraw(*, actor: Actor, at: datetime, case_id: UUID, words: str, organisation: Organisation) -> None:
    """What was certified is wrong: whoever verifies it is told from now on, and its owner by letter. The file stays where it is.

    Raises: as `decline` does.
    """
    _end(actor, at, case_id, Step.WITHDRAWN, words)
    _tell(actor, at, get_case(case_id), Step.WITHDRAWN, organisation)


@command(by=_CONVERTERS)
def record_print(
    *, actor: Actor, at: datetime, owner: Owner, print_id: UUID, printed: Printed, item_id: UUID | None, made: MadeFile
) -> UUID:
    """A print copy was made; it is kept with its owner, so that the paper can be compared with it. Returns its id, or that of the same one made before.

    Raises: NotAllowed CNV-010; Conflict CNV-014.
    """
    by, made_on = acting_converter(actor, owner), day_in_vietnam(at)
    before = PrintCopy.objects.filter(
        owner_id=owner.id, owner_kind=owner.kind, original_sha256=printed.sha256, by=by.account, made_on=made_on
    )
    if (first := before.values_list("print_id", flat=True).first()) is not None:
        _record(actor, at, "conversion.print.repeat", owner, {"print": str(first)})
        return UUID(str(first))
    kept = put_stored(
        actor=actor,
        at=at,
        owner=owner,
        stored=made.stored,
        kind="print_copy",
        title_vi=f"{printed.vi} (bản in chuyển đổi sang giấy)",
        title_en=f"{printed.en} (print copy)",
        provenance={
            "source_kind": "OFFICER",
            "source_system": "conversion",
            "source_record_id": str(print_id),
            "code": made.certificate.code,
        },
        conversion=Conversion(direction="TO_PAPER", from_sha256=printed.sha256, converted_by=by.account, converted_at=at),
    )
    try:
        PrintCopy.objects.create(
            owner_id=owner.id,
            owner_kind=owner.kind,
            print_id=print_id,
            original_sha256=printed.sha256,
            original_item_id=item_id,
            original_code=printed.code,
            kind=printed.kind,
            pages=printed.pages,
            by=by.account,
            by_person_id=by.person_id,
            agency_code=by.agency_code,
            at=at,
            made_on=made_on,
            item_id=kept,
            file_sha256=made.stored.sha256,
            code=made.certificate.code,
            certificate=made.certificate.sealed,
        )
    except IntegrityError:
        raise Conflict(CNV_NOT_NOW, state="", state_en="") from None
    detail: dict[str, Json] = {"print": str(print_id), "item": str(kept), "from": printed.sha256, "code": made.certificate.code}
    _record(actor, at, "conversion.print.make", owner, detail)
    return print_id


def _end(actor: Actor, at: datetime, case_id: UUID, step: Step, words: str) -> None:
    case = get_case(case_id)
    by, words = acting_converter(actor, case.owner), tidy(words)
    if not FEWEST_CHARACTERS <= len(words) <= MOST_CHARACTERS:
        raise Invalid(CNV_WORDS, where="words", fewest=FEWEST_CHARACTERS, most=MOST_CHARACTERS)
    _write(case, step, by, at, words=words)
    _record(actor, at, f"conversion.case.{'decline' if step is Step.DECLINED else 'withdraw'}", case.owner, {"case": str(case_id)})


def _write(case: CaseView, step: Step, by: Converter, at: datetime, **values: object) -> None:
    """The next step. WHY the number: it is the key, so that of two at once the later one is refused, whichever they were."""
    check_may_follow(case, step)
    try:
        CaseStep.objects.create(
            owner_id=case.owner.id,
            owner_kind=case.owner.kind,
            case_id=case.case_id,
            n=len(case.steps) + 1,
            step=step.value,
            by=by.account,
            by_person_id=by.person_id,
            agency_code=by.agency_code,
            at=at,
            **{"words": "", "scans": {}, **values},
        )
    except IntegrityError:
        vi, en = NAMES[case.state]
        raise Conflict(CNV_NOT_NOW, state=vi, state_en=en) from None


def _tell(actor: Actor, at: datetime, case: CaseView, step: Step, organisation: Organisation) -> None:
    """A person is written to. WHY no organisation: no address of one is known apart from its dossiers; it sees the paper in its warehouse."""
    if case.owner.kind == "person":
        recipient = get_person(case.owner.id).email
        enqueue(actor=actor, at=at, notice=compose_notice(case, step, at=at, organisation=organisation, recipient=recipient))


def _record(actor: Actor, at: datetime, verb: str, owner: Owner, detail: Mapping[str, Json]) -> None:
    about = {**detail, "owner_kind": owner.kind, "owner_id": owner.id}
    record(actor=actor, at=at, verb=verb, person_id=owner.id if owner.kind == "person" else None, detail=about)
