"""`python -m bench scale`: the generator, and the same look-up with a thousand, a hundred thousand and a million persons in the database.

Some ten minutes and 15 GB while it runs, so it is run by name only. One server at a time, in turns, on the three databases; the holders who
look are drawn evenly over all persons. Holders have a book sealed by the product; everybody else has an account and a copy of one sealed book,
so that every table that the look-up touches is as long as it would be.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import orjson
import psycopg
from joserfc import jwt

from bench.load import Load, request_bytes, saturate, send_each
from bench.measuring import Row
from bhxh.wiring.roles import OWNER_ROLE
from sandbox.eid import AUDIENCE, ISSUER
from sandbox.holdings import account_subject
from sandbox.serving import own_key
from tools.stack import ROOT, SEED, Stack, free_base_port

_SIZES = (1_000, 100_000, 1_000_000)
_SINCE, _PROCESSES = "2024-05", 2
_WORKERS_OF_ONE_EMPLOYER = 50
_HOLDERS, _CONNECTIONS, _SECONDS, _ROUNDS = 2_000, 8, 3, 3
_TARGET_S = 300
_SESSION_S = 3 * 3600

_DRAWN = """
    SELECT person_id, pin FROM registry_person p
     WHERE EXISTS (SELECT 1 FROM ledger_contribution_line l WHERE l.person_id = p.person_id)
     ORDER BY md5(person_id::text) LIMIT %s"""
_ACCOUNTS = """
    INSERT INTO access_account (account, issuer, subject, person_id, account_type, linked_at)
    SELECT 'eid:eid.sandbox.example:' || s.subject, %s, s.subject, p.person_id, 'CITIZEN', now()
      FROM registry_person p LEFT JOIN unnest(%s::bigint[], %s::text[]) AS holder (person_id, subject) USING (person_id)
     CROSS JOIN LATERAL (SELECT coalesce(holder.subject, md5(p.pin)) AS subject) AS s"""
_BOOKS = """
    INSERT INTO book_version (person_id, n, sealed_at, valid_on, known_at, state, payload, digest, content_digest, protected, signature, kid)
    SELECT p.person_id, 1, b.sealed_at, b.valid_on, b.known_at, b.state, b.payload, sha256(p.pin::bytea), b.content_digest,
           b.protected, b.signature, b.kid
      FROM registry_person p CROSS JOIN (SELECT * FROM book_version ORDER BY length(payload), person_id OFFSET %s LIMIT 1) AS b
     WHERE NOT EXISTS (SELECT 1 FROM book_version own WHERE own.person_id = p.person_id)"""


def run() -> list[Row]:
    """Load the three, then look in turns."""
    rows: list[Row] = []
    with _stack() as stack:
        requests: dict[int, list[bytes]] = {}
        for size in _SIZES:
            stack.database = _database(size)
            rows += _loaded(stack, size)
            if not requests:
                stack.start_partners()
            requests[size] = _prepared(stack)
        looks: dict[int, list[Load]] = {size: [] for size in _SIZES}
        for _ in range(_ROUNDS):
            for size in _SIZES:
                stack.database = _database(size)
                stack.start_server()
                send_each(stack.address, requests[size], connections=_CONNECTIONS)  # each token once, and its pages are in memory
                looks[size].append(saturate(stack.address, requests[size], connections=_CONNECTIONS, seconds=_SECONDS))
                stack.kill("server")
    errors = sum(load.count_errors() for loads in looks.values() for load in loads)
    assert errors == 0, f"{errors} look-ups failed"
    per_s = {size: median(load.per_second for load in loads) for size, loads in looks.items()}
    p50 = {size: median(load.percentile_ms(50) for load in loads) for size, loads in looks.items()}
    small = _SIZES[0]
    for size in _SIZES[1:]:
        what, beside, note = f"book look-up, {size:,} persons", f"{small:,} persons", "wanted: within 1.3"
        rows.append(Row(what=what, value=per_s[size], unit="per s", beside=beside, beside_value=per_s[small], note=note))
        rows.append(Row(what=f"{what}, p50", value=p50[size], unit="ms", beside=beside, beside_value=p50[small], note=note))
    return rows


@contextmanager
def _stack() -> Iterator[Stack]:
    stack = Stack(ROOT / ".bhxh" / "bench", base_port=free_base_port())
    stack.extra_environment["BHXH_DATABASE_NAME"] = ""  # the database of the benches that run in this process is another one
    stack.forget_state()
    stack.ensure_server()
    try:
        yield stack
    finally:
        stack.stop()
        # WHY the superuser: after such a load an autovacuum worker may be in there, and an owner may not send it away.
        with psycopg.connect(stack.postgres.url("postgres", "postgres"), autocommit=True) as admin:
            for size in _SIZES:
                admin.execute(f"DROP DATABASE IF EXISTS {_database(size)} WITH (FORCE)".encode())
        shutil.rmtree(stack.state_folder, ignore_errors=True)


def _database(size: int) -> str:
    return f"bhxh_bench_{size}"


def _loaded(stack: Stack, size: int) -> list[Row]:
    """A migrated database with the population; how long the generator took is a row for the largest."""
    with psycopg.connect(stack.postgres.url("postgres", "postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {stack.database} WITH (FORCE)".encode())
        admin.execute(f"CREATE DATABASE {stack.database} OWNER {OWNER_ROLE}".encode())
    stack.run("migrate")
    employers = max(20, size // _WORKERS_OF_ONE_EMPLOYER)
    options = (f"--seed={SEED}", f"--citizens={size}", f"--employers={employers}", f"--since={_SINCE}", f"--processes={_PROCESSES}")
    began = time.perf_counter()
    said = orjson.loads(stack.run("generate", "--json", *options).stdout)
    taken_s = time.perf_counter() - began
    with psycopg.connect(stack.postgres.url(OWNER_ROLE, stack.database), autocommit=True) as owner:
        [size_bytes] = owner.execute("SELECT pg_database_size(current_database())").fetchone() or [0]
        owner.execute("ANALYZE")
    if size != _SIZES[-1]:
        return []
    what = f"generator: {size:,} persons with histories in the database"
    note = f"{said['lines']:,} ledger lines ({said['lines'] / size:.1f} a person), {size_bytes / 1e9:.1f} GB, {_PROCESSES} processes"
    return [Row(what=what, value=taken_s, unit="s", beside="wanted", beside_value=_TARGET_S, note=note)]


def _prepared(stack: Stack) -> list[bytes]:
    """Accounts and books for all; a signed-in request for each holder."""
    with psycopg.connect(stack.postgres.url(OWNER_ROLE, stack.database), autocommit=True) as owner:
        holders = owner.execute(_DRAWN.encode(), [_HOLDERS]).fetchall()
        ids = [person_id for person_id, _ in holders]
        command = [sys.executable, "-m", "bench.programs.sealing", "1000"]
        listed = ",".join(map(str, ids))
        subprocess.run(command, env=stack.environment, cwd=ROOT, input=listed, text=True, check=True, capture_output=True)
        owner.execute(_ACCOUNTS.encode(), [ISSUER, ids, [account_subject(pin) for _, pin in holders]])
        owner.execute(_BOOKS.encode(), [len(ids) // 2])
        owner.execute("VACUUM ANALYZE access_account, book_version")
    key, address, now = own_key(stack.sandbox.folder / "eid", "token-1"), f"{stack.address}/api/v1/me/book", int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + _SESSION_S, "account_type": "CITIZEN", "assurance_level": 2}
    # WHY by ourselves, with its key: the sandbox's e-ID knows a thousand people.
    tokens = (
        jwt.encode({"alg": "ES256", "kid": key.kid}, {**claims, "sub": account_subject(pin), "jti": os.urandom(8).hex(), "pin": pin}, key)
        for _, pin in holders
    )
    return [request_bytes("GET", address, headers={"Authorization": f"Bearer {token}"}) for token in tokens]
