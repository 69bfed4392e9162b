"""Addresses: what is one, how it travels, and that the letter's head carries it unchanged."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bhxh.notices.addresses import parse_address
from bhxh.notices.mime import build_message
from bhxh.notices.models import Message


@pytest.mark.parametrize(
    ("text", "wire", "needs_utf8"),
    [
        ("don-vi@mau.example", "don-vi@mau.example", False),
        ("Don.Vi+1@MAU.example", "Don.Vi+1@mau.example", False),
        ("an@bảohiểm.example", f"an@{'bảohiểm'.encode('idna').decode()}.example", False),
        ("nguyễn.an@mau.example", "nguyễn.an@mau.example", True),
        ("nguye\u0302\u0303n@mau.example", "nguyễn@mau.example", True),  # letters with loose marks, composed
    ],
)
def test_addresses_as_they_travel(text: str, wire: str, needs_utf8: bool) -> None:
    address = parse_address(text)
    assert address is not None
    assert (str(address), address.needs_utf8) == (wire, needs_utf8)


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "a", "a@b", "@b.vn", "a b@c.vn", "a@b c.vn", "a@.vn", "a@b..vn", "a@-b.vn", "a@b_c.vn", "a\r\nBcc: x@y.vn", "a@b.vn\r\nBcc: x@y.vn",
        "a\u202eb@c.vn", "a\u200bb@c.vn", "a\x00@c.vn", "<a@b.vn>", '"a b"@c.vn', "a,b@c.vn", "a@xn--zzzzzz.vn", "x" * 65 + "@b.vn",
        "ễ" * 30 + "@b.vn", "a@" + "b." * 130 + "vn", "a@b.vn>", "a\ud800@b.vn", "a@\ud800.vn", "a😀@b.vn",
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    assert parse_address(text) is None


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_makes_the_address_reader_raise(text: str) -> None:
    for one in (text, f"{text}@vidu.example", f"an@{text}.vn"):
        address = parse_address(one)
        assert address is None or parse_address(str(address)) == address, "what travels is an address and stays the same"


_LOCAL = st.text(alphabet="abXZ019.!#$%&'*+/=?^_`{|}~-ễạđ字", min_size=1, max_size=66)
_DOMAIN = st.text(alphabet="abz-.ễđ0", min_size=1, max_size=100)


@given(_LOCAL, _DOMAIN)
@settings(max_examples=300, deadline=None)
def test_every_address_that_is_taken_stands_unchanged_in_the_head(local: str, domain: str) -> None:
    address = parse_address(f"{local}@{domain}.vn")
    if address is None:
        return
    letter = Message(
        message_id=UUID(int=5),
        subject="Đã nhận hồ sơ",
        body_text="Xin chào",
        body_html="<p>Xin chào</p>",
        smtp_message_id="<5@bhxh.example>",
        created_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
    )
    raw = build_message(letter, sender="BHXH <khong-tra-loi@bhxh.example>", recipient=address)
    assert address.needs_utf8 or raw.isascii(), "a relay without SMTPUTF8 is sent nothing that needs it"
    head = message_from_bytes(raw, policy=default)
    assert (str(head["To"]), head["Subject"], head["Auto-Submitted"]) == (str(address), "Đã nhận hồ sơ", "auto-generated")
    assert head["X-Auto-Response-Suppress"] == "All"
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
