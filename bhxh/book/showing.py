"""The book's hot read: a signed-in person looks at their own book. One statement, no row becomes an object."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bhxh.access.prepared import first_row
from bhxh.access.session_queries import HELD_BY
from bhxh.audit.commands import RECORD_LOOK, look_parameters
from bhxh.kernel.actor import Actor
from bhxh.registry.appending import own_custodian
from bhxh.registry.queries import KEPT_BY
from bhxh.signing.seals import Seal, as_flattened

_SHOW = (
    f"WITH held AS ({HELD_BY}), kept AS ({KEPT_BY}),"
    " shown AS (SELECT book.payload, book.protected, book.signature, book.kid"
    " FROM held JOIN kept USING (person_id) JOIN book_version AS book USING (person_id)"
    " WHERE %s::int IS NULL OR book.n = %s::int ORDER BY book.person_id DESC, book.n DESC LIMIT 1),"
    f" look AS ({RECORD_LOOK} FROM shown)"
    " SELECT payload, protected, signature, kid FROM shown"
)


def show_own_sealed(*, actor: Actor, at: datetime, held: Sequence[Any], version: int | None = None) -> bytes | None:
    """A person's own sealed book as flattened JWS, the look at it written in the same statement and durable on return.

    Shape:  `held` is what `HELD_BY` takes. The token or session still holds, the account still belongs to `actor.person_id` and that
            person is kept here, or the answer is None and no look is written; None too where there is no such book. Why, sign-in,
            `get_sealed` and the permissions tell.
    LIMIT:  on a Citus cluster accounts and books lie on different nodes; there the long way is the only one.
    """
    assert actor.person_id is not None, "a person looks at their own book"
    parameters = (
        *(*held, actor.person_id, own_custodian().value, version, version),
        *look_parameters(actor=actor, at=at, person_id=actor.person_id, what="book"),
    )
    row = first_row(_SHOW, parameters)
    return None if row is None else as_flattened(row[0], Seal(row[1], row[2], row[3]))
