"""Write a slice of the synthetic population with its histories, in text made for COPY: a million invented people in minutes.

What it writes is what the room's commands would, row for row (a test holds the two together), under one audit entry. It spares what invented
people have no need of: their codes are well formed, their text is tidy, and nobody else knows them before this transaction commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Final

from django.db import IntegrityError, connection

from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Conflict
from bhxh.kernel.text import search_form
from bhxh.kernel.who import SYSTEM
from bhxh.registry.appending import next_ids, own_custodian
from bhxh.registry.errors import REG_SYNTHETIC_NUMBER_TAKEN
from bhxh.registry.facts import SOURCE_COLUMNS, Provenance, Scheme
from bhxh.registry.synthetic import LAST_MONTH, Benefit, Spell, SyntheticCitizen, SyntheticEmployer

_NULL: Final = "~"
_HEAD: Final = "00"
_HOUSEHOLDS_FROM: Final = date(2025, 7, 1)
_SOURCE: Final = ", ".join(SOURCE_COLUMNS)
_HISTORY: Final = "person_id, n, {}, " + _SOURCE
_TABLES: Final = {
    "registry_identifier": "scheme, value, person_id, managed_by, recorded_at",
    "registry_person": "person_id, si_code, pin, full_name, full_name_search, birth_on, birth_precision, sex, nationality, ethnicity,"
    " permanent_ward, permanent_street, vital_status, verification, mismatch_fields, managed_by, recorded_at",
    "registry_contact": "person_id, email, mobile_phone, current_ward, current_street, preferred_channel, recorded_at",
    "registry_person_fact": _HISTORY.format("name, value, valid_from, valid_until"),
    "registry_household": "household_id, code, ward, street, recorded_at",
    "registry_household_member": _HISTORY.format("household_id, relation, from_on, until_on"),
    "registry_participation": _HISTORY.format(
        "employer_id, participant_type, job_title, workplace, wage_vnd, from_month, until_month, change_code, status, left_funds"
    ),
    "registry_health_card": _HISTORY.format(
        "card_code, participant_type, benefit_level, facility_code, valid_from, valid_until, five_year_on, area_code, state, reason"
    ),
    "registry_benefit_event": _HISTORY.format("scheme, decision_number, decided_on, from_on, until_on, amount_vnd, paying_office, status"),
    "registry_settlement_event": _HISTORY.format("scheme, dossier_code, settled_on, office, state"),
    "registry_unemployment_cover": _HISTORY.format("preserved_months, as_of_on, note"),
}


@command(by=SYSTEM)
def load_citizens(
    *,
    actor: Actor,
    at: datetime,
    citizens: Sequence[SyntheticCitizen],
    employers: Sequence[SyntheticEmployer],
    employer_ids: Sequence[int],
    provenance: Provenance,
) -> dict[str, int]:
    """Write citizens who are not here yet, members of a household one after the other. Returns person_ids by PIN.

    Of those kept by another custodian only the numbers are written down (the opaque marker).
    Raises: Conflict REG-015 where one of their numbers belongs to somebody.
    """
    ids = dict(zip((citizen.pin for citizen in citizens), next_ids("registry_person_id", len(citizens)), strict=True))
    ours = [citizen for citizen in citizens if citizen.managed_by is own_custodian()]
    rows = _Rows(at, provenance, employers, employer_ids)
    for citizen in citizens:
        rows.add_numbers(ids[citizen.pin], citizen)
    for citizen in ours:
        rows.add_person(ids[citizen.pin], citizen)
    heads = [list(members) for _, members in groupby(ours, key=lambda citizen: citizen.household)]
    # WHY the head: households whose head another custodian keeps, or nobody yet, wait.
    homes = [members for members in heads if members[0].relation == _HEAD]
    for household_id, members in zip(next_ids("registry_household_id", len(homes)), homes, strict=True):
        rows.add_household(household_id, members, ids)
    written = rows.write()
    record(actor=actor, at=at, verb="registry.person.load", dossier_id=provenance.dossier_id, detail={**written})
    return ids


@dataclass
class _Rows:
    """Rows as text, table by table."""

    at: datetime
    provenance: Provenance
    employers: Sequence[SyntheticEmployer]
    employer_ids: Sequence[int]
    of_table: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in _TABLES})

    def __post_init__(self) -> None:
        self._at = self.at.isoformat()
        self._source = "\t".join(_text(value) for value in self.provenance.as_columns(self.at)) + "\n"

    def add_numbers(self, person_id: int, citizen: SyntheticCitizen) -> None:
        end = f"\t{person_id}\t{citizen.managed_by.value}\t{self._at}\n"
        rows = self.of_table["registry_identifier"]
        rows.append(f"{Scheme.SI.value}\t{citizen.pin}{end}{Scheme.PIN.value}\t{citizen.pin}{end}")
        if citizen.old_si_code:
            rows.append(f"{Scheme.SI.value}\t{citizen.old_si_code}{end}")

    def add_person(self, person_id: int, citizen: SyntheticCitizen) -> None:
        person, birth_on, at, ours = citizen, citizen.birth_on.isoformat(), self._at, citizen.managed_by.value
        self.of_table["registry_person"].append(
            f"{person_id}\t{person.pin}\t{person.pin}\t{person.full_name}\t{search_form(person.full_name)}\t{birth_on}\tDAY\t{person.sex}"
            f"\t{person.nationality}\t{person.ethnicity}\t{person.ward_code}\t{person.street}\tALIVE\tUNVERIFIED\t[]\t{ours}\t{at}\n"
        )
        self.of_table["registry_contact"].append(f"{person_id}\t{person.email}\t{person.phone}\t\t\tEMAIL\t{at}\n")
        stated = (
            ("si_code", person.pin),
            ("pin", person.pin),
            ("full_name", person.full_name),
            ("birth_on", birth_on),
            ("birth_precision", "DAY"),
            ("sex", person.sex),
            ("nationality", person.nationality),
            ("ethnicity", person.ethnicity),
            ("permanent_ward", person.ward_code),
            ("permanent_street", person.street),
        )
        end = f"\t{birth_on}\t{_NULL}\t{self._source}"
        facts = [f'{person_id}\t{n}\t{name}\t"{value}"{end}' for n, (name, value) in enumerate(stated, start=1)]
        contact = f'{{"email": "{person.email}", "mobile_phone": "{person.phone}"}}'
        self.of_table["registry_person_fact"] += [*facts, f"{person_id}\t{len(facts) + 1}\tcontact\t{contact}{end}"]
        self._add_cover(person_id, person)
        self._add_benefits(person_id, person)
        participations = [text for spell in person.spells for text in self._participations(spell)]
        self._append("registry_participation", person_id, participations)

    def add_household(self, household_id: int, members: Sequence[SyntheticCitizen], ids: Mapping[str, int]) -> None:
        head = members[0]
        self.of_table["registry_household"].append(f"{household_id}\t\t{head.ward_code}\t{head.street}\t{self._at}\n")
        for member in members:
            text = f"{household_id}\t{member.relation}\t{_HOUSEHOLDS_FROM}\t{_NULL}"
            self._append("registry_household_member", ids[member.pin], [text])

    def write(self) -> dict[str, int]:
        """COPY all of it. Returns the rows of each table."""
        written: dict[str, int] = {}
        try:
            for table, columns in _TABLES.items():
                text = "".join(self.of_table[table])
                assert "\\" not in text, "COPY would read it as the beginning of an escape"
                with connection.wrap_database_errors, connection.cursor() as cursor:
                    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN (NULL '{_NULL}')") as copy:
                        copy.write(text.encode())
                    written[table.removeprefix("registry_")] = cursor.rowcount
        except IntegrityError:
            raise Conflict(REG_SYNTHETIC_NUMBER_TAKEN) from None
        return written

    def _append(self, table: str, person_id: int, texts: Sequence[str]) -> None:
        self.of_table[table] += [f"{person_id}\t{n}\t{text}\t{self._source}" for n, text in enumerate(texts, start=1)]

    def _participations(self, spell: Spell) -> list[str]:
        start = f"{self.employer_ids[spell.employer]}\t{spell.participant_type}\t{spell.job_title}\t\t"
        texts = [f"{wage}\t{month.number}\t{_NULL}\t{'DC' if n else 'TM'}\tWORKING" for n, (month, wage) in enumerate(spell.wages)]
        texts += [f"{spell.wage(begin)}\t{begin.number}\t{end.number}\tTS\tON_LEAVE" for begin, end in spell.leave]
        if spell.until_month is not None:
            texts.append(f"{spell.wages[-1][1]}\t{spell.until_month.number}\t{_NULL}\tGH\tENDED")
        return [f"{start}{text}\t" for text in texts]

    def _add_cover(self, person_id: int, citizen: SyntheticCitizen) -> None:
        if citizen.cards:
            card = citizen.cards[-1]
            self.of_table["registry_identifier"].append(
                f"{Scheme.HI.value}\t{card.code}\t{person_id}\t{citizen.managed_by.value}\t{self._at}\n"
            )
            days = f"{card.valid_from}\t{_text(card.valid_until)}\t{_text(card.five_year_on)}"
            text = f"{card.code}\t{card.code[:2]}\t{card.code[2]}\t{card.facility_code}\t{days}\t\t{card.state}\t"
            self._append("registry_health_card", person_id, [text])
        if citizen.preserved_ui_months is not None:
            self._append("registry_unemployment_cover", person_id, [f"{citizen.preserved_ui_months}\t{LAST_MONTH.plus(1).first_on}\t"])

    def _add_benefits(self, person_id: int, citizen: SyntheticCitizen) -> None:
        if not citizen.benefits:
            return
        office = self.employers[citizen.spells[-1].employer].agency_code if citizen.spells else f"0{citizen.province_code}01"
        self._append("registry_benefit_event", person_id, [_award(benefit, office) for benefit in citizen.benefits])
        settled = [f"{b.scheme}\t{b.dossier_code}\t{b.decided_on}\t{office}\tRESOLVED" for b in citizen.benefits]
        self._append("registry_settlement_event", person_id, settled)


def _award(benefit: Benefit, office: str) -> str:
    days = f"{benefit.decided_on}\t{benefit.from_on}\t{_text(benefit.until_on)}"
    return f"{benefit.scheme}\t{benefit.decision_number}\t{days}\t{benefit.amount_vnd}\t{office}\t{benefit.status}"


def _text(value: object) -> str:
    return _NULL if value is None else value.isoformat() if isinstance(value, date) else str(value)
