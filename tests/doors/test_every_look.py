"""Acceptance: a planted read through every route shows up in the person's list.

Nothing is declared: every address is read by everybody who may, and whoever's number or name an answer holds must have a look of
that very request. So a new route that shows somebody and writes nothing down is found by what it answers.
"""

import io
import re
import zipfile
from base64 import urlsafe_b64decode
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import orjson
import pytest

from tests.doors.test_consents import asked, granted, register_bank
from tests.doors.test_conversions import CONVERTER, certified, printed
from tests.doors.test_filing import person_of
from tests.doors.world import World

READERS = (
    "citizen",
    "other citizen",
    "clerk",
    "mandated clerk",
    "officer",
    "operator",
    "officer AUDITOR",
    "officer DATA_PROTECTION",
    CONVERTER,
)
_JWS = re.compile(rb'"payload":"([A-Za-z0-9_-]+)"')
_NUMBER = re.compile(r"(?<!\d)\d{10,12}(?!\d)")


def routes() -> Iterator[tuple[str, str]]:
    """(method, path) of every operation of the API object."""
    from bhxh.doors.api.application import api

    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, router.prefix + path


@dataclass
class Planted:
    """What stands in the addresses, and who is known by which number and name."""

    values: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def addresses(self, path: str) -> Iterator[str]:
        """The path with everything planted; a parameter nobody planted anything for is a failure."""
        found = [path]
        for name in re.findall(r"{(\w+)}", path):
            assert name in self.values, f"say in tests/doors/test_every_look.py what to plant for {{{name}}} of {path}"
            found = [address.replace(f"{{{name}}}", value) for address in found for value in self.values[name]]
        yield from found


@pytest.fixture
def planted(api: World) -> Planted:
    from django.db import connection

    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier, list_components
    from bhxh.dossiers.states import State
    from bhxh.warehouse.owners import Owner
    from bhxh.warehouse.queries import list_items

    codes = [api.code]
    for filed in (
        api.post("/confirmation-extract/requests", {}, "citizen"),
        api.post("/me/mistakes", {"group": "basic", "words": "Ngày sinh sai."}, "citizen"),
    ):
        assert filed.status_code == 201, filed.content
        codes.append(filed.json()["code"])
    digests: list[str] = []
    for code in codes[1:]:
        dossier_id = get_dossier(code).dossier_id
        tasks.gather(dossier_id=str(dossier_id))
        if get_dossier(code).state is State.RESOLVED:  # a report waits for officers
            tasks.deliver(dossier_id=str(dossier_id))
        digests += [item.sha256 for item in list_items(Owner("person", person_of(api, "citizen")), dossier_id=dossier_id)]
        digests += [component.content_sha256 for component in list_components(dossier_id) if component.content_sha256]
    register_bank(api)
    request_id = asked(api)
    consent_id = granted(api, request_id).json()["consent"]["consent_id"]
    draft = api.post("/confirmation-extract/preparations", {"purpose": "Vay"}, "citizen")
    assert draft.status_code == 201, draft.content
    converted = certified(api)
    made = Planted(
        values={
            "code": codes,
            "number": ["1", _waiting_line(api)],
            "sha256": digests,
            "item_id": _some("SELECT item_id FROM warehouse_item ORDER BY item_id"),
            "upload_id": [str(uuid4())],
            "case_id": [converted["case_id"]],
            "print_id": [printed(api, converted["item_id"]).json()["print_id"]],
            "draft_id": [draft.json()["draft_id"]],
            "first_size": ["1"],
            "size": ["2"],
            "entry_id": _some("SELECT entry_id FROM audit_entry WHERE person_id IS NOT NULL ORDER BY entry_id LIMIT 1"),
            "look_id": _some("SELECT look_id FROM audit_look WHERE person_id = %s ORDER BY look_id LIMIT 1", person_of(api, "citizen")),
            "mandate_id": _some("SELECT mandate_id FROM access_mandate ORDER BY mandate_id LIMIT 1"),
            "consent_id": [consent_id],
            "request_id": [request_id],
            "proposal_id": ["01930000-0000-7000-8000-000000000000"],
        }
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, pin, si_code, full_name FROM registry_person")
        for person_id, pin, si_code, full_name in cursor.fetchall():
            made.numbers.update({number: person_id for number in (pin, si_code) if number})
            made.names[full_name].add(person_id)
    # WHY: who certified a conversion answers for it with their own name on it; by their numbers they are still looked for.
    [name] = {name for name, persons in made.names.items() if person_of(api, CONVERTER) in persons}
    del made.names[name]
    return made


def _some(statement: str, *values: Any) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [str(row[0]) for row in cursor.fetchall()]


def _waiting_line(api: World) -> str:
    return str(api.get(f"/office/dossiers/{api.code}/lines", "officer").json()[0]["number"])


def _text(reply: Any) -> str:
    """Everything an answer says, sealed payloads opened, attached originals of PDFs too."""
    from bhxh.doors import pdf_attachments

    content = b"".join(reply.streaming_content) if reply.streaming else reply.content
    if content.startswith(pdf_attachments.MARK):
        content = pdf_attachments.find_sealed(content, maximum_bytes=1 << 22) or b""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    opened = [urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)) for payload in _JWS.findall(content)]
    return b"\n".join([content, *opened]).decode(errors="replace")


def _named(text: str, planted: Planted) -> list[set[int]]:
    """Whom a text speaks of: for each number one person, for each name everybody who has it."""
    found = [{planted.numbers[number]} for number in set(_NUMBER.findall(text)) if number in planted.numbers]
    return found + [persons for name, persons in planted.names.items() if f'"{name}"' in text]


