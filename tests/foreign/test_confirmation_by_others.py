"""An e-ID confirmation judged without a line of ours: openssl and Node's own crypto know only the published key and the file."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bhxh.signing.confirmations import TYPE_NAME, seal_confirmation
from bhxh.signing.key_files import FileKeys
from tests.other_programs import needs
from tests.unit.signing.test_confirmations import CONFIRMED, CONTENT
from tools.foreign import node_scripts, openssl
from tools.foreign.spoiling import letter_of


def test_openssl_accepts_it_and_refuses_a_changed_one(tmp_path: Path) -> None:
    needs("openssl")
    keys = FileKeys(tmp_path, "mof")
    sealed = seal_confirmation(CONFIRMED, key=keys.seal_key("confirmation"))
    assert openssl.seal(sealed, keys.key_set()).holds
    assert not openssl.seal(letter_of("payload")(sealed), keys.key_set()).holds


def test_node_reads_who_confirmed_what_how_freshly(tmp_path: Path) -> None:
    needs("node")
    keys = FileKeys(tmp_path, "mof")
    sealed = seal_confirmation(CONFIRMED, key=keys.seal_key("confirmation"))
    published = keys.key_set().to_json()
    said = node_scripts.seal(sealed, published, type_name=TYPE_NAME, content=CONTENT)
    told = said.told["payload"]
    assert said.holds and told["signer"]["pin"] == CONFIRMED.signer.pin and told["login"]["assurance_level"] == 2
    confirmed, signed_in = (datetime.fromisoformat(one) for one in (told["confirmed_at"], told["login"]["authenticated_at"]))
    assert 0 <= (confirmed - signed_in).total_seconds() <= told["fresh_within_s"]
    for member in ("payload", "protected", "signature"):
        assert not node_scripts.seal(letter_of(member)(sealed), published, type_name=TYPE_NAME).holds, member
    other = seal_confirmation(replace(CONFIRMED, content_sha256="0" * 64), key=keys.seal_key("confirmation"))
    assert node_scripts.seal(other, published, type_name=TYPE_NAME, content=CONTENT).words == "it speaks of another document"
