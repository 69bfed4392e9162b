"""What was found about a certificate a moment ago, so that a burst of filings by one key is not judged from the root each time.

Only what can be said again without thinking is kept: a path, for instants inside every window on it; a "good" that rests on OCSP
answers which all say so, for later instants before the first of those answers, or of the certificates that sign them, lapses. A
"no", a "pending", and whatever leans on a list or on a later revocation is judged anew each time. The keys hold the certificate's
own bytes, the answers' and the trust list's: another answer or another list is another question. Suspensions and licences of
authorities are not kept here; they are looked up for every instant.
"""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from asn1crypto import ocsp
from asn1crypto import x509 as asn1

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")

PATH_KEPT_S = 600.0
"""LIMIT: a path depends on the certificates and the trust list only, and both are in its key."""
GOOD_KEPT_S = 60.0
"""LIMIT: as long as the answers themselves are reused (`connectors/revocation`): keeping the finding adds no age to them."""
MAXIMUM_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Window:
    """From one instant to another, both inclusive."""

    from_at: datetime
    until_at: datetime

    def holds(self, at: datetime) -> bool:
        """Whether an instant lies in it."""
        return self.from_at <= at <= self.until_at


class FoundBefore(Generic[_Key, _Value]):
    """Findings with the window of instants they hold for; each is forgotten after some seconds, the oldest first when there are many."""

    def __init__(self, *, kept_s: float) -> None:
        self._kept_s = kept_s
        self._held: OrderedDict[_Key, tuple[float, Window, _Value]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: _Key, at: datetime) -> _Value | None:
        """What was found, where it holds for this instant."""
        with self._lock:
            held = self._held.get(key)
        if held is None or held[0] < monotonic() or not held[1].holds(at):
            return None
        return held[2]

    def keep(self, key: _Key, window: Window, value: _Value) -> None:
        """Remember a finding; a later one under the same key takes its place."""
        with self._lock:
            self._held.pop(key, None)
            self._held[key] = (monotonic() + self._kept_s, window, value)
            while len(self._held) > MAXIMUM_KEPT:
                self._held.popitem(last=False)


def window_of(certificates: Sequence[asn1.Certificate]) -> Window:
    """The instants for which all of them are in force."""
    return Window(max(one.not_valid_before for one in certificates), min(one.not_valid_after for one in certificates))


@lru_cache(maxsize=1024)
def load_ocsp(content: bytes) -> ocsp.OCSPResponse:
    """An answer, read once; the one about an authority is the same for everybody below it."""
    answer: ocsp.OCSPResponse = ocsp.OCSPResponse.load(content)
    answer.basic_ocsp_response.native  # noqa: B018 - WHY: shared between threads, so nothing of it may be read lazily later
    return answer


def last_good_until(answers: Sequence[bytes]) -> datetime | None:
    """Until when OCSP answers can be leaned on: the first end of an answer or of a certificate that came with one. None: not at all.

    None too where one says anything but "good": such an answer reads differently from one instant to the next.
    """
    ends: list[datetime] = []
    for content in answers:
        basic = load_ocsp(content).basic_ocsp_response
        for single in basic["tbs_response_data"]["responses"]:
            if single["cert_status"].name != "good" or single["next_update"].native is None:
                return None
            ends.append(single["next_update"].native)
        ends += [certificate.not_valid_after for certificate in basic["certs"]]
    return min(ends, default=None)
