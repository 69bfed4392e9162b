"""Who files for themselves, and their own dossier by its code, for pages and the API alike: whose it is, and what they may do further."""

from bhxh.access.authority import Standing
from bhxh.access.permissions import check_file, may_see_dossier
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.queries import get_dossier
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import NotFound, Sentence


def own_actor(signed_in: SignedIn, *, purpose: str = "own_dossiers") -> tuple[Actor, int]:
    """The person, or who represents them; and whose filing it is. Raises NotAllowed as `SignedIn.actor`, ACC-020."""
    actor = signed_in.actor(purpose)
    check_file(actor, filer="person", person_id=actor.for_person_id)
    assert actor.for_person_id is not None, "check_file lets nobody through without a person"
    return actor, actor.for_person_id


def find_own(who: Standing, code: str, *, absent: Sentence) -> DossierView:
    """The dossier, for its filer only, and as far as a mandate reaches.

    Raises: NotFound `absent`. WHY the same as for somebody else's: the code would tell the two apart.
    """
    try:
        dossier = get_dossier(code)
    except NotFound:
        raise NotFound(absent) from None
    if not may_see(who, dossier):
        raise NotFound(absent)
    return dossier


def may_see(who: Standing, dossier: DossierView) -> bool:
    """Whether it is theirs."""
    return may_see_dossier(
        who.actor,
        filer_person_id=dossier.person_id,
        filer_employer_id=dossier.employer_id,
        procedure=dossier.procedure_slug,
        authority=who.authority,
        machine=who.machine,
    )


def check_file_further(who: Standing, dossier: DossierView) -> None:
    """Adding to a dossier is filing. Raises NotAllowed ACC-020."""
    check_file(
        who.actor,
        filer="person" if dossier.employer_id is None else "employer",
        person_id=dossier.person_id,
        employer_id=dossier.employer_id,
        procedure=dossier.procedure_slug,
        authority=who.authority,
        machine=who.machine,
    )
