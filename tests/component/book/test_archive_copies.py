"""Archive copies of books: the first at first demand, renewed by the clock, whole or not there at all whoever is killed."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bhxh.audit.models import Entry
from bhxh.book import archive_commands, pdf_copies
from bhxh.book.archive_queries import archive_health, find_archive_copy, list_due_copies
from bhxh.book.archiving import LookedAfter, archived_book, look_after_copies
from bhxh.book.commands import seal_books
from bhxh.book.models import ArchiveCopy
from bhxh.book.pdf_copies import PdfCopies
from bhxh.book.queries import get_payload_and_sealed
from bhxh.book.rendering import render_pdf
from bhxh.kernel.actor import system_actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Conflict, NotFound, Unavailable
from bhxh.signing.errors import SIG_NO_KEY_MODULE
from bhxh.signing.key_files import FileKeys, FileSealKey
from bhxh.signing.page_sealing import Stamping
from bhxh.signing.pdf_archiving import Archivist, check_archive
from bhxh.signing.trust import TrustList
from bhxh.warehouse import store
from bhxh.warehouse.owner_keys import FileOwnerKeys
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import list_items
from sandbox.pki.authority import Authority, open_authority
from sandbox.pki.other_times import AnswersAt, StamperAt, next_time_stamper
from tests.page_seal_kit import certified_keys, sealer_of, sealing_with
from tests.unit.signing.test_archive_copies import IN_2031, IN_2036, NOW

ACTOR = system_actor(name="test", request_id="r1", purpose="archiving")


@dataclass
class Office:
    """An office with a certificate for its pages, and the authorities around it."""

    authority: Authority
    trust: TrustList
    keys: FileKeys

    def archivist(self, at: datetime = NOW, *, tsa: str = "tsa") -> Archivist:
        return Archivist(StamperAt(self.authority, at, tsa), AnswersAt(self.authority, at), lambda: self.trust)


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    authority = open_authority(tmp_path_factory.mktemp("pki"))
    next_time_stamper(authority, name="tsa-later", from_at=IN_2031 - timedelta(days=30))
    return authority


@pytest.fixture
def office(authorities: Authority, tmp_path: Path) -> Iterator[Office]:
    before, copies = list(store._bound), list(pdf_copies._bound)
    pdf_copies.bind_copies(PdfCopies(tmp_path / "pages", maximum_bytes=8 * 1024 * 1024))
    owners = FileOwnerKeys(tmp_path / "owner-keys", sealed_folder=tmp_path / "warehouse" / "sealed")
    store.bind_store(store.BlobStore(tmp_path / "warehouse", keys=owners))
    keys = certified_keys(tmp_path / "keys", authorities)
    with sealing_with(sealer_of(keys, at=NOW)):
        yield Office(authorities, TrustList.load(authorities.trust_folder), keys)
    store._bound[:], pdf_copies._bound[:] = before, copies


@pytest.fixture
def person(database: None, register: Callable[..., list[int]], key: Any) -> int:
    [made] = register(1)
    seal_books(actor=ACTOR, at=NOW, person_ids=[made], key=key)
    return made


def archived(person: int, office: Office, at: datetime = NOW, *, archivist: Archivist | None = None, version: int | None = None) -> bytes:
    return archived_book(actor=ACTOR, at=at, person_id=person, version=version, archivist=archivist or office.archivist(at))


def looked_after(office: Office, at: datetime, *, archivist: Archivist | None = None) -> LookedAfter:
    return look_after_copies(actor=ACTOR, at=at, archivist=archivist or office.archivist(at, tsa="tsa-later"))


def in_warehouse(person: int) -> list[str]:
    return [item.kind for item in list_items(Owner("person", person))]


def test_the_first_demand_makes_it_and_the_next_gets_the_same(office: Office, person: int) -> None:
    assert find_archive_copy(person, 1) is None
    copy = archived(person, office)
    assert check_archive(copy, trust=office.trust, at=IN_2031).holds
    assert archived(person, office, archivist=Archivist(Silent(), Silent(), lambda: office.trust)) == copy, "nobody is asked again"
    assert archived(person, office, version=1) == copy
    assert in_warehouse(person) == ["book_archive"], "it is the holder's"
    assert Entry.objects.filter(verb="book.archive.keep", person_id=person).count() == 1


class Silent:
    """Authorities that do not answer."""

    def stamp(self, sha256: bytes) -> bytes:
        raise Unavailable(SIG_NO_KEY_MODULE, kid="tsa")

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> Any:
        raise Unavailable(SIG_NO_KEY_MODULE, kid="ocsp")


def test_without_the_authorities_or_a_certificate_there_is_none_yet_and_nothing_is_left(office: Office, person: int) -> None:
    with pytest.raises(Unavailable):
        archived(person, office, archivist=Archivist(Silent(), Silent(), lambda: office.trust))
    with sealing_with(None), pytest.raises(Conflict) as refused:
        archived(person, office)
    assert refused.value.code == "BOK-012"
    with pytest.raises(NotFound):
        archived(person, office, version=7)
    assert in_warehouse(person) == [] and ArchiveCopy.objects.count() == 0


def test_of_two_first_ones_the_first_stands(office: Office, person: int) -> None:
    class Overtaken(StamperAt):
        asked = False

        def stamp(self, sha256: bytes) -> bytes:
            if not Overtaken.asked:
                Overtaken.asked = True
                Overtaken.first = archived(person, office)  # type: ignore[attr-defined]
            return super().stamp(sha256)

    slow = replace(office.archivist(), stamper=Overtaken(office.authority, NOW))
    assert archived(person, office, archivist=slow) == Overtaken.first  # type: ignore[attr-defined]
    assert in_warehouse(person) == ["book_archive"]


def test_the_clock_renews_it_in_time_and_it_holds_after_its_first_stamp_ended(office: Office, person: int) -> None:
    copy = archived(person, office)
    kept = find_archive_copy(person, 1)
    assert kept is not None
    assert looked_after(office, kept.lasts_until - timedelta(days=401)) == LookedAfter()
    at = IN_2031  # less than 400 days before its end, and the authority has its next certificate
    assert looked_after(office, at) == LookedAfter(renewed=1)
    renewed = archived(person, office, at)
    assert renewed.startswith(copy) and renewed != copy
    assert check_archive(renewed, trust=office.trust, at=IN_2036).holds
    assert not check_archive(copy, trust=office.trust, at=IN_2036).holds
    assert looked_after(office, at) == LookedAfter(), "renewed is renewed"
    assert in_warehouse(person) == ["book_archive"] * 2, "the one before stays"


def test_what_stands_in_the_way_is_written_down_rings_and_is_tried_again(office: Office, person: int) -> None:
    archived(person, office)
    kept = find_archive_copy(person, 1)
    assert kept is not None
    at = IN_2031  # less than 400 days before its end, and the authority has its next certificate
    assert looked_after(office, at, archivist=Archivist(Silent(), Silent(), lambda: office.trust)) == LookedAfter(waiting=1)
    assert archive_health(at).alarms == ("archive_trouble",)
    assert looked_after(office, at) == LookedAfter(), "an hour later"
    assert archive_health(at + timedelta(days=310)).alarms == ("archive_late", "archive_trouble", "archive_ending")
    assert looked_after(office, at + timedelta(hours=1)) == LookedAfter(renewed=1)
    assert archive_health(at).alarms == ()


def test_another_trust_list_has_every_copy_judged_anew(office: Office, person: int) -> None:
    archived(person, office)
    other = TrustList((*office.trust.authorities, replace(office.trust.authorities[-1], name="another")))
    assert [one.person_id for one in list_due_copies(NOW, trust_version=other.version, limit=5)] == [person]
    assert list_due_copies(NOW, trust_version=office.trust.version, limit=5) == ()
    assert looked_after(office, NOW, archivist=replace(office.archivist(), trust=lambda: other)) == LookedAfter(judged=1)
    assert list_due_copies(NOW, trust_version=other.version, limit=5) == ()


def test_a_copy_that_a_trust_list_ends_is_made_anew_from_the_sealed_original(office: Office, person: int, tmp_path: Path) -> None:
    copy, elsewhere = archived(person, office), open_authority(tmp_path / "pki")
    trust = TrustList.load(elsewhere.trust_folder)
    there = Office(elsewhere, trust, certified_keys(tmp_path / "other-keys", elsewhere))
    with sealing_with(sealer_of(there.keys, at=NOW)):
        assert looked_after(there, NOW, archivist=there.archivist()) == LookedAfter(made_anew=1)
    anew = archived(person, there)
    assert check_archive(anew, trust=trust, at=NOW).holds and not anew.startswith(copy)
    assert in_warehouse(person) == ["book_archive"] * 2


@pytest.mark.parametrize("moment", ["while the authority answers", "before the commit"])
@pytest.mark.parametrize("work", ["the first", "a renewal"])
def test_killed_while_stamping_leaves_nothing_half_visible(office: Office, person: int, work: str, moment: str) -> None:
    at, before = NOW, b""
    if work == "a renewal":
        before = archived(person, office)
        at = IN_2031
    items = in_warehouse(person)
    render_pdf(*get_payload_and_sealed(person))  # WHY kept before: the typesetter's threads are not in a child that was forked
    archivist = office.archivist(at, tsa="tsa" if work == "the first" else "tsa-later")

    def work_on(with_archivist: Archivist) -> None:
        if work == "the first":
            archived(person, office, at, archivist=with_archivist)
        else:
            looked_after(office, at, archivist=with_archivist)

    killed_in(lambda: work_on(_deadly(archivist) if moment.startswith("while") else _dying_late(archivist)))
    assert in_warehouse(person) == items
    assert (find_archive_copy(person, 1) is not None) == bool(before)
    if before:
        assert archived(person, office, at) == before
    work_on(archivist)
    assert check_archive(archived(person, office, at), trust=office.trust, at=at).holds
    assert len(in_warehouse(person)) == len(items) + 1


class Deadly(StamperAt):
    """Struck while the authority answers."""

    def stamp(self, sha256: bytes) -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


def _deadly(archivist: Archivist) -> Archivist:
    assert isinstance(archivist.stamper, StamperAt)
    return replace(archivist, stamper=Deadly(archivist.stamper.authority, archivist.stamper.at))


def _dying_late(archivist: Archivist) -> Archivist:
    """The copy lies in the store and its rows are written; the commit is not reached. Only in the process that dies."""
    archive_commands.record = die  # type: ignore[assignment]
    return archivist


def die(*_asked: object, **_said: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_in(work: Callable[[], object]) -> None:
    """Do it in a child that has to be killed in it."""
    connection.close()  # WHY: the child must not end this process's own connection
    child = os.fork()
    if child == 0:
        try:
            signal.alarm(300)
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE bhxh_app")
            work()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE bhxh_app")


@pytest.mark.parametrize("moment", ["while the key signs", "while the authority answers", "while the copy is written"])
def test_killed_while_sealing_a_page_leaves_no_page(
    office: Office, person: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    with sealing_with(None):
        bare = render_pdf(*get_payload_and_sealed(person))
    copies, name = PdfCopies(tmp_path / "pdf", maximum_bytes=8 * 1024 * 1024), sha256_hex(bare)
    stamping = Stamping(lambda: StamperAt(office.authority, NOW), lambda: office.trust)

    def seal_and_keep() -> bytes:
        seal = sealer_of(office.keys, at=NOW, stamping=stamping).now()
        assert seal is not None
        made, _ = seal.put_on(bare)
        copies.keep(name, made)
        return made

    struck_at: dict[str, tuple[type, str]] = {
        "while the key signs": (FileSealKey, "sign"),
        "while the authority answers": (StamperAt, "stamp"),
        "while the copy is written": (Path, "rename"),
    }
    with monkeypatch.context() as struck:
        struck.setattr(*struck_at[moment], die)
        killed_in(seal_and_keep)
    assert copies.find(name) is None
    made = seal_and_keep()
    assert made.startswith(bare) and copies.find(name) == made
