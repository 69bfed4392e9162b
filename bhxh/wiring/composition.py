"""Which client implements which port. The only file that knows every connector."""

import hmac
import ssl
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from time import monotonic

from django.conf import settings as django_settings

from bhxh.access.limits import Limits, LimitsPerMinute
from bhxh.access.ports import EidKeys
from bhxh.access.sessions import SessionRules
from bhxh.access.tokens import ClaimNames
from bhxh.book.issuing import Issuer, bind_issuer
from bhxh.book.page_seals import bind_page_sealer
from bhxh.book.pdf_copies import PdfCopies, bind_copies
from bhxh.book.seal_keys import bind_seal_key
from bhxh.connectors.business.client import BusinessClient
from bhxh.connectors.clamd.client import ClamdScanner
from bhxh.connectors.eid.accounts import EidAccountClient
from bhxh.connectors.eid.keys import EidKeyClient
from bhxh.connectors.eid.publication import EidPublicationClient
from bhxh.connectors.eid.relying_party import EidRelyingParty, Registration
from bhxh.connectors.http_client.client import Identity, PartnerClient
from bhxh.connectors.mail.carrier import SmtpCarrier
from bhxh.connectors.npsp.status import PortalStatusClient
from bhxh.connectors.population.client import PopulationClient
from bhxh.connectors.remote_signing.client import RemoteSigningClient
from bhxh.connectors.revocation.client import HttpRevocationSource
from bhxh.connectors.timestamping.client import HttpTimeStamper
from bhxh.conversion.readability import ReadableFrom
from bhxh.doors import partners as door_partners
from bhxh.doors.jobs import tasks
from bhxh.doors.jobs.deferring import defer_in_transaction
from bhxh.doors.list_room import ListRoom
from bhxh.doors.sessions import SigningIn
from bhxh.dossiers import catalogue
from bhxh.dossiers.receipts import Sender
from bhxh.kernel import jobs
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
from bhxh.notices.flows import MailSide
from bhxh.notices.return_path import ReturnPath
from bhxh.own_data.looks import Office
from bhxh.procedures import PROCEDURES
from bhxh.procedures.register_employees.checking import hand_back
from bhxh.signing.key_files import FileKeys
from bhxh.signing.keysets import KeySet
from bhxh.signing.page_sealing import PageSealer, Stamping
from bhxh.signing.ports import KeyModule, TimeStamper
from bhxh.signing.signed_keysets import Root
from bhxh.signing.trust import TrustList
from bhxh.signing.trust_file import NewestIssue
from bhxh.warehouse.owner_keys import FileOwnerKeys
from bhxh.warehouse.store import BlobStore, bind_store
from bhxh.wiring.configuration import Configuration, configuration
from bhxh.wiring.errors import WIR_NO_PIN_FILE
from bhxh.wiring.installed_trust import InstalledTrust

_CLIENT_ID = "bhxh"
_STAMP_TIMEOUT_S = 2.0  # LIMIT: somebody waits for a page, and the thread that stamps the log also numbers it each second
_SCAN_TIMEOUT_S = 60.0  # LIMIT: fifty megabytes take half a second, a packed file that unpacks to much some seconds


@cache
def compose() -> None:
    """Bind everything once per process, after Django is set up."""
    tasks.declare()
    bind(configuration())


def bind(settings: Configuration) -> None:
    """Bind the partners of these settings; tests bind their own."""
    module = _key_module(settings.key_module, settings.key_module_token, settings.key_module_pin_file)
    keys = FileKeys(settings.key_folder, settings.custodian, clock=now, module=module)
    trust = InstalledTrust(settings.trust_folder, settings.trust_list_keys, newest=NewestIssue(settings.newest_trust_list))
    stamper = cache(lambda: HttpTimeStamper(settings.tsa_url, timeout_s=min(settings.partner_timeout_s, _STAMP_TIMEOUT_S)))
    jobs.bind(defer_in_transaction)
    catalogue.bind(PROCEDURES)
    owner_keys = FileOwnerKeys(settings.owner_key_folder, sealed_folder=settings.warehouse_folder / "sealed")
    bind_store(BlobStore(settings.warehouse_folder, keys=owner_keys))
    bind_copies(PdfCopies(settings.pdf_folder, maximum_bytes=settings.pdf_copies_bytes) if settings.pdf_copies_bytes else None)
    bind_seal_key(lambda: keys.seal_key("book"))
    bind_page_sealer(_page_sealer(keys, trust, stamper))
    bind_issuer(
        Issuer(
            custodian=settings.custodian,
            office_code=settings.agency_code,
            office_name=settings.agency_name,
            public_url=settings.public_url,
        )
    )
    door_partners.bind(_partners(settings, keys, trust, stamper))


@cache
def _key_module(library: str, token: str, pin_file: str) -> KeyModule | None:
    """One for the process, whatever is bound anew: the token's login is the process's."""
    if not library:
        return None
    if not pin_file:
        raise Invalid(WIR_NO_PIN_FILE)
    # WHY here: the library is needed only where there is a module.
    from bhxh.connectors.key_module import Pkcs11Module

    return Pkcs11Module(library=Path(library), token=token, pin=lambda: Path(pin_file).read_text().strip())


def _page_sealer(keys: FileKeys, trust: Callable[[], TrustList], stamper: Callable[[], TimeStamper]) -> PageSealer:
    return PageSealer(present=lambda: keys.certified("page"), clock=now, monotonic=monotonic, stamping=Stamping(stamper, trust))


