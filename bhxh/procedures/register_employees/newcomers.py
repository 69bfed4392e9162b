"""Who a granted line speaks of: persons we know by number, and those registered now, from the population register's answer. Set-based."""

from collections.abc import Sequence
from datetime import date

from bhxh.dossiers.procedure import EffectsRequest, GrantedLine
from bhxh.kernel.errors import Conflict
from bhxh.kernel.identifiers import Pin
from bhxh.procedures.register_employees import errors
from bhxh.procedures.register_employees.evidence import answered, find_facts
from bhxh.procedures.register_employees.form import Line
from bhxh.registry.commands import record_verification, register_persons
from bhxh.registry.facts import IdentityFacts, PersonEntry, Provenance, Scheme, Verification, VerificationResult
from bhxh.registry.queries import find_persons

_OWN_WORD = "register_employees"


def find_or_register(request: EffectsRequest, lines: Sequence[tuple[GrantedLine, Line]]) -> dict[str, int]:
    """The person of each line by personal number; who is not here yet is registered in one call, each with its own provenance.

    Raises: Conflict D02-122 where a newcomer's name, birth date or sex is known from nowhere; what the registry raises.
    """
    found = find_persons([(Scheme.PIN, granted.line.pin) for granted, _ in lines])
    person_ids = {value: summary.person_id for (_, value), summary in found.items()}
    entries: dict[str, PersonEntry] = {}
    for granted, line in lines:
        if granted.line.pin not in person_ids and granted.line.pin not in entries:
            entries[granted.line.pin] = _entry(granted, line, request)
    if not entries:
        return person_ids
    own = submitted(request)
    registered = register_persons(actor=request.actor, at=request.at, entries=list(entries.values()), provenance=own)
    results = [
        VerificationResult(person_id=registered[pin], verification=Verification.VERIFIED, provenance=entry.provenance)
        for pin, entry in entries.items()
        if entry.provenance is not None
    ]
    if results:
        record_verification(actor=request.actor, at=request.at, results=results, provenance=own)
    return {**person_ids, **registered}


def submitted(request: EffectsRequest) -> Provenance:
    """What the filer's own word says: from this dossier."""
    return Provenance(
        source_kind="SUBMITTER",
        source_system=_OWN_WORD,
        source_record_id=request.dossier_code,
        fetched_at=request.at,
        dossier_id=request.dossier_id,
    )


def _provenance(granted: GrantedLine, request: EffectsRequest) -> Provenance | None:
    """The register that answered; None where only the filer says it."""
    answer = granted.answer
    if answer is None or not answered(answer):
        return None
    return Provenance(
        source_kind=answer.source_kind.value,
        source_system=answer.source_system,
        source_record_id=answer.record_id,
        fetched_at=answer.fetched_at,
        content_sha256=answer.content_sha256,
        dossier_id=request.dossier_id,
    )


def _entry(granted: GrantedLine, line: Line, request: EffectsRequest) -> PersonEntry:
    facts = find_facts(line, granted.answer, granted.subject)
    if not {"full_name", "birth_on", "sex"} <= facts.keys():
        raise Conflict(errors.CODE_NOT_CARRIED_OUT, change_code=line.change_code, line=granted.line.number)
    born = facts["birth_on"].value
    identity = IdentityFacts(
        full_name=facts["full_name"].value,
        birth_on=date(int(born[:4]), int(born[5:7] or 1), int(born[8:10] or 1)),
        birth_precision={4: "YEAR", 7: "MONTH"}.get(len(born), "DAY"),
        sex=facts["sex"].value,
        nationality=line.nationality or "VN",
        ethnicity=line.ethnicity,
    )
    source = _provenance(granted, request)
    return PersonEntry(identity=identity, pin=Pin(granted.line.pin), email=line.email, mobile_phone=line.phone, provenance=source)
