"""Whose form it is. Every form of somebody signed in carries marks of the account, of the role and of the person it was shown for, which only we can make.

WHY: forms outlive sessions. What one person left on a shared machine is not sent on for the next one; what was typed for one organisation is not
sent for another, nor what was typed for a child for oneself, because the role or the person was changed in a second tab meanwhile.
"""

import hmac
from typing import Final

from bhxh.access.errors import ACC_OTHER_ROLE
from bhxh.access.representation_errors import ACC_FORM_OF_ANOTHER
from bhxh.access.sessions import Session
from bhxh.doors.errors import OTHERS_FORM
from bhxh.doors.partners import partners
from bhxh.kernel.errors import Conflict, NotAllowed

WHOSE: Final = "cua"
"""Field of every form: the account's mark, the role's, and that of whom somebody acts for, with dots between."""
_CHARACTERS: Final = 24


def marks_of(session: Session) -> str:
    """Names nobody, and is the same for this account in this role for this person in every session."""
    account = session.claims.account
    role = f"{account} {session.acting_as.value} {session.employer_id or 0}"
    return ".".join(map(_mark, (account, role, f"{role} {session.acting_for}")))


def mark_of_shown(account: str, what: str) -> str:
    """Of something that a page showed to this account: a form that brings it back comes from that page, whatever became of the thing since."""
    return _mark(f"shown {account} {what}")


def was_shown(given: str, account: str, what: str) -> bool:
    """Whether this is that mark."""
    return hmac.compare_digest(given.encode(), mark_of_shown(account, what).encode())


def check_whose(given: str, session: Session, *, minds_whom: bool = True) -> None:
    """A form that bears no marks is judged by its protection alone, but for another person nothing is taken without them.

    Raises: NotAllowed API-022 (another account's), ACC-038 (of another role); Conflict ACC-205 (for another person; `minds_whom`).
    """
    if not given and not (minds_whom and session.acting_for):
        return
    account, role, whom = marks_of(session).split(".")
    of_account, of_role, of_whom = (*given.split("."), "", "", "")[:3]
    if given and of_account != account:
        raise NotAllowed(OTHERS_FORM)
    if given and of_role != role:
        raise NotAllowed(ACC_OTHER_ROLE)
    if minds_whom and of_whom != whom:
        raise Conflict(ACC_FORM_OF_ANOTHER)


def _mark(text: str) -> str:
    return hmac.new(partners().signing_in.secret, f"form\n{text}".encode(), "sha256").hexdigest()[:_CHARACTERS]
