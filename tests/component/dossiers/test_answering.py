"""What is filled in on pages is kept as typed, for its person only; two devices never overwrite each other; nothing stays for ever."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from bhxh.audit.queries import list_looks
from bhxh.dossiers.answering import (
    KEPT,
    KEPT_AT_COUNTER,
    MOST_DRAFTS,
    AnswerFile,
    add_file,
    begin_answers,
    close_answers,
    drop_answers,
    drop_forgotten,
    get_answers,
    get_person_id_typed_for,
    is_one_forgotten,
    list_answers,
    list_answers_at_counter,
    remove_file,
    save_page,
)
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis, system_actor
from bhxh.kernel.errors import Conflict, Invalid, NotFound

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
WORDS = "xin bản trích để vay vốn"


def person(person_id: int) -> Actor:
    return Actor(
        kind=ActorKind.PERSON,
        account=f"eid:{person_id}",
        person_id=person_id,
        purpose="test",
        request_id="r",
        legal_basis=LegalBasis.OWN_DATA,
    )


ME, OTHER = person(7), person(8)


def begun(once: str = "a", actor: Actor = ME, at: datetime = AT) -> UUID:
    reason = WORDS if actor.kind is ActorKind.OFFICER else ""
    return begin_answers(actor=actor, at=at, procedure_slug="confirmation_extract", once=once, typed={}, reason=reason)


def save(draft_id: UUID, said: str, *, page: str = "one", seen: int = 1, showing: str = "s1", actor: Actor = ME) -> int:
    view = save_page(actor=actor, at=AT, draft_id=draft_id, page=page, typed={f"q-{page}": [said]}, seen_version=seen, showing=showing)
    return view.version


def test_the_same_beginning_is_one_draft_and_several_are_listed_the_latest_first(db: None) -> None:
    first, second = begun("a"), begun("b", at=AT + timedelta(minutes=1))
    assert begun("a") == first != second
    assert begun("a", actor=OTHER) != first
    assert [one.draft_id for one in list_answers(7)] == [second, first]
    assert list_answers(7, procedure_slug="report_mistake") == ()


def test_another_persons_draft_is_not_there(db: None) -> None:
    draft_id = begun()
    for act in (
        lambda: get_answers(draft_id, actor=OTHER),
        lambda: save(draft_id, "x", actor=OTHER),
        lambda: drop_answers(actor=OTHER, at=AT, draft_id=draft_id),
        lambda: get_answers(uuid4(), actor=ME),
    ):
        with pytest.raises(NotFound) as refused:
            act()
        assert refused.value.code == "DOS-070"


def test_pages_of_one_draft_do_not_meet(db: None) -> None:
    draft_id = begun()
    save(draft_id, "phone", page="one", showing="phone")
    save(draft_id, "desk", page="two", showing="desk", seen=1)
    assert get_answers(draft_id, actor=ME).typed == {"q-one": ["phone"], "q-two": ["desk"]}


def test_where_two_devices_meet_on_a_page_nothing_is_overwritten(db: None) -> None:
    draft_id = begun()
    save(draft_id, "phone", showing="phone")
    with pytest.raises(Conflict) as refused:
        save(draft_id, "desk", showing="desk", seen=1)
    assert refused.value.code == "DOS-072"
    assert get_answers(draft_id, actor=ME).typed == {"q-one": ["phone"]}
    assert save(draft_id, "phone", showing="desk", seen=1) == 3, "who says the same is right"


def test_one_window_saves_as_often_as_it_likes(db: None) -> None:
    draft_id = begun()
    save(draft_id, "a", seen=1)
    save(draft_id, "ab", seen=1)
    assert get_answers(draft_id, actor=ME).typed == {"q-one": ["ab"]}


def test_who_saw_the_newer_version_may_change_it(db: None) -> None:
    draft_id = begun()
    seen = save(draft_id, "phone", showing="phone")
    save(draft_id, "desk", showing="desk", seen=seen)
    assert get_answers(draft_id, actor=ME).typed == {"q-one": ["desk"]}


def test_documents_come_and_go_and_are_counted(db: None) -> None:
    draft_id = begun()
    files = [AnswerFile(upload_id=str(number), component="proof", name=f"{number}.pdf") for number in range(3)]
    for file in (files[0], files[0], files[1]):
        add_file(actor=ME, at=AT, draft_id=draft_id, file=file, most=2)
    with pytest.raises(Conflict) as refused:
        add_file(actor=ME, at=AT, draft_id=draft_id, file=files[2], most=2)
    assert refused.value.code == "DOS-073"
    remove_file(actor=ME, at=AT, draft_id=draft_id, upload_id="0")
    remove_file(actor=ME, at=AT, draft_id=draft_id, upload_id="0")
    assert get_answers(draft_id, actor=ME).files == (files[1],)


def test_what_was_filed_keeps_only_where_it_went(db: None) -> None:
    draft_id = begun()
    save(draft_id, "said")
    close_answers(actor=ME, at=AT, draft_id=draft_id, code="G12")
    view = get_answers(draft_id, actor=ME)
    assert (view.typed, view.files, view.filed_code) == ({}, (), "G12")
    assert list_answers(7) == ()


def test_nobody_has_more_than_can_be_looked_through(db: None) -> None:
    for number in range(MOST_DRAFTS):
        begun(str(number))
    with pytest.raises(Conflict) as refused:
        begun("one more")
    assert refused.value.code == "DOS-071"
    assert begun("0"), "the one that is there is found again"


def test_what_nobody_touches_is_forgotten(db: None) -> None:
    draft_id = begun()
    system = system_actor(name="dossiers", request_id="r", purpose="operation")
    assert not is_one_forgotten(AT + KEPT - timedelta(seconds=1))
    assert is_one_forgotten(AT + KEPT)
    assert drop_forgotten(actor=system, at=AT + KEPT) == 1
    with pytest.raises(NotFound):
        get_answers(draft_id, actor=ME)


def test_what_an_officer_types_for_somebody_is_apart_from_what_they_type_themselves(db: None) -> None:
    lan, minh = receptionist("lan"), receptionist("minh")
    own, typed = begun(), begun(actor=lan)
    assert own != typed != begun(actor=minh)
    assert [one.draft_id for one in list_answers(7)] == [own]
    assert [one.draft_id for one in list_answers_at_counter(lan.account)] == [typed]
    for draft_id, other in ((own, lan), (typed, ME), (typed, minh)):
        with pytest.raises(NotFound):
            get_answers(draft_id, actor=other)
        with pytest.raises(NotFound):
            save(draft_id, "x", actor=other)
    save(typed, "Thiếu tháng 3", actor=lan)
    assert get_answers(typed, actor=lan).expires_at == AT + KEPT_AT_COUNTER
    assert get_person_id_typed_for(typed, account=lan.account) == 7
    for draft_id, account in ((own, ""), (own, lan.account), (typed, minh.account)):
        with pytest.raises(NotFound):
            get_person_id_typed_for(draft_id, account=account)


def test_an_officer_begins_for_somebody_with_a_reason_that_they_read(db: None) -> None:
    lan = receptionist("lan")
    for words in ("", "ngắn"):
        with pytest.raises(Invalid) as refused:
            begin_answers(actor=lan, at=AT, procedure_slug="confirmation_extract", once="a", typed={}, reason=words)
        assert refused.value.code == "ACC-070"
    assert list_answers_at_counter(lan.account) == list_looks(7) == ()
    assert begun(actor=lan) == begun(actor=lan)
    [look] = list_looks(7)
    assert (look.what, look.purpose, look.reason, look.account) == ("counter_filing", "at_counter", WORDS, lan.account)
    begun()
    assert list_looks(7) == (look,), "who types it themselves is asked for no reason"


def test_a_draft_that_is_not_begun_leaves_no_look(db: None) -> None:
    lan = receptionist("lan")
    for number in range(MOST_DRAFTS):
        begun(str(number), actor=lan)
    with pytest.raises(Conflict):
        begun("one more", actor=lan)
    assert len(list_looks(7)) == MOST_DRAFTS


def test_who_comes_back_finds_their_draft_however_many_were_typed_since(db: None) -> None:
    lan = receptionist("lan")
    typed = begun(actor=lan)
    for number in range(MOST_DRAFTS):
        begun(actor=receptionist("lan", whom=100 + number), at=AT + timedelta(minutes=1 + number))
    assert typed not in {one.draft_id for one in list_answers_at_counter(lan.account)}, (
        "the latest of all, no more than can be looked through"
    )
    assert [one.draft_id for one in list_answers_at_counter(lan.account, person_id=7)] == [typed]
    assert list_answers_at_counter(lan.account, person_id=8) == list_answers_at_counter("officer:minh", person_id=7) == ()


def receptionist(login: str, *, whom: int = 7) -> Actor:
    return Actor(
        kind=ActorKind.OFFICER,
        account=f"officer:{login}",
        roles=frozenset({"RECEPTION"}),
        on_behalf_of_person_id=whom,
        purpose="at_counter",
        request_id="r",
        legal_basis=LegalBasis.LEGAL_DUTY,
    )
