"""The outside as this installation knows it: which client, which keys, which trust. Bound once by wiring, read by doors."""

from collections.abc import Callable
from dataclasses import dataclass

from bhxh.access.ports import EidKeys
from bhxh.book.ports import EidPublication
from bhxh.dossiers.ports import BusinessRegister, PopulationRegister, PortalStatusSink
from bhxh.kernel.custodian import Custodian
from bhxh.notices.ports import MailCarrier
from bhxh.signing.trust import TrustList
from bhxh.signing.key_files import FileKeys
from bhxh.signing.ports import RevocationSource


@dataclass(frozen=True, kw_only=True)
class Partners:
    """Everything a door passes down into a flow, besides the request itself."""

    custodian: Custodian
    agency_code: str
    agency_name: str
    dossier_prefix: str
    public_url: str
    mail_from: str
    receipt_limit_s: int
    receipt_alarm_s: tuple[int, int]
    revocation_budget_s: float
    population: PopulationRegister
    business: BusinessRegister
    portal: PortalStatusSink
    portal_keys: EidKeys
    eid_keys: EidKeys
    eid_issuer: str
    eid_audience: str
    publication: EidPublication
    mail: MailCarrier
    revocation: RevocationSource
    trust: Callable[[], TrustList]
    """Read on first use: commands that judge no signature need no trust list."""
    keys: FileKeys


_bound: list[Partners] = []


def bind(partners: Partners) -> None:
    """Called once by wiring."""
    _bound[:] = [partners]


def partners() -> Partners:
    """What wiring bound."""
    assert _bound, "wiring.composition.compose() has not run"
    return _bound[0]
