"""Whose form it is. Every form of somebody signed in carries marks of the account and of the role it was shown to, which only we can make.

WHY: forms outlive sessions. What one person left on a shared machine is not sent on for the next one; and what was typed for one organisation is
not sent for another, because the role was changed in a second tab meanwhile.
"""

import hmac
from typing import Final

from bhxh.access.errors import ACC_OTHER_ROLE
from bhxh.access.sessions import Session
from bhxh.doors.errors import OTHERS_FORM
from bhxh.doors.partners import partners
from bhxh.kernel.errors import NotAllowed

WHOSE: Final = "cua"
"""Field of every form: the account's mark and the role's, with a dot between."""
_CHARACTERS: Final = 24


def marks_of(session: Session) -> str:
    """Names nobody, and is the same for this account in this role in every session."""
    account = session.claims.account
    return f"{_mark(account)}.{_mark(f'{account} {session.acting_as.value} {session.employer_id or 0}')}"


def check_whose(given: str, session: Session) -> None:
    """A form that bears no marks is judged by its protection alone. Raises NotAllowed API-022 (another account's), ACC-038 (of another role)."""
    if not given or given == (own := marks_of(session)):
        return
    if given.partition(".")[0] != own.partition(".")[0]:
        raise NotAllowed(OTHERS_FORM)
    raise NotAllowed(ACC_OTHER_ROLE)


def _mark(text: str) -> str:
    return hmac.new(partners().signing_in.secret, f"form\n{text}".encode(), "sha256").hexdigest()[:_CHARACTERS]