def _looked_at(request_id: str) -> set[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM audit_look WHERE request_id = %s", [request_id])
        return {row[0] for row in cursor.fetchall()}


def _purposes_without_words() -> set[str]:
    from django.db import connection

    from bhxh.dossiers import catalogue
    from bhxh.own_data.words import PURPOSES

    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT purpose FROM audit_look")
        return {row[0] for row in cursor.fetchall()} - PURPOSES.keys() - {one.slug for one in catalogue.list_procedures()}


def test_whoever_an_answer_names_has_a_look_of_that_request(api: World, planted: Planted) -> None:
    shown: dict[str, int] = defaultdict(int)
    unseen = []
    for method, path in sorted(set(routes())):
        if method != "GET":
            continue
        for address in planted.addresses(path):
            for role in READERS:
                reply = api.get(address, role)
                if reply.status_code != 200:
                    continue
                looked_at = _looked_at(reply["X-Request-Id"])
                for persons in _named(_text(reply), planted):
                    shown[path] += 1
                    if not persons & looked_at:
                        unseen.append(f"{role} {method} {address}: {len(persons)} by that number or name, none has a look")
    assert not unseen, "\n".join(sorted(set(unseen)))
    assert {"/me/book", "/me/book.pdf", "/me/copy", "/dossiers/{code}/lines", "/warehouse/archive"} <= shown.keys(), shown
    assert not _purposes_without_words(), "people read why somebody looked: own_data/words.py"


OWN_PAGES = (
    *("/me/book", "/me/book?version=1", "/me/book.pdf", "/me/copy", "/me/looks", "/dossiers", "/dossiers/{code}", "/dossiers/{code}/lines"),
    *("/dossiers/{code}/history", "/dossiers/{code}/receipt", "/dossiers/{code}/receipt.pdf", "/dossiers/{code}/results"),
    *("/dossiers/{code}/decisions/1", "/dossiers/{code}/decisions/1.pdf"),
)


def test_each_own_page_is_in_the_persons_list_at_once(api: World, planted: Planted) -> None:
    code = planted.values["code"][1]
    for page in OWN_PAGES:
        reply = api.get(page.replace("{code}", code), "citizen")
        assert reply.status_code == 200, page
        assert person_of(api, "citizen") in _looked_at(reply["X-Request-Id"]), page
    told = api.get("/me/looks", "citizen").json()
    assert {look["what"] for look in told[: len(OWN_PAGES) + 1]} >= {
        "book",
        "own_copy",
        "looks",
        "dossiers",
        "dossier",
        "receipt",
        "results",
        "decision",
    }


def test_what_is_filed_over_http_answers_with_a_look_where_it_names_somebody(api: World, planted: Planted) -> None:
    for reply in (
        api.post("/confirmation-extract/requests", {"purpose": "Vay"}, "citizen"),
        api.post("/me/mistakes", {"group": "contact", "words": "Số điện thoại sai."}, "citizen"),
        api.take(api.intake(api.people["citizen"], reference="DVCQG-000077", form={"purpose": "Nhà"})),
        api.upload("/register-employees/checks", {"workbook": ("d02.xlsx", api.workbook)}, "clerk", period=api.period),
    ):
        assert reply.status_code in (200, 201), reply.content
        named = _named(_text_of_receipt(reply), planted)
        assert named, "this answer names somebody"
        assert all(persons & _looked_at(reply["X-Request-Id"]) for persons in named if _is_held(persons, reply))


def _all_looks() -> set[tuple[int, Any]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, look_id FROM audit_look")
        return set(cursor.fetchall())


def test_what_the_command_line_shows_is_a_look(api: World, planted: Planted, capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    from bhxh.doors.cli import main

    pin, code = api.people["citizen"], planted.values["code"][1]
    for arguments in (
        ["book", pin],
        ["own", "looks", pin],
        ["audit", "looks", "--pin", pin],
        ["own", "copy", pin, "--out", str(tmp_path / "own.zip")],
        ["own", "warehouse", pin, "--out", str(tmp_path / "kho.zip")],
        ["warehouse", "items", "--pin", pin],
        ["dossier", "show", code],
        ["dossier", "letter", code, "--out", str(tmp_path / "receipt.json")],
        ["dossier", "letter", code, "--of", "decision", "--out", str(tmp_path / "decision.json")],
        ["dossier", "letter", code, "--of", "result", "--out", str(tmp_path / "result.pdf")],
        ["decide", api.code],
    ):
        before = _all_looks()
        assert main.run(["--json", *arguments], prepare=lambda _: None, migrate=lambda: None, work=lambda _: None) == 0, capsys.readouterr()
        looked_at = {person_id for person_id, _ in _all_looks() - before}
        assert looked_at, f"bhxh {' '.join(arguments[:2])} wrote no look"
        said = capsys.readouterr().out
        assert all(persons & looked_at for persons in _named(said, planted)), arguments[:2]
        if arguments[0] != "decide":
            assert person_of(api, "citizen") in looked_at


def _text_of_receipt(reply: Any) -> str:
    """With the sealed receipt that the answer carries in base64."""
    from base64 import b64decode

    body = orjson.loads(reply.content)
    sealed = b64decode(body["receipt"]) if "receipt" in body else b""
    opened = [urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)) for payload in _JWS.findall(sealed)]
    return b"\n".join([reply.content, *opened]).decode(errors="replace")


def _is_held(persons: set[int], reply: Any) -> bool:
    """A name that a clerk typed may by chance be somebody else's; whose number was typed is known."""
    return "receipt" in orjson.loads(reply.content) or len(persons) == 1
