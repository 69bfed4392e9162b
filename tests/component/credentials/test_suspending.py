"""A book withdrawn for a time and given back: two officers, a new version, a letter."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bhxh.audit.models import Entry
from bhxh.book.queries import get_payload_and_sealed, list_present
from bhxh.book.states import BookState
from bhxh.credentials.commands import issue
from bhxh.credentials.contents import Kind
from bhxh.credentials.models import Proposal
from bhxh.credentials.suspension_commands import approve_state, decline_state, propose_state
from bhxh.credentials.suspension_queries import find_own_standing, get_proposal, list_open_proposals
from bhxh.credentials.suspensions import Act, Reason
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from bhxh.notices.models import Message
from bhxh.registry.commands import record_contacts
from bhxh.registry.facts import ContactRow
from tests.component.credentials.test_issuing import ACTOR, AT, ISSUER, SOURCE, holder

__all__ = ["holder"]
WORDS = "Hồ sơ hưởng có chữ ký không phải của người lao động."


def _officer(login: str, *roles: str, person_id: int | None = None) -> Actor:
    return Actor(
        kind=ActorKind.OFFICER,
        account=f"officer:{login}",
        request_id="r1",
        purpose="decide",
        legal_basis=LegalBasis.LEGAL_DUTY,
        person_id=person_id,
        assurance_level=2,
        roles=frozenset(roles),
    )


LAN, MINH = _officer("lan", "APPRAISER", "APPROVER"), _officer("minh", "APPROVER")


def _propose(person_id: int, act: Act = Act.SUSPEND, reason: Reason = Reason.SUSPECTED_FORGERY, **more: Any) -> UUID:
    return propose_state(**{"actor": LAN, "at": AT, "person_id": person_id, "act": act, "reason": reason, "words": WORDS, **more})


def _approve(proposal_id: UUID, key: Any, actor: Actor = MINH, days: int = 1, list_key: Any = None) -> None:
    issuer = replace(ISSUER, name="BHXH Mẫu")
    approve_state(actor=actor, at=AT + timedelta(days=days), proposal_id=proposal_id, issuer=issuer, key=key, list_key=list_key or key)


def _state(person_id: int) -> BookState:
    return list_present([person_id])[person_id].state


def _header(person_id: int) -> Any:
    return json.loads(get_payload_and_sealed(person_id)[0])["header"]


def test_a_proposal_alone_changes_nothing(holder: int) -> None:
    proposal_id = _propose(holder)
    assert _state(holder) is BookState.ACTIVE and _header(holder)["version"] == 1
    [waiting] = list_open_proposals()
    assert (waiting.proposal_id, waiting.book_id, waiting.words) == (proposal_id, _header(holder)["book_id"], WORDS)
    assert not Message.objects.exists()


def test_approved_it_is_in_the_book_and_in_a_letter(holder: int, key: Any) -> None:
    record_contacts(actor=ACTOR, at=AT, rows=[ContactRow(person_id=holder, email="nguoi@vidu.example")], provenance=SOURCE)
    _approve(_propose(holder), key)
    assert _state(holder) is BookState.SUSPENDED
    assert (_header(holder)["state"], _header(holder)["version"]) == ("SUSPENDED", 2)
    letter = Message.objects.get()
    assert (letter.kind, letter.recipient) == ("book_suspended", "nguoi@vidu.example")
    assert "giả mạo" in letter.body_text and "forgery" in letter.body_text and "https://bhxh.example/dang-nhap" in letter.body_text
    assert WORDS not in letter.body_text and "Nguyễn" not in letter.body_text, "mail is read on the way"
    verbs = set(Entry.objects.filter(person_id=holder, verb__startswith="credentials.").values_list("verb", flat=True))
    assert verbs == {"credentials.state.propose", "credentials.state.approve"}
    standing = find_own_standing(holder)
    assert standing is not None and (standing.reason, standing.words) == (Reason.SUSPECTED_FORGERY, WORDS)
    assert not list_open_proposals()


def test_given_back_it_holds_again(holder: int, key: Any, file_keys: Any) -> None:
    _approve(_propose(holder), key)
    _approve(_propose(holder, Act.RESUME, Reason.CLEARED, at=AT + timedelta(days=2)), key, days=3)
    assert _state(holder) is BookState.ACTIVE and _header(holder)["version"] == 3
    assert list(Message.objects.order_by("message_id").values_list("kind", flat=True)) == ["book_suspended", "book_resumed"]
    later = AT + timedelta(days=4)
    assert issue(
        actor=ACTOR, at=later, person_id=holder, kind=Kind.BOOK_SUMMARY, issuer=ISSUER, key=file_keys.seal_key("credential")
    ).text.startswith("VNB1:")


def test_declined_the_book_stays_and_another_may_be_proposed(holder: int) -> None:
    proposal_id = _propose(holder)
    decline_state(actor=MINH, at=AT, proposal_id=proposal_id)
    assert _state(holder) is BookState.ACTIVE
    assert get_proposal(proposal_id).decided_by == "officer:minh"
    assert _propose(holder) != proposal_id


def _own_proposal(holder: int, key: Any) -> None:
    _approve(_propose(holder), key, actor=LAN)


def _own_proposal_declined(holder: int, key: Any) -> None:
    decline_state(actor=LAN, at=AT, proposal_id=_propose(holder))


def _twice(holder: int, key: Any) -> None:
    proposal_id = _propose(holder)
    _approve(proposal_id, key)
    _approve(proposal_id, key)


def _two_open(holder: int, key: Any) -> None:
    _propose(holder)
    _propose(holder)


def _about_oneself(holder: int, key: Any) -> None:
    _propose(holder, actor=_officer("an", "APPRAISER", person_id=holder))


def _decided_about_oneself(holder: int, key: Any) -> None:
    _approve(_propose(holder), key, actor=_officer("an", "APPROVER", person_id=holder))


def _closed_meanwhile(holder: int, key: Any) -> None:
    from bhxh.book.commands import change_state

    proposal_id = _propose(holder)
    change_state(actor=ACTOR, at=AT, person_id=holder, state=BookState.CLOSED_DECEASED, reason="x")
    _approve(proposal_id, key)


@pytest.mark.parametrize(
    ("act", "error", "code"),
    [
        (_own_proposal, NotAllowed, "CRD-016"),
        (_own_proposal_declined, NotAllowed, "CRD-016"),
        (_twice, NotFound, "CRD-015"),
        (_two_open, Conflict, "CRD-013"),
        (_about_oneself, NotAllowed, "CRD-012"),
        (_decided_about_oneself, NotAllowed, "CRD-012"),
        (_closed_meanwhile, Conflict, "CRD-014"),
        (lambda holder, key: _propose(holder, Act.RESUME, Reason.CLEARED), Conflict, "CRD-014"),
        (lambda holder, key: _propose(holder, Act.SUSPEND, Reason.CLEARED), Invalid, "CRD-010"),
        (lambda holder, key: _propose(holder, words="  vì   "), Invalid, "CRD-011"),
        (lambda holder, key: _propose(holder, words="x" * 1001), Invalid, "CRD-011"),
        (lambda holder, key: _approve(UUID(int=1), key), NotFound, "CRD-015"),
        (lambda holder, key: _propose(holder, actor=MINH), NotAllowed, "AUD-010"),
        (lambda holder, key: _approve(_propose(holder), key, actor=_officer("an", "APPRAISER")), NotAllowed, "AUD-010"),
    ],
)
def test_what_is_refused_changes_nothing(holder: int, key: Any, act: Callable[[int, Any], None], error: type[Exception], code: str) -> None:
    with pytest.raises(error) as caught:
        act(holder, key)
    assert caught.value.code == code  # type: ignore[attr-defined]
    assert Proposal.objects.filter(outcome="APPROVED").count() == (1 if act is _twice else 0)
    assert Message.objects.count() == (1 if act is _twice else 0)


def test_somebody_without_a_book_has_no_standing(db: None, register: Any) -> None:
    [person_id] = register()
    assert find_own_standing(person_id) is None
    with pytest.raises(Conflict):
        _propose(person_id)
