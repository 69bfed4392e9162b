"""The trust list as data: who is licensed when, what is accepted when, and who says so."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Defect
from bhxh.signing.certificates import check_certificate
from bhxh.signing.key_files import FileKeys
from bhxh.signing.keysets import KeySet
from bhxh.signing.policy import SignaturePolicy, Window, read_policy
from bhxh.signing.signers import signer_of
from bhxh.signing.status import Answer, Conclusion, Seen, SignatureStatus, judge
from bhxh.signing.trust import TrustList
from bhxh.signing.trust_file import FILE_NAME, Issue, NewestIssue, open_list, seal_list
from bhxh.wiring.installed_trust import InstalledTrust
from tests.signing_kit import AskedDirectly
from tests.unit.signing.conftest import Desk

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def listed(desk: Desk, tmp_path: Path) -> Path:
    """A folder like the one the sandbox makes, to be changed."""
    folder = tmp_path / "trust"
    folder.mkdir()
    for file in desk.authority.trust_folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def changed(folder: Path, **said: Any) -> None:
    """Change what the list says of the authority that issues."""
    content = orjson.loads((folder / "trust.json").read_bytes())
    content["authorities"][1].update(said)
    (folder / "trust.json").write_bytes(orjson.dumps(content))


def sealed(folder: Path, keys: FileKeys, *, at: datetime = AT, days: int = 30, number: int = 7) -> bytes:
    made = seal_list(folder, key=keys.seal_key("trust-list"), number=number, issued_at=at, next_update_at=at + timedelta(days=days))
    (folder / FILE_NAME).write_bytes(made)
    return made


def status(desk: Desk, trust: TrustList, *, at: datetime | None = None, digests: frozenset[str] = frozenset({"sha256"})) -> SignatureStatus:
    seen = Seen(form="xades", profile="test", intact=Answer.YES, signer=signer_of(desk.employer.certificate), digests=digests)
    return judge(seen, trust=trust, at=at or desk.at, revocation=AskedDirectly(desk.authority), budget_s=5.0)


def test_a_signed_list_says_what_its_folder_says_and_who_signed_it(listed: Path, tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys", "mof")
    sealed(listed, keys)
    plain, signed = TrustList.load(listed), TrustList.load(listed, keys.key_set())
    assert signed.authorities == plain.authorities and plain.issue is None
    assert signed.issue == Issue(7, AT, AT + timedelta(days=30), keys.seal_key("trust-list").kid)
    assert signed.version != plain.version
    assert (signed.is_stale(AT), signed.is_stale(AT + timedelta(days=30)), plain.is_stale(AT + timedelta(days=999))) == (False, True, False)


def test_a_file_beside_the_signed_list_takes_no_place_in_it(listed: Path, tmp_path: Path, desk: Desk) -> None:
    keys = FileKeys(tmp_path / "keys", "mof")
    sealed(listed, keys)
    stranger = desk.authority.ca("stranger").certificate
    from cryptography.hazmat.primitives.serialization import Encoding

    (listed / "sandbox-issuing.pem").write_bytes(stranger.public_bytes(Encoding.PEM))
    changed(listed, kind="root")
    trust = TrustList.load(listed, keys.key_set())
    assert desk.authority.ca("issuing").der in trust.anchors and desk.authority.ca("stranger").der not in trust.anchors


def test_an_unsigned_list_is_not_believed_where_a_signed_one_is_demanded(listed: Path, tmp_path: Path) -> None:
    with pytest.raises(Defect) as caught:
        TrustList.load(listed, FileKeys(tmp_path / "keys", "mof").key_set())
    assert caught.value.code == "SIG-060"


def test_nor_one_that_was_changed_or_signed_by_another_key(listed: Path, tmp_path: Path) -> None:
    keys, strangers = FileKeys(tmp_path / "keys", "mof"), FileKeys(tmp_path / "strangers", "mof")
    made = sealed(listed, keys)
    for data, by in (
        (made.replace(b'"payload":"ey', b'"payload":"eY'), keys.key_set()),
        (made, strangers.key_set()),
        (made, KeySet([])),
        (made[:-1], keys.key_set()),
    ):
        (listed / FILE_NAME).write_bytes(data)
        strangers.seal_key("trust-list")
        with pytest.raises(Defect):
            TrustList.load(listed, by)


def test_nor_one_by_a_key_of_another_purpose(listed: Path, tmp_path: Path, refused: Callable[..., str]) -> None:
    keys = FileKeys(tmp_path / "keys", "mof")
    made = seal_list(listed, key=keys.seal_key("book"), number=1, issued_at=AT, next_update_at=AT + timedelta(days=1))
    assert refused(lambda: open_list(made, keys=keys.key_set())) == "SIG-043"


def test_a_list_signed_after_the_end_of_its_key_is_not_believed(listed: Path, tmp_path: Path, refused: Callable[..., str]) -> None:
    keys = FileKeys(tmp_path / "keys", "mof")
    old = keys.seal_key("trust-list")
    keys.rotate("trust-list", at=AT)
    made = seal_list(listed, key=old, number=1, issued_at=AT + timedelta(days=1), next_update_at=AT + timedelta(days=2))
    assert refused(lambda: open_list(made, keys=keys.key_set())) == "SIG-046"


def test_a_suspension_has_a_beginning_and_an_end(listed: Path, desk: Desk, refused: Callable[..., str]) -> None:
    der = desk.authority.ca("issuing").der
    changed(listed, suspensions=[{"from": "2026-10-01T00:00:00+07:00", "until": "2026-10-15T00:00:00+07:00"}])
    trust = TrustList.load(listed)
    for at in ("2026-09-30T23:59:59+07:00", "2026-10-15T00:00:00+07:00"):
        trust.check_authority(der, at=datetime.fromisoformat(at))
    for at in ("2026-10-01T00:00:00+07:00", "2026-10-14T23:59:59+07:00"):
        assert refused(lambda at=at: trust.check_authority(der, at=datetime.fromisoformat(at))) == "SIG-025"


@pytest.mark.parametrize(
    "said",
    [
        {"suspensions": [{"until": "2026-10-15T00:00:00+07:00"}]},
        {"suspensions": [{"from": None}]},
        {"from": "2026-10-15T00:00:00"},
        {"kind": "leaf"},
    ],
)
def test_what_a_list_may_not_say_of_an_authority(listed: Path, said: dict[str, Any]) -> None:
    changed(listed, **said)
    with pytest.raises(Defect):
        TrustList.load(listed)


@pytest.mark.parametrize(
    "said",
    [
        {"algorithms": [{"name": "sha1"}]},
        {"algorithms": [{"name": "rsa", "minimum_bits": 1024}]},
        {"algorithms": [{"name": "secp192r1"}]},
        {"required_usages": []},
        {"required_usages": ["digital_signature"]},
        {"required_usages": ["non_repudiation", "key_cert_sign"]},
        {"longest_age_s": 0},
        {"longest_age_s": 99_999_999},
        {"anything": "else"},
    ],
)
def test_a_policy_only_narrows(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        read_policy(said)


def _certificate(key: Any) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    return built.not_valid_before(AT).not_valid_after(AT + timedelta(days=1)).sign(key, hashes.SHA256())


def test_algorithms_end_by_date(refused: Callable[..., str]) -> None:
    end, policy = (
        datetime(2031, 1, 1, tzinfo=UTC),
        {
            "algorithms": [
                {"name": "rsa", "minimum_bits": 2048, "until": "2031-01-01T00:00:00+00:00"},
                {"name": "rsa", "minimum_bits": 3072},
                {"name": "secp256r1"},
                {"name": "sha256", "until": "2031-01-01T00:00:00+00:00"},
                {"name": "sha384"},
            ]
        },
    )
    rules = read_policy(policy)
    small, curve = _certificate(rsa.generate_private_key(65537, 2048)), _certificate(ec.generate_private_key(ec.SECP256R1()))
    other = _certificate(ec.generate_private_key(ec.SECP384R1()))
    rules.check_key(small, at=end - timedelta(seconds=1))
    rules.check_key(curve, at=end)
    rules.check_digests({"sha256", "sha384"}, at=end - timedelta(seconds=1))
    assert refused(lambda: rules.check_key(small, at=end)) == "SIG-033"
    assert refused(lambda: rules.check_key(other, at=AT)) == "SIG-033"
    assert refused(lambda: rules.check_digests({"sha384", "sha256"}, at=end)) == "SIG-033"
    assert refused(lambda: SignaturePolicy().check_digests({"sha1"}, at=AT)) == "SIG-033"


def test_a_signer_is_held_to_the_policy(desk: Desk) -> None:
    def narrowed(**said: Any) -> SignatureStatus:
        return status(desk, replace(desk.trust, policy=read_policy(said)))

    assert status(desk, desk.trust).conclusion is Conclusion.GOOD
    without_curve = narrowed(algorithms=[{"name": "rsa"}, {"name": "sha256"}])
    assert (without_curve.trusted, without_curve.reasons) == (Answer.NO, ("SIG-033",))
    without_digest = narrowed(algorithms=[{"name": "secp256r1"}, {"name": "sha384"}])
    assert (without_digest.trusted, without_digest.reasons) == (Answer.NO, ("SIG-033",))
    assert narrowed(required_usages=["non_repudiation", "digital_signature"]).conclusion is Conclusion.GOOD


def test_an_old_answer_leaves_the_question_open(desk: Desk) -> None:
    trust = replace(desk.trust, policy=read_policy({"longest_age_s": 3600}))
    later = status(desk, trust, at=desk.at + timedelta(minutes=5))
    assert later.conclusion is Conclusion.GOOD
    check = check_certificate(
        signer=signer_of(desk.employer.certificate),
        trust=trust,
        at=desk.at + timedelta(hours=2),
        revocation=AskedDirectly(desk.authority),
        budget_s=5.0,
    )
    assert check.state == "pending" and "too-old" in check.gaps


def test_a_list_past_its_day_refuses_nobody_and_proves_nothing(desk: Desk) -> None:
    issue = Issue(1, desk.at - timedelta(days=40), desk.at - timedelta(days=10), "mof-trust-list-x")
    found = status(desk, replace(desk.trust, issue=issue))
    assert (found.trusted, found.revoked, found.conclusion) == (Answer.UNKNOWN, Answer.NO, Conclusion.INDETERMINATE)
    assert found.reasons == ("stale-list",) and found.trust_list_number == 1
    newer = replace(desk.trust, issue=replace(issue, number=2, next_update_at=desk.at + timedelta(days=20)))
    assert status(desk, newer).conclusion is Conclusion.GOOD


def test_another_policy_is_another_list(desk: Desk) -> None:
    versions = {
        replace(desk.trust, policy=policy).version
        for policy in (SignaturePolicy(), read_policy({"longest_age_s": 60}), read_policy({"algorithms": [{"name": "rsa"}]}))
    }
    assert len(versions) == 3
    first = desk.trust.authorities[0]
    suspended = replace(first, suspensions=(Window(AT, AT + timedelta(days=1)),))
    assert replace(desk.trust, authorities=(suspended, *desk.trust.authorities[1:])).version != desk.trust.version


class Installation:
    """A folder with a signed list, and whoever reads it. Another reader is another process, or the same after a restart."""

    def __init__(self, listed: Path, tmp_path: Path) -> None:
        self.folder, self.keys, self._at = listed, FileKeys(tmp_path / "keys", "mof"), tmp_path
        self._keys_file = tmp_path / "keys.json"
        self._keys_file.write_bytes(canonical_bytes({"keys": [self.keys.seal_key("trust-list").public_jwk()]}))

    def install(self, *, number: int, days: int = 30) -> bytes:
        return sealed(self.folder, self.keys, number=number, days=days)

    def reader(self) -> InstalledTrust:
        return InstalledTrust(self.folder, self._keys_file, newest=NewestIssue(self._at / "state" / "newest.json"))


@pytest.fixture
def installation(listed: Path, tmp_path: Path) -> Installation:
    return Installation(listed, tmp_path)


def test_the_installed_list_is_read_anew_when_it_is_another(installation: Installation) -> None:
    installation.install(number=1)
    installed = installation.reader()
    first = installed()
    assert installed() is first and first.issue is not None and first.issue.number == 1
    installation.install(number=2)
    second = installed()
    assert second.issue is not None and second.issue.number == 2
    (installation.folder / FILE_NAME).write_bytes(b"broken")
    for _ in range(2):
        with pytest.raises(Defect) as caught:
            installed()
        assert caught.value.code == "SIG-060"


def test_an_older_issue_is_not_believed_after_a_newer_one_also_after_a_restart(installation: Installation) -> None:
    """Whoever can write into the folder, and would have a suspension forgotten."""
    older, running = installation.install(number=7), installation.reader()
    running()
    changed(installation.folder, suspended_from=(AT - timedelta(days=1)).isoformat())
    newer = installation.install(number=8)
    assert running().authorities[1].suspended_from is not None
    for reader in (running, installation.reader()):
        (installation.folder / FILE_NAME).write_bytes(older)
        with pytest.raises(Defect) as caught:
            reader()
        assert (caught.value.code, caught.value.parameters) == ("SIG-061", {"number": 7, "newest": 8})
        (installation.folder / FILE_NAME).write_bytes(newer)
        assert reader().issue is not None, "the newest again is believed again"


def test_nor_another_list_of_the_same_number(installation: Installation) -> None:
    installation.install(number=7)
    installation.reader()()
    changed(installation.folder, suspended_from=(AT - timedelta(days=1)).isoformat())
    installation.install(number=7)
    with pytest.raises(Defect) as caught:
        installation.reader()()
    assert caught.value.code == "SIG-061"


def test_where_it_cannot_be_told_which_was_the_newest_nothing_is_believed(installation: Installation, tmp_path: Path) -> None:
    installation.install(number=7)
    installation.reader()()
    (tmp_path / "state" / "newest.json").write_bytes(b"broken")
    with pytest.raises(Defect) as caught:
        installation.reader()()
    assert caught.value.code == "SIG-060"


def test_of_two_processes_that_read_at_the_same_time_the_newer_issue_stays(installation: Installation, tmp_path: Path) -> None:
    newest, at = NewestIssue(tmp_path / "n.json"), AT
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda number: _noted(newest, Issue(number, at, at + timedelta(days=1), "k")), range(1, 40)))
    with pytest.raises(Defect):
        newest.check(Issue(38, at, at + timedelta(days=1), "k"), "38")
    assert said[-1], "the newest is never refused"


def _noted(newest: NewestIssue, issue: Issue) -> bool:
    try:
        newest.check(issue, str(issue.number))
    except Defect:
        return False
    return True
