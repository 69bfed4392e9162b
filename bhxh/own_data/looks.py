"""Who looked at a person's data, in words that person understands: organisation and role, when, why, which data, which dossier or consent.

Accounts, logins and other people's names stay inside: an officer is told by office and role, with the name as the rules allow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bhxh.access.recipients import Holder, name_accounts
from bhxh.audit.queries import LookSeen, list_looks
from bhxh.audit.shown import groups_of, words_of
from bhxh.dossiers import catalogue
from bhxh.dossiers.queries import list_codes
from bhxh.kernel.actor import ActorKind, LegalBasis
from bhxh.kernel.officer_names import OfficerNames, masked
from bhxh.own_data import words
from bhxh.own_data.words import Words
from bhxh.registry.queries import list_employers, list_persons

PAGE = 200  # LIMIT: longest page


class Recipient(StrEnum):
    """What sort of somebody looked."""

    YOU = "you"
    REPRESENTATIVE = "representative"
    PERSON = "person"
    EMPLOYER = "employer"
    OFFICE = "office"
    PROGRAM = "program"
    INSTALLATION = "installation"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookTold:
    """One look in plain words."""

    look_id: UUID
    at: datetime
    what: str
    shown: Words
    groups: tuple[tuple[str, str, str], ...]
    """(slug, Vietnamese, English)."""
    recipient: Recipient
    who: Words
    purpose: str
    why: Words
    legal_basis: str
    basis: Words
    reason: str
    """An officer's own words, where they had to give a reason."""
    dossier_code: str
    consent_id: UUID | None
    mandate_id: UUID | None


@dataclass(frozen=True, slots=True)
class Office:
    """How offices and officers are named."""

    own_code: str
    own_name: str
    officer_names: OfficerNames


def tell_looks(
    person_id: int, *, office: Office, before: UUID | None = None, is_without_own: bool = False, limit: int = PAGE
) -> tuple[LookTold, ...]:
    """A page of the looks at one person's data, latest first. The number of statements does not grow with the page.

    Shape:  `before` is the last look of the page before; `is_without_own` leaves out what the person did for themselves.
    """
    own = person_id if is_without_own else None
    return in_words(person_id, list_looks(person_id, before=before, except_by_person_id=own, limit=min(limit, PAGE)), office=office)


def in_words(person_id: int, looks: Sequence[LookSeen], *, office: Office) -> tuple[LookTold, ...]:
    """The same for looks already read."""
    holders = name_accounts({look.account for look in looks})
    ids = {look.employer_id for look in looks if look.employer_id}
    employers = {employer_id: employer.name for employer_id, employer in list_employers(ids).items()} if ids else {}
    codes = list_codes({look.dossier_id for look in looks if look.dossier_id})
    named = {holder.person_id for holder in holders.values() if holder.person_id and office.officer_names is not OfficerNames.NONE}
    officers = {found: person.full_name for found, person in list_persons(named).items()} if named else {}
    return tuple(_told(person_id, look, office, holders, employers, officers, codes) for look in looks)


def _told(
    person_id: int,
    look: LookSeen,
    office: Office,
    holders: Mapping[str, Holder],
    employers: Mapping[int, str],
    officers: Mapping[int, str],
    codes: Mapping[UUID, str],
) -> LookTold:
    recipient, who = _who(person_id, look, office, holders, employers, officers)
    shown, code = words_of(look.what), codes.get(look.dossier_id, "") if look.dossier_id else ""
    return LookTold(
        look_id=look.look_id,
        at=look.at,
        what=look.what,
        shown=(shown.vi, shown.en),
        groups=groups_of(look.what, look.groups),
        recipient=recipient,
        who=who,
        purpose=look.purpose,
        why=_why(look.purpose, code),
        legal_basis=look.legal_basis,
        basis=words.BASES.get(LegalBasis(look.legal_basis), (look.legal_basis, look.legal_basis)),
        reason=look.reason,
        dossier_code=code,
        consent_id=look.consent_id,
        mandate_id=look.mandate_id,
    )


def _who(
    person_id: int, look: LookSeen, office: Office, holders: Mapping[str, Holder], employers: Mapping[int, str], officers: Mapping[int, str]
) -> tuple[Recipient, Words]:
    match ActorKind(look.actor_kind):
        case ActorKind.OFFICER:
            return Recipient.OFFICE, _officer(look, office, holders.get(look.account, Holder()), officers)
        case ActorKind.MACHINE:
            name = holders.get(look.account, Holder()).name
            return Recipient.PROGRAM, (name, name) if name else words.A_PROGRAM
        case ActorKind.SYSTEM:
            return Recipient.INSTALLATION, words.OF_THE_SYSTEM.get(look.account, words.INSTALLATION)
        case ActorKind.PERSON if look.employer_id is not None:
            name = employers.get(look.employer_id, "")
            return Recipient.EMPLOYER, (f"đơn vị {name}", f"employer {name}") if name else words.AN_EMPLOYER
        case ActorKind.PERSON if look.account.startswith("cli:"):
            return Recipient.OFFICE, words.COUNTER
        case ActorKind.PERSON if look.acting_person_id == person_id:
            return Recipient.YOU, words.YOU
        case ActorKind.PERSON if look.on_behalf_of_person_id == person_id:
            return Recipient.REPRESENTATIVE, words.YOUR_REPRESENTATIVE
        case _:
            return Recipient.PERSON, words.ANOTHER_PERSON


def _officer(look: LookSeen, office: Office, holder: Holder, officers: Mapping[int, str]) -> Words:
    """`Bảo hiểm xã hội X, cán bộ thẩm định (N.T.L.)`."""
    where = office.own_name if holder.agency_code in ("", office.own_code) else f"cơ quan bảo hiểm xã hội {holder.agency_code}"
    where_en = office.own_name if holder.agency_code in ("", office.own_code) else f"social insurance office {holder.agency_code}"
    roles = [words.ROLES.get(role, (role, role)) for role in look.roles]
    vi, en = (", ".join(role[language] for role in roles) for language in (0, 1))
    name = masked(officers.get(holder.person_id or 0, ""), office.officer_names)
    return f"{where}, cán bộ{_after(vi)}{_in_brackets(name)}", f"{where_en}, officer{_in_brackets(', '.join(filter(None, (en, name))))}"


def _after(text: str) -> str:
    return f" {text}" if text else ""


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""


def _why(purpose: str, dossier_code: str) -> Words:
    titles = {procedure.slug: (procedure.title_vi, procedure.title_en) for procedure in catalogue.list_procedures()}
    vi, en = words.PURPOSES.get(purpose) or titles.get(purpose) or (purpose, purpose)
    return (f"{vi}, hồ sơ {dossier_code}", f"{en}, dossier {dossier_code}") if dossier_code else (vi, en)
