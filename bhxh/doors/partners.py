"""The outside as this installation knows it: which client, which keys, which trust. Bound once by wiring, read by doors."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bhxh.access.consent_receipts import ReceiptIssuer
from bhxh.access.ports import EidAccountDirectory, EidKeys
from bhxh.book.ports import EidPublication
from bhxh.conversion.certificates import Organisation
from bhxh.conversion.flows import Desk
from bhxh.conversion.readability import ReadableFrom
from bhxh.credentials.issuing import Issuer as CredentialIssuer
from bhxh.doors.list_room import ListRoom
from bhxh.doors.sessions import SigningIn
from bhxh.dossiers.calendar import DaysOff
from bhxh.dossiers.delivering import DeliveryPorts, RenderSource
from bhxh.dossiers.filing import ReceivingPorts
from bhxh.dossiers.gathering import GatheringPorts
from bhxh.dossiers.ports import BusinessRegister, PopulationRegister, PortalStatusSink
from bhxh.dossiers.receipts import Sender
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.custodian import Custodian
from bhxh.notices.flows import MailSide
from bhxh.own_data.looks import Office
from bhxh.registry.reference import list_days_off
from bhxh.signing.key_files import FileKeys
from bhxh.signing.pdf_archiving import Archivist
from bhxh.signing.ports import RemoteSigner, RevocationSource, TimeStamper
from bhxh.signing.signed_keysets import Root
from bhxh.signing.trust import TrustList
from bhxh.warehouse.ports import FileScanner


@dataclass(frozen=True, kw_only=True)
class Partners:
    """Everything a door passes down into a flow, besides the request itself."""

    custodian: Custodian
    is_production: bool
    sender: Sender
    office: Office
    """How people are told which office and which officer looked at their data."""
    dossier_prefix: str
    receipt_alarm_s: tuple[int, int]
    mail_alarm_percent: int
    revocation_budget_s: float
    agency_tax_code: str
    maximum_upload_bytes: int
    officer_session_s: int
    """How long an officer need not show the security key again."""
    population: PopulationRegister
    business: BusinessRegister
    portal: PortalStatusSink
    portal_keys: EidKeys
    eid_keys: EidKeys
    eid_issuer: str
    eid_audience: str
    signing_in: SigningIn
    accounts: EidAccountDirectory
    publication: EidPublication
    mail: MailSide
    revocation: RevocationSource
    time_stamper: Callable[[], TimeStamper]
    """Made on first use: few commands need a time stamp."""
    remote_signer: RemoteSigner | None
    """Where filers' keys may be kept for them; None where this installation is connected to no such service."""
    trust: Callable[[], TrustList]
    """Read on first use: commands that judge no signature need no trust list."""
    keys: FileKeys
    root: Root
    """What signs the published key set."""
    render_source: dict[str, RenderSource]
    database_owner_address: str
    postgres_program: Callable[[str], str]
    """Path of a PostgreSQL client program; for backup and restore."""
    warehouse_folder: Path
    maximum_document_bytes: int = 50 * 1024 * 1024
    """Of one file that an owner keeps in their warehouse."""
    scanner: FileScanner | None = None
    """None: nobody looks for viruses, and every file says so."""
    readable_from: ReadableFrom = field(default_factory=ReadableFrom)
    """From where on a scanned page counts as readable."""
    list_room: ListRoom

    def desk(self) -> Desk:
        """What converting between paper and electronic form needs."""
        organisation = Organisation(
            code=self.sender.agency_code, name=self.sender.agency_name, custodian=self.custodian.value, public_url=self.sender.public_url
        )
        return Desk(organisation=organisation, key=self.keys.seal_key("conversion"), limits=self.readable_from)

    @property
    def receipt_issuer(self) -> ReceiptIssuer:
        """In whose name consent receipts are issued."""
        return ReceiptIssuer(custodian=self.custodian.value, name=self.sender.agency_name, public_url=self.sender.public_url)

    @property
    def credential_issuer(self) -> CredentialIssuer:
        """In whose name cards and summaries are issued, and letters about books sent."""
        return CredentialIssuer(self.sender.public_url, self.sender.agency_name)

    def receiving(self, at: datetime) -> ReceivingPorts:
        """What taking a filing in needs."""
        return ReceivingPorts(
            trust=self.trust(),
            revocation=self.revocation,
            revocation_budget_s=self.revocation_budget_s,
            receipt_key=self.keys.seal_key("receipt"),
            confirmation_key=self.keys.seal_key("confirmation"),
            fresh_within_s=int(self.signing_in.rules.fresh.total_seconds()),
            officer_signs_within_s=self.officer_session_s,
            dossier_prefix=self.dossier_prefix,
            agency_tax_code=self.agency_tax_code,
            sender=self.sender,
            days_off=DaysOff.of(list_days_off(day_in_vietnam(at).year, years=2)),
        )

    def gathering(self) -> GatheringPorts:
        """What asking the registers and deciding needs."""
        return GatheringPorts(
            population=self.population,
            business=self.business,
            trust=self.trust(),
            revocation=self.revocation,
            revocation_budget_s=self.revocation_budget_s,
            decision_key=self.keys.seal_key("decision"),
            custodian=self.custodian.value,
            sender=self.sender,
        )

    def archivist(self) -> Archivist:
        """What makes and renews archive copies."""
        return Archivist(self.time_stamper(), self.revocation, self.trust)

    def delivery(self) -> DeliveryPorts:
        """What returning results needs."""
        return DeliveryPorts(sender=self.sender, custodian=self.custodian.value, render_source=self.render_source)


_bound: list[Partners] = []


def bind(partners: Partners) -> None:
    """Called once by wiring."""
    _bound[:] = [partners]


def partners() -> Partners:
    """What wiring bound."""
    assert _bound, "wiring.composition.compose() has not run"
    return _bound[0]
