"""The mail client against the sandbox's relay: each bad day of SMTP, over real sockets."""

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bhxh.connectors.mail import carrier as module
from bhxh.connectors.mail.carrier import SmtpCarrier
from bhxh.kernel.errors import Unavailable
from bhxh.notices.ports import NeedsUtf8, Never, NotNow
from sandbox.supervisor import Sandbox

RECIPIENT = "dan@example.vn"


def _send(sandbox: Sandbox, subject: str, *, timeout_s: float = 5.0, recipient: str = RECIPIENT, body: str = "body\r\n") -> None:
    _to(sandbox.ports.smtp, subject, timeout_s=timeout_s, recipient=recipient, body=body)


def _to(port: int, subject: str, *, timeout_s: float = 5.0, recipient: str = RECIPIENT, body: str = "body\r\n") -> None:
    message = f"Subject: {subject}\r\nMessage-ID: <{subject}@bhxh.example>\r\n\r\n{body}".encode()
    carrier = SmtpCarrier(host="127.0.0.1", port=port, timeout_s=timeout_s)
    carrier.send(message=message, sender="tra-lai@bhxh.example", recipient=recipient, envelope_id="0123abcd")


def _lines(sandbox: Sandbox) -> list[dict[str, str]]:
    listed: list[dict[str, str]] = httpx.get(f"{sandbox.url('mail')}/messages", trust_env=False).json()
    return listed


def _subjects(sandbox: Sandbox) -> list[str]:
    return [line["subject"] for line in _lines(sandbox)]


def _kept(sandbox: Sandbox) -> bytes:
    return httpx.get(f"{sandbox.url('mail')}/messages/{_lines(sandbox)[-1]['file']}", trust_env=False).content


def test_accepted_mail_is_kept_with_its_envelope(sandbox: Sandbox) -> None:
    _send(sandbox, "accepted")
    line = _lines(sandbox)[-1]
    assert (line["subject"], line["sender"], line["recipients"]) == ("accepted", "tra-lai@bhxh.example", RECIPIENT)
    assert _kept(sandbox).endswith(b"\r\n\r\nbody\r\n")


def test_lines_that_begin_with_a_dot_arrive_as_they_are(sandbox: Sandbox) -> None:
    _send(sandbox, "dots", body=".\r\n..two\r\n.one\r\nend\r\n")
    assert _kept(sandbox).endswith(b"\r\n\r\n.\r\n..two\r\n.one\r\nend\r\n")


def test_reports_are_asked_for_where_the_relay_offers_them(sandbox: Sandbox) -> None:
    _send(sandbox, "with-dsn")
    assert set(_lines(sandbox)[-1]["options"].split()) == {"RET=HDRS", "ENVID=0123abcd", "NOTIFY=FAILURE,DELAY"}


def test_a_relay_without_reports_is_not_asked_for_them(sandbox: Sandbox) -> None:
    sandbox.set_fault("mail", "no_dsn")  # it would refuse the parameters
    _send(sandbox, "without-dsn")
    assert (_lines(sandbox)[-1]["subject"], _lines(sandbox)[-1]["options"]) == ("without-dsn", "")


@pytest.mark.parametrize(
    ("mode", "kind", "status"),
    [
        ("550", Never, "5.1.1"),
        ("554_data", Never, "5.7.1"),
        ("452", NotNow, "4.2.2"),
        ("greylist", NotNow, "4.7.1"),
        ("451_data", NotNow, "4.7.1"),
    ],
)
def test_refusals_are_told_apart(sandbox: Sandbox, mode: str, kind: type[NotNow | Never], status: str) -> None:
    sandbox.set_fault("mail", mode)
    with pytest.raises(kind) as caught:
        _send(sandbox, f"refused-{mode}")
    assert caught.value.server_status == status
    assert RECIPIENT not in str(vars(caught.value)) and caught.value.__cause__ is None
    assert f"refused-{mode}" not in _subjects(sandbox)


@pytest.mark.parametrize("mode", ["421", "sender_refused"])
def test_what_is_not_the_letters_fault_is_not_blamed_on_it(sandbox: Sandbox, mode: str) -> None:
    """A relay that closes, or does not relay for us, would refuse every letter: none of them has failed."""
    sandbox.set_fault("mail", mode)
    with pytest.raises(Unavailable) as caught:
        _send(sandbox, mode)
    assert not isinstance(caught.value, NotNow)


def test_one_recipient_has_a_bad_day_and_the_others_do_not(sandbox: Sandbox) -> None:
    sandbox.set_fault("mail", "550", recipient="khong-co@example.vn")
    with pytest.raises(Never):
        _send(sandbox, "to-nobody", recipient="khong-co@example.vn")
    _send(sandbox, "to-somebody")
    assert _subjects(sandbox)[-1] == "to-somebody"


def test_a_greylisting_server_takes_the_same_letter_later(sandbox: Sandbox) -> None:
    sandbox.set_fault("mail", "greylist", seconds=0.8)
    with pytest.raises(NotNow):
        _send(sandbox, "greylisted")
    time.sleep(0.9)
    _send(sandbox, "greylisted")
    assert _subjects(sandbox)[-1] == "greylisted"


