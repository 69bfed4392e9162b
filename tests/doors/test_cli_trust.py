"""`bhxh trust`: an operator signs the list of authorities, and sees which one is in force."""

import shutil
from pathlib import Path

from tests.doors.cli_runs import Run, said
from tests.doors.world import World


def test_a_list_is_signed_shown_and_only_the_signed_one_believed(bhxh: Run, world: World, tmp_path: Path) -> None:
    folder = tmp_path / "trust"
    shutil.copytree(world.sandbox.folder / "pki" / "trust", folder)
    made = said(bhxh("trust", "seal", str(folder), "--number", "12", "--days", "7", "--json"))
    assert made["number"] == 12 and "-trust-list-" in made["kid"]
    signed = {"BHXH_TRUST_FOLDER": str(folder), "BHXH_TRUST_LIST_KEYS": str(folder / "trust-list-keys.json")}
    shown = said(bhxh("trust", "show", "--json", **signed))
    assert (shown["number"], shown["stale"]) == (12, False)
    assert [(one["kind"], one["suspended"]) for one in shown["authorities"]] == [
        ("root", False),
        ("intermediate", False),
        ("intermediate", True),
    ]
    (folder / "trust.json").write_text('{"authorities":[]}')
    assert said(bhxh("trust", "show", "--json", **signed))["version"] == shown["version"], "the plain list is not looked at"
    (folder / "trust.signed.json").write_bytes((folder / "trust.signed.json").read_bytes().replace(b'"payload":"ey', b'"payload":"eY'))
    assert said(bhxh("trust", "show", "--json", **signed), 3)["error"]["code"] == "SIG-060"


def test_what_is_wrong_in_a_list_is_told_before_it_is_signed(bhxh: Run, tmp_path: Path) -> None:
    (tmp_path / "trust.json").write_text('{"authorities":[],"policy":{"algorithms":[{"name":"sha1"}]}}')
    assert said(bhxh("trust", "seal", str(tmp_path), "--json"), 3)["error"]["code"] == "SIG-060"
    assert not (tmp_path / "trust.signed.json").exists()
