"""Which client implements which port. The only file that knows every connector."""

import ssl
import sys
from functools import cache

from django.conf import settings as django_settings

from bhxh.book.issuing import Issuer, bind_issuer
from bhxh.book.pdf_copies import PdfCopies, bind_copies
from bhxh.book.seal_keys import bind_seal_key
from bhxh.connectors.business.client import BusinessClient
from bhxh.connectors.eid.accounts import EidAccountClient
from bhxh.connectors.eid.keys import EidKeyClient
from bhxh.connectors.eid.publication import EidPublicationClient
from bhxh.connectors.http_client.client import Identity, PartnerClient
from bhxh.connectors.mail.carrier import SmtpCarrier
from bhxh.connectors.npsp.status import PortalStatusClient
from bhxh.connectors.population.client import PopulationClient
from bhxh.connectors.revocation.client import HttpRevocationSource
from bhxh.doors import partners as door_partners
from bhxh.doors.jobs import tasks
from bhxh.doors.jobs.deferring import defer_in_transaction
from bhxh.doors.list_room import ListRoom
from bhxh.dossiers import catalogue
from bhxh.dossiers.receipts import Sender
from bhxh.kernel import jobs
from bhxh.kernel.clock import now
from bhxh.notices.flows import MailSide
from bhxh.notices.return_path import ReturnPath
from bhxh.procedures import PROCEDURES
from bhxh.procedures.register_employees.checking import hand_back
from bhxh.signing.key_files import FileKeys
from bhxh.signing.trust import TrustList
from bhxh.warehouse.store import BlobStore, bind_store
from bhxh.wiring.configuration import Configuration, configuration

_CLIENT_ID = "bhxh"


@cache
def compose() -> None:
    """Bind everything once per process, after Django is set up."""
    tasks.declare()
    bind(configuration())


def bind(settings: Configuration) -> None:
    """Bind the partners of these settings; tests bind their own."""
    keys = FileKeys(settings.key_folder, settings.custodian)
    jobs.bind(defer_in_transaction)
    catalogue.bind(PROCEDURES)
    bind_store(BlobStore(settings.warehouse_folder))
    bind_copies(PdfCopies(settings.pdf_folder, maximum_bytes=settings.pdf_copies_bytes) if settings.pdf_copies_bytes else None)
    bind_seal_key(lambda: keys.seal_key("book"))
    bind_issuer(
        Issuer(
            custodian=settings.custodian,
            office_code=settings.agency_code,
            office_name=settings.agency_name,
            public_url=settings.public_url,
        )
    )
    door_partners.bind(_partners(settings, keys))


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


def _partners(settings: Configuration, keys: FileKeys) -> door_partners.Partners:
    identity = Identity(_CLIENT_ID, keys.seal_key("machine"))

    def client(partner: str, base_url: str) -> PartnerClient:
        return PartnerClient(partner=partner, base_url=base_url, timeout_s=settings.partner_timeout_s, clock=now, identity=identity)

    eid = client("eid", settings.eid_url)
    portal = client("npsp", settings.npsp_url)
    return door_partners.Partners(
        custodian=settings.custodian,
        sender=Sender(agency_code=settings.agency_code, agency_name=settings.agency_name, public_url=settings.public_url),
        dossier_prefix=settings.dossier_prefix,
        receipt_alarm_s=settings.receipt_alarm_s,
        mail_alarm_percent=settings.mail_alarm_percent,
        revocation_budget_s=settings.revocation_budget_s,
        population=PopulationClient(client("population", settings.population_url)),
        business=BusinessClient(client("business", settings.business_url)),
        portal=PortalStatusClient(portal),
        portal_keys=EidKeyClient(portal),
        eid_keys=EidKeyClient(eid),
        eid_issuer=settings.eid_issuer,
        eid_audience=settings.eid_audience,
        accounts=EidAccountClient(eid),
        publication=EidPublicationClient(eid),
        mail=_mail(settings),
        revocation=HttpRevocationSource(timeout_s=settings.partner_timeout_s),
        trust=cache(lambda: TrustList.load(settings.trust_folder)),
        keys=keys,
        maximum_upload_bytes=settings.maximum_upload_bytes,
        render_source={"register_employees": hand_back},
        database_owner_address=settings.address_of_database("bhxh_owner"),
        postgres_program=settings.postgres.program,
        warehouse_folder=settings.warehouse_folder,
        list_room=ListRoom((sys.executable, "-m", "bhxh.wiring", "list-room")),
    )
