"""What a filer downloads: real receipts and decisions as PDF, for their filer only."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.test import RequestFactory

from bhxh.access.authority import Standing, representative_of
from bhxh.doors.api import dossiers as door
from bhxh.dossiers import queries
from bhxh.dossiers.rendering import payload_of
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import NotFound
from tests.dossier_kit import World


@dataclass(frozen=True)
class Caller:
    """A signed-in legal representative whose actor is known."""

    who: Actor

    def standing(self, purpose: str) -> Standing:
        assert self.who.employer_id is not None
        return Standing(actor=replace(self.who, purpose=purpose), authority=representative_of(self.who.employer_id))


def request_of(actor: Actor) -> Any:
    request = RequestFactory().get("/")
    request.auth = Caller(actor)  # type: ignore[attr-defined]
    return request


def test_the_filer_gets_receipt_and_decisions_with_the_sealed_original_inside(world: World) -> None:
    receipt = world.file("grant", "refuse", "grant")
    world.gather(receipt.dossier_id)
    request = request_of(world.clerk)
    letter = door.show_receipt_pdf(request, receipt.code)
    assert letter["Content-Type"] == "application/pdf"
    assert letter["Content-Disposition"] == f'inline; filename="giay-tiep-nhan-{receipt.code}.pdf"'
    assert letter.content.startswith(b"%PDF")
    assert b"giay-tiep-nhan.json" in letter.content
    decision = door.show_decision_pdf(request, receipt.code, 1)
    assert decision.content.startswith(b"%PDF")
    assert b"quyet-dinh.json" in decision.content
    assert decision.content == door.show_decision_pdf(request, receipt.code, 1).content
    [stored] = queries.get_decisions(receipt.dossier_id)
    assert payload_of(stored.sealed) == stored.payload


def test_nobody_else_gets_them(world: World) -> None:
    receipt = world.file("grant")
    world.gather(receipt.dossier_id)
    stranger = request_of(replace(world.clerk, employer_id=(world.clerk.employer_id or 0) + 1))
    with pytest.raises(NotFound):
        door.show_receipt_pdf(stranger, receipt.code)
    with pytest.raises(NotFound):
        door.show_decision_pdf(stranger, receipt.code, 1)
    with pytest.raises(NotFound):
        door.show_decision_pdf(request_of(world.clerk), receipt.code, 2)
