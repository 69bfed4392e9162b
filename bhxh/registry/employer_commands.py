"""Register employers and record what becomes known of them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.identifiers import AgencyCode, EmployerCode, TaxCode
from bhxh.kernel.text import search_form, tidy
from bhxh.kernel.who import SYSTEM
from bhxh.registry.appending import append_keyed, next_ids
from bhxh.registry.errors import REG_BAD_FACT, REG_EMPLOYER_EXISTS, REG_NO_SUCH_EMPLOYER
from bhxh.registry.facts import SOURCE_COLUMNS, EmployerEntry, Provenance

_FACT_COLUMNS = ("name", "value", "valid_from", "valid_until", *SOURCE_COLUMNS)
_PRESENT = (
    "name",
    "agency_code",
    "industry",
    "enterprise_type",
    "wage_region",
    "email",
    "phone",
    "head_office_ward",
    "head_office_street",
    "legal_representative_pin",
    "status",
)
_COLUMNS = ("employer_id", "unit_code", "tax_code", "name_search", *_PRESENT, "recorded_at")
_SINCE_EVER = date(1900, 1, 1)
"""WHY: from when a first registration's facts hold is not told to us."""


@command(by=SYSTEM)
def register_employer(
    *,
    actor: Actor,
    at: datetime,
    unit_code: str,
    tax_code: str,
    name: str,
    agency_code: str,
    wage_region: int,
    provenance: Provenance,
    industry: str = "",
    enterprise_type: str = "OTHER",
    email: str = "",
    phone: str = "",
    head_office_ward: str = "",
    head_office_street: str = "",
    legal_representative_pin: str = "",
) -> int:
    """Register one employer; see register_employers. Returns the employer_id."""
    entry = EmployerEntry(
        unit_code=unit_code,
        tax_code=tax_code,
        name=name,
        agency_code=agency_code,
        wage_region=wage_region,
        industry=industry,
        enterprise_type=enterprise_type,
        email=email,
        phone=phone,
        head_office_ward=head_office_ward,
        head_office_street=head_office_street,
        legal_representative_pin=legal_representative_pin,
    )
    [employer_id] = _register(actor=actor, at=at, entries=[entry], provenance=provenance)
    return employer_id


@command(by=SYSTEM)
def register_employers(*, actor: Actor, at: datetime, entries: Sequence[EmployerEntry], provenance: Provenance) -> dict[str, int]:
    """Register employers who are not here yet, set-based. Returns employer_ids by unit code.

    Raises: Conflict REG-007 where a unit code or tax code is taken; Invalid KER-002 where a code is malformed.
    """
    ids = _register(actor=actor, at=at, entries=entries, provenance=provenance)
    return {str(EmployerCode.parse(entry.unit_code)): employer_id for entry, employer_id in zip(entries, ids, strict=True)}


def _register(*, actor: Actor, at: datetime, entries: Sequence[EmployerEntry], provenance: Provenance) -> list[int]:
    ids = next_ids("registry_employer_id", len(entries))
    rows: list[dict[str, Any]] = []
    facts: list[tuple[int, Sequence[object]]] = []
    source = provenance.as_columns(at)
    for entry, employer_id in zip(entries, ids, strict=True):
        row = {
            "employer_id": employer_id,
            "unit_code": str(EmployerCode.parse(entry.unit_code)),
            "tax_code": str(TaxCode.parse(entry.tax_code)) if entry.tax_code else "",
            "name": tidy(entry.name),
            "name_search": search_form(entry.name),
            "agency_code": str(AgencyCode.parse(entry.agency_code)),
            "industry": entry.industry,
            "enterprise_type": entry.enterprise_type,
            "wage_region": entry.wage_region,
            "email": tidy(entry.email),
            "phone": tidy(entry.phone),
            "head_office_ward": entry.head_office_ward,
            "head_office_street": tidy(entry.head_office_street),
            "legal_representative_pin": entry.legal_representative_pin,
            "status": "ACTIVE",
            "recorded_at": at.isoformat(),
        }
        rows.append(row)
        stated = {**{name: row[name] for name in _PRESENT if row[name] != ""}, **dict(entry.extra)}
        facts += [(employer_id, (name, orjson.dumps(value).decode(), _SINCE_EVER, None, *source)) for name, value in stated.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO registry_employer ({', '.join(_COLUMNS)})"
            f" SELECT {', '.join(_COLUMNS)} FROM jsonb_populate_recordset(NULL::registry_employer, %s::jsonb)"
            " ON CONFLICT DO NOTHING RETURNING employer_id",
            [orjson.dumps(rows).decode()],
        )
        written = {row[0] for row in cursor.fetchall()}
    for position, employer_id in enumerate(ids):
        if employer_id not in written:
            raise Conflict(REG_EMPLOYER_EXISTS, where=f"entries[{position}]", position=position)
    append_keyed("registry_employer_fact", "employer_id", _FACT_COLUMNS, facts)
    record(
        actor=actor,
        at=at,
        verb="registry.employer.register",
        dossier_id=provenance.dossier_id,
        detail={"employer_ids": ids if len(ids) <= 20 else [ids[0], ids[-1]], "count": len(ids)},
    )
    return ids


@command(by=SYSTEM)
def record_employer_facts(
    *, actor: Actor, at: datetime, employer_id: int, facts: Mapping[str, Json], valid_from: date, provenance: Provenance
) -> None:
    """State facts of an employer from a day on; those of the present-state row are changed there too.

    Raises: NotFound REG-006; Invalid REG-005 for a unit code or tax code (they identify, they do not change).
    """
    if set(facts) & {"unit_code", "tax_code", "employer_id"}:
        raise Invalid(REG_BAD_FACT, where="facts", name="unit_code")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM registry_employer WHERE employer_id = %s FOR UPDATE", [employer_id])
        if cursor.fetchone() is None:
            raise NotFound(REG_NO_SUCH_EMPLOYER)
        present: dict[str, Any] = {name: value for name, value in facts.items() if name in _PRESENT and value is not None}
        if present and valid_from <= day_in_vietnam(at):
            if "name" in present:
                present["name_search"] = search_form(str(present["name"]))
            assignments = ", ".join(f"{name} = %s" for name in present)
            cursor.execute(
                f"UPDATE registry_employer SET {assignments}, recorded_at = %s WHERE employer_id = %s",
                [*present.values(), at, employer_id],
            )
    source = provenance.as_columns(at)
    append_keyed(
        "registry_employer_fact",
        "employer_id",
        _FACT_COLUMNS,
        [(employer_id, (name, orjson.dumps(value).decode(), valid_from, None, *source)) for name, value in facts.items()],
    )
    record(
        actor=actor,
        at=at,
        verb="registry.employer.record_facts",
        dossier_id=provenance.dossier_id,
        detail={"employer_id": employer_id, "names": sorted(facts)},
    )