def _remote_signer(settings: Configuration) -> RemoteSigningClient | None:
    if not settings.remote_signing_url:
        return None
    return RemoteSigningClient(settings.remote_signing_url, token=settings.remote_signing_token, timeout_s=settings.partner_timeout_s)


def _mail(settings: Configuration) -> MailSide:
    return MailSide(
        carrier=SmtpCarrier(
            host=settings.mail_host,
            port=settings.mail_port,
            timeout_s=settings.partner_timeout_s,
            encryption=ssl.create_default_context() if settings.mail_encryption == "starttls" else None,
        ),
        sender=settings.mail_from,
        returns=ReturnPath(settings.bounce_address, django_settings.SECRET_KEY.encode()),
    )


def _signing_in(settings: Configuration, keys: FileKeys, eid: PartnerClient, eid_keys: EidKeys) -> SigningIn:
    names = replace(
        ClaimNames(**dict(pair.split("=", 1) for pair in settings.eid_claim_names)),  # type: ignore[arg-type]
        level=settings.eid_level_claim,
        level_values=(_level(settings.eid_levels[0]), _level(settings.eid_levels[1])),
    )
    registration = Registration(
        issuer=settings.eid_issuer,
        client_id=settings.eid_client_id,
        redirect_uri=f"{settings.public_url}/dang-nhap/ve",
        signed_out_uri=f"{settings.public_url}/dang-xuat/xong",
        key=keys.seal_key("sign-in"),
        names=names,
        fresh_s=settings.fresh_login_s,
        scope=settings.eid_scope,
    )
    per_minute = LimitsPerMinute(
        account=settings.limit_account,
        organisation=settings.limit_organisation,
        machine=settings.limit_machine,
        address=settings.limit_address,
        sign_ins=settings.limit_sign_ins,
        verifications=settings.limit_verifications,
    )
    return SigningIn(
        provider=EidRelyingParty(
            eid, keys=eid_keys, registration=registration, base_url=settings.eid_url, timeout_s=settings.partner_timeout_s
        ),
        rules=SessionRules(
            idle=timedelta(seconds=settings.session_idle_s),
            longest=timedelta(seconds=settings.session_longest_s),
            per_account=settings.sessions_per_account,
            fresh=timedelta(seconds=settings.fresh_login_s),
        ),
        limits=Limits(per_minute, processes=settings.web_processes, monotonic=monotonic),
        secret=hmac.digest(django_settings.SECRET_KEY.encode(), b"sign-in", "sha256"),
        is_https=settings.is_https,
        proxies=settings.trusted_proxies,
        client_keys=lambda: KeySet(key for key in keys.key_set() if key.purpose == "sign-in").to_json(),
    )


def _level(text: str) -> Json:
    """A number where it reads as one: some e-ID systems say 2, others a word."""
    return int(text) if text.isascii() and text.isdigit() else text


def _partners(
    settings: Configuration, keys: FileKeys, trust: Callable[[], TrustList], stamper: Callable[[], TimeStamper]
) -> door_partners.Partners:
    identity = Identity(_CLIENT_ID, keys.seal_key("machine"))

    def client(partner: str, base_url: str) -> PartnerClient:
        return PartnerClient(partner=partner, base_url=base_url, timeout_s=settings.partner_timeout_s, clock=now, identity=identity)

    eid = client("eid", settings.eid_url)
    eid_keys = EidKeyClient(eid, settings.eid_keys_path)
    portal = client("npsp", settings.npsp_url)
    return door_partners.Partners(
        custodian=settings.custodian,
        is_production=settings.mode == "production",
        sender=Sender(agency_code=settings.agency_code, agency_name=settings.agency_name, public_url=settings.public_url),
        office=Office(settings.agency_code, settings.agency_name, settings.officer_names),
        dossier_prefix=settings.dossier_prefix,
        receipt_alarm_s=settings.receipt_alarm_s,
        mail_alarm_percent=settings.mail_alarm_percent,
        revocation_budget_s=settings.revocation_budget_s,
        agency_tax_code=settings.agency_tax_code,
        population=PopulationClient(client("population", settings.population_url)),
        business=BusinessClient(client("business", settings.business_url)),
        portal=PortalStatusClient(portal),
        portal_keys=EidKeyClient(portal),
        eid_keys=eid_keys,
        eid_issuer=settings.eid_issuer,
        eid_audience=settings.eid_audience,
        signing_in=_signing_in(settings, keys, eid, eid_keys),
        accounts=EidAccountClient(eid),
        publication=EidPublicationClient(eid),
        mail=_mail(settings),
        revocation=HttpRevocationSource(timeout_s=settings.partner_timeout_s),
        time_stamper=stamper,
        remote_signer=_remote_signer(settings),
        trust=trust,
        keys=keys,
        root=Root(settings.root_key_folder, settings.custodian),
        maximum_upload_bytes=settings.maximum_upload_bytes,
        maximum_document_bytes=settings.maximum_document_bytes,
        readable_from=ReadableFrom(
            least_dots_per_inch=settings.conversion_dots_per_inch,
            least_sharpness=settings.conversion_sharpness,
            least_contrast=settings.conversion_contrast,
            most_pages=settings.conversion_pages,
        ),
        scanner=ClamdScanner(settings.scanner, timeout_s=_SCAN_TIMEOUT_S) if settings.scanner else None,
        officer_session_s=settings.officer_session_s,
        render_source={"register_employees": hand_back},
        database_owner_address=settings.address_of_database("bhxh_owner"),
        postgres_program=settings.postgres.program,
        warehouse_folder=settings.warehouse_folder,
        list_room=ListRoom((sys.executable, "-m", "bhxh.wiring", "list-room")),
    )
