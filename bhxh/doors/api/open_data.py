"""What anybody may ask: the keys of our seals, the log's sealed head, the catalogue, the degree of completion, health."""

from typing import Any

import orjson
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from ninja import Router

from bhxh.audit.queries import find_sealed_head
from bhxh.book.queries import find_by_digest
from bhxh.doors.partners import partners
from bhxh.dossiers import catalogue
from bhxh.dossiers.queries import conservation, get_dossier
from bhxh.dossiers.states import FACTS
from bhxh.kernel.clock import now
from bhxh.notices.queries import list_overdue

router = Router(tags=["open"])
health = Router(tags=["health"])


@router.get("/keys", auth=None, summary="The published key set of our seals")
def keys(request: HttpRequest) -> HttpResponse:
    """A JWKS with custodian and validity windows: all a verifier needs, once."""
    return HttpResponse(partners().keys.key_set().to_json(), content_type="application/jwk-set+json")


@router.get("/log/head", auth=None, summary="The latest sealed head of the audit log")
def log_head(request: HttpRequest) -> HttpResponse:
    """Flattened JWS over size, root and time; empty object before the first."""
    sealed = find_sealed_head()
    return HttpResponse(sealed.sealed if sealed else b"{}", content_type="application/jose+json")


@router.get("/procedures", auth=None, response=list[dict[str, Any]], summary="The procedures on offer")
def procedures(request: HttpRequest) -> list[dict[str, Any]]:
    """Code, titles, limit in working days."""
    return [
        {"slug": p.slug, "code": p.code, "title_vi": p.title_vi, "title_en": p.title_en, "working_days": p.working_days}
        for p in catalogue.list_procedures()
    ]


@router.get("/completion/{code}", auth=None, response=dict[str, str], summary="Degree of completion by dossier code")
def completion(request: HttpRequest, code: str) -> dict[str, str]:
    """Only the code and the state; details need signing in (R-067)."""
    facts = FACTS[get_dossier(code).state]
    return {"code": code, "state_vi": facts.vi, "state_en": facts.en}


@router.get("/verification/{sha256}", auth=None, response=dict[str, Any], summary="Is a book of this digest ours, and still the latest")
def verification(request: HttpRequest, sha256: str) -> dict[str, Any]:
    """Nothing here names the holder."""
    found = find_by_digest(sha256)
    if found is None:
        return {"is_known": False}
    return {
        "is_known": True,
        "version": found.version,
        "is_latest": found.is_latest,
        "sealed_at": found.sealed_at,
        "state": found.state.value,
    }


@health.get("/live", auth=None, summary="The process answers")
def live(request: HttpRequest) -> dict[str, str]:
    """Nothing else is asked."""
    return {"status": "live"}


@health.get("/ready", auth=None, summary="The database answers and the schema is this release's")
def ready(request: HttpRequest) -> HttpResponse:
    """200 or 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
            (applied,) = cursor.fetchone() or (0,)
    except DatabaseError:
        applied = 0
    return HttpResponse(
        orjson.dumps({"status": "ready" if applied else "not ready", "migrations": applied}),
        status=200 if applied else 503,
        content_type="application/json",
    )


@health.get("/promise", auth=None, summary="The two-hour promise and the conservation law, as numbers")
def promise(request: HttpRequest) -> HttpResponse:
    """For monitoring: receipts unsent beyond the alarms, and where every filed dossier is. 200 while both hold, else 503."""
    at = now()
    counted, overdue = conservation(at), list_overdue(at, alarm_after_s=partners().receipt_alarm_s)
    body = {
        "holds": counted.holds and not overdue,
        "filed": counted.filed,
        "by_place": {place.value: count for place, count in counted.by_place.items()},
        "letters_overdue": len(overdue),
    }
    return HttpResponse(orjson.dumps(body), status=200 if body["holds"] else 503, content_type="application/json")
