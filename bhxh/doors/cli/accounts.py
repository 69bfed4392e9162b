"""`bhxh account`: shut an e-ID account out, as after a stolen phone, and let it in again."""

import argparse
from typing import Any

from bhxh.access.queries import list_subjects
from bhxh.access.session_commands import let_in_again, shut_out
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import operator, person_of
from bhxh.doors.cli.errors import CLI_NO_ACCOUNT
from bhxh.doors.partners import partners
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import SYSTEM


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Open sessions and tokens of the account end at once; letting it in opens none of them again."""
    actor, at, issuer = operator(), now(), partners().eid_issuer
    subject = options.subject or _subject_of(options.pin, issuer)
    if options.what == "let-in":
        let_in_again(actor=actor, at=at, issuer=issuer, subject=subject)
        return {"shut_out": False, "text": "Tài khoản được đăng nhập lại. · The account may sign in again."}
    ended = shut_out(actor=actor, at=at, issuer=issuer, subject=subject)
    text = f"Tài khoản bị chặn, {ended} phiên đã đóng. · The account is shut out, {ended} sessions ended."
    return {"shut_out": True, "sessions_ended": ended, "text": text}


def _subject_of(number: str, issuer: str) -> str:
    person_id = person_of(number).person_id
    subject = list_subjects([person_id], issuer=issuer).get(person_id)
    if subject is None:
        raise NotFound(CLI_NO_ACCOUNT)
    return subject
