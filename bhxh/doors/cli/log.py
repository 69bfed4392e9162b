"""`bhxh audit`: the log's head, its verification, its time stamps, proofs for outsiders, and who looked at one person's data."""

import argparse
from pathlib import Path
from typing import Any

from bhxh.audit.errors import AUD_NO_ENTRY_TO_PROVE
from bhxh.audit.flows import seal_head, sequence_to_end, stamp_head
from bhxh.audit.proofs import prove_in_time
from bhxh.audit.queries import SealedHeadSeen, list_entries
from bhxh.audit.verification import KeptHead, verify_tables
from bhxh.doors import log_proofs
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.errors import CLI_BAD_VALUE, CLI_NO_FILE
from bhxh.doors.cli.own_data import looks
from bhxh.doors.partners import partners
from bhxh.doors.root_sealing import KeySealer, TrustedStamper, open_root
from bhxh.dossiers.queries import get_dossier
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.kernel.who import SYSTEM

_PATIENCE_S = 20.0
_LONGEST_HEAD = 16 * 1024  # LIMIT: a sealed head has some 500 bytes


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One of: head, verify, stamp, prove, looks."""
    return {"head": _head, "verify": _verify, "stamp": _stamp, "prove": _prove, "looks": looks}[options.what](options)


def open_seal(sealed: bytes) -> bytes:
    """A sealed head's bytes, by this installation's own key set."""
    return open_root(sealed, partners().keys.key_set())


def kept_head(file: str) -> KeptHead:
    """A head that was kept outside, read from its file. Raises Invalid CLI-001, AUD-017."""
    path = Path(file)
    try:
        with path.open("rb") as stream:
            sealed = stream.read(_LONGEST_HEAD)
    except OSError as error:
        raise Invalid(CLI_NO_FILE, file=path.name, reason=type(error).__name__) from None
    return KeptHead.open(sealed, open_seal)


def _head(options: argparse.Namespace) -> dict[str, Any]:
    """Number and seal the log to its end; `--out` keeps the sealed head."""
    head = _sealed_to_the_end()
    if options.out and head:
        Path(options.out).write_bytes(head.sealed)
    return {"size": head.size if head else 0, "root": head.root.hex() if head else "", "at": head.at if head else None}


def _verify(options: argparse.Namespace) -> dict[str, Any]:
    report = verify_tables(open_seal, kept_head(options.checkpoint) if options.checkpoint else None)
    return {
        "holds": report.is_whole,
        "size": report.size,
        "root": report.root.hex(),
        "seals_checked": report.seals_checked,
        "problem": report.problem.value,
        "first_bad_leaf": report.first_bad_leaf,
    }


def _stamp(options: argparse.Namespace) -> dict[str, Any]:
    """Seal the log to its end and have that time-stamped now, without waiting for the hour."""
    _sealed_to_the_end()
    known = partners()
    stamp = stamp_head(now(), TrustedStamper(known.time_stamper(), known.trust()))
    if stamp is None:
        return {"size": 0, "stamped_at": None, "authority": ""}
    return {"size": stamp.head.size, "stamped_at": stamp.stamped_at, "authority": stamp.authority}


def _prove(options: argparse.Namespace) -> dict[str, Any]:
    """Write what `tools/verify_log.py` checks, for an entry by number or for the first of a dossier's with a verb."""
    if not options.out:
        raise Invalid(CLI_BAD_VALUE, where="--out", option="--out")
    proof = prove_in_time(options.entry or _entry_of(options.dossier, options.verb))
    content = log_proofs.compose(proof, keys=partners().keys.key_set())
    file = Path(options.out)
    file.write_bytes(content)
    return {
        "file": file.name,
        "sha256": sha256_hex(content),
        "entry": proof.entry_id,
        "size": proof.stamp.head.size,
        "latest_size": proof.latest.size,
        "stamped_at": proof.stamp.stamped_at,
    }


def _entry_of(code: str, verb: str) -> int:
    if not code:
        raise Invalid(CLI_BAD_VALUE, where="--entry", option="--entry")
    for entry in list_entries(get_dossier(code).dossier_id):
        if entry.verb == verb or not verb:
            return entry.entry_id
    raise NotFound(AUD_NO_ENTRY_TO_PROVE)


def _sealed_to_the_end() -> SealedHeadSeen | None:
    sequence_to_end(now(), patience_s=_PATIENCE_S)
    return seal_head(now(), KeySealer(partners().keys.seal_key("audit")))
