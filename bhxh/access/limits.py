"""How often somebody may ask: counted in bounded memory, per account, organisation, program and network address. Pure but for its counters."""

import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Final

from bhxh.access.errors import TooMany

_MOST: Final = 50_000
"""LIMIT: some 10 MB. Beyond it the one who asked longest ago is forgotten, and begins again with a full allowance."""


class Allowance:
    """So many a minute for each name: as many at once, then one at a time as the minute goes by.

    Shape:  one number is kept for each name, the moment at which its allowance is whole again.
    """

    def __init__(self, per_minute: float, *, monotonic: Callable[[], float], most: int = _MOST) -> None:
        self._pause_s = 60 / per_minute if per_minute > 0 else 0.0
        self._monotonic = monotonic
        self._most = most
        self._whole_again_at: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, name: str) -> None:
        """Count one. Raises TooMany ACC-034; what is refused is not counted."""
        if not self._pause_s:
            return
        now = self._monotonic()
        with self._lock:
            whole_again_at = max(self._whole_again_at.pop(name, now), now) + self._pause_s
            if whole_again_at - now > 60 + 1e-6:
                self._whole_again_at[name] = whole_again_at - self._pause_s
                raise TooMany(retry_after_s=max(1, ceil(whole_again_at - now - 60)))
            self._whole_again_at[name] = whole_again_at
            if len(self._whole_again_at) > self._most:
                self._whole_again_at.popitem(last=False)

    def __len__(self) -> int:
        return len(self._whole_again_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsPerMinute:
    """What an operator sets; 0 counts nothing, which production refuses."""

    account: int = 0
    organisation: int = 0
    machine: int = 0
    address: int = 0
    sign_ins: int = 0
    """Begun, finished or failed, from one address."""
    verifications: int = 0
    """Of codes and books by whoever does not say who they are, from one address."""


class Limits:
    """The counters of one server process.

    WHY a share for each process: they do not see each other's counts, and together they must not allow more than was set.
    """

    def __init__(self, per_minute: LimitsPerMinute, *, processes: int, monotonic: Callable[[], float]) -> None:
        def allowance(number: int) -> Allowance:
            return Allowance(number / processes, monotonic=monotonic)

        self._account, self._organisation = allowance(per_minute.account), allowance(per_minute.organisation)
        self._machine, self._address, self._sign_ins = (
            allowance(per_minute.machine),
            allowance(per_minute.address),
            allowance(per_minute.sign_ins),
        )
        self._verifications = allowance(per_minute.verifications)

    def check_account(self, account: str, *, org_id: str = "") -> None:
        """A request of an account, for an organisation where it names one. Raises TooMany ACC-034."""
        self._account.check(account)
        if org_id:
            self.check_organisation(org_id)

    def check_organisation(self, name: str) -> None:
        """A request on behalf of an organisation, by whomever. Raises TooMany ACC-034."""
        self._organisation.check(name)

    def check_machine(self, client_id: str) -> None:
        """A request of a program. Raises TooMany ACC-034."""
        self._machine.check(client_id)

    def check_address(self, address: str) -> None:
        """A request from somewhere. Raises TooMany ACC-034."""
        self._address.check(network_of(address))

    def check_sign_in(self, address: str) -> None:
        """A step of a sign-in from somewhere. Raises TooMany ACC-034."""
        self._sign_ins.check(network_of(address))

    def check_verification(self, address: str) -> None:
        """A public verification asked for from somewhere. Raises TooMany ACC-034."""
        self._verifications.check(network_of(address))


@lru_cache(maxsize=4096)  # WHY: each request asks once or twice, and whoever asks often asks from the same place
def network_of(address: str) -> str:
    """What one household or office has: an IPv4 address, or the /64 of an IPv6 one. Anything else counts as one and the same."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((read, 64), strict=False))
