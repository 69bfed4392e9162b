"""Starts and stops the partners as child processes."""

import subprocess
import sys
import time
from dataclasses import dataclass
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl

import httpx

_ROOT = Path(__file__).resolve().parents[1]
_START_TIMEOUT_S = 60
_STOP_TIMEOUT_S = 5
_WITH_POPULATION = ("population", "business", "eid", "npsp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where each partner listens. All lie below the range the kernel hands out."""

    population: int = 8711
    business: int = 8712
    eid: int = 8713
    npsp: int = 8714
    pki: int = 8715
    mail: int = 8716
    smtp: int = 8725

    @classmethod
    def from_base(cls, base: int) -> "Ports":
        """Eight in a row around a base, as the defaults lie around 8711."""
        return cls(population=base, business=base + 1, eid=base + 2, npsp=base + 3, pki=base + 4, mail=base + 5, smtp=base + 14)


class Sandbox:
    """All partners over one folder. Usable as a context manager.

    Shape:  FOLDER/<partner>/ state, FOLDER/<partner>.log output, FOLDER/client-keys.json our public keys (we write it),
            FOLDER/book-keys.json keys of book seals (we write it).
    """

    def __init__(self, folder: Path, ports: Ports | None = None, *, seed: int = 164, citizens: int = 1000, employers: int = 60) -> None:
        self.folder = folder
        self.ports = ports or Ports()
        self._population = ("--seed", str(seed), "--citizens", str(citizens), "--employers", str(employers))
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The partners there are."""
        return (*_WITH_POPULATION, "mail", *(("pki",) if find_spec("sandbox.pki") else ()))

    def url(self, name: str) -> str:
        """Address of a partner's HTTP side."""
        return f"http://127.0.0.1:{getattr(self.ports, name)}"

    @property
    def returned_mail(self) -> Path:
        """The Maildir into which the relay puts what comes back to our return paths."""
        return self.folder / "mail" / "returned"

    @property
    def client_keys_file(self) -> Path:
        """Where the installation publishes its machine keys for the partners."""
        return self.folder / "client-keys.json"

    @property
    def book_keys_file(self) -> Path:
        """Where the installation publishes the keys of book seals."""
        return self.folder / "book-keys.json"

    def start(self) -> None:
        """Start all and wait until each answers. Raises RuntimeError naming the one that did not."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            for name in self.names:
                self._launch(name)
            for name in self.names:
                self._wait(name)
        except BaseException:
            self.stop()
            raise

    def start_one(self, name: str) -> None:
        """Start one that was stopped."""
        self._launch(name)
        self._wait(name)

    def stop(self) -> None:
        """Stop all; nothing happens to what does not run."""
        for process in self._running.values():
            process.terminate()
        for name in list(self._running):
            self._reap(name)

    def stop_one(self, name: str) -> None:
        """Stop one: its socket refuses from now on."""
        self._running[name].terminate()
        self._reap(name)

    def set_fault(self, name: str, mode: str, *, seconds: float = 3.0, count: int = -1, **more: str) -> None:
        """Make a partner misbehave (`ok` ends it), for good or for the next `count` requests; the mail relay for one `recipient` too."""
        content = {"mode": mode, "seconds": seconds, "count": count, **more}
        httpx.post(f"{self.url(name)}/sandbox/faults", json=content, timeout=30, trust_env=False, verify=False).raise_for_status()

    def register_client(self, **metadata: object) -> None:
        """Let a relying party in at the e-ID system: `client_id`, `redirect_uris`, `jwks_uri` or `jwks`, and where it wants to hear of sign-outs."""
        httpx.post(f"{self.url('eid')}/sandbox/clients", json=metadata, timeout=30, trust_env=False, verify=False).raise_for_status()

    def choose_identity(self, address: str, *, pin: str, org_id: str = "", assurance_level: int = 2, flaw: str = "") -> str:
        """What a person does on the e-ID's page to which `address` leads. Returns the address that they are sent back to."""
        endpoint, _, query = address.partition("?")
        form = {**dict(parse_qsl(query)), "pin": pin, "org_id": org_id, "assurance_level": str(assurance_level), "flaw": flaw}
        reply = httpx.post(endpoint, data=form, timeout=30, trust_env=False, verify=False)
        if reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise RuntimeError("the e-ID system has no such account (or level, or flaw)")
        if reply.status_code != HTTPStatus.SEE_OTHER:
            raise RuntimeError(f"the e-ID system answered {reply.status_code}: {reply.text[-300:]}")
        return reply.headers["Location"]

    def end_sign_ins(self, subject: str) -> None:
        """An account signs out at the e-ID system, wherever it is signed in; relying parties are told before this returns."""
        httpx.post(
            f"{self.url('eid')}/sandbox/sign-outs", json={"sub": subject}, timeout=30, trust_env=False, verify=False
        ).raise_for_status()

    def is_running(self) -> bool:
        """Whether somebody answers on every partner's port, started by whomever."""
        return all(self._is_listening(name) for name in self.names)

    def find_dead(self) -> tuple[str, ...]:
        """Partners that ended by themselves."""
        return tuple(name for name, process in self._running.items() if process.poll() is not None)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _launch(self, name: str) -> None:
        if self._is_listening(name):
            raise RuntimeError(f"sandbox: port {getattr(self.ports, name)} of {name} is taken")
        command = [sys.executable, "-m", "sandbox.tied", f"sandbox.{name}"]
        command += ["--folder", str(self.folder / name), "--port", str(getattr(self.ports, name))]
        if name != "pki":
            command += ["--client-keys", str(self.client_keys_file)]
        if name in _WITH_POPULATION:
            command += self._population
        if name == "eid":
            command += ["--book-keys", str(self.book_keys_file)]
        if name == "mail":
            command += ["--smtp-port", str(self.ports.smtp)]
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log)

    def _wait(self, name: str) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self._running[name].poll() is not None:
                break
            if self._is_listening(name):
                return
            time.sleep(0.05)
        raise RuntimeError(f"sandbox: {name} did not start; its output is {self.folder / name}.log")

    def _is_listening(self, name: str) -> bool:
        try:
            httpx.get(f"{self.url(name)}/health", timeout=2, trust_env=False, verify=False)
        except httpx.TransportError:
            return False
        return True

    def _reap(self, name: str) -> None:
        process = self._running.pop(name)
        try:
            process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()
