"""A book is verified with nothing but the file and the published keys."""

import base64
import json
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bhxh.book.verification import verify, verify_chain
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Invalid
from bhxh.signing.key_files import FileKeys
from bhxh.signing.keysets import KeySet
from tests.unit.book.books import AT, composed, header, months, sealed


def _code(data: bytes, keys: KeySet) -> str:
    with pytest.raises(Invalid) as caught:
        verify(data, keys)
    assert caught.value.code.startswith("BOK-")
    assert "Hạnh" not in str(caught.value)
    return caught.value.code


def test_a_genuine_book_is_read(book_key: Any, file_keys: FileKeys) -> None:
    book = composed(months("2026-01", 3))
    read = verify(sealed(book, book_key), file_keys.key_set())
    assert (read.payload, read.version, read.custodian, read.sha256) == (book.payload, 1, Custodian.MOF, book.digest.hex())
    assert len(read.book["contributions"]) == 3


def test_any_changed_byte_is_refused(book_key: Any, file_keys: FileKeys) -> None:
    data, keys = sealed(composed(months("2026-01", 3)), book_key), file_keys.key_set()
    random_places = random.Random(164).sample(range(len(data)), 200)
    for place in random_places:
        for change in (1, 32):
            changed = bytearray(data)
            changed[place] ^= change
            _code(bytes(changed), keys)


def test_a_raised_wage_is_refused_with_the_sentence(book_key: Any, file_keys: FileKeys) -> None:
    outer = json.loads(sealed(composed(months("2026-01", 1)), book_key))
    payload = base64.urlsafe_b64decode(outer["payload"] + "==").replace(b"10000000", b"90000000")
    outer["payload"] = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
    assert _code(canonical_bytes(outer), file_keys.key_set()) == "BOK-004"


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"%PDF-1.7", b'{"payload":"","protected":"","signature":""}', b"\xff\xfe"])
def test_rubbish_is_no_book(data: bytes, file_keys: FileKeys, book_key: Any) -> None:
    assert _code(data, file_keys.key_set()) in ("BOK-004", "BOK-005")


def test_a_strangers_key_is_refused(tmp_path: Path, file_keys: FileKeys) -> None:
    stranger = FileKeys(tmp_path, "mof").seal_key("book")
    assert _code(sealed(composed(), stranger), file_keys.key_set()) == "BOK-006"


def test_a_key_of_another_purpose_is_refused(file_keys: FileKeys) -> None:
    assert _code(sealed(composed(), file_keys.seal_key("receipt")), file_keys.key_set()) == "BOK-005"


def test_a_seal_of_another_type_is_refused(file_keys: FileKeys, book_key: Any) -> None:
    assert _code(sealed(composed(), book_key, type_name="bhxh-receipt+json"), file_keys.key_set()) == "BOK-005"


def test_another_custodians_key_cannot_seal_a_common_book(tmp_path: Path, file_keys: FileKeys) -> None:
    theirs = FileKeys(tmp_path, "mnd")
    keys = file_keys.key_set().merge(KeySet([*theirs.key_set()])) if len(theirs.key_set()) else file_keys.key_set()
    key = theirs.seal_key("book")
    keys = file_keys.key_set().merge(theirs.key_set())
    assert _code(sealed(composed(), key), keys) == "BOK-006"
    own = composed(its_header=header(custodian=Custodian.MND))
    assert verify(sealed(own, key), keys).custodian is Custodian.MND


def test_a_seal_outside_the_keys_window_is_refused(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path, "mof")
    old = keys.seal_key("book")
    before, after = composed(), composed(its_header=header(issued_at=AT + timedelta(days=2)))
    keys.rotate("book", at=AT + timedelta(days=1))
    assert verify(sealed(before, old), keys.key_set()).version == 1, "old seals stay good"
    assert _code(sealed(after, old), keys.key_set()) == "BOK-006"


@pytest.mark.parametrize(
    "changes",
    [{"version": 0}, {"version": 2}, {"previous_sha256": "ab" * 32}, {"version": 2, "previous_sha256": "ab"}, {"si_code": "1"}],
    ids=["no version", "second without first", "first with a predecessor", "short digest", "another person"],
)
def test_a_sealed_file_that_is_no_book_is_refused(changes: dict[str, Any], book_key: Any, file_keys: FileKeys) -> None:
    assert _code(sealed(composed(its_header=header(**changes)), book_key), file_keys.key_set()) == "BOK-005"


def test_a_chain_has_no_gap_and_no_stranger(book_key: Any, file_keys: FileKeys) -> None:
    keys = file_keys.key_set()
    first = composed(months("2026-01", 1))
    second = composed(months("2026-01", 2), its_header=header(version=2, previous_sha256=first.digest.hex()))
    third = composed(months("2026-01", 3), its_header=header(version=3, previous_sha256=second.digest.hex()))
    stranger = composed(its_header=header(version=2, previous_sha256=first.digest.hex(), book_id="SBH-OTHER"))
    files = [sealed(book, book_key) for book in (first, second, third)]
    assert [book.version for book in verify_chain(files, keys)] == [1, 2, 3]
    for broken in ([files[0], files[2]], files[1:], [files[0], sealed(stranger, book_key)], [files[0], files[0]]):
        with pytest.raises(Invalid) as caught:
            verify_chain(broken, keys)
        assert caught.value.code == "BOK-007"


def test_the_verifier_needs_no_database() -> None:
    program = (
        "import sys, bhxh.book.verification;"
        "bad = [m for m in ('django', 'psycopg', 'httpx', 'procrastinate') if m in sys.modules]; sys.exit(', '.join(bad) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
