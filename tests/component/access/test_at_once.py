"""Two transactions in the same moment, on two real connections: what one has not committed yet, the other waits for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from django.db import connection, transaction

from bhxh.access.commands import appoint_officer
from bhxh.access.flows import officer_without_key, show_key
from bhxh.access.mandate_queries import list_mandates
from bhxh.access.models import SecondFactor, SignedOut
from bhxh.access.officer_key_commands import EndOfKey, end_officer_key, pose_known_key
from bhxh.access.roles import OfficerRole
from bhxh.access.session_commands import end_sessions, shut_out
from bhxh.access.sessions import SHUT_OUT_AT
from bhxh.kernel.errors import BhxhError
from sandbox.security_key import SecurityKey
from tests.component.access.test_officer_keys import AT, BY, EIGHT_HOURS, LAN, SITE, invite, register
from tests.locks import wait_until_somebody_waits_for_us
from tests.mandate_kit import grant


def _meanwhile(first: Callable[[], Any], second: Callable[[], Any]) -> str:
    """The second is asked for while the first is not committed yet, on a connection of its own. Its refusal's code, or `done`."""

    def on_its_own() -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE bhxh_app")
            second()
        except BhxhError as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            other = pool.submit(on_its_own)
            wait_until_somebody_waits_for_us()
            assert not other.done()
        return other.result(20)


def _grant(**more: Any) -> Callable[[], Any]:
    return lambda: grant(at=AT, **{"holder": "person:7", "from_on": date(2026, 11, 21), **more})


def test_of_two_mandates_that_overlap_one_is_granted(database: None) -> None:
    assert _meanwhile(_grant(until_on=date(2027, 1, 1)), _grant(from_on=date(2026, 12, 1))) == "ACC-021"
    assert len(list_mandates(employer_id=70)) == 1


def test_of_two_that_do_not_both_are(database: None) -> None:
    assert _meanwhile(_grant(until_on=date(2027, 1, 1)), _grant(from_on=date(2027, 1, 1))) == "done"
    assert len(list_mandates(employer_id=70)) == 2


def test_who_is_shut_out_stays_out_though_they_sign_out_in_the_same_moment(database: None) -> None:
    who: dict[str, Any] = {"actor": BY, "at": AT, "issuer": LAN.issuer, "subject": LAN.sub}
    assert _meanwhile(lambda: shut_out(**who), lambda: end_sessions(**who)) == "done"
    assert SignedOut.objects.get().at == SHUT_OUT_AT


def test_a_key_that_is_reported_lost_while_it_is_shown_opens_nothing(database: None) -> None:
    appoint_officer(
        actor=BY,
        at=AT,
        login="lan",
        account=LAN.account,
        agency_code="00101",
        roles=[OfficerRole.APPRAISER],
        from_on=date(2026, 1, 1),
    )
    officer, _ = officer_without_key(LAN, at=AT, request_id="r", purpose="second_factor")
    key = SecurityKey()
    key_id = register(officer, key, code=invite())
    asked = pose_known_key(actor=officer, at=AT, site=SITE, session="thief", login="lan")
    shown: dict[str, Any] = {"site": SITE, "session": "thief", "login": "lan", "answer": key.get(asked, origin=SITE.origin)}
    refused = _meanwhile(
        lambda: end_officer_key(actor=officer, at=AT, login="lan", key_id=key_id, because=EndOfKey.LOST),
        lambda: show_key(actor=officer, at=AT, lives=EIGHT_HOURS, **shown),
    )
    assert refused == "ACC-062"
    assert not SecondFactor.objects.exists()
