"""The log's checkpoints as anybody reads them: sealed heads by size, growth between them, time stamps; and the clock that makes them."""

import hashlib
import shutil
from base64 import b64decode
from dataclasses import replace
from typing import Any

import orjson
import pytest

from bhxh.kernel.canonical import canonical_bytes
from tests.doors.world import World
from tests.other_programs import INSTALLED_BY


def grow() -> Any:
    """What is committed is numbered and sealed."""
    from bhxh.audit.flows import seal_head, sequence_to_end
    from bhxh.doors.partners import partners
    from bhxh.doors.root_sealing import KeySealer
    from bhxh.kernel.clock import now

    sequence_to_end(now(), patience_s=120)
    return seal_head(now(), KeySealer(partners().keys.seal_key("audit")))


def ask(api: World, path: str) -> Any:
    return api.get(f"/open/log/{path}", "stranger")


def test_a_checkpoint_can_be_judged_with_nothing_else_of_ours(api: World) -> None:
    from bhxh.audit.flows import stamp_head
    from bhxh.doors.partners import partners
    from bhxh.doors.root_sealing import TrustedStamper
    from bhxh.kernel.clock import now
    from bhxh.signing.timestamps import verify_timestamp

    head = grow()
    assert ask(api, "head").content == ask(api, f"heads/{head.size}").content == head.sealed
    assert ask(api, f"stamps/{head.size}").json()["code"] == "AUD-013", "sealed, and not stamped yet"
    known = partners()
    stamp_head(now(), TrustedStamper(known.time_stamper(), known.trust()))
    [listed] = ask(api, "stamps").json()
    checkpoint = ask(api, f"stamps/{head.size}").json()
    assert listed == {name: checkpoint[name] for name in listed} and listed["root"] == head.root.hex()
    stamped = hashlib.sha256(canonical_bytes(checkpoint["head"])).digest()
    found = verify_timestamp(b64decode(checkpoint["token"]), sha256=stamped, trust=known.trust(), at=now())
    assert found.stamped_at.isoformat() == checkpoint["stamped_at"].replace("Z", "+00:00")
    assert [b64decode(one) for one in checkpoint["certificates"]] == list(found.chain)
    assert ask(api, f"stamps?before={head.size}").json() == []


def test_growth_between_sealed_heads_and_none_between_others(api: World) -> None:
    from bhxh.audit.tree import is_consistent

    head = grow()
    told = ask(api, f"growth/{head.size}/{head.size}").json()
    path = [bytes.fromhex(one) for one in told["path"]]
    assert is_consistent(told["first_size"], told["size"], bytes.fromhex(told["first_root"]), bytes.fromhex(told["root"]), path)
    assert told["root"] == head.root.hex() == orjson.loads(b64decode(orjson.loads(head.sealed)["payload"] + "=="))["root"]
    for path_asked in (f"growth/{head.size + 1}/{head.size}", f"growth/1/{2**61}", f"heads/{2**62}", "stamps/1"):
        reply = ask(api, path_asked)
        assert (reply.status_code, reply.json()["code"]) == (404, "AUD-013"), path_asked
    assert ask(api, "heads/0").status_code == 422


def test_the_clock_has_heads_stamped_and_waits_for_an_authority_that_is_down(api: World) -> None:
    from bhxh.audit.queries import find_stamp, is_stamp_due
    from bhxh.doors import partners
    from bhxh.doors.jobs.clockwork import BEATS
    from bhxh.kernel.clock import now
    from bhxh.kernel.errors import Unavailable
    from bhxh.signing.errors import SIG_TIMESTAMP

    class Down:
        def stamp(self, sha256: bytes) -> bytes:
            raise Unavailable(SIG_TIMESTAMP, reason="down")

    [beat] = [beat for beat in BEATS if beat.name == "audit.stamp_root"]
    head, known = grow(), partners.partners()
    partners.bind(replace(known, time_stamper=Down))
    assert beat.act() is None and is_stamp_due(now()), "nothing is kept, and it is asked again in a minute"
    partners.bind(known)
    beat.act()
    assert find_stamp(head.size) is not None and not is_stamp_due(now())
    asked: list[int] = []
    partners.bind(replace(known, time_stamper=lambda: asked.append(1)))  # type: ignore[arg-type,return-value]
    beat.act()
    assert asked == [], "once an hour"


@pytest.mark.parametrize("path", ["head", "stamps"])
def test_before_the_first_there_is_nothing_to_show(api: World, path: str) -> None:
    from bhxh.audit.models import SealedHead

    assert not SealedHead.objects.exists(), "the prepared installation has no clockwork"
    assert ask(api, path).json() in ({}, [])


def test_an_auditor_takes_a_proof_for_outsiders(api: World) -> None:
    from bhxh.audit.flows import stamp_head
    from bhxh.audit.models import Entry
    from bhxh.doors.partners import partners
    from bhxh.doors.root_sealing import TrustedStamper
    from bhxh.kernel.clock import now
    from tools import verify_log

    grow()
    entry_id = Entry.objects.filter(verb="dossiers.lines.judge").order_by("entry_id").first().entry_id
    address = f"/log/entries/{entry_id}/proof-file"
    assert api.get(address, "officer AUDITOR").json()["code"] == "AUD-012", "not stamped yet"
    known = partners()
    stamp_head(now(), TrustedStamper(known.time_stamper(), known.trust()))
    given = api.get(address, "officer AUDITOR")
    assert given.json()["leaf"][2][1] == "dossiers.lines.judge", "what the installation did, naming nobody"
    if shutil.which("openssl") is None:
        pytest.skip(f"NOT CHECKED by other people's tools: the program openssl is not installed. {INSTALLED_BY}")
    assert "published" in verify_log.check(given.content, keys=known.keys.key_set().to_json())[3]
