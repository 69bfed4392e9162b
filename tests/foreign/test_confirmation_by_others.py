"""An e-ID confirmation judged without a line of ours: openssl and Node's own crypto know only the published key and the file."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bhxh.signing.confirmations import seal_confirmation
from bhxh.signing.key_files import FileKeys
from bhxh.signing.seals import openssl_parts
from tests.other_programs import INSTALLED_BY
from tests.unit.signing.test_confirmations import CONFIRMED, CONTENT

_NODE = """
const { createHash, createPublicKey, verify } = require('node:crypto'), { readFileSync } = require('node:fs')
const [sealed, keys, content] = process.argv.slice(1).map((name) => readFileSync(name))
const { payload, protected: head, signature } = JSON.parse(sealed)
const header = JSON.parse(Buffer.from(head, 'base64url'))
const jwk = JSON.parse(keys).keys.find((key) => key.kid === header.kid && key.purpose === 'confirmation')
const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }
const holds = header.alg === 'ES256' && verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'))
const said = JSON.parse(Buffer.from(payload, 'base64url'))
const age = (Date.parse(said.confirmed_at) - Date.parse(said.login.authenticated_at)) / 1000
const isFresh = said.login.assurance_level === 2 && age <= said.fresh_within_s
const isSame = createHash('sha256').update(content).digest('hex') === said.content.sha256
console.log(JSON.stringify({ holds, isFresh, isSame, pin: said.signer.pin }))
"""


def _needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"NOT CHECKED by other people's tools: the program {program} is not installed. {INSTALLED_BY}")
    return found


@pytest.fixture
def files(tmp_path: Path) -> Path:
    keys = FileKeys(tmp_path / "private", "mof")
    sealed = seal_confirmation(CONFIRMED, key=keys.seal_key("confirmation"))
    other = seal_confirmation(replace(CONFIRMED, content_sha256="0" * 64), key=keys.seal_key("confirmation"))
    signed, signature, public = openssl_parts(sealed, keys=keys.key_set())
    for name, content in (
        *(("sealed", sealed), ("other", other), ("keys", keys.key_set().to_json()), ("content", CONTENT)),
        *(("signed", signed), ("changed", signed[:-2] + b"AA"), ("signature", signature), ("public.pem", public)),
    ):
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_openssl_accepts_it_and_refuses_a_changed_one(files: Path) -> None:
    command = [_needs("openssl"), "dgst", "-sha256", "-verify", files / "public.pem", "-signature", files / "signature"]
    judged = [subprocess.run([*command, files / name], capture_output=True, check=False) for name in ("signed", "changed")]
    assert judged[0].stdout.strip() == b"Verified OK"
    assert judged[1].returncode != 0


def test_node_reads_who_confirmed_what_how_freshly(files: Path) -> None:
    def run(sealed: str) -> dict[str, object]:
        command = [_needs("node"), "-e", _NODE, files / sealed, files / "keys", files / "content"]
        said: dict[str, object] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        return said

    assert run("sealed") == {"holds": True, "isFresh": True, "isSame": True, "pin": CONFIRMED.signer.pin}
    assert run("other")["isSame"] is False
