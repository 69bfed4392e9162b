"""Who signs in, how, and who does not get in."""

from sandbox.holdings import account_subject
from tools.demo.demonstration import Demonstration
from tools.people import Clerk, Client, list_outsiders


def sign_in(demo: Demonstration) -> tuple[Clerk, tuple[Client, Client]]:
    """The employer's representative and two officers, each as a browser does; and somebody whose account is of level 1."""
    with demo.step("Đăng nhập qua hệ thống định danh", "signed in at the e-ID: code flow with PKCE, then a session cookie"):
        officers = _appoint_officers(demo)
        employer = demo.population.demo_employer
        clerk = Clerk.of(demo.stack, tax_code=employer.tax_code, name=employer.name, pin=employer.legal_representative_pin)
        session = clerk.client.get("/session")
        demo.expect(session["is_fresh"] and session["assurance_level"] == 2, "phiên mới, mức độ 2 · a fresh session at level 2")
        unprotected = {"Cookie": clerk.client.headers["Cookie"]}
        refused = Client(demo.stack, unprotected).request("POST", "/session/all/ending")
        demo.expect("ACC-032" in refused.text, "cookie không đủ để thay đổi gì · a cookie alone changes nothing")
        demo.expect(_is_refused_at_level_1(demo), "tài khoản mức 1 bị từ chối · an account of level 1 is refused")
    return clerk, officers


def sign_out(demo: Demonstration, clerk: Clerk) -> None:
    """The e-ID says that the representative signed out there."""
    with demo.step("Đăng xuất tại hệ thống định danh", "the e-ID's notice of a sign-out ends the session here"):
        employer = demo.population.demo_employer
        demo.stack.sandbox.end_sign_ins(account_subject(employer.tax_code, employer.legal_representative_pin))
        after = clerk.client.request("GET", "/session")
        demo.expect(after.status_code == 401 and "ACC-031" in after.text, "phiên đã kết thúc ở đây · the session here is over")


def _appoint_officers(demo: Demonstration) -> tuple[Client, Client]:
    """Two citizens who have nothing to do with the unit become officers; they sign in with their e-ID accounts, and show a security key."""
    chosen = list_outsiders(demo.population, [demo.population.demo_employer])[:2]
    named = tuple(zip(("lan", "minh"), chosen, strict=True))
    for login, citizen in named:
        demo.stack.run("appoint", login, "--pin", "-", stdin=citizen.pin)
    without_key = Client.sign_in(demo.stack, chosen[0].pin, role="OFFICER").request("GET", "/office/queue")
    demo.expect("ACC-060" in without_key.text, "chưa dùng khóa bảo mật thì chưa là cán bộ · no security key, no officer's door")
    first, second = (Client.sign_in_officer(demo.stack, login=login, pin=citizen.pin) for login, citizen in named)
    return first, second


def _is_refused_at_level_1(demo: Demonstration) -> bool:
    try:
        Client.sign_in(demo.stack, demo.population.demo_workers[0].pin, assurance_level=1)
    except RuntimeError as refused:
        return "ACC-010" in str(refused)
    return False
