"""`bhxh trust`: which authorities are believed and by which rules; and the list as one signed file."""

import argparse
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bhxh.doors.admission import lets_in
from bhxh.doors.partners import partners
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.clock import now, shown
from bhxh.kernel.errors import BhxhError, Invalid
from bhxh.kernel.who import SYSTEM
from bhxh.signing.errors import SIG_TRUST_LIST_OLDER
from bhxh.signing.keysets import KeySet
from bhxh.signing.trust import TrustList
from bhxh.signing.trust_file import FILE_NAME, PURPOSE, open_list, seal_list


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Seal the list of a folder, or show the one in force."""
    return _seal(options, now()) if options.what == "seal" else _show(partners().trust(), now())


def _seal(options: argparse.Namespace, at: datetime) -> dict[str, Any]:
    """Sign `trust.json` with its PEM files. The file stands there whole or not at all, and is read once before that."""
    folder = Path(options.folder)
    TrustList.load(folder)  # what is wrong in it is told before anything is signed
    key = partners().keys.seal_key(PURPOSE)
    public = canonical_bytes({"keys": [key.public_jwk()]})
    number = options.number or int(at.timestamp())
    _check_newer(folder / FILE_NAME, number, KeySet.from_json(public))
    sealed = seal_list(folder, key=key, number=number, issued_at=at, next_update_at=at + timedelta(days=options.days))
    _, issue = open_list(sealed, keys=KeySet.from_json(public))
    for name, content in ((FILE_NAME, sealed), ("trust-list-keys.json", public)):
        draft = folder / f".{name}.new"
        draft.write_bytes(content)
        draft.replace(folder / name)
    return {"file": str(folder / FILE_NAME), "number": issue.number, "kid": issue.kid, "next_update_at": issue.next_update_at}


def _check_newer(file: Path, number: int, keys: KeySet) -> None:
    """WHY before it is signed: installations that used the present issue would not believe one that does not come after it."""
    if not file.exists():
        return
    try:
        _, present = open_list(file.read_bytes(), keys=keys)
    except (BhxhError, ValueError, KeyError):
        return  # by another key, or broken: it is to be replaced
    if number <= present.number:
        raise Invalid(SIG_TRUST_LIST_OLDER, number=number, newest=present.number)


def _show(trust: TrustList, at: datetime) -> dict[str, Any]:
    authorities = []
    for one in trust.authorities:
        suspension = one.suspended_at(at)
        authorities.append(
            {
                "name": one.name,
                "kind": one.kind.value,
                "from": one.from_at,
                "until": one.until_at,
                "suspended": suspension is not None,
            }
        )
    issue = trust.issue
    signed = f"số · issue {issue.number}, {issue.kid}, {shown(issue.issued_at)}" if issue else "chưa ký · unsigned"
    lines = [f"{one['kind']:<12} {'ĐÌNH CHỈ · SUSPENDED  ' if one['suspended'] else ''}{one['name']}" for one in authorities]
    return {
        "version": trust.version,
        "number": issue.number if issue else None,
        "stale": trust.is_stale(at),
        "authorities": authorities,
        "text": "\n".join([f"{signed}; {trust.version[:16]}", *lines]),
    }
