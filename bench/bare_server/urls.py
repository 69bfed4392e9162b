"""Three views: one row read; one read and one written; one written. Each statement of its own commits, as Django does by default."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

TABLE = "CREATE TABLE bench_row (person_id bigint, n bigint GENERATED ALWAYS AS IDENTITY, what text, PRIMARY KEY (person_id, n))"
_BOOK = "SELECT payload FROM book_version WHERE person_id = %s AND n = 1"
_ROW = "INSERT INTO bench_row (person_id, what) VALUES (%s, %s)"


def select(request: HttpRequest, person_id: int) -> HttpResponse:
    """The sealed payload's row and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, [person_id])
        [payload] = cursor.fetchone()
    return HttpResponse(bytes(payload), content_type="application/json")


def select_and_insert(request: HttpRequest, person_id: int) -> HttpResponse:
    """The same, and one small row written durably."""
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, [person_id])
        [payload] = cursor.fetchone()
        cursor.execute(_ROW, [person_id, "book"])
    return HttpResponse(bytes(payload), content_type="application/json")


def insert(request: HttpRequest) -> HttpResponse:
    """One small row written durably; the body is read and left alone."""
    with connection.cursor() as cursor:
        cursor.execute(_ROW, [len(request.body), "filing"])
    return HttpResponse(b"{}", content_type="application/json", status=201)


urlpatterns = [path("select/<int:person_id>", select), path("select-insert/<int:person_id>", select_and_insert), path("insert", insert)]
