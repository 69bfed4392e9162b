"""`bhxh dossier`: the same acts as over HTTP, for the operator at the machine."""

from pathlib import Path

import pytest

from tests.doors.cli_runs import Run, said
from tests.doors.world import World


def test_show_and_letters_to_read(inside: Run, world: World, tmp_path: Path) -> None:
    shown = said(inside("dossier", "show", world.code, "--json"))
    assert (shown["state"], [step["state"] for step in shown["history"]][:2]) == ("IN_PROCESS", ["SUBMITTED", "RECEIVED"])
    assert world.code in inside("dossier", "show", world.code).stdout
    for what in ("receipt", "decision"):
        for kind, beginning in ((".pdf", b"%PDF-"), (".json", b"{")):
            file = tmp_path / f"{what}{kind}"
            said(inside("dossier", "letter", world.code, "--of", what, "--out", str(file), "--json"))
            assert file.read_bytes().startswith(beginning)
    nowhere = ("--out", str(tmp_path / "x.pdf"), "--json")
    assert said(inside("dossier", "letter", world.code, "--of", "decision", "--number", "9", *nowhere), 1)["error"]["code"] == "CLI-016"
    assert said(inside("dossier", "letter", world.code, "--of", "result", *nowhere), 1)["error"]["code"] == "CLI-016"
    assert said(inside("dossier", "letter", world.code, "--json"), 1)["error"]["code"] == "CLI-008"
    assert said(inside("dossier", "show", "G12.99.01-990101-0001", "--json"), 1)["error"]["code"] == "DOS-002"


def test_an_extract_to_read(inside: Run, api: World, tmp_path: Path) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    code = api.take(api.intake(api.people["citizen"])).json()["code"]
    dossier_id = str(get_dossier(code).dossier_id)
    tasks.gather(dossier_id=dossier_id)
    tasks.deliver(dossier_id=dossier_id)
    file = tmp_path / "trich.pdf"
    said(inside("dossier", "letter", code, "--of", "result", "--out", str(file), "--json"))
    assert b"ban-trich.json" in file.read_bytes()


def test_a_supplement_is_asked_and_answered_once(inside: Run, world: World, tmp_path: Path) -> None:
    ask = ("dossier", "ask", world.code, "--as", "lan", "--json")
    assert said(inside(*ask), 1)["error"]["code"] == "DOS-014"
    assert said(inside(*ask, "--missing", "Thiếu hợp đồng"), 1)["error"]["code"] == "CLI-008"
    missing = ("--missing", "contract: Thiếu hợp đồng | The contract is missing")
    assert said(inside("dossier", "ask", world.code, "--as", "hoa", *missing, "--json"), 1)["error"]["code"] == "ACC-020"
    assert said(inside(*ask, *missing, "--days", "5"))["state"] == "SUPPLEMENT_REQUIRED"
    document = tmp_path / "hop-dong.pdf"
    answer = (
        "dossier",
        "answer",
        world.code,
        "--as",
        world.population.demo_employer.tax_code,
        "--document",
        f"contract={document}",
        "--json",
    )
    assert said(inside(*answer), 1)["error"]["code"] == "CLI-001"
    document.write_text("no document")
    assert said(inside(*answer), 1)["error"]["code"] == "DOS-033"
    document.write_bytes(b"%PDF-1.7")
    answered, again = said(inside(*answer)), said(inside(*answer))
    assert (answered["state"], answered["is_repeat"], again["is_repeat"]) == ("RECEIVED", False, True)


@pytest.mark.parametrize("of", ["employer", "person"])
def test_withdrawn_by_its_filer_only(inside: Run, api: World, of: str) -> None:
    if of == "person":
        code = api.take(api.intake(api.people["citizen"])).json()["code"]
        own, other = api.people["citizen"], api.people["other citizen"]
    else:
        code = api.file_draft(*api.prepare_list(batch=2), key="another").json()["code"]
        own, other = api.population.employers[0].tax_code, api.population.employers[1].tax_code
    assert said(inside("dossier", "withdraw", code, "--as", other, "--json"), 1)["error"]["code"] == "ACC-020"
    first, again = (said(inside("dossier", "withdraw", code, "--as", own, "--reason", "Nộp nhầm", "--json")) for _ in range(2))
    assert (first["state"], first["is_repeat"], again["is_repeat"]) == ("WITHDRAWN", False, True)


def test_what_is_decided_is_not_withdrawn(inside: Run, world: World) -> None:
    own = world.population.demo_employer.tax_code
    assert said(inside("dossier", "withdraw", world.code, "--as", own, "--json"), 1)["error"]["code"] == "DOS-015"
