"""Read conversions and print copies. Whoever shows one to somebody writes down the look first."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, cast
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import QuerySet

from bhxh.conversion.errors import CNV_NO_CASE, CNV_NO_PRINT
from bhxh.conversion.facts import CaseView, PrintView, Scanned, Standing, StepView
from bhxh.conversion.models import Case, CaseStep, PrintCopy
from bhxh.conversion.originals import ORIGINALS, Original, Paper
from bhxh.conversion.states import ConversionState, Step, state_after
from bhxh.dossiers.rendering import payload_of
from bhxh.kernel.errors import NotFound
from bhxh.warehouse.owners import Owner

PAGE = 200  # LIMIT: of a list; what waits longest is first


def get_case(case_id: UUID) -> CaseView:
    """Raises NotFound CNV-012."""
    found = _cases(Case.objects.filter(case_id=case_id))
    if not found:
        raise NotFound(CNV_NO_CASE)
    return found[0]


def get_certificate(case: CaseView) -> bytes:
    """The sealed certificate of a certified conversion. Raises NotFound CNV-012."""
    rows = CaseStep.objects.filter(owner_id=case.owner.id, owner_kind=case.owner.kind, case_id=case.case_id, step=Step.CERTIFIED.value)
    row = rows.first()
    if row is None or row.certificate is None:
        raise NotFound(CNV_NO_CASE)
    return bytes(row.certificate)


def list_waiting() -> tuple[CaseView, ...]:
    """What waits for a second converter, the oldest first."""
    needing = [original.value for original, facts in ORIGINALS.items() if facts.needs_second]
    # WHY by the last step in SQL: what was ever proposed grows for ever, what waits does not.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.case_id FROM conversion_case c JOIN conversion_step s USING (owner_id, owner_kind, case_id)"
            " WHERE c.original = ANY(%s) AND s.step = 'PROPOSED' AND NOT EXISTS (SELECT 1 FROM conversion_step l"
            " WHERE l.owner_id = s.owner_id AND l.owner_kind = s.owner_kind AND l.case_id = s.case_id AND l.n > s.n)"
            " ORDER BY c.case_id LIMIT %s",
            [needing, PAGE],
        )
        waiting = [row[0] for row in cursor.fetchall()]
    return _cases(Case.objects.filter(case_id__in=waiting))


def get_print(print_id: UUID) -> PrintView:
    """Raises NotFound CNV-023."""
    row = PrintCopy.objects.filter(print_id=print_id).first()
    if row is None:
        raise NotFound(CNV_NO_PRINT)
    return as_print(row)


def find_print(owner: Owner, *, original_sha256: str, by: str, made_on: date) -> PrintView | None:
    """What this officer printed of it on that day."""
    rows = PrintCopy.objects.filter(owner_id=owner.id, owner_kind=owner.kind)
    row = rows.filter(original_sha256=original_sha256, by=by, made_on=made_on).first()
    return None if row is None else as_print(row)


def find_withdrawn(item_id: UUID, *, owner: Owner) -> datetime | None:
    """When the conversion that this item came from was withdrawn; None where it is none, or holds."""
    made = CaseStep.objects.filter(owner_id=owner.id, owner_kind=owner.kind, item_id=item_id).first()
    return None if made is None else _withdrawn_at(made)


def find_code(item_id: UUID, *, owner: Owner) -> str:
    """What the conversion that this item came from is looked up by; empty where it is none."""
    code = CaseStep.objects.filter(owner_id=owner.id, owner_kind=owner.kind, item_id=item_id).values_list("code", flat=True).first()
    return code or ""


def find_standing(sha256: str) -> Standing | None:
    """For the public verification page: is a conversion of this code, or a file of this digest, ours, and does it hold."""
    made = CaseStep.objects.filter(code=sha256).first() or CaseStep.objects.filter(file_sha256=sha256).first()
    if made is not None:
        return _standing_of_scan(made)
    printed = PrintCopy.objects.filter(code=sha256).first() or PrintCopy.objects.filter(file_sha256=sha256).first()
    return None if printed is None else _standing_of_print(printed)


def list_of_owner(owner: Owner) -> tuple[tuple[CaseView, ...], tuple[PrintView, ...]]:
    """Everything ever converted for an owner, the oldest first: for a person's own copy."""
    cases = _cases(Case.objects.filter(owner_id=owner.id, owner_kind=owner.kind))
    prints = PrintCopy.objects.filter(owner_id=owner.id, owner_kind=owner.kind).order_by("print_id")
    return cases, tuple(map(as_print, prints))


