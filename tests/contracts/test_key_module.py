"""Seal keys in a hardware module, spoken to by PKCS#11. SoftHSM stands in for the hardware."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Defect, Unavailable
from bhxh.signing.key_files import FileKeys, ModuleSealKey
from bhxh.signing.pdf_seals import seal_pdf
from bhxh.signing.seals import as_flattened, seal, verify_flattened
from sandbox.pki.authority import certify, open_authority
from tests.other_programs import INSTALLED_BY
from tests.page_seal_kit import judged, request_of

TYPE = "bhxh-book+json"
PAYLOAD = canonical_bytes({"name": "Nguyễn Thị Hương"})
_LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
_TOKEN, _PIN = "bhxh", "1234-khoa"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SoftHSM with one token. WHY one for all: the library reads its configuration once for each process."""
    program = shutil.which(os.environ.get("SOFTHSM2_UTIL", "softhsm2-util"))
    found = next((Path(one) for one in (os.environ.get("SOFTHSM2_LIBRARY", ""), *_LIBRARIES) if one and Path(one).exists()), None)
    if program is None or found is None:
        pytest.skip(f"NOT CHECKED with a hardware module: SoftHSM is not installed. {INSTALLED_BY}")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    for label in (_TOKEN, "locked"):
        command = [program, "--module", str(found), "--init-token", "--free", "--label", label, "--so-pin", "so-" + _PIN, "--pin", _PIN]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    return found


@pytest.fixture
def keys(library: Path, tmp_path: Path) -> Iterator[FileKeys]:
    from bhxh.connectors.key_module import Pkcs11Module

    module = Pkcs11Module(library=library, token=_TOKEN, pin=lambda: _PIN)
    yield FileKeys(tmp_path / "keys", "mof", module=module)
    module.close()


def test_a_seal_made_in_the_module_is_like_any_other(keys: FileKeys, tmp_path: Path) -> None:
    key = keys.seal_key("book")
    assert isinstance(key, ModuleSealKey)
    sealed = as_flattened(PAYLOAD, seal(PAYLOAD, key=key, type_name=TYPE))
    without_module = FileKeys(tmp_path / "keys", "mof")
    assert verify_flattened(sealed, keys=without_module.key_set(), type_name=TYPE, purpose="book").kid == key.kid
    private = [file.name for file in (tmp_path / "keys").iterdir() if b"PRIVATE" in file.read_bytes()]
    assert private == [], "the private half is in the module only"
    with pytest.raises(Defect) as refused:
        without_module.seal_key("book")
    assert refused.value.code == "SIG-110"


def test_keys_from_files_and_from_the_module_live_side_by_side(keys: FileKeys, tmp_path: Path) -> None:
    """An installation gets a module: what was sealed before still holds, new keys are made in it."""
    at = datetime(2026, 11, 21, tzinfo=UTC)
    files = FileKeys(tmp_path / "keys", "mof")
    old = as_flattened(PAYLOAD, seal(PAYLOAD, key=files.seal_key("book"), type_name=TYPE))
    fresh = keys.rotate("book", at=at, overlap=timedelta(days=7))
    assert isinstance(fresh, ModuleSealKey)
    new = as_flattened(PAYLOAD, seal(PAYLOAD, key=keys.seal_key("book"), type_name=TYPE))
    for document in (old, new):
        verify_flattened(document, keys=keys.key_set(), type_name=TYPE, purpose="book")


def test_a_page_is_sealed_by_a_key_that_never_left_the_module(keys: FileKeys, tmp_path: Path) -> None:
    from tests.unit.book.books import composed, months
    from tests.unit.book.test_rendering import _pdf

    authority = open_authority(tmp_path / "pki")
    keys.install_certificate("page", certify(authority.folder, request_of(keys)))
    by = keys.certified("page")
    assert by is not None and isinstance(by.key, ModuleSealKey)
    assert judged(seal_pdf(_pdf(composed(months("2026-01", 1)).payload), by=by, at=datetime.now(UTC)).content, authority).bottom_line


def test_many_threads_share_the_one_session(keys: FileKeys) -> None:
    key, published = keys.seal_key("receipt"), keys.key_set()

    def sealed(n: int) -> bytes:
        payload = canonical_bytes({"n": n})
        return as_flattened(payload, seal(payload, key=key, type_name=TYPE))

    with ThreadPoolExecutor(8) as pool:
        for document in pool.map(sealed, range(64)):
            verify_flattened(document, keys=published, type_name=TYPE)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the library ends its search on the session that is gone
def test_a_session_that_broke_is_opened_anew(keys: FileKeys) -> None:
    key = keys.seal_key("book")
    keys._module._session.close()  # type: ignore[union-attr]
    sealed = as_flattened(PAYLOAD, seal(PAYLOAD, key=key, type_name=TYPE))
    verify_flattened(sealed, keys=keys.key_set(), type_name=TYPE)


def test_a_second_holder_in_the_process_shares_the_login(keys: FileKeys, library: Path, tmp_path: Path) -> None:
    from bhxh.connectors.key_module import Pkcs11Module

    keys.seal_key("book")
    other = FileKeys(tmp_path / "keys", "mof", module=Pkcs11Module(library=library, token=_TOKEN, pin=lambda: _PIN))
    sealed = as_flattened(PAYLOAD, seal(PAYLOAD, key=other.seal_key("book"), type_name=TYPE))
    verify_flattened(sealed, keys=keys.key_set(), type_name=TYPE)


def test_what_the_module_refuses_is_a_sentence(library: Path, tmp_path: Path) -> None:
    from bhxh.connectors.key_module import Pkcs11Module

    away = FileKeys(tmp_path / "away", "mof", module=Pkcs11Module(library=library, token="nowhere", pin=lambda: _PIN))
    with pytest.raises(Unavailable) as unavailable:
        away.seal_key("book")
    assert unavailable.value.code == "CON-091"
    asked = []
    locked = FileKeys(
        tmp_path / "locked",
        "mof",
        module=Pkcs11Module(library=library, token="locked", pin=lambda: asked.append(1) or "wrong"),  # type: ignore[func-returns-value]
    )
    for _ in range(3):
        with pytest.raises(Defect) as refused:
            locked.seal_key("book")
        assert refused.value.code == "CON-092"
    assert len(asked) == 1, "a wrong PIN is tried once"
