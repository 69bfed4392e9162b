"""A list that others sign beside the unit: employer, worker and agency, each over the same part by its Id, filed over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bhxh.kernel.clock import now
from bhxh.signing.profiles import HOSO_SEVERAL, HOSO_UNIT
from bhxh.signing.xades_signing import complete_signature, prepare_part_signature, without_signature
from sandbox.pki.authority import open_authority
from sandbox.pki.token import sign_with
from tests.doors.test_answers import check_problem
from tests.doors.world import World, ask_anew

AGENCY_TAX_CODE = "0100109106"
_SCHEMA = Path(__file__).resolve().parents[2] / "schema" / "hoso.xsd"


def worker_on(document: bytes) -> str:
    """Personal number of the first worker on a list who has one."""
    from bhxh.procedures.register_employees.canonical_xml import read

    return next(line.pin for line in read(document).lines if line.pin)


class Table:
    """Where they sign, and what they send."""

    def __init__(self, api: World) -> None:
        from bhxh.doors import partners

        self.api, self.authority = api, open_authority(api.sandbox.folder / "pki")
        partners.bind(replace(partners.partners(), agency_tax_code=AGENCY_TAX_CODE))

    def unsigned(self, batch: int) -> bytes:
        """The canonical list, as the unit's own software has it."""
        from bhxh.dossiers.models import Draft

        draft, _ = self.api.prepare_list(batch=batch)
        return without_signature(bytes(Draft.objects.get(draft_id=draft).prepared), profile=HOSO_UNIT)

    def sign(self, document: bytes, *roles: str, **uids: str) -> bytes:
        """Signed by each in turn; `uids` put another holder into a role."""
        unit = self.api.population.demo_employer.tax_code
        holders = {"employer": f"MST:{unit}", "worker": f"CCCD:{worker_on(document)}", "agency": f"MST:{AGENCY_TAX_CODE}", **uids}
        for role in roles:
            by = self.authority.issue_leaf(f"several-{holders[role].replace(':', '-')}", name=role.upper(), uids=(holders[role],))
            prepared = prepare_part_signature(document, profile=HOSO_SEVERAL, role=role, certificate=by.der, at=now())
            document = complete_signature(prepared, sign_with(by.key, prepared.to_sign))
        return document

    def file(self, document: bytes, key: str) -> Any:
        headers = {"Idempotency-Key": key}
        path = "/register-employees/filings"
        return self.api.call("POST", path, "clerk", data=document, content_type="application/xml", headers=headers)

    def seen(self, code: str) -> Any:
        return self.api.get(f"/dossiers/{code}", "clerk").json()


@pytest.fixture
def table(api: World) -> Table:
    return Table(api)


@pytest.mark.parametrize(
    ("batch", "order"),
    [(41, ("employer", "worker", "agency")), (42, ("agency", "worker", "employer")), (43, ("worker", "employer")), (44, ("employer",))],
)
def test_each_signs_in_any_order_and_is_shown(api: World, table: Table, batch: int, order: tuple[str, ...]) -> None:
    document = table.sign(table.unsigned(batch), *order)
    assert etree.XMLSchema(etree.parse(_SCHEMA)).validate(etree.fromstring(document)), "as the published schema has it"
    filed = table.file(document, f"several-{batch}")
    assert filed.status_code == 201, filed.content
    code = filed.json()["code"]
    shown = table.seen(code)["signatures"]
    assert {one["role"] for one in shown} == {"" if role == "employer" else role for role in order}
    assert {(one["form"], one["intact"], one["trusted"], one["revoked"], one["conclusion"]) for one in shown} == {
        ("xades", "yes", "yes", "no", "good")
    }
    assert api.get(f"/dossiers/{code}/document", "clerk").content == document


def test_the_same_list_signed_by_the_unit_alone_is_the_same_filing(api: World, table: Table) -> None:
    draft, to_sign = api.prepare_list(batch=45)
    first = api.file_draft(draft, to_sign, key="alone")
    again = table.file(table.sign(table.unsigned(45), "employer", "worker"), "with others")
    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 200, first.json()["code"])


def _value_changed(document: bytes) -> bytes:
    return document.replace(b"<SoDot>", b"<SoDot>1", 1)


def _second_content(document: bytes) -> bytes:
    return document.replace(b"<CacChuKy>", b"<NoiDung/><CacChuKy>", 1)


def _employer_left_out(document: bytes) -> bytes:
    root = etree.fromstring(document)
    for place in root.findall("./CacChuKy/CKy_Dvi"):
        place.clear()
    return etree.tostring(root)


def _swapped(document: bytes) -> bytes:
    """A place is not signed; whose it is, is asked of the certificate."""
    root = etree.fromstring(document)
    employer, worker = (root.find(f"./CacChuKy/{name}") for name in ("CKy_Dvi", "CKy_NLD"))
    assert employer is not None and worker is not None
    first, second = employer[0], worker[0]
    employer.append(second)
    worker.append(first)
    return etree.tostring(root)


@pytest.mark.parametrize(
    ("batch", "cheat", "status", "code"),
    [
        (46, _value_changed, 422, "SIG-010"),
        (47, _second_content, 422, "SIG-012"),
        (48, _employer_left_out, 422, "SIG-007"),
        (49, _swapped, 403, "DOS-006"),
    ],
)
def test_a_cheat_files_nothing(table: Table, batch: int, cheat: Callable[[bytes], bytes], status: int, code: str) -> None:
    check_problem(table.file(cheat(table.sign(table.unsigned(batch), "employer", "worker")), f"cheat-{batch}"), status, code)


@pytest.mark.parametrize(
    ("batch", "uids"),
    [
        (51, {"worker": "CCCD:001099000001"}),
        (52, {"worker": "MST:0100109106"}),
        (53, {"agency": "MST:0300588569"}),
        (54, {"agency": "CCCD:001099000001"}),
    ],
)
def test_only_a_worker_of_the_list_and_the_receiving_agency_sign_beside_the_unit(table: Table, batch: int, uids: dict[str, str]) -> None:
    [role] = uids
    check_problem(table.file(table.sign(table.unsigned(batch), "employer", role, **uids), f"other-{batch}"), 403, "DOS-051")


def test_one_revoked_signer_refuses_the_document(table: Table) -> None:
    document = table.unsigned(55)
    signed = table.sign(document, "employer", "worker")
    worker = table.authority.leaf(f"several-CCCD-{worker_on(document)}")
    table.authority.revoke(worker.certificate.serial_number, at=now(), reason="key_compromise")
    check_problem(table.file(signed, "revoked"), 422, "SIG-022")


def test_with_the_authority_silent_all_of_them_are_judged_later_for_the_arrival(api: World, table: Table) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    document = table.sign(table.unsigned(56), "employer", "worker")
    api.misbehave("pki", "down")
    filed = table.file(document, "silent")
    assert (filed.status_code, filed.json()["signature_pending"]) == (201, True)
    assert {one["conclusion"] for one in table.seen(filed.json()["code"])["signatures"]} == {"indeterminate"}
    api.sandbox.set_fault("pki", "ok")
    ask_anew()
    tasks.gather(dossier_id=str(get_dossier(filed.json()["code"]).dossier_id))
    after = table.seen(filed.json()["code"])["signatures"]
    assert {(one["role"], one["conclusion"]) for one in after} == {("", "good"), ("worker", "good")}
    assert {one["judged_for"] for one in after} == {get_dossier(filed.json()["code"]).submitted_at.isoformat()}
