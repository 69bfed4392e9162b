"""Who acts, when, under which id, and which work is asked for."""

import time
from datetime import UTC, date, datetime, timedelta
from uuid import RFC_4122

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bhxh.kernel import jobs
from bhxh.kernel.actor import ActorKind, LegalBasis, system_actor
from bhxh.kernel.clock import VIETNAM, day_in_vietnam, now, shown
from bhxh.kernel.errors import Defect
from bhxh.kernel.ids import uuid7

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
instants = st.integers(946_684_800_000_000, 6_900_000_000_000_000).map(lambda us: EPOCH + timedelta(microseconds=us))


def test_this_installation_acts_under_its_public_duty() -> None:
    actor = system_actor(name="sealing", request_id="r1", purpose="sealing")
    assert (actor.kind, actor.account, actor.legal_basis) == (ActorKind.SYSTEM, "system:sealing", LegalBasis.LEGAL_DUTY)
    assert actor.person_id is None and actor.employer_id is None and actor.assurance_level == 0


@given(instants)
def test_an_id_has_version_variant_and_the_exact_millisecond(at: datetime) -> None:
    made = uuid7(at)
    assert made.version == 7 and made.variant == RFC_4122
    assert made.int >> 80 == (at - EPOCH) // timedelta(milliseconds=1)


@given(instants, st.timedeltas(timedelta(milliseconds=1), timedelta(days=30)))
def test_ids_sort_by_the_time_of_making(at: datetime, later: timedelta) -> None:
    first, second = uuid7(at), uuid7(at + later)
    assert first < second and str(first) < str(second) and first.bytes < second.bytes


def test_ids_of_one_instant_differ() -> None:
    assert len({uuid7(AT) for _ in range(10_000)}) == 10_000


def test_an_id_needs_to_know_the_time_zone() -> None:
    with pytest.raises(TypeError):
        uuid7(AT.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 20, 16, 59, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 0, 0, tzinfo=VIETNAM), date(2026, 11, 21)),
    ],
)
def test_the_law_counts_days_in_viet_nam(at: datetime, day: date) -> None:
    assert day_in_vietnam(at) == day


def test_an_instant_as_letters_write_it() -> None:
    assert shown(AT) == "21:05 ngày 21/11/2026"


def test_the_clock_is_aware_and_goes() -> None:
    assert now().tzinfo is UTC
    assert abs(now().timestamp() - time.time()) < 5


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, object], str | None]]:
    got: list[tuple[str, dict[str, object], str | None]] = []
    monkeypatch.setattr(jobs, "NAMES", set())
    monkeypatch.setattr(jobs, "_binding", [])
    jobs.bind(lambda job, payload, once_key: got.append((job, payload, once_key)))
    return got


def test_a_declared_job_reaches_who_was_bound(asked: list[tuple[str, dict[str, object], str | None]]) -> None:
    assert jobs.name("room.thing.do") == "room.thing.do"
    jobs.defer("room.thing.do", once_key="k", dossier_id="d")
    jobs.defer("room.thing.do")
    assert asked == [("room.thing.do", {"dossier_id": "d"}, "k"), ("room.thing.do", {}, None)]


def test_the_last_binding_holds(asked: list[tuple[str, dict[str, object], str | None]]) -> None:
    others: list[str] = []
    jobs.name("room.thing.do")
    jobs.bind(lambda job, payload, once_key: others.append(job))
    jobs.defer("room.thing.do")
    assert others == ["room.thing.do"] and asked == []


def test_an_undeclared_job_is_our_own_mistake(asked: list[tuple[str, dict[str, object], str | None]]) -> None:
    with pytest.raises(Defect) as refused:
        jobs.defer("room.thing.forgotten")
    assert refused.value.code == "KER-005" and "room.thing.forgotten" in refused.value.text()
    assert asked == []


def test_nothing_is_lost_silently_before_anybody_is_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "NAMES", {"room.thing.do"})
    monkeypatch.setattr(jobs, "_binding", [])
    with pytest.raises(Defect):
        jobs.defer("room.thing.do")
