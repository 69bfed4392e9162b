"""Status lists: two bits each, sealed, fresh for a day."""

import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from bhxh.credentials.status_lists import FRESH, LIST_SIZE, TYPE_NAME, Standing, Status, check_standing, open_list, seal_list
from bhxh.credentials.verification import VerifiedCredential, verify
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Invalid
from bhxh.signing.base64url import decode, encode
from bhxh.signing.key_files import FileKeys
from bhxh.signing.seals import as_flattened, seal
from tests.unit.credentials.test_contents import AT, ON, book, card_of, keys, sealed

__all__ = ["keys"]
ADDRESS = "https://bhxh.example/tt/0"
STANDINGS = {
    0: Standing(Status.REPLACED),
    5: Standing(Status.SUSPENDED, "SUSPICION"),
    4711: Standing(Status.WITHDRAWN, "CARD_WITHDRAWN"),
    LIST_SIZE - 1: Standing(Status.SUSPENDED, "CARD_LOCKED"),
}


@pytest.fixture
def credential(keys: FileKeys) -> VerifiedCredential:
    return verify(sealed(card_of(book(), ON), keys), keys.key_set(), at=AT)


@pytest.mark.parametrize("index", [*STANDINGS, 1, 4, 6, 4710])
def test_each_place_says_what_it_was_given(keys: FileKeys, credential: VerifiedCredential, index: int) -> None:
    opened = open_list(seal_list(STANDINGS, address=ADDRESS, at=AT, key=keys.seal_key("credential")), keys.key_set(), at=AT)
    standing = opened.standing_of(replace(credential, status_index=index))
    assert standing == STANDINGS.get(index, Standing(Status.VALID))
    if standing.status is Status.VALID:
        check_standing(standing)
    else:
        with pytest.raises(Invalid) as caught:
            check_standing(standing)
        assert caught.value.code == "CRD-023"


def test_it_has_the_shape_of_a_token_status_list(keys: FileKeys) -> None:
    """draft-ietf-oauth-status-list: bits, lst (deflated with zlib, base64url), sub, iat, exp, ttl; the first place in the lowest bits."""
    file = seal_list(STANDINGS, address=ADDRESS, at=AT, key=keys.seal_key("credential"))
    said = orjson.loads(decode(orjson.loads(file)["payload"]))
    assert (said["sub"], said["iat"], said["exp"] - said["iat"]) == (ADDRESS, int(AT.timestamp()), 24 * 3600)
    bits = zlib.decompress(decode(said["status_list"]["lst"]))
    assert (said["status_list"]["bits"], len(bits), bits[0], bits[1]) == (2, LIST_SIZE // 4, 0b11, 0b1000)
    assert said["reasons"] == {"5": "SUSPICION", "4711": "CARD_WITHDRAWN", str(LIST_SIZE - 1): "CARD_LOCKED"}
    assert orjson.loads(decode(orjson.loads(file)["protected"]))["typ"] == TYPE_NAME
    assert len(file) < 1000, "an empty list is small, however many places it has"


def test_a_full_list_of_everything_stays_small_enough(keys: FileKeys, credential: VerifiedCredential) -> None:
    replaced = {index: Standing(Status(index % 4)) for index in range(LIST_SIZE)}
    file = seal_list(replaced, address=ADDRESS, at=AT, key=keys.seal_key("credential"))
    assert open_list(file, keys.key_set(), at=AT).standing_of(replace(credential, status_index=7)).status is Status.REPLACED


def test_it_is_good_for_a_day(keys: FileKeys) -> None:
    file = seal_list({}, address=ADDRESS, at=AT, key=keys.seal_key("credential"))
    assert open_list(file, keys.key_set(), at=AT + FRESH - timedelta(seconds=1))
    with pytest.raises(Invalid) as caught:
        open_list(file, keys.key_set(), at=AT + FRESH)
    assert caught.value.code == "CRD-021"


def test_a_credential_of_another_list_is_not_judged_by_this_one(keys: FileKeys, credential: VerifiedCredential) -> None:
    opened = open_list(seal_list({}, address=ADDRESS, at=AT, key=keys.seal_key("credential")), keys.key_set(), at=AT)
    for other in (replace(credential, status_address=ADDRESS + "1"), replace(credential, status_index=LIST_SIZE)):
        with pytest.raises(Invalid) as caught:
            opened.standing_of(other)
        assert caught.value.code == "CRD-022"


def test_a_changed_list_is_refused(keys: FileKeys) -> None:
    file = seal_list(STANDINGS, address=ADDRESS, at=AT, key=keys.seal_key("credential"))
    for at in range(0, len(file), 7):
        changed = file[:at] + (b"A" if file[at : at + 1] != b"A" else b"B") + file[at + 1 :]
        with pytest.raises(Invalid):
            open_list(changed, keys.key_set(), at=AT)


def _said(**more: Any) -> dict[str, Any]:
    plain = {"bits": 2, "lst": encode(zlib.compress(bytes(LIST_SIZE // 4)))}
    return {
        "exp": int(AT.timestamp()) + 60,
        "iat": int(AT.timestamp()),
        "reasons": {},
        "status_list": plain,
        "sub": ADDRESS,
        "ttl": 1,
        **more,
    }


@pytest.mark.parametrize(
    "said",
    [
        {},
        [],
        _said(status_list={"bits": 1, "lst": _said()["status_list"]["lst"]}),
        _said(status_list={"bits": 2, "lst": "!"}),
        _said(status_list={"bits": 2, "lst": encode(b"no zlib")}),
        _said(status_list={"bits": 2, "lst": encode(zlib.compress(bytes(3_000_000)))}),
        _said(iat="yesterday"),
        _said(exp=2**52),
        _said(reasons=[]),
        _said(exp=int((AT + FRESH).timestamp()) + 1),
        _said(iat=int(AT.timestamp()) + 301, exp=int(AT.timestamp()) + 400),
    ],
)
def test_what_is_no_list_is_refused_under_our_own_key(keys: FileKeys, said: Any) -> None:
    payload, key = canonical_bytes(said), keys.seal_key("credential")
    with pytest.raises(Invalid) as caught:
        open_list(as_flattened(payload, seal(payload, key=key, type_name=TYPE_NAME)), keys.key_set(), at=AT)
    assert caught.value.code == "CRD-020"


def test_a_key_past_its_end_seals_no_list(keys: FileKeys, tmp_path: Any) -> None:
    rotated = FileKeys(tmp_path, "mof")
    file = seal_list({}, address=ADDRESS, at=AT, key=rotated.seal_key("credential"))
    rotated.rotate("credential", at=AT - timedelta(days=1))
    with pytest.raises(Invalid) as caught:
        open_list(file, rotated.key_set(), at=AT)
    assert caught.value.code == "CRD-006"


def test_verification_needs_no_database_and_no_network() -> None:
    program = (
        "import sys; import bhxh.credentials.verification, bhxh.credentials.status_lists;"
        "bad = [m for m in ('django', 'psycopg', 'httpx', 'segno') if m in sys.modules]; sys.exit(', '.join(bad) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])
    assert done.returncode == 0, done.stderr
