"""The inbox: a person's letters by HTTP, unread until they open them, theirs alone; and whose inbox a letter stands in."""

import re

from bhxh.kernel.actor import system_actor
from bhxh.kernel.clock import now
from bhxh.notices.commands import Notice, enqueue
from bhxh.notices.queries import count_unread, list_inbox
from tests.doors.browser import Browser
from tests.doors.test_consents import asked, bank, granted
from tests.doors.test_filing import looks, person_of
from tests.doors.world import World

__all__ = ["bank"]


def _browser(world: World, role: str = "citizen") -> Browser:
    browser = Browser(world)
    assert browser.sign_in(role).status_code == 303
    return browser


def test_a_letter_is_new_until_it_is_opened(api: World) -> None:
    me = person_of(api, "citizen")
    assert api.post("/confirmation-extract/requests", {"purpose": "Vay"}, "citizen").status_code == 201
    waiting = count_unread(me)
    browser = _browser(api)
    page = browser.get("/thong-bao").content.decode()
    assert f'places__count">{waiting}<' in page
    latest = list_inbox(me, limit=1)[0]
    assert latest.kind == "receipt" and "is-new" in page
    reply = browser.get(f"/thong-bao/{latest.message_id}")
    text = reply.content.decode()
    assert looks("letters", reply["X-Request-Id"]) == {me}
    assert text.count("<h1") == 1 and "style=" not in text and 'lang="vi"' in text
    assert "/theo-doi" in text
    assert count_unread(me) == waiting - 1
    assert "<h1" in browser.get(f"/thong-bao/{latest.message_id}?lang=en").content.decode()


def test_a_worker_reads_of_their_book_and_not_of_the_employers_list(api: World) -> None:
    from bhxh.dossiers.queries import get_dossier

    me, by, at = person_of(api, "other citizen"), system_actor(name="test", request_id="r", purpose="operation"), now()
    updated = Notice(
        kind="book_updated",
        dedupe_key="book_updated:test",
        dossier_id=get_dossier(api.code).dossier_id,
        recipient="",
        subject="Sổ của bạn vừa có bản mới",
        text="Sổ của bạn vừa có bản mới",
        html="",
        due_at=at,
        person_id=me,
    )
    message_id = enqueue(actor=by, at=at, notice=updated)
    text = _browser(api, "other citizen").get(f"/thong-bao/{message_id}").content.decode()
    assert "Sổ của bạn vừa có bản mới" in text and "/theo-doi" not in text
    assert "Thư điện tử không đến được" in text


def test_letters_about_consent_stand_there_too(bank: World) -> None:
    granted(bank, asked(bank))
    kinds = [letter.kind for letter in list_inbox(person_of(bank, "citizen"), limit=2)]
    assert sorted(kinds) == ["consent_asked", "consent_granted"]


def test_somebody_elses_letter_is_not_there(bank: World) -> None:
    asked(bank)
    letter = list_inbox(person_of(bank, "citizen"), limit=1)[0]
    other = _browser(bank, "other citizen")
    assert other.get(f"/thong-bao/{letter.message_id}").status_code == 404
    assert list_inbox(person_of(bank, "citizen"), limit=1)[0].read_at is None
    assert not re.search(str(letter.message_id), other.get("/thong-bao").content.decode())