def test_a_slow_relay_is_unavailable(sandbox: Sandbox) -> None:
    sandbox.set_fault("mail", "slow", seconds=2, count=1)
    with pytest.raises(Unavailable):
        _send(sandbox, "slow", timeout_s=0.2)


def test_a_relay_that_looks_long_at_the_content_is_waited_for(sandbox: Sandbox) -> None:
    """Who hangs up after the content sends the letter twice."""
    sandbox.set_fault("mail", "slow", seconds=2.5, count=1)
    _send(sandbox, "looked-at", timeout_s=2)
    assert _subjects(sandbox).count("looked-at") == 1


def test_a_drop_after_data_is_unavailable_although_the_mail_was_kept(sandbox: Sandbox) -> None:
    sandbox.set_fault("mail", "drop_after_data")
    with pytest.raises(Unavailable):
        _send(sandbox, "dropped")
    assert "dropped" in _subjects(sandbox)


def test_a_stopped_relay_is_unavailable(sandbox: Sandbox) -> None:
    sandbox.stop_one("mail")
    try:
        with pytest.raises(Unavailable):
            _send(sandbox, "nobody")
    finally:
        sandbox.start_one("mail")


def test_letters_beyond_ascii_need_a_relay_that_carries_them(sandbox: Sandbox) -> None:
    _send(sandbox, "utf8", recipient="nguyễn.văn.an@example.vn")
    assert _lines(sandbox)[-1]["recipients"] == "nguyễn.văn.an@example.vn"
    sandbox.set_fault("mail", "no_utf8")
    with pytest.raises(NeedsUtf8):
        _send(sandbox, "utf8-again", recipient="nguyễn.văn.an@example.vn")
    assert "utf8-again" not in _subjects(sandbox)


@contextmanager
def _server(greeting: bytes, *, every_s: float = 0.0) -> Iterator[int]:
    """A server that says one thing, once or again and again; a listening socket of our own, no relay."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with listening.accept()[0] as client:
                while not over.is_set():
                    try:
                        client.sendall(greeting)
                    except OSError:
                        return
                    over.wait(every_s or 5)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        over.set()
        thread.join(timeout=5)


def test_a_relay_that_speaks_for_ever_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line comes in time, so no time-out of a socket ends this; the letter's lease would."""
    monkeypatch.setattr(module, "LONGEST_CONVERSATION", timedelta(seconds=0.6))
    began = time.monotonic()
    with _server(b"220-wait\r\n", every_s=0.05) as port, pytest.raises(Unavailable):
        _to(port, "endless", timeout_s=5)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("greeting", [b"554 no SMTP service here\r\n", b"\xff\xfe\r\n", b"2\r\n", b"x" * 10_000 + b"\r\n", b"550\r\n"])
def test_a_server_that_is_no_relay_is_unavailable(greeting: bytes) -> None:
    with _server(greeting) as port, pytest.raises(Unavailable):
        _to(port, "x", timeout_s=0.5)


@pytest.fixture
def encrypting(tmp_path: Path) -> Iterator[tuple[int, ssl.SSLContext, list[bytes]]]:
    """A relay with STARTTLS and a certificate for `localhost`; its port, who trusts it, what it took in the clear or not."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    at = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    certificate = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    (tmp_path / "relay.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate)
    ours, theirs = ssl.create_default_context(cadata=certificate.decode()), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(tmp_path / "relay.pem")
    taken: list[bytes] = []

    class Handler:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            taken.append(envelope.original_content)
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port, tls_context=theirs, require_starttls=True)
    controller.start()
    yield port, ours, taken
    controller.stop()


def _encrypted(host: str, port: int, trusted: ssl.SSLContext) -> None:
    carrier = SmtpCarrier(host=host, port=port, timeout_s=5, encryption=trusted)
    carrier.send(message=b"Subject: x\r\n\r\nx\r\n", sender="a@bhxh.example", recipient=RECIPIENT, envelope_id="0")


def test_a_letter_goes_encrypted_to_a_relay_that_proves_its_name(encrypting: tuple[int, ssl.SSLContext, list[bytes]]) -> None:
    port, trusted, taken = encrypting
    _encrypted("localhost", port, trusted)
    assert len(taken) == 1


def test_no_letter_goes_to_a_relay_that_does_not(encrypting: tuple[int, ssl.SSLContext, list[bytes]], sandbox: Sandbox) -> None:
    port, trusted, taken = encrypting
    before = len(_lines(sandbox))
    with pytest.raises(Unavailable):  # another name than the certificate's
        _encrypted("127.0.0.1", port, trusted)
    with pytest.raises(Unavailable):  # an authority nobody knows
        _encrypted("localhost", port, ssl.create_default_context())
    with pytest.raises(Unavailable):  # encryption is not offered
        _encrypted("localhost", sandbox.ports.smtp, trusted)
    assert taken == [] and len(_lines(sandbox)) == before


def test_the_relay_speaks_to_an_ordinary_client(sandbox: Sandbox) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.ports.smtp, timeout=60) as relay:
        assert relay.noop()[0] == 250
