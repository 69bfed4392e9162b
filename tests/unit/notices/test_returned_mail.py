"""The door for bounces: what each form says, and that no bytes make it raise or take long."""

import time
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bhxh.notices.outcomes import reason_of
from bhxh.notices.return_path import ReturnPath
from bhxh.notices.returned_mail import LONGEST, Meaning, Returned, header_text, read_returned
from bhxh.notices.states import FailedReason
from tests.unit.notices.returned_samples import POSTFIX, SAMPLES, addressed, mutated

RETURNS = ReturnPath("tra-lai@bhxh.example", b"a secret of the test")
LETTER = UUID("01930000-0000-7000-8000-000000000001")


@pytest.mark.parametrize("name", SAMPLES)
def test_each_form_is_understood(name: str) -> None:
    sample, meaning, status = SAMPLES[name]
    found = read_returned(sample)
    assert (found.meaning, found.status) == (Meaning(meaning), status)


@given(st.binary(max_size=4000))
@settings(max_examples=300, deadline=None)
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    assert isinstance(read_returned(raw), Returned)
    RETURNS.find(header_text(raw))


@given(st.sampled_from(sorted(SAMPLES)), st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_no_broken_bounce_makes_it_raise(name: str, seed: int) -> None:
    raw = mutated(SAMPLES[name][0], Random(seed))
    assert isinstance(read_returned(raw), Returned)
    RETURNS.find(header_text(raw))


_NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000))


@pytest.mark.parametrize(
    "raw",
    [
        _NESTED,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 250_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 20_000,
        b"Subject: x" + b"\n " * 500_000,
        b"a:b\n" * 250_000,
        b"Subject: " + b"=?utf-8?q?" * 100_000,
        b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 60_000,
        b"Content-Type: message/delivery-status\n\nStatus: " + b"5.1.1." * 170_000,
        b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n" + b"=" * 1_000_000,
        b"\n" + b"4.1." * 260_000,
        b"\n\n" * 500_000,
        b"+" + b"a" * 40 + b"@" * 1_000_000,
    ],
    ids=range(12),
)
def test_no_mail_of_the_greatest_size_takes_long(raw: bytes) -> None:
    began = time.process_time()
    read_returned(raw)
    RETURNS.find(header_text(raw))
    assert time.process_time() - began < 2, "a pipe's process is counted in milliseconds; this leaves room for a loaded machine"


def test_what_lies_beyond_the_limit_is_not_read() -> None:
    assert read_returned(b"From: MAILER-DAEMON@x\n\n" + b"x" * LONGEST + POSTFIX).is_report is False
    assert read_returned(POSTFIX + b"x" * 5 * LONGEST).status == "5.1.1"


def test_a_return_path_names_nobody_fits_and_is_found_again() -> None:
    address = RETURNS.address_for(LETTER)
    local, _, domain = address.partition("@")
    assert len(local) <= 64 and domain == "bhxh.example" and address == RETURNS.address_for(LETTER)
    assert RETURNS.find(f"Delivered-To: <{address.upper()}>\nTo: x@y") == LETTER, "servers change the case"
    assert RETURNS.find(header_text(addressed(POSTFIX, address.partition("+")[2].partition("@")[0]))) == LETTER
    assert RETURNS.find(header_text(b"Subject: x\n\nTo: " + address.encode())) is None, "only the header block is looked at"
    assert b"a secret" not in repr(RETURNS).encode()


@given(st.integers(0, 39), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
@settings(max_examples=200)
def test_no_changed_sign_is_genuine(position: int, sign: str) -> None:
    head, _, tail = RETURNS.address_for(LETTER).partition("+")
    changed = tail[:position] + sign + tail[position + 1 :]
    assert (RETURNS.find(f"{head}+{changed}") == LETTER) is (changed == tail)
    assert changed == tail or RETURNS.find(f"{head}+{changed}") is None


def test_another_secret_makes_other_addresses() -> None:
    assert ReturnPath(RETURNS.mailbox, b"another").find(RETURNS.address_for(LETTER)) is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("5.1.1", FailedReason.NO_MAILBOX),
        ("5.1.10", FailedReason.NO_MAILBOX),
        ("5.2.1", FailedReason.NO_MAILBOX),
        ("5.4.4", FailedReason.NO_MAILBOX),
        ("5.2.2", FailedReason.MAILBOX_FULL),
        ("4.2.2", FailedReason.MAILBOX_FULL),
        ("5.6.7", FailedReason.NEEDS_UTF8),
        ("5.7.26", FailedReason.BLOCKED),
        ("4.7.1", FailedReason.EXPIRED),
        ("5.4.7", FailedReason.EXPIRED),
        ("5.3.4", FailedReason.REJECTED),
        ("550", FailedReason.REJECTED),
        ("", FailedReason.REJECTED),
    ],
)
def test_a_status_code_is_a_reason(status: str, reason: FailedReason) -> None:
    assert reason_of(status) is reason
