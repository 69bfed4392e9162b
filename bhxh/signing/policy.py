"""What is accepted when: kinds of keys and digests by date, required usages, age of answers. Data of the signed trust list.

A policy only narrows what the code accepts at most (`usage`, `profiles`): a list that wants more is refused when it is read, so
that no entry of a file can make a poor key or an old digest good again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bhxh.kernel.clock import shown
from bhxh.kernel.errors import Invalid
from bhxh.signing.errors import SIG_OUTDATED
from bhxh.signing.usage import CURVES, RSA_BITS

DIGESTS = ("sha256", "sha384", "sha512")
KEY_KINDS = ("rsa", *sorted(CURVES))
USUAL_USAGES = frozenset({"non_repudiation"})
_USAGES = USUAL_USAGES | {"digital_signature"}
LONGEST_AGE = timedelta(days=31)
"""LIMIT: whatever the list says, an older answer proves nothing about the day of a filing."""


@dataclass(frozen=True, slots=True)
class Window:
    """From an instant, inclusive, until another, exclusive; None is open."""

    from_at: datetime | None = None
    until_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether an instant lies in it."""
        return (self.from_at is None or self.from_at <= at) and (self.until_at is None or at < self.until_at)


@dataclass(frozen=True, slots=True)
class AlgorithmRule:
    """A kind of key or a digest that is accepted in a window; of RSA from a size on."""

    name: str
    window: Window
    minimum_bits: int = 0


_EVERYTHING = tuple(AlgorithmRule(name, Window()) for name in (*KEY_KINDS, *DIGESTS))


@dataclass(frozen=True, slots=True)
class SignaturePolicy:
    """The rules of one trust list. What is not said is as the code has it."""

    algorithms: tuple[AlgorithmRule, ...] = _EVERYTHING
    required_usages: frozenset[str] = USUAL_USAGES
    longest_age: timedelta | None = field(default=None)
    """How old an answer about revocation may be at the instant that is judged. None: as the answer itself says."""

    def check_key(self, certificate: x509.Certificate, *, at: datetime) -> None:
        """Raise Invalid SIG-033 where the key's kind or size was not accepted at that instant. The code's own limits come before."""
        self._check(*_kind_of(certificate), at)

    def check_digests(self, names: Iterable[str], *, at: datetime) -> None:
        """Raise Invalid SIG-033 where one of the digests was not accepted at that instant."""
        for name in names:
            self._check(name, 0, at)

    def ends_at(self, certificate: x509.Certificate, digests: Iterable[str]) -> datetime | None:
        """When the first of these stops being accepted; None where nothing says so, long ago where one never was."""
        named = [_kind_of(certificate), *((name, 0) for name in digests)]
        ends = [end for name, bits in named if (end := self._end_of(name, bits)) is not None]
        return min(ends, default=None)

    def spelled(self) -> str:
        """Everything it says, in one line: another policy has another."""
        rules = [f"{one.name}/{one.minimum_bits}/{one.window.from_at}/{one.window.until_at}" for one in self.algorithms]
        return f"{' '.join(rules)} | {' '.join(sorted(self.required_usages))} | {self.longest_age}"

    def _check(self, name: str, bits: int, at: datetime) -> None:
        rules = [one for one in self.algorithms if one.name == name]
        if not any(one.window.holds(at) and bits >= one.minimum_bits for one in rules):
            raise Invalid(SIG_OUTDATED, algorithm=f"{name} {bits}" if bits else name, on=shown(at))

    def _end_of(self, name: str, bits: int) -> datetime | None:
        ends = [one.window.until_at for one in self.algorithms if one.name == name and bits >= one.minimum_bits]
        return None if None in ends else max((end for end in ends if end is not None), default=datetime.min.replace(tzinfo=UTC))


def _kind_of(certificate: x509.Certificate) -> tuple[str, int]:
    """The kind of its key and how many bits it has."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "rsa", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name, key.key_size
    return "", 0


USUAL = SignaturePolicy()
"""Where a list says nothing: what the code accepts, for ever."""


def read_policy(said: dict[str, Any]) -> SignaturePolicy:
    """The policy as the list has it. Raises ValueError where it is malformed or wants more than the code accepts."""
    unknown = set(said) - {"algorithms", "required_usages", "longest_age_s"}
    if unknown:
        raise ValueError(f"unknown rules: {sorted(unknown)}")
    rules = tuple(_read_rule(rule) for rule in said["algorithms"]) if "algorithms" in said else _EVERYTHING
    usages = frozenset(said.get("required_usages", USUAL_USAGES))
    if not USUAL_USAGES <= usages <= _USAGES:
        raise ValueError("non-repudiation is always required, and only digital_signature beside it")
    age = timedelta(seconds=int(said["longest_age_s"])) if "longest_age_s" in said else None
    if age is not None and not timedelta() < age <= LONGEST_AGE:
        raise ValueError("the longest age of an answer")
    return SignaturePolicy(rules, usages, age)


def read_instant(text: str | None) -> datetime | None:
    """An instant with its zone. Raises ValueError without one."""
    if text is None:
        return None
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant of the trust list has no zone")
    return instant


def _read_rule(rule: dict[str, Any]) -> AlgorithmRule:
    name, bits = str(rule["name"]), int(rule.get("minimum_bits", 0))
    if name not in KEY_KINDS + DIGESTS:
        raise ValueError("a key or digest that is not accepted at all")
    if name == "rsa" and bits and bits not in RSA_BITS:
        raise ValueError("a size of RSA key that is not accepted at all")
    return AlgorithmRule(name, Window(read_instant(rule.get("from")), read_instant(rule.get("until"))), bits)