def as_print(row: PrintCopy) -> PrintView:
    """A row as other rooms may see it."""
    return PrintView(
        print_id=row.print_id,
        owner=_owner(row.owner_kind, row.owner_id),
        kind=row.kind,
        original_sha256=row.original_sha256,
        original_item_id=row.original_item_id,
        original_code=row.original_code,
        pages=row.pages,
        by=row.by,
        at=row.at,
        item_id=row.item_id,
        file_sha256=row.file_sha256,
        code=row.code,
    )


def _cases(rows: QuerySet[Case]) -> tuple[CaseView, ...]:
    """With their steps, oldest first; two statements, however many."""
    found = list(rows.order_by("case_id"))
    steps: dict[UUID, list[CaseStep]] = defaultdict(list)
    for step in CaseStep.objects.filter(case_id__in=[row.case_id for row in found], owner_id__in={row.owner_id for row in found}).order_by(
        "n"
    ):
        steps[step.case_id].append(step)
    return tuple(_case(row, steps[row.case_id]) for row in found)


def _case(row: Case, steps: Iterable[CaseStep]) -> CaseView:
    done = list(steps)
    proposed = next((step for step in reversed(done) if step.step == Step.PROPOSED.value), None)
    certified = next((step for step in done if step.step == Step.CERTIFIED.value), None)
    return CaseView(
        case_id=row.case_id,
        owner=_owner(row.owner_kind, row.owner_id),
        original=Original(row.original),
        paper=Paper(row.paper),
        declared_pages=row.declared_pages,
        opened_by=row.opened_by,
        at=row.at,
        state=state_after(Step(step.step) for step in done),
        steps=tuple(
            StepView(
                n=step.n,
                step=Step(step.step),
                by=step.by,
                by_person_id=step.by_person_id,
                agency_code=step.agency_code,
                at=step.at,
                words=step.words,
            )
            for step in done
        ),
        scanned=Scanned.of(proposed.scans if proposed else {}),
        item_id=certified.item_id if certified else None,
        file_sha256=(certified.file_sha256 or "") if certified else "",
        code=(certified.code or "") if certified else "",
    )


def _standing_of_scan(made: CaseStep) -> Standing:
    case = Case.objects.get(owner_id=made.owner_id, owner_kind=made.owner_kind, case_id=made.case_id)
    facts = ORIGINALS[Original(case.original)]
    return Standing(
        direction="TO_ELECTRONIC",
        vi=facts.vi,
        en=facts.en,
        converted_at=made.at,
        agency_code=made.agency_code,
        pages=case.declared_pages,
        withdrawn_at=_withdrawn_at(made),
        owner=_owner(made.owner_kind, made.owner_id),
    )


def _standing_of_print(row: PrintCopy) -> Standing:
    owner = _owner(row.owner_kind, row.owner_id)
    # WHY from the certificate: the paper lasts longer than the original may be kept.
    original = orjson.loads(payload_of(bytes(row.certificate)))["original"]
    return Standing(
        direction="TO_PAPER",
        vi=original["vi"],
        en=original["en"],
        converted_at=row.at,
        agency_code=row.agency_code,
        pages=row.pages,
        withdrawn_at=None if row.original_item_id is None else find_withdrawn(row.original_item_id, owner=owner),
        original_sha256=row.original_sha256,
        original_code=row.original_code,
        owner=owner,
    )


def _withdrawn_at(made: CaseStep) -> datetime | None:
    rows = CaseStep.objects.filter(owner_id=made.owner_id, owner_kind=made.owner_kind, case_id=made.case_id)
    return rows.filter(step=ConversionState.WITHDRAWN.value).values_list("at", flat=True).first()


def _owner(kind: str, owner_id: int) -> Owner:
    return Owner(cast("Literal['person', 'employer']", kind), owner_id)


BOOK = ("Sổ bảo hiểm xã hội điện tử", "Electronic social insurance book")
"""What a print of a book calls its original."""
