"""What anybody may ask: the keys of our seals, the catalogue, the degree of completion, health. The log's heads: `open_log`."""

from dataclasses import asdict
from functools import cache, lru_cache
from time import monotonic

import orjson
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse
from ninja import Router

from bhxh.access.consent_queries import get_consent
from bhxh.access.consent_receipts import STATUS_TYPE, compose_status, sealed
from bhxh.access.data_catalogue import FIELDS
from bhxh.book.queries import find_by_digest
from bhxh.conversion.queries import find_standing
from bhxh.doors.admission import lets_in
from bhxh.doors.api.consent_shapes import ConsentId, DataFieldOut
from bhxh.doors.api.conversion_standing import ConversionStandingOut
from bhxh.doors.api.shapes import KEY_SET, SEALED, Code, CompletionOut, LiveOut, ProcedureOut, VerificationOut, produces
from bhxh.doors.partners import partners
from bhxh.doors.seal_health import seal_health
from bhxh.doors.sessions import address_of
from bhxh.dossiers import catalogue
from bhxh.dossiers.queries import get_dossier, list_stuck
from bhxh.dossiers.states import FACTS
from bhxh.dossiers.tally import counted, last_recount
from bhxh.kernel.clock import now
from bhxh.kernel.who import ANYBODY
from bhxh.notices.queries import DeliveryHealth, delivery_health, list_overdue

router = Router(tags=["open"])
health = Router(tags=["health"])


@router.get("/keys", auth=None, summary="The published key set of our seals", openapi_extra=produces("application/jwk-set+json", KEY_SET))
@lets_in(ANYBODY)
def keys(request: HttpRequest) -> HttpResponse:
    """A JWKS with custodian and validity windows: all a verifier needs, once."""
    return HttpResponse(partners().keys.key_set().to_json(), content_type="application/jwk-set+json")


@router.get(
    "/keys/signed",
    auth=None,
    summary="The published key set, signed by the root",
    openapi_extra=produces("application/jose+json", SEALED),
)
@lets_in(ANYBODY)
def signed_keys(request: HttpRequest) -> HttpResponse:
    """Flattened JWS over the key set with its number and time. While the root's storage is away: the set it signed last."""
    known = partners()
    return HttpResponse(known.root.latest(known.keys, at=now()), content_type="application/jose+json")


@router.get("/procedures", auth=None, response=list[ProcedureOut], summary="The procedures on offer")
@lets_in(ANYBODY)
def procedures(request: HttpRequest) -> list[ProcedureOut]:
    """Code, titles, limit in working days."""
    return [
        ProcedureOut(slug=p.slug, code=p.code, title_vi=p.title_vi, title_en=p.title_en, working_days=p.working_days)
        for p in catalogue.list_procedures()
    ]


@router.get("/completion/{code}", auth=None, response=CompletionOut, summary="Degree of completion by dossier code")
@lets_in(ANYBODY)
def completion(request: HttpRequest, code: Code) -> CompletionOut:
    """Only the code and the state; details need signing in (R-067)."""
    facts = FACTS[get_dossier(code).state]
    return CompletionOut(code=code, state_vi=facts.vi, state_en=facts.en)


@router.get(
    "/verification/{sha256}",
    auth=None,
    response=VerificationOut,
    summary="Is a book or a conversion of this digest ours, and does it stand",
)
@lets_in(ANYBODY)
def verification(request: HttpRequest, sha256: str) -> VerificationOut:
    """Nothing here names the holder. Counted like other verifications."""
    side = partners().signing_in
    side.limits.check_verification(address_of(request, side))
    found = find_by_digest(sha256)
    if found is None:
        conversion = find_standing(sha256)
        return VerificationOut(
            is_known=conversion is not None, conversion=None if conversion is None else ConversionStandingOut.of(conversion)
        )
    return VerificationOut(
        is_known=True, version=found.version, is_latest=found.is_latest, sealed_at=found.sealed_at, state=found.state.value
    )


@router.get("/data-catalogue", auth=None, response=list[DataFieldOut], summary="What can be asked for, field by field")
@lets_in(ANYBODY)
def data_catalogue(request: HttpRequest) -> list[DataFieldOut]:
    """Consents and agreed scopes name these fields; everything else is never given to anybody."""
    return [DataFieldOut.of(field) for field in FIELDS.values()]


