"""`make foreign` itself: a program that says yes to everything is found out, whoever is missing is told, no type is forgotten."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bhxh.signing.key_files import PURPOSES, FileKeys
from bhxh.signing.seals import as_flattened, seal
from bhxh.signing.signed_keysets import Root
from tests.other_programs import needs
from tools.foreign import __main__ as program
from tools.foreign import node_scripts
from tools.foreign.judging import Row, as_table, judge, never_made, sealed_types
from tools.foreign.programs import NotHereError, Said, in_short, run
from tools.foreign.questions import Artefact, Published, Question, sealed
from tools.foreign.spoiling import letter_of
from tools.stack import ROOT

TYPE = "bhxh-book+json"


def _yes(_: bytes) -> Said:
    return Said(holds=True, words="yes")


def _not_here(_: bytes) -> Said:
    raise NotHereError("npm could not fetch it")


def _artefact(ask: object) -> Artefact:
    return Artefact("a thing", b"content", (Question("openssl", "?", ask, (("a byte", lambda content: content[:-1]),)),), TYPE)  # type: ignore[arg-type]


def test_a_program_that_says_yes_to_everything_disagrees() -> None:
    rows = list(judge([_artefact(_yes)]))
    assert [(row.artefact, row.expected, row.agrees) for row in rows] == [
        ("a thing", "holds", True),
        ("a thing, changed: a byte", "refused", False),
    ]


def test_a_change_that_changes_nothing_is_an_error_of_ours() -> None:
    idle = Artefact("a thing", b"content", (Question("openssl", "?", _yes, (("nothing", lambda content: content),)),))
    with pytest.raises(AssertionError, match="nothing"):
        list(judge([idle]))


def test_a_program_that_is_not_here_is_counted_and_not_taken_for_agreement(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(judge([_artefact(_not_here)]))
    assert not any(row.agrees or row.is_judged for row in rows) and "NOT JUDGED: npm could not fetch it" in "".join(as_table(rows))
    assert program._concluded([_artefact(_not_here)], rows, {"openssl": "not installed"}) == 1
    assert not capsys.readouterr().out.splitlines()[-1].endswith("disagreements 0")
    with pytest.raises(NotHereError):
        run("a program that nobody has")


def test_the_count_comes_last_and_the_exit_tells(capsys: pytest.CaptureFixture[str]) -> None:
    everything = [Artefact(name, b"", (Question("openssl", "?", _yes),), name) for name in sorted(sealed_types())]
    rows = [Row("a", f"{tool} 1.0", "?", "holds", "holds", agrees=True) for tool in program.TOOLS]
    assert program._concluded(everything, rows, {}) == 0
    count = f"artefacts {len(everything)} tools {len(program.TOOLS)} disagreements"
    assert capsys.readouterr().out.splitlines()[-1] == f"{count} 0"
    assert program._concluded(everything[1:], rows, {}) == 1, "a type that nobody judged"
    assert program._concluded(everything, rows[1:], {}) == 1, "a program that was asked nothing"
    assert program._concluded([*everything, Artefact("unasked", b"", ())], rows, {}) == 1, "an artefact that nobody judges"
    assert program._concluded(everything, [*rows, Row("a", "openssl 1.0", "?", "holds", "refused", agrees=False)], {}) == 1


def test_every_type_that_can_be_sealed_is_known_to_the_verifier_without_us() -> None:
    script = (ROOT / "tools" / "verify_seal.mjs").read_text()
    known = {**dict(re.findall(r'^  "([a-z-]+\+(?:json|jwt))": "([a-z-]+)",$', script, re.MULTILINE)), "bhxh-keys+json": "root"}
    assert {name: known.get(name) in {*PURPOSES, "root"} for name in sealed_types()} == dict.fromkeys(sealed_types(), True)
    assert never_made([]) == sorted(sealed_types())


def test_node_and_openssl_judge_a_seal_and_refuse_it_spoiled(tmp_path: Path) -> None:
    needs("node", "openssl")
    keys = FileKeys(tmp_path / "keys", "mof")
    payload = b'{"name":"An"}'
    made = as_flattened(payload, seal(payload, key=keys.seal_key("book"), type_name=TYPE))
    published = Published(keys.key_set().to_json(), tmp_path, tmp_path, "")
    rows = list(judge([sealed("a book", made, published)]))
    assert all(row.agrees for row in rows) and len(rows) == 6, rows
    other = FileKeys(tmp_path / "other", "mof")
    other.seal_key("book")
    strangers = Published(other.key_set().to_json(), tmp_path, tmp_path, "")
    node = sealed("a book", made, strangers).questions[1]
    assert "is not published" in node.ask(made).words
    receipt = as_flattened(payload, seal(payload, key=keys.seal_key("book"), type_name="bhxh-receipt+json"))
    assert sealed("a book as a receipt", receipt, published).questions[1].ask(receipt).words == "the key is for something else"
    for spelling in (made + b"\n", made.replace(b'","protected"', b'", "protected"')):
        assert not sealed("a book", made, published).questions[1].ask(spelling).holds
    assert letter_of("payload")(made) != made


def test_what_was_said_is_told_without_folders_and_numbers_of_threads() -> None:
    said = b"Verification: FAILED\nUsing configuration from /dev/null\n40D7D23F1B7F0000:error:17800067:time stamp: http://x.example/a/b /tmp/q/file: bad"
    assert in_short(said) == "Verification: FAILED time stamp: http://x.example/a/b file: bad"


def test_node_takes_the_sets_of_a_root_to_which_the_known_one_handed_over(tmp_path: Path) -> None:
    needs("node")
    at, keys, root = datetime(2026, 11, 21, tzinfo=UTC), FileKeys(tmp_path / "keys", "mof"), Root(tmp_path / "root", "mof")
    payload = b'{"name":"An"}'
    book = as_flattened(payload, seal(payload, key=keys.seal_key("book"), type_name=TYPE))
    root.sign(keys, at=at)
    known = root.public_set().to_json()
    for year in (1, 2):
        root.renew(keys, at=at + timedelta(days=365 * year))
    signed, newest = root.sign(keys, at=at), root.public_set().to_json()
    for one in (known, newest):
        assert node_scripts.seal(book, signed, type_name=TYPE, root=one).holds
    stranger, theirs = Root(tmp_path / "stranger", "mof"), FileKeys(tmp_path / "theirs", "mof")
    theirs.seal_key("book")
    stranger.sign(theirs, at=at)
    assert not node_scripts.seal(book, signed, type_name=TYPE, root=stranger.public_set().to_json()).holds
