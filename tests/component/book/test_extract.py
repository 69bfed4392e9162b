"""CF-01 from request to sealed extract, on a real ledger."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from bhxh.book import seal_keys
from bhxh.book.commands import seal_books
from bhxh.book.models import Version
from bhxh.dossiers.procedure import EffectsRequest, GrantedLine, Subject
from bhxh.kernel.actor import system_actor
from bhxh.kernel.errors import Defect, Invalid, NotFound
from bhxh.kernel.identifiers import Pin
from bhxh.procedures.confirmation_extract import PROCEDURE
from bhxh.procedures.confirmation_extract.extract import verify_extract
from bhxh.procedures.confirmation_extract.form import compose_document

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="confirmation_extract")
PIN = Pin("001199000000")


@pytest.fixture(autouse=True)
def bound_key(key: Any) -> Iterator[None]:
    before = list(seal_keys._bound)
    seal_keys.bind_seal_key(lambda: key)
    yield
    seal_keys._bound[:] = before


def _request(person_id: int, **wishes: str) -> EffectsRequest:
    filing = PROCEDURE.read(compose_document(PIN, wishes, asked_on=AT.date()))
    subject = Subject(person_id=person_id, pin=PIN, full_name="x", birth_on="", sex="", managed_by="mof")
    return EffectsRequest(
        actor=ACTOR,
        at=AT,
        dossier_id=UUID(int=1),
        dossier_code="G12.99.01-261121-0001",
        employer_id=None,
        filing=filing,
        lines=[GrantedLine(line=filing.lines[0], subject=subject, answer=None)],
    )


def _result(request: EffectsRequest) -> Any:
    assert PROCEDURE.result is not None
    [document] = PROCEDURE.result(request)
    return document


def test_the_extract_is_sealed_and_says_what_the_database_says(
    db: None, register: Callable[..., list[int]], post: Callable[..., None], key: Any, file_keys: Any
) -> None:
    [person_id] = register()
    post([person_id], "2026-08", "2026-09", "2026-10")
    [book] = seal_books(actor=ACTOR, at=AT, person_ids=[person_id], key=key)
    document = _result(_request(person_id, from_month="2026-09", purpose="vay vốn"))
    extract = json.loads(verify_extract(document.content, file_keys.key_set()).payload)
    assert (extract["months_in_period"], extract["totals"]["si_months"]) == (2, 3)
    assert extract["periods"][0]["unit_name"] == "Công ty TNHH Mẫu"
    assert extract["book"] == {
        "book_id": extract["book"]["book_id"],
        "is_sealed": True,
        "sha256": book.digest,
        "state": "ACTIVE",
        "version": 1,
    }
    assert extract["dossier_code"] == "G12.99.01-261121-0001"


def test_no_nid_change(db: None, register: Callable[..., list[int]]) -> None:
    [person_id] = register()
    assert PROCEDURE.effects(_request(person_id)).touched_person_ids == ()
    assert json.loads(_payload(_result(_request(person_id)).content))["book"]["is_sealed"] is False
    assert not Version.objects.exists(), "asking for an extract seals no book"


def test_a_changed_extract_is_refused(db: None, register: Callable[..., list[int]], file_keys: Any) -> None:
    [person_id] = register()
    content = _result(_request(person_id)).content
    with pytest.raises(Invalid):
        verify_extract(content.replace(b'"payload":"ey', b'"payload":"eY'), file_keys.key_set())


def test_another_custodians_person_gets_none(db: None, register: Callable[..., list[int]]) -> None:
    from bhxh.kernel.custodian import Custodian

    [soldier] = register(1, managed_by=Custodian.MPS)
    with pytest.raises(NotFound):
        _result(_request(soldier))


def test_without_a_bound_key_nothing_is_sealed(db: None, register: Callable[..., list[int]]) -> None:
    seal_keys._bound.clear()
    with pytest.raises(Defect) as caught:
        _result(_request(register()[0]))
    assert caught.value.code == "BOK-011"


def _payload(flattened: bytes) -> bytes:
    from bhxh.signing.base64url import decode

    return decode(json.loads(flattened)["payload"])
