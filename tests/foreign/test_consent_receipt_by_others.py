"""A consent receipt, the data that came with it and the statement of status, judged by Node alone and by openssl: none of our code."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bhxh.access.consent_receipts import DISCLOSURE_TYPE, RECEIPT_TYPE, STATUS_TYPE, sealed
from bhxh.kernel.canonical import canonical_bytes, sha256_hex
from bhxh.signing.key_files import FileKeys
from tests.other_programs import needs
from tests.unit.access.test_consent_receipts import AT, CONSENT, GRANTED, content
from tools.foreign import node_scripts, openssl
from tools.foreign.spoiling import letter_of


class Papers:
    """Receipt, disclosure and status as files, with the published keys."""

    def __init__(self, folder: Path) -> None:
        self.keys = FileKeys(folder / "seal", "mof")
        self.keys.seal_key("book")
        self.receipt = self.seal(json.loads(content()), RECEIPT_TYPE)
        self.disclosure: dict[str, Any] = {
            "format": "bhxh-disclosure/1",
            "disclosure_id": str(UUID(int=3)),
            "at": (AT + timedelta(hours=1)).isoformat(),
            "recipient": "bank-a",
            "subject": "001*****0001",
            "basis": {
                "legal_basis": "CONSENT",
                "consent_id": str(CONSENT),
                "receipt_sha256": sha256_hex(self.receipt),
                "purpose": "CREDIT",
            },
            "on": "2026-11-21",
            "left_out": [],
            "data": {GRANTED[1]: True},
        }
        self.status: dict[str, Any] = {
            "consent_id": str(CONSENT),
            "receipt_sha256": sha256_hex(self.receipt),
            "status": "given",
            "until_on": "2026-12-01",
            "withdrawn_at": "",
            "as_of": (AT + timedelta(hours=2)).isoformat(),
        }

    def seal(self, said: Any, type_name: str, purpose: Any = "consent") -> bytes:
        return sealed(canonical_bytes(said), key=self.keys.seal_key(purpose), type_name=type_name)

    def judge(self, *, at: datetime = AT + timedelta(hours=3)) -> dict[str, Any]:
        """What the script says of the three."""
        needs("node")
        said = node_scripts.consent(
            self.receipt,
            self.keys.key_set().to_json(),
            disclosure=self.seal(self.disclosure, DISCLOSURE_TYPE),
            status=self.seal(self.status, STATUS_TYPE),
            at=at,
        )
        return dict(said.told)


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    return Papers(tmp_path)


def test_node_accepts_what_we_made(papers: Papers) -> None:
    assert papers.judge() == {
        "holds": True,
        "consent": str(CONSENT),
        "recipient": "bank-a",
        "granted": list(GRANTED),
        "until": "2026-12-01",
        "status": "given",
    }


def test_an_instant_without_an_offset_is_refused_as_at_our_own_doors(papers: Papers) -> None:
    said = papers.judge(at=(AT + timedelta(hours=3)).replace(tzinfo=None))
    assert not said["holds"] and "offset from UTC" in said["why"]


def _change(name: str, **values: Any) -> Callable[[Papers], None]:
    def apply(papers: Papers) -> None:
        target = getattr(papers, name)
        for key, value in values.items():
            inner, _, field = key.partition("__")
            if field:
                target[inner][field] = value
            else:
                target[inner] = value

    return apply


def _flip(papers: Papers) -> None:
    papers.receipt = papers.receipt.replace(b'"payload":"ey', b'"payload":"eY', 1)


def _other_key(papers: Papers) -> None:
    papers.receipt = papers.seal(json.loads(content()), RECEIPT_TYPE, purpose="book")


def _respelled(papers: Papers) -> None:
    papers.receipt = papers.receipt.replace(b'","protected"', b'", "protected"')


@pytest.mark.parametrize(
    "spoil",
    [
        _flip,
        _other_key,
        _respelled,
        _change("disclosure", data={"social_insurance.contribution_bases": []}),
        _change("disclosure", recipient="bank-b"),
        _change("disclosure", subject="001*****0002"),
        _change("disclosure", basis__receipt_sha256="00" * 32),
        _change("disclosure", basis__consent_id=str(UUID(int=9))),
        _change("disclosure", at=datetime(2026, 11, 30, 17, 0, tzinfo=UTC).isoformat()),
        _change("disclosure", at=(AT - timedelta(seconds=1)).isoformat()),
        _change("status", status="withdrawn"),
        _change("status", consent_id=str(UUID(int=9))),
        _change("status", receipt_sha256="00" * 32),
        _change("status", as_of="soon"),
    ],
    ids=[
        *(
            "a changed byte",
            "a key of another purpose",
            "another spelling",
            "data beyond the grant",
            "for somebody else",
            "of somebody else",
        ),
        *("another receipt", "another consent", "read after the end", "read before the grant", "withdrawn", "status of another"),
        *("status of another receipt", "status without a time"),
    ],
)
def test_node_refuses_what_is_off(papers: Papers, spoil: Callable[[Papers], None]) -> None:
    spoil(papers)
    said = papers.judge()
    assert said["holds"] is False and said["why"]


def test_node_refuses_a_consent_that_expired_since(papers: Papers) -> None:
    end = datetime.combine(date(2026, 12, 1), datetime.min.time(), UTC) - timedelta(hours=7)
    assert papers.judge(at=end - timedelta(seconds=1))["holds"]
    assert papers.judge(at=end)["why"] == "the consent has expired"


def test_openssl_accepts_the_receipt_and_refuses_a_changed_byte(papers: Papers) -> None:
    needs("openssl")
    assert openssl.seal(papers.receipt, papers.keys.key_set()).holds
    assert not openssl.seal(letter_of("payload")(papers.receipt), papers.keys.key_set()).holds
