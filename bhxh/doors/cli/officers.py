"""`bhxh officer`: who is in service, the one-time code for a security key, a lost key, the end of service."""

import argparse
from typing import Any

from bhxh.access.commands import dismiss_officer
from bhxh.access.officer_key_commands import EndOfKey, end_officer_key, invite_officer_key
from bhxh.access.officer_key_queries import list_officer_keys, list_officers
from bhxh.access.queries import find_officer_by_login
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import operator
from bhxh.doors.cli.errors import CLI_NO_OFFICER
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import SYSTEM


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """An officer signs in with e-ID and shows a key; the first key is registered with the code made here, handed over in person."""
    actor, at = operator(), now()
    if options.what == "list":
        rows = [
            {"login": one.login, "roles": ",".join(one.roles), "agency": one.agency_code, "keys": one.keys, "until_on": one.until_on}
            for one in list_officers()
        ]
        text = "\n".join(f"{row['login']:<16} {row['roles']:<32} {row['keys']} khóa · keys" for row in rows)
        return {"officers": rows, "text": text or "(không có cán bộ · no officers)"}
    if options.what == "dismiss":
        dismiss_officer(actor=actor, at=at, login=options.login, on=day_in_vietnam(at))
        return {"officer": options.login, "dismissed": True}
    login = options.login
    if find_officer_by_login(login=login, on=day_in_vietnam(at)) is None:
        raise NotFound(CLI_NO_OFFICER, login=login)
    if options.what == "invite":
        code = invite_officer_key(actor=actor, at=at, login=login)
        return {"officer": login, "code": code, "text": f"{code}\n(dùng một lần, trong 24 giờ · good once, for a day)"}
    if options.what == "end-key":
        end_officer_key(actor=actor, at=at, login=login, key_id=options.key, because=EndOfKey(options.because))
    keys = [
        {"key": key.key_id, "name": key.name, "registered_at": key.registered_at, "ended_because": key.ended_because}
        for key in list_officer_keys(login)
    ]
    text = "\n".join(f"{key['key']}  {key['name']}  {key['ended_because']}" for key in keys)
    return {"officer": login, "keys": keys, "text": text or "(không có khóa · no keys)"}