@router.get("/consents/{consent_id}", auth=None, summary="How a consent stands", openapi_extra=produces("application/jose+json", SEALED))
@lets_in(ANYBODY)
def consent_status(request: HttpRequest, consent_id: ConsentId) -> HttpResponse:
    """Flattened JWS for whoever holds the receipt: given, withdrawn or expired, as of now. Names nobody; no answer means no."""
    payload = compose_status(get_consent(consent_id), at=now())
    made = sealed(payload, key=partners().keys.seal_key("consent"), type_name=STATUS_TYPE)
    return HttpResponse(made, content_type="application/jose+json")


@health.get("/live", auth=None, response=LiveOut, summary="The process answers")
@lets_in(ANYBODY)
def live(request: HttpRequest) -> LiveOut:
    """Nothing else is asked."""
    return LiveOut(status="live")


@health.get("/ready", auth=None, summary="The database answers and the schema is this release's")
@lets_in(ANYBODY)
def ready(request: HttpRequest) -> HttpResponse:
    """200 or 503. A database ahead of this code is ready: schema changes fit the release before."""
    wanted = _migrations_of_this_code()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            missing = wanted - {(app, name) for app, name in cursor.fetchall()}
    except DatabaseError:
        missing = wanted
    body = {"status": "not ready" if missing else "ready", "migrations": len(wanted) - len(missing), "missing": len(missing)}
    return HttpResponse(orjson.dumps(body), status=503 if missing else 200, content_type="application/json")


@cache
def _migrations_of_this_code() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None)
    assert loader.disk_migrations is not None, "a loader reads the files when it is made"
    return frozenset(loader.disk_migrations)


@health.get("/promise", auth=None, summary="The two-hour promise and the conservation law, as numbers")
@lets_in(ANYBODY)
def promise(request: HttpRequest) -> HttpResponse:
    """For monitoring: receipts unsent beyond the alarms, where every filed dossier is, and what an error of ours holds up.

    200 while the first two hold and nothing is held up, else 503.
    """
    at = now()
    law, overdue, stuck = counted(at, last_recount()), list_overdue(at, alarm_after_s=partners().receipt_alarm_s), list_stuck()
    body = {
        "holds": law.holds and not overdue and not stuck,
        "filed": law.filed,
        "by_place": {place.value: count for place, count in law.by_place.items()},
        "letters_overdue": len(overdue),
        "dossiers_stuck": len(stuck),
    }
    return HttpResponse(orjson.dumps(body), status=200 if body["holds"] else 503, content_type="application/json")


_HEALTH_KEPT_S = 10  # LIMIT: anybody may ask, and at month end a day's letters are many rows to count


@lru_cache(maxsize=1)
def _recent_health(moment: int) -> DeliveryHealth:
    return delivery_health(now())


@health.get("/mail", auth=None, summary="Whether letters arrive, as numbers of the last day")
@lets_in(ANYBODY)
def mail(request: HttpRequest) -> HttpResponse:
    """For monitoring: share of receipts not delivered, letters returned, the oldest one waiting. 503 while an alarm rings."""
    found = _recent_health(int(monotonic() / _HEALTH_KEPT_S))
    alarms = found.alarms(percent=partners().mail_alarm_percent, waiting_alarm_s=partners().receipt_alarm_s[0])
    body = {"holds": not alarms, "alarms": alarms, **asdict(found)}
    return HttpResponse(orjson.dumps(body), status=503 if alarms else 200, content_type="application/json")


@health.get("/seals", auth=None, summary="Whether the seals on pages go on, and the copies for decades are renewed")
@lets_in(ANYBODY)
def seals(request: HttpRequest) -> HttpResponse:
    """For monitoring: until when the certificate for pages lasts, copies that are late, in trouble or about to end. 503 while an alarm rings."""
    found = seal_health(now())
    body = {"holds": not found.alarms, **asdict(found)}
    return HttpResponse(orjson.dumps(body), status=503 if found.alarms else 200, content_type="application/json")
