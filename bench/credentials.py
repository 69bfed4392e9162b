"""QR codes of cards and summaries: sealed and verified, beside the bare signature over the same bytes. One core, no drawing."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from bench.measuring import Row
from bhxh.credentials.contents import Content, claims_of, expiry_of
from bhxh.credentials.verification import verify
from bhxh.signing.cose_seals import seal_claims
from bhxh.signing.key_files import FileKeys

_AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
_ROUNDS, _TIMES = 5, 1000
_PERSON = {"name": "Nguyễn Thị Minh Hạnh", "born": "1988-03-12", "sex": "F"}
_CARD: Content = {
    "k": "HI",
    "card": "DN4790791880001",
    **_PERSON,
    "from": "2024-01-01",
    "level": 4,
    "clinic": "79013",
    "five": "2028-01-01",
}
_SUMMARY: Content = {
    "k": "BOOK",
    "book": "SBH-AWK4K-HEYVC-76GH",
    "version": 3,
    "sha256": bytes(range(32)),
    "code": "079188000123",
    **_PERSON,
    "si": 54,
    "ui": 54,
    "hi": 54,
    "work": [["Công ty Cổ phần Thực phẩm Sông Lam", 626, 655], ["Công ty TNHH May Mẫu", 600, 623]],
}


def run() -> list[Row]:
    """CPU time of one, the best of five rounds."""
    with tempfile.TemporaryDirectory() as folder:
        keys = FileKeys(Path(folder), "mof")
        key, known = keys.seal_key("credential"), keys.key_set()
        bare = ec.generate_private_key(ec.SECP256R1())
    rows = []
    sign = _one_ms(lambda: bare.sign(bytes(300), ec.ECDSA(hashes.SHA256())))
    signature, public = bare.sign(bytes(300), ec.ECDSA(hashes.SHA256())), bare.public_key()
    check = _one_ms(lambda: public.verify(signature, bytes(300), ec.ECDSA(hashes.SHA256())))
    for name, content in (("card", _CARD), ("summary", _SUMMARY)):
        claims = claims_of(
            content,
            issued_at=_AT,
            expires_at=expiry_of(content, _AT),
            status_address="https://bhxh.example/tt/0",
            status_index=4711,
        )
        text = seal_claims(claims, key=key)
        sealed, verified = _one_ms(lambda c=claims: seal_claims(c, key=key)), _one_ms(lambda t=text: verify(t, known, at=_AT))  # type: ignore[misc]
        note = f"{len(text)} characters; "
        rows += [
            Row(
                what=f"QR {name}: encode and sign",
                value=sealed,
                unit="ms",
                beside="bare ES256",
                beside_value=sign,
                note=f"{note}target 0.2",
            ),
            Row(what=f"QR {name}: verify", value=verified, unit="ms", beside="bare ES256", beside_value=check, note=f"{note}target 0.3"),
        ]
    return rows


def _one_ms(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(_ROUNDS):
        started = process_time()
        for _ in range(_TIMES):
            act()
        taken.append(process_time() - started)
    return min(taken) * 1000 / _TIMES
