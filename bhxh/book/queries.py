"""Read books: sealed versions as they were sealed, and compositions as of any time. Whoever shows one writes down the look first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from bhxh.book.errors import BOK_NO_BOOK
from bhxh.book.gathering import Composition, compose_books, not_before_the_last
from bhxh.book.models import Publication, State, Version
from bhxh.book.states import BookState
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import NotFound
from bhxh.registry.queries import get_person
from bhxh.signing.seals import Seal, as_flattened


@dataclass(frozen=True, slots=True, kw_only=True)
class BookVersion:
    """What is known of one sealed version, without its bytes."""

    person_id: int
    version: int
    sealed_at: datetime
    state: BookState
    sha256: str
    kid: str
    is_published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestStatus:
    """What a verifier may be told of a digest: nothing that names the holder."""

    version: int
    sealed_at: datetime
    state: BookState
    """The present one, which may differ from the one in the version."""
    is_latest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentBook:
    """How a person's book stands now."""

    state: BookState
    since: datetime
    reason: str
    """Why it changed to that state; empty where it never did."""
    version: int
    """The latest that is sealed."""


def compose(person_ids: Collection[int], *, valid_on: date, known_at: datetime) -> dict[int, bytes]:
    """Canonical books of many persons as of any day, as known at any instant.

    Shape:  equal to the sealed payload, byte for byte, exactly where the latest version of then says what the database says.
    Raises: NotFound REG-001, REG-002 where one of the persons is unknown or kept by another custodian.
    """
    return {person_id: made.book.payload for person_id, made in compose_books(person_ids, valid_on, known_at).items()}


def compose_as_of(person_id: int, valid_on: date, known_at: datetime) -> bytes:
    """The same for one person."""
    return compose([person_id], valid_on=valid_on, known_at=known_at)[person_id]


def compose_one(person_id: int, *, valid_on: date, known_at: datetime) -> Composition:
    """One person's composition with its digest and whether it is the latest sealed version."""
    return compose_books([person_id], valid_on, known_at)[person_id]


def list_stale(person_ids: Collection[int], *, valid_on: date, known_at: datetime) -> tuple[int, ...]:
    """Whose latest sealed book no longer says what the database says (R-127), or who has none; in person order."""
    known_at = not_before_the_last(person_ids, known_at)
    made = compose_books(person_ids, max(valid_on, day_in_vietnam(known_at)), known_at)
    return tuple(sorted(person_id for person_id, composition in made.items() if not composition.is_sealed))


def list_holders(*, after_person_id: int = 0, limit: int = 1000) -> tuple[int, ...]:
    """Persons who have a sealed book, a page in person order: for checks over all books."""
    rows = State.objects.filter(person_id__gt=after_person_id, latest_n__gt=0).order_by("person_id")
    return tuple(rows.values_list("person_id", flat=True)[:limit])


def get_latest_version(person_id: int) -> int:
    """The number of the latest sealed version. Raises NotFound BOK-003, REG-001, REG-002."""
    get_person(person_id)
    n = State.objects.filter(person_id=person_id, latest_n__gt=0).values_list("latest_n", flat=True).first()
    if n is None:
        raise NotFound(BOK_NO_BOOK)
    return n


def get_sealed(person_id: int, version: int | None = None) -> bytes:
    """A sealed book as flattened JWS, the latest by default. Raises NotFound BOK-003, REG-001, REG-002."""
    return get_payload_and_sealed(person_id, version)[1]


def get_payload_and_sealed(person_id: int, version: int | None = None) -> tuple[bytes, bytes]:
    """(canonical payload, flattened JWS), what `rendering.render_pdf` takes."""
    get_person(person_id)
    rows = Version.objects.filter(person_id=person_id)
    if version is not None:
        rows = rows.filter(n=version)
    row = rows.order_by("-n").values_list("payload", "protected", "signature", "kid").first()
    if row is None:
        raise NotFound(BOK_NO_BOOK)
    payload = bytes(row[0])
    return payload, as_flattened(payload, Seal(row[1], row[2], row[3]))


def list_versions(person_id: int) -> tuple[BookVersion, ...]:
    """All sealed versions of one person's book, newest first. Raises NotFound REG-001, REG-002."""
    get_person(person_id)
    published = set(Publication.objects.filter(person_id=person_id).values_list("n", flat=True))
    rows = Version.objects.filter(person_id=person_id).order_by("-n").values_list("n", "sealed_at", "state", "digest", "kid")
    return tuple(
        BookVersion(
            person_id=person_id,
            version=n,
            sealed_at=sealed_at,
            state=BookState(state),
            sha256=bytes(digest).hex(),
            kid=kid,
            is_published=n in published,
        )
        for n, sealed_at, state, digest, kid in rows
    )


def list_payloads(person_id: int, *, up_to: int | None = None, limit: int) -> tuple[tuple[int, datetime, bytes], ...]:
    """(version, sealed at, canonical payload) of one person's book, newest first; `up_to`: the newest wanted."""
    rows = Version.objects.filter(person_id=person_id)
    if up_to is not None:
        rows = rows.filter(n__lte=up_to)
    found = rows.order_by("-n").values_list("n", "sealed_at", "payload")[:limit]
    return tuple((n, sealed_at, bytes(payload)) for n, sealed_at, payload in found)


def find_by_digest(sha256: str) -> DigestStatus | None:
    """For the public verification page: is a book of this digest ours, and is it still the latest."""
    try:
        digest = bytes.fromhex(sha256)
    except ValueError:
        return None
    row = Version.objects.filter(digest=digest).values_list("person_id", "n", "sealed_at").first()
    if row is None:
        return None
    present = State.objects.get(person_id=row[0])
    return DigestStatus(version=row[1], sealed_at=row[2], state=BookState(present.state), is_latest=present.latest_n == row[1])


def list_present(person_ids: Collection[int]) -> dict[int, PresentBook]:
    """The present state and latest version of each person's book, where there is one."""
    rows = State.objects.filter(person_id__in=list(person_ids)).values_list("person_id", "state", "since", "reason", "latest_n")
    return {
        person_id: PresentBook(state=BookState(state), since=since, reason=reason, version=n) for person_id, state, since, reason, n in rows
    }


def list_unpublished(person_ids: Collection[int] | None = None, *, limit: int = 1000) -> tuple[tuple[int, int], ...]:
    """(person_id, latest version) of books whose latest version has not reached the e-ID account, in person order."""
    rows = State.objects.extra(
        where=["NOT EXISTS (SELECT 1 FROM book_publication p WHERE p.person_id = book_state.person_id AND p.n = book_state.latest_n)"]
    )
    if person_ids is not None:
        rows = rows.filter(person_id__in=list(person_ids))
    return tuple(rows.order_by("person_id").values_list("person_id", "latest_n")[:limit])
