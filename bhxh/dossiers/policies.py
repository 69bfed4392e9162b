"""May this actor do this with this dossier? The facts are passed in; the default is no.

The account's side (sign-in, mandates, assurance level) is judged by the access room before an Actor exists.
"""

from collections.abc import Collection, Mapping
from typing import Final

from bhxh.access.roles import Grant, OfficerRole
from bhxh.dossiers.errors import DOS_FILER_DIFFERS, DOS_NOT_OFFICER, DOS_NOT_YOURS, DOS_OTHER_SIGNER_NOT_ENTITLED, DOS_SIGNER_NOT_ENTITLED
from bhxh.kernel.actor import Actor, ActorKind
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Invalid, NotAllowed
from bhxh.kernel.who import EMPLOYER, PERSON, REPRESENTATIVE, machine, officer

FILERS: Final = PERSON | REPRESENTATIVE | EMPLOYER
"""Whoever a dossier belongs to, in person; whose it is, the commands ask."""
FILERS_AND_PROGRAMS: Final = FILERS | machine(Grant.FILE_FOR_EMPLOYERS)
"""Who follows a dossier and adds to it: an employer's program does, under its mandate."""
FILING: Final = FILERS | officer(OfficerRole.RECEPTION) | machine(Grant.FILE_FOR_EMPLOYERS, Grant.FILE_FOR_PERSONS)
DECIDING_OFFICERS: Final = officer(OfficerRole.APPRAISER, OfficerRole.APPROVER)


def may_decide(actor: Actor) -> bool:
    """Whether the actor is an officer."""
    return actor.kind is ActorKind.OFFICER


def check_officer(actor: Actor) -> None:
    """Raises NotAllowed DOS-017."""
    if not may_decide(actor):
        raise NotAllowed(DOS_NOT_OFFICER)


def may_act_for_filer(actor: Actor, *, employer_id: int | None, person_id: int | None) -> bool:
    """Whether the actor acts for this filer: the organisation, the person, or somebody the person is represented by.

    Whoever is signed in for an organisation, or acts for a child, does not act for themselves at the same time, as everywhere (access,
    README).
    """
    if employer_id is not None:
        return actor.employer_id == employer_id
    return person_id is not None and actor.employer_id is None and person_id == actor.for_person_id


def check_filer(actor: Actor, *, employer_id: int | None, person_id: int | None) -> None:
    """Raises NotAllowed DOS-027."""
    if not may_act_for_filer(actor, employer_id=employer_id, person_id=person_id):
        raise NotAllowed(DOS_NOT_YOURS)


def check_document_filer(actor: Actor, *, employer_id: int | None, person_id: int | None) -> None:
    """The document's filer is the account's. Raises Invalid DOS-007."""
    if not may_act_for_filer(actor, employer_id=employer_id, person_id=person_id):
        raise Invalid(DOS_FILER_DIFFERS)


def check_signer(*, serial: str, tax_code: str, pin: str, employer: Mapping[str, Json], acting_pin: str, person_pin: str) -> None:
    """The certificate may speak for the filer: the unit's own, its legal representative's, or the acting person's own.

    Shape:  `employer` is empty where a person files; `acting_pin` is that of the signed-in person, whose mandate made the Actor.
    Raises: NotAllowed DOS-006. An empty number never equals anything.
    """
    if employer:
        is_units = bool(tax_code) and tax_code == employer.get("tax_code")
        is_persons = bool(pin) and pin in (employer.get("legal_representative_pin"), acting_pin)
        # WHY: a certificate that names another organisation speaks for that one, whoever holds it. A person's own tax code is the PIN.
        if is_units or (is_persons and tax_code in ("", pin)):
            return
    elif pin and pin == person_pin:
        return
    raise NotAllowed(DOS_SIGNER_NOT_ENTITLED, serial=serial)


def check_other_signer(role: str, *, serial: str, tax_code: str, pin: str, listed_pins: Collection[str], agency_tax_code: str) -> None:
    """Somebody who signed beside the filer is who their place says: a worker of the list in person, or the agency that receives it.

    Raises: NotAllowed DOS-051. An empty number never equals anything.
    """
    if role == "worker" and pin and pin in listed_pins and tax_code in ("", pin):
        return
    if role == "agency" and agency_tax_code and tax_code == agency_tax_code:
        return
    raise NotAllowed(DOS_OTHER_SIGNER_NOT_ENTITLED, serial=serial, role=role)
