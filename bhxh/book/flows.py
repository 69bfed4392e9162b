"""Bring sealed books to the holders' e-ID accounts. Asks the outside, so it holds no transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bhxh.book.commands import record_publication
from bhxh.book.ports import EidPublication
from bhxh.book.queries import get_sealed, list_unpublished
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Trouble

SLICE = 500  # LIMIT: books of one run; a run that finds more leaves them to the next, so that a job ends in minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """What one run did. `waiting` go out with a later run; `without_account` when the holder has an e-ID account."""

    published: tuple[int, ...]
    waiting: tuple[int, ...]
    without_account: tuple[int, ...]


def publish(
    *, actor: Actor, at: datetime, person_ids: Collection[int] | None, publication: EidPublication, subjects: Mapping[int, str]
) -> Publishing:
    """Push each person's latest sealed version that has not been pushed, and write down that it was.

    Shape:  `subjects` are the opaque account names at the e-ID issuer, by person. `person_ids` None: whoever is due.
            Idempotent: a push that was made but not written down is made again, which the publication point takes as the same.
            Trouble with one book leaves it for the next run and goes on with the others.
    """
    published: list[int] = []
    waiting: list[int] = []
    without_account: list[int] = []
    for person_id, version in list_unpublished(person_ids, limit=SLICE):
        subject = subjects.get(person_id)
        if subject is None:
            without_account.append(person_id)
            continue
        try:
            publication.publish(subject=subject, version=version, sealed=get_sealed(person_id, version), at=at)
        except Trouble:
            waiting.append(person_id)
            continue
        record_publication(actor=actor, at=at, person_id=person_id, version=version)
        published.append(person_id)
    return Publishing(published=tuple(published), waiting=tuple(waiting), without_account=tuple(without_account))
