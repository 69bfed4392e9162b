"""`bhxh keys`: the keys that seal. Print them, sign the set with the root, rotate one, ask for a certificate and install it."""

import argparse
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import operator
from bhxh.doors.cli.errors import CLI_BAD_VALUE, CLI_NO_FILE
from bhxh.doors.cli.values import parsed_instant
from bhxh.doors.partners import partners
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
from bhxh.kernel.who import SYSTEM
from bhxh.signing.commands import certify_key, renew_root, rotate_key
from bhxh.signing.key_files import PURPOSES, Purpose
from bhxh.signing.keysets import PublishedKey
from bhxh.signing.seal_certificates import certificate_request

_LONGEST_OVERLAP_DAYS = 400


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """What was asked for; `show` where nothing was."""
    known, at = partners(), now()
    match options.what:
        case "list":
            return {"keys": [_told(key) for key in known.keys.key_set()]}
        case "signed":
            return _printed(known.root.sign(known.keys, at=at))
        case "root":
            known.root.sign(known.keys, at=at)
            return _printed(known.root.public_set().to_json())
        case "new-root":
            return {"kid": renew_root(actor=operator(), at=at, root=known.root, keys=known.keys).kid}
        case "rotate":
            return _rotate(options)
        case "request":
            return _request(options)
        case "certify":
            return _certify(options)
        case _:
            return _printed(known.keys.key_set().to_json())


def _printed(document: bytes) -> dict[str, Any]:
    return {"keys": document.decode(), "text": document.decode()}


def _told(key: PublishedKey) -> dict[str, Any]:
    certificate = partners().keys.certificate_of(key.kid)
    return {
        "kid": key.kid,
        "purpose": key.purpose,
        "not_before": key.not_before,
        "not_after": key.not_after,
        "is_in_force": key.is_in_force(now()),
        "certificate_until": certificate.own.not_valid_after_utc if certificate is not None else None,
    }


def _rotate(options: argparse.Namespace) -> dict[str, Any]:
    known, at = partners(), now()
    purpose, from_at = _purpose(options), parsed_instant(options.start, at, "--from")
    if from_at < at:
        raise Invalid(CLI_BAD_VALUE, where="--from", option="--from")
    if not 0 <= options.overlap_days <= _LONGEST_OVERLAP_DAYS:
        raise Invalid(CLI_BAD_VALUE, where="--overlap-days", option="--overlap-days")
    overlap = timedelta(days=options.overlap_days)
    # WHY looked at first: a set that nobody can sign must not be found out after the change.
    known.root.sign(known.keys, at=at)
    known.root.public_set()
    fresh = rotate_key(actor=operator(), at=at, keys=known.keys, purpose=purpose, from_at=from_at, overlap=overlap)
    known.root.sign(known.keys, at=now())
    return {"kid": fresh.kid, "purpose": purpose, "from": from_at, "old_until": from_at + overlap}


def _request(options: argparse.Namespace) -> dict[str, Any]:
    known, purpose = partners(), _purpose(options)
    key = known.keys.newest_key(purpose)
    public = known.keys.key_set().get(key.kid).public
    name = options.name or known.sender.agency_name
    request = certificate_request(key=key, public=public, common_name=name, organisation=known.sender.agency_name)
    return {"kid": key.kid, "request": request.decode(), "text": request.decode()}


def _certify(options: argparse.Namespace) -> dict[str, Any]:
    try:
        chain = Path(options.file).read_bytes()
    except OSError as error:
        raise Invalid(CLI_NO_FILE, file=options.file, reason=type(error).__name__) from None
    known, purpose = partners(), _purpose(options)
    kid = certify_key(actor=operator(), at=now(), keys=known.keys, purpose=purpose, chain=chain)
    certificate = known.keys.certificate_of(kid)
    assert certificate is not None, "just written"
    return {"kid": kid, "purpose": purpose, "certificate_until": certificate.own.not_valid_after_utc}


def _purpose(options: argparse.Namespace) -> Purpose:
    if options.purpose not in PURPOSES:
        raise Invalid(CLI_BAD_VALUE, where="--purpose", option="--purpose")
    return cast("Purpose", options.purpose)
