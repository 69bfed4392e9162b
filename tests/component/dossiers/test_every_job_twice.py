"""Every background job may run twice: a worker that was killed has perhaps done everything but say so."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bhxh.doors import partners as doors
from bhxh.doors.jobs import tasks
from bhxh.doors.list_room import ListRoom
from bhxh.dossiers.list_checks import JOB_CHECK_LIST
from bhxh.dossiers.records import JOB_DELIVER, JOB_GATHER, JOB_REPORT, JOB_SEAL_BOOKS
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.officer_names import OfficerNames
from bhxh.notices.commands import SEND
from bhxh.notices.flows import MailSide
from bhxh.notices.return_path import ReturnPath
from bhxh.own_data.looks import Office
from bhxh.signing.signed_keysets import Root
from bhxh.signing.trust import TrustList
from bhxh.warehouse.upload_commands import JOB_EXAMINE
from tests.dossier_kit import AT, SENDER, SilentRevocation, World

_ORDER = (SEND, JOB_GATHER, JOB_SEAL_BOOKS, tasks.JOB_PUBLISH, JOB_DELIVER, JOB_REPORT, JOB_EXAMINE)


class Outside:
    """Mail server, e-ID and portal in memory, counting what reaches them."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.books: set[tuple[str, int]] = set()
        self.statuses: set[tuple[str, int]] = set()

    def send(self, *, message: bytes, sender: str, recipient: str, envelope_id: str) -> None:
        self.letters.append(recipient)

    def find_subjects(self, pins: Collection[str]) -> Mapping[str, str]:
        return {pin: f"sub-{position}" for position, pin in enumerate(sorted(pins))}

    def publish(self, *, subject: str, version: int, sealed: bytes, at: datetime) -> None:
        self.books.add((subject, version))

    def send_status(self, *, portal_reference: str, dossier_code: str, npsp_status: int, at: datetime, result_sha256: str) -> None:
        self.statuses.add((portal_reference, npsp_status))


@pytest.fixture
def outside(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """The jobs' partners; and a clock that stands in the world's time."""
    made, before = Outside(), list(doors._bound)
    mail = MailSide(carrier=made, sender="khong-tra-loi@bhxh.example", returns=ReturnPath("tra-lai@bhxh.example", b"secret"))
    ports: dict[str, Any] = {"mail": mail, "accounts": made, "publication": made, "portal": made}
    doors.bind(
        doors.Partners(
            custodian=Custodian.MOF,
            sender=SENDER,
            office=Office("00101", "Bảo hiểm xã hội Việt Nam", OfficerNames.INITIALS),
            dossier_prefix="G12.99.01",
            receipt_alarm_s=(3600, 5400),
            mail_alarm_percent=5,
            revocation_budget_s=0.5,
            agency_tax_code="",
            maximum_upload_bytes=1_000_000,
            population=world.registers,
            business=world.registers,
            portal_keys=None,  # type: ignore[arg-type]  # no job asks for it
            eid_keys=None,  # type: ignore[arg-type]
            eid_issuer="https://eid.example",
            eid_audience="bhxh",
            signing_in=None,  # type: ignore[arg-type]
            is_production=False,
            officer_session_s=3600,
            revocation=SilentRevocation(),
            trust=lambda: TrustList(()),
            remote_signer=None,
            time_stamper=None,  # type: ignore[arg-type]  # no job of a dossier asks for it
            keys=world.keys,
            root=Root(tmp_path / "root-key", "mof"),
            list_room=ListRoom(()),
            render_source={},
            database_owner_address="",
            postgres_program=str,
            warehouse_folder=tmp_path / "warehouse",
            **ports,
        )
    )
    monkeypatch.setattr(tasks, "now", lambda: AT + timedelta(minutes=5))
    yield made
    doors._bound[:] = before


def test_the_second_run_changes_nothing(world: World, outside: Outside) -> None:
    elsewhere = {
        tasks.JOB_ARCHIVE,
        JOB_CHECK_LIST,
    }  # twice in tests/component/book/test_archive_copies.py, tests/doors/test_employer_declaring.py
    assert {*_ORDER, *elsewhere} == set(tasks.TASKS)
    receipt = world.file("grant", "officer", "refuse", channel="NPSP", portal_reference="P-1")
    _send_a_paper_in(world)
    for job in _ORDER:
        if job == JOB_DELIVER:
            _let_officers_decide(world, receipt.dossier_id)
        payloads = world.jobs(job)
        assert payloads, f"{job} was asked for"
        for payload in payloads:
            tasks.TASKS[job][0](**payload)
        once, reached = _everything(), (list(outside.letters), set(outside.books), set(outside.statuses))
        for payload in payloads:
            tasks.TASKS[job][0](**payload)
        assert _everything() == once, job
        assert (outside.letters, outside.books, outside.statuses) == reached, job
    dossier = world.see(receipt.dossier_id)
    assert dossier.state == "RETURNED" and dossier.receipt_sent_at is not None
    assert outside.letters and outside.books and outside.statuses


def _send_a_paper_in(world: World) -> None:
    from bhxh.warehouse import flows
    from bhxh.warehouse.owners import Owner

    owner = Owner("employer", world.clerk.employer_id or 0)
    flows.receive(
        actor=world.clerk, at=AT, owner=owner, kind="contract", content=[b"%PDF"], expected_bytes=4, maximum_bytes=100
    )  # that it is refused is all the same


def _let_officers_decide(world: World, dossier_id: Any) -> None:
    from bhxh.dossiers import flows
    from bhxh.dossiers.line_commands import appraise
    from bhxh.kernel.decisions import Proposal

    appraise(
        actor=world.first_officer,
        at=AT + timedelta(minutes=6),
        dossier_id=dossier_id,
        line_numbers=[2],
        proposal=Proposal.REFUSE,
        reason="Chưa đủ giấy tờ.",
    )
    flows.approve(actor=world.second_officer, at=AT + timedelta(minutes=7), dossier_id=dossier_id, deps=world.gathering)


def _everything() -> dict[str, tuple[int, str]]:
    """Rows and their digest, of every table but the log's: that a job ran again may be written down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'audit%' ORDER BY tablename")
        tables = [table for (table,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t")
            found[table] = cursor.fetchone()
    return found
