"""`bhxh decide`, `appoint`, `officer` and `account`: the queue, two officers, their keys, who is none in production, who is shut out."""

from tests.doors.cli_runs import Run, said
from tests.doors.world import World


def test_decide_shows_the_queue_and_two_officers_decide(inside: Run, world: World) -> None:
    queue = said(inside("decide", "--json"))["queue"]
    assert any(row["code"] == world.code for row in queue)
    [line] = said(inside("decide", world.code, "--json"))["lines"]
    act = ("decide", world.code, "--as")
    assert said(inside(*act, "nobody", "--grant", "--json"), 1)["error"]["code"] == "CLI-006"
    assert said(inside(*act, "hoa", "--grant", "--reason", "x", "--json"), 1)["error"]["code"] == "ACC-020"
    assert said(inside(*act, "lan", "--grant", "--lines", str(line["number"]), "--reason", "Đã đối chiếu.", "--json"))["appraisal"] == 1
    assert said(inside(*act, "lan", "--approve", "--json"), 1)["error"]["code"] == "ACC-020"
    assert said(inside(*act, "minh", "--approve", "--json"))["decided"] == 1
    assert said(inside("decide", "G12.99.01-990101-0001", "--json"), 1)["error"]["code"] == "DOS-002"


def test_appoint(inside: Run, world: World) -> None:
    done = inside("appoint", "new", "--pin", "-", "--roles", "RECEPTION", "--json", stdin=world.people["other citizen"])
    assert said(done)["officer"] == "new"
    assert said(inside("appoint", "new", "--pin", "-", "--json", stdin="001199999999"), 1)["error"]["code"] == "CLI-005"
    assert inside("appoint", "new", "--pin", "-", "--roles", "KING", stdin=world.people["citizen"]).returncode in {1, 3}


def test_an_officers_keys_from_invitation_to_dismissal(inside: Run, world: World) -> None:
    listed = said(inside("officer", "list", "--json"))["officers"]
    assert {"lan", "hoa"} <= {one["login"] for one in listed}
    assert len(said(inside("officer", "invite", "lan", "--json"))["code"]) == 24
    [key] = said(inside("officer", "keys", "lan", "--json"))["keys"]
    ended = said(inside("officer", "end-key", "lan", f"--key={key['key']}", "--because", "replaced", "--json"))["keys"]
    assert ended[0]["ended_because"] == "replaced"
    assert world.get("/office/queue", "officer").json()["code"] == "ACC-060", "what the key had opened is closed"
    assert said(inside("officer", "end-key", "lan", f"--key={key['key']}", "--json"), 1)["error"]["code"] == "ACC-068"
    assert said(inside("officer", "invite", "nobody", "--json"), 1)["error"]["code"] == "CLI-006"
    assert said(inside("officer", "dismiss", "lan", "--json"))["dismissed"] is True
    assert world.get("/officers/session", "officer").json()["code"] == "ACC-015"
    assert said(inside("officer", "dismiss", "nobody", "--json"), 1)["error"]["code"] == "ACC-015"


def test_in_production_the_command_line_is_no_officer(inside: Run, world: World) -> None:
    from dataclasses import replace

    from bhxh.doors import partners

    partners.bind(replace(partners.partners(), is_production=True))
    assert said(inside("decide", "--json"))["queue"], "the queue may be looked at"
    for command in (("decide", world.code, "--as", "lan", "--grant"), ("dossier", "ask", world.code, "--as", "lan", "--missing", "a | b")):
        assert said(inside(*command, "--json"), 1)["error"]["code"] == "CLI-030"
    assert said(inside("officer", "invite", "lan", "--json"))["code"]


def test_an_account_is_shut_out_and_let_in_again(inside: Run, world: World) -> None:
    number = world.people["citizen"]
    assert world.get("/me/book", "citizen").status_code == 200
    assert said(inside("account", "shut-out", "--pin", "-", "--json", stdin=number))["shut_out"] is True
    assert world.get("/me/book", "citizen").json()["code"] == "ACC-039", "its token opens nothing any more"
    assert said(inside("account", "let-in", "--pin", "-", "--json", stdin=number))["shut_out"] is False
    assert world.get("/me/book", "citizen").json()["code"] == "ACC-033", "what was issued before stays out"
    assert said(inside("account", "let-in", "--pin", "-", "--json", stdin=number), 1)["error"]["code"] == "ACC-040"
    assert said(inside("account", "shut-out", "--subject", "nobody-knows", "--json"))["sessions_ended"] == 0
    assert said(inside("account", "shut-out", "--pin", "-", "--json", stdin="001199999999"), 1)["error"]["code"] == "CLI-005"
