"""One run of the demonstration, and the letters that its people got."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

import httpx

from bhxh.registry.synthetic import Population
from tools.stack import ROOT, Stack

OUT = ROOT / "out"


@dataclass
class Demonstration:
    """One run: the installation, the people, what was measured, what did not hold."""

    stack: Stack
    population: Population
    figures: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    steps: int = 0

    def expect(self, holds: bool, what: str) -> None:
        """Print what was checked; remember it where it does not hold."""
        print(f"      {'✓' if holds else '✗ KHÔNG ĐÚNG · DOES NOT HOLD:'} {what}")
        if not holds:
            self.failures.append(what)

    @contextmanager
    def step(self, vi: str, en: str) -> Iterator[None]:
        """One step with its number and its time."""
        self.steps += 1
        print(f"\n{self.steps}. {vi} · {en}", flush=True)
        began = time.monotonic()
        yield
        print(f"      {time.monotonic() - began:.1f} s", flush=True)


def find_mail(demo: Demonstration, code: str, *, before: int) -> bytes | None:
    """The `before`-th letter about a dossier to its filer, as the sandbox's mail server kept it."""
    return find_letter(demo, code, recipient=demo.population.demo_employer.email, before=before)


def find_letter(demo: Demonstration, words: str, *, recipient: str, before: int = 1) -> bytes | None:
    """The `before`-th letter to an address whose subject has the words; None where there is none yet."""
    listed = httpx.get(f"{demo.stack.sandbox.url('mail')}/messages", trust_env=False).json()
    about = [row for row in listed if words in row["subject"] and recipient in row["recipients"]]
    if len(about) < before:
        return None
    return httpx.get(f"{demo.stack.sandbox.url('mail')}/messages/{about[before - 1]['file']}", trust_env=False).content


def keep_mail(demo: Demonstration, mail: bytes, name: str) -> None:
    (OUT / f"{name}.eml").write_bytes(mail)
    html = message_from_bytes(mail, policy=policy.default).get_body(("html",))
    assert html is not None, "every letter has an HTML part"
    (OUT / f"{name}.html").write_text(html.get_content())
