"""`python -m bench.programs.sealing 1000`: says it is ready, reads person ids (one line, commas), seals so many in a transaction."""

import sys

import bhxh.wiring.wsgi  # noqa: F401  # sets Django up and binds the ports
from bhxh.book.commands import seal_books
from bhxh.doors.partners import partners
from bhxh.kernel.actor import system_actor
from bhxh.kernel.clock import now
from bhxh.registry.queries import count_persons


def main() -> None:
    """Run it."""
    at_once = int(sys.argv[1])
    count_persons()  # the database connection is there before we say so
    actor, key = system_actor(name="bench", request_id="bench", purpose="operation"), partners().keys.seal_key("book")
    print("ready", flush=True)
    person_ids = [int(number) for number in sys.stdin.readline().split(",")]
    for first in range(0, len(person_ids), at_once):
        sealed = seal_books(actor=actor, at=now(), person_ids=person_ids[first : first + at_once], key=key)
        assert all(book.is_new for book in sealed), "every book is a new one"
    print(len(person_ids), flush=True)


if __name__ == "__main__":
    main()
