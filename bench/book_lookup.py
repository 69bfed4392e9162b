"""Book look-up over HTTP: signed in, the look recorded durably before the book leaves. Beside bare views on the same kind of server."""

import subprocess
import sys
from statistics import median

from bench.installation import Installation, running_installation
from bench.load import Load, request_bytes, saturate, send_each
from bench.measuring import Row
from tools.people import Client
from tools.stack import ROOT

_HOLDERS, _CONNECTIONS, _SECONDS, _ROUNDS = 200, 8, 2, 5
_ADULTS = "SELECT person_id FROM registry_person WHERE pin <> '' AND birth_on < '2000-01-01' AND managed_by = 'mof'"
_BOOKS = "SELECT p.pin, p.person_id FROM registry_person p JOIN book_version v USING (person_id) ORDER BY p.person_id"
_SELECT, _WRITE = "bare view: one-row select", "bare view: one-row select + insert + commit"
_BLIND = "the same look-up, no look written"
_LOOKS = "SELECT count(*) FROM audit_look WHERE what = 'book'"
_BARE = "the bare view: same server, Django's handler, no middleware, no sign-in"


def run() -> list[Row]:
    """Rounds in turns; each request of another holder, round and round."""
    with running_installation(with_worker=False, with_blind_server=True) as installation:
        _seal(installation)
        holders = installation.query(_BOOKS)[:_HOLDERS]
        ours, new = ([_request(installation, str(pin)) for pin, _ in holders] for _ in range(2))
        bare, address = installation.bare_address, installation.stack.address
        selects = [request_bytes("GET", f"{bare}/select/{person_id}") for _, person_id in holders]
        inserts = [request_bytes("GET", f"{bare}/select-insert/{person_id}") for _, person_id in holders]
        send_each(address, ours, connections=_CONNECTIONS)  # the first sight of an account links it to its person
        blind = installation.blind_address
        send_each(blind, ours, connections=_CONNECTIONS)  # a process proves each token once
        [(before,)] = installation.query(_LOOKS)
        rounds: list[tuple[Load, ...]] = []
        for _ in range(_ROUNDS):
            pairs = ((address, ours), (bare, selects), (bare, inserts), (blind, ours))
            rounds.append(tuple(saturate(at, wanted, connections=_CONNECTIONS, seconds=_SECONDS) for at, wanted in pairs))
        first = send_each(address, new, connections=_CONNECTIONS)
        [(looks,)] = installation.query(_LOOKS)
    answers = len(first.exchanges) + sum(len(book.exchanges) for book, *_ in rounds)
    assert looks - before == answers, f"{answers} books shown, {looks - before} looks written down"
    errors = sum(load.count_errors() for loads in (*rounds, (first,)) for load in loads)
    assert errors == 0, f"{errors} look-ups failed"
    book_per_s, read_per_s, written_per_s, blind_per_s = (median(loads[place].per_second for loads in rounds) for place in range(4))
    p99 = [median(loads[place].percentile_ms(99) for loads in rounds) for place in (0, 2)]
    p50 = [median(loads[place].percentile_ms(50) for loads in rounds) for place in (0, 2)]
    what, of_token = "book look-up, signed in, look recorded", f"{len(new)} tokens, each sent for the first time"
    return [
        Row(what=what, value=book_per_s, unit="per s", beside=_SELECT, beside_value=read_per_s, note=_BARE),
        Row(what=what, value=book_per_s, unit="per s", beside=_WRITE, beside_value=written_per_s, note="target 0.85"),
        Row(what=what, value=book_per_s, unit="per s", beside=_BLIND, beside_value=blind_per_s, note="what the look costs"),
        Row(what="book look-up, p50", value=p50[0], unit="ms", beside=_WRITE, beside_value=p50[1], note=f"{_CONNECTIONS} connections"),
        Row(what="book look-up, p99", value=p99[0], unit="ms", beside=_WRITE, beside_value=p99[1], note="target 50 ms"),
        Row(what=what, value=first.per_second, unit="per s", beside=_WRITE, beside_value=written_per_s, note=of_token),
    ]


def _seal(installation: Installation) -> None:
    ids = ",".join(str(person_id) for (person_id,) in installation.query(_ADULTS))
    command = [sys.executable, "-m", "bench.programs.sealing", "1000"]
    subprocess.run(command, env=installation.stack.environment, cwd=ROOT, input=ids, text=True, check=True, capture_output=True)


def _request(installation: Installation, pin: str) -> bytes:
    headers = Client.with_token(installation.stack, pin).headers
    return request_bytes("GET", f"{installation.stack.address}/api/v1/me/book", headers=headers)
