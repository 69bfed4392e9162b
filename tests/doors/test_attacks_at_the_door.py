"""The table of attacks on signatures, each row sent to the real application as an employer's program would send it.

What each attack is, and which sentence it gets, is said once, in `tests/unit/signing/test_xades_attacks.py`; here it is seen that nothing
of it is filed, with every foreign form the procedure takes switched on.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bhxh.kernel.clock import now
from bhxh.signing.profiles import HOSO_UNIT
from bhxh.signing.trust import TrustList
from bhxh.signing.xades import complete_signature, prepare_signature
from bhxh.signing.xades_signing import without_signature
from sandbox.pki.authority import open_authority
from sandbox.pki.certificates import Issued, issue, subject
from sandbox.pki.token import sign_with
from tests.doors.test_answers import check_problem
from tests.doors.world import World, ask_anew
from tests.signing_kit import appended, blank_pdf, draw_over, sign_pdf
from tests.unit.signing.conftest import DOCUMENT, Desk
from tests.unit.signing.test_xades_attacks import ATTACKS, KEYS, _freely

HERE = {"exclusive canonicalisation": "SIG-010"}
"""Where a foreign form that the procedure takes lets a file pass one question, and the next one refuses it."""
_OF_OUR_FORM = "D02-"
"""How a sentence about the content begins: the signature was found to hold."""


@pytest.fixture
def desk(api: World) -> Desk:
    """The employer's, beside the installation's own authority."""
    authority = open_authority(api.sandbox.folder / "pki")
    employer = authority.issue_leaf("attacked", name="ĐƠN VỊ", uids=(f"MST:{api.population.demo_employer.tax_code}",))
    return Desk(authority, employer, TrustList.load(authority.trust_folder), datetime.now(UTC).replace(microsecond=0))


def send(api: World, document: bytes, key: str, role: str = "clerk") -> Any:
    headers, path = {"Idempotency-Key": key}, "/register-employees/filings"
    return api.call("POST", path, role, data=document, content_type="application/xml", headers=headers)


def count() -> int:
    from bhxh.dossiers.models import Dossier

    return Dossier.objects.count()


@pytest.mark.parametrize(("attack", "code"), ATTACKS.values(), ids=ATTACKS.keys())
def test_attack_files_nothing(api: World, desk: Desk, request: pytest.FixtureRequest, attack: Callable[[Desk], bytes], code: str) -> None:
    before, name = count(), request.node.callspec.id
    check_problem(send(api, attack(desk), name), 422, HERE.get(name, code))
    assert count() == before


def test_the_same_document_without_an_attack_passes_the_signature(api: World, desk: Desk) -> None:
    """What the rows above rest on: it is the attack that is refused."""
    assert send(api, desk.sign(), "good").json()["code"].startswith(_OF_OUR_FORM)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("expired", "SIG-020"),
        ("not-yet-valid", "SIG-021"),
        ("revoked-key-compromise", "SIG-022"),
        ("revoked-superseded", "SIG-022"),
        ("wrong-usage", "SIG-023"),
        ("unknown-ca", "SIG-024"),
        ("suspended-ca", "SIG-025"),
    ],
)
def test_poor_certificate_files_nothing(api: World, desk: Desk, label: str, code: str) -> None:
    ask_anew()
    check_problem(send(api, desk.sign(by=desk.authority.leaf(label)), label), 422, code)


def listed(api: World, batch: int, *, by: Issued, at: datetime | None = None) -> bytes:
    """A real list, signed by whoever, with whatever clock."""
    from bhxh.dossiers.models import Draft

    draft, _ = api.prepare_list(batch=batch)
    unsigned = without_signature(bytes(Draft.objects.get(draft_id=draft).prepared), profile=HOSO_UNIT)
    prepared = prepare_signature(unsigned, profile=HOSO_UNIT, certificate=by.der, at=at or now())
    return complete_signature(prepared, sign_with(by.key, prepared.to_sign))


@pytest.mark.parametrize("years", [-20, +20])
def test_a_wrong_clock_of_the_signers_decides_nothing(api: World, desk: Desk, years: int) -> None:
    """The claimed time is kept as a claim; judged is the arrival."""
    filed = send(api, listed(api, 70 + years % 7, by=desk.employer, at=now() + timedelta(days=365 * years)), f"clock {years}")
    assert filed.status_code == 201, filed.content
    [said] = api.get(f"/dossiers/{filed.json()['code']}", "clerk").json()["signatures"]
    assert (said["conclusion"], said["judged_by"]) == ("good", "arrival")
    assert abs(datetime.fromisoformat(said["judged_for"]) - now()) < timedelta(minutes=10)


def test_a_claim_of_before_the_revocation_saves_nobody(api: World, desk: Desk) -> None:
    by = desk.authority.issue_leaf("taken-back", name="ĐƠN VỊ", uids=(f"MST:{api.population.demo_employer.tax_code}",))
    desk.authority.revoke(by.certificate.serial_number, at=now() - timedelta(hours=1), reason="superseded")
    check_problem(send(api, listed(api, 78, by=by, at=now() - timedelta(hours=2)), "claim"), 422, "SIG-022")


LOOK_ALIKES = {
    "another unit": lambda unit: ("ĐƠN VỊ", ("MST:0300588569",)),
    "its number in the name only": lambda unit: (f"MST:{unit}", ()),
    "its number in digits of another script": lambda unit: (
        "ĐƠN VỊ",
        ("MST:" + "".join(chr(0xFF10 + int(one)) if one.isdigit() else one for one in unit),),
    ),
    "its number with an unseen letter": lambda unit: ("ĐƠN VỊ", (f"MST:{unit[:4]}\u200b{unit[4:]}",)),
    "its number and another's": lambda unit: ("ĐƠN VỊ", (f"MST:{unit}", "MST:0300588569")),
    "its number as a person's": lambda unit: ("ĐƠN VỊ", (f"CCCD:{unit}",)),
}


@pytest.mark.parametrize("look_alike", LOOK_ALIKES.values(), ids=LOOK_ALIKES.keys())
def test_a_look_alike_of_the_unit_is_not_entitled(api: World, desk: Desk, look_alike: Callable[[str], tuple[str, tuple[str, ...]]]) -> None:
    name, uids = look_alike(api.population.demo_employer.tax_code)
    by = desk.authority.issue_leaf("look-alike", name=name, uids=uids)
    check_problem(send(api, listed(api, 79, by=by), "look-alike"), 403, "DOS-006")


def test_a_replay_files_nothing_again_and_nobody_elses(api: World, desk: Desk) -> None:
    signed = listed(api, 80, by=desk.employer)
    first, again = send(api, signed, "first"), send(api, signed, "under another key")
    assert (first.status_code, again.status_code, again.json()["receipt"]) == (201, 200, first.json()["receipt"])
    check_problem(send(api, signed, "by another", "other clerk"), 422, "DOS-007")
    check_problem(send(api, listed(api, 81, by=desk.employer), "first"), 409, "DOS-018")


def test_a_page_drawn_over_a_signed_pdf_is_refused_as_an_answer_to_a_supplement(api: World, desk: Desk) -> None:
    """The program that prints "valid" for the signed bytes would be fooled."""
    row = api.get(f"/dossiers/{api.code}", "clerk").json()
    asked = api.post(
        f"/office/dossiers/{api.code}/supplement-requests",
        {"defects": [{"vi": "Thiếu hợp đồng", "en": "The contract is missing"}], "days": 10, "row_version": row["row_version"]},
        "officer",
    )
    assert asked.status_code == 201, asked.content
    good = sign_pdf(blank_pdf(), desk.employer, desk.authority)

    def answer(pdf: bytes) -> Any:
        version = api.get(f"/dossiers/{api.code}", "clerk").json()["row_version"]
        return api.upload(f"/dossiers/{api.code}/supplement", {"documents": ("hop-dong.pdf", pdf)}, "clerk", row_version=str(version))

    check_problem(answer(appended(good, draw_over)), 422, "SIG-081")
    answered = answer(good)
    assert answered.status_code == 200, answered.content
    said = [one for one in api.get(f"/dossiers/{api.code}", "clerk").json()["signatures"] if one["component"]]
    assert [(one["form"], one["conclusion"]) for one in said] == [("pades", "good")]


@pytest.mark.parametrize("name", [name for name, (_, _, code) in KEYS.items() if code])
def test_a_licensed_certificate_with_a_poor_key_files_nothing(api: World, desk: Desk, name: str) -> None:
    make, method, code = KEYS[name]
    unit = f"MST:{api.population.demo_employer.tax_code}"
    made = issue(
        subject("ĐƠN VỊ", uids=(unit,)),
        issuer=desk.authority.ca("issuing"),
        from_at=desk.at - timedelta(days=1),
        days=30,
        is_signer=True,
        key=make(),
    )
    check_problem(send(api, _freely(desk, DOCUMENT, by=[made.certificate], key=made.key, method=method), name), 422, code)
