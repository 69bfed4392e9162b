"""The real application behind a real socket, over a database of its own, for a real browser."""

import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import orjson
import psycopg

from sandbox.security_key import show as show_key
from tests.doors.world import World, bindings
from tools.databases import drop_database

_DATABASE = f"bhxh_live_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"


@dataclass
class Live:
    """A running application and the people who may sign in there."""

    world: World
    address: str

    def cookie(self, role: str, *, org_id: str = "", choose: str = "", has_shown: bool = True) -> str:
        """The session of somebody who signed in through the e-ID, as their browser holds it. `choose`: with which role they go on.

        Who goes on as an officer and has a security key has shown it, unless `has_shown` says otherwise.
        """
        with httpx.Client(base_url=self.address, trust_env=False, timeout=60) as client:
            to_eid = client.get("/dang-nhap").headers["Location"]
            back = self.world.sandbox.choose_identity(to_eid, pin=self.world.people[role], org_id=org_id)
            assert client.get(back).status_code == 303
            if choose:
                csrf = client.get("/api/v1/session").json()["csrf"]
                reply = client.post("/dang-nhap/vai-tro", data={"csrf": csrf, "vai-tro": choose})
                assert reply.status_code == 303, reply.text
            if choose == "OFFICER" and has_shown and role in self.world.keys:
                csrf = client.get("/api/v1/session").json()["csrf"]
                show_key(_posting(client, csrf), self.world.keys[role], origin=self.address)
            return client.cookies["bhxh-session"]

    def file_request(self, role: str) -> str:
        """Code of a request for an extract that this person filed."""
        return str(self._post(role, "/confirmation-extract/requests", {"purpose": "Vay"})["code"])

    def issue(self, role: str) -> str:
        """What a scanner reads from the QR code of this person's book."""
        return str(self._post(role, "/me/credentials", {"kind": "BOOK_SUMMARY"})["text"])

    def ask(self, role: str) -> str:
        """A question of the bank's to this person; `share_data` registered it."""
        from tests.doors.test_consents import question

        wanted = question(self.world, personal_number=self.world.people[role])
        return str(self._post("clerk", "/sharing/requests", wanted, key=f"ask {role}")["request_id"])

    def share_data(self, role: str) -> dict[str, str]:
        """Of a bank's two questions to this person: the one that waits, the consent that the other one became; and the person's first
        letter."""
        from tests.doors.test_consents import question, register_bank

        with ThreadPoolExecutor(1) as elsewhere:  # WHY: a browser that is driven from here counts as an event loop
            elsewhere.submit(_then_close, register_bank, self.world).result()
            papers = elsewhere.submit(_then_close, partial(_keep_papers, role=role), self.world).result()
        wanted = question(self.world, personal_number=self.world.people[role])
        first = self._post("clerk", "/sharing/requests", wanted)["request_id"]
        given = {"fields": wanted["fields"], "until": wanted["until"]}
        consent = self._post(role, f"/me/consent-requests/{first}/grant", given)["consent"]["consent_id"]
        asked = self._post("clerk", "/sharing/requests", wanted | {"reason": "Vay mua xe"}, key="again")["request_id"]
        letters = httpx.get(f"{self.address}/thong-bao", cookies={"bhxh-session": self.cookie(role)}, trust_env=False, timeout=60).text
        return {"asked": asked, "consent": consent, "letter": re.findall(r"/thong-bao/([0-9a-f-]{36})", letters)[-1], **papers}

    def draft(self, role: str, slug: str, *, then: dict[str, str] | None = None, **answers: str | list[str]) -> str:
        """Id of something this person began on pages, with the first page answered, the second sent with `then`, and a file beside it where
        files are asked for."""
        with httpx.Client(base_url=self.address, trust_env=False, timeout=60, cookies={"bhxh-session": self.cookie(role)}) as client:

            def fields(path: str) -> dict[str, str]:
                found = dict(re.findall(r'<input type="hidden" name="(csrf|lan|ban)" value="([^"]*)">', client.get(path).text))
                assert "csrf" in found, path
                return found

            begun = client.post(f"/ho-so/moi/{slug}", data=fields(f"/ho-so/moi/{slug}"))
            draft = begun.headers["Location"]
            for number, sent in enumerate((answers, then)):
                if sent:
                    page = re.findall(rf'href="{draft}/([a-z-]+)"', client.get(draft).text)[number]
                    assert client.post(f"{draft}/{page}", data=fields(f"{draft}/{page}") | sent).status_code == 303
            if slug == "report_mistake":
                sent = fields(f"{draft}/giay-to") | {"muc": "proof"}
                reply = client.post(f"{draft}/giay-to/tep", data=sent, files={"q-proof": ("hop-dong-lao-dong.pdf", b"%PDF-1.7 x")})
                assert reply.status_code == 303
            return str(draft).rpartition("/")[2]

    def at_counter(self, officer: str, role: str) -> dict[str, str]:
        """What this officer types for this person: one thing that is answered and not filed, one that was filed."""
        home = "/can-bo/tai-quay"
        with httpx.Client(
            base_url=self.address, trust_env=False, timeout=60, cookies={"bhxh-session": self.cookie(officer, choose="OFFICER")}
        ) as client:

            def fields(text: str) -> dict[str, str]:
                return dict(re.findall(r'<input type="hidden" name="(csrf|lan|ban|noi-dung)" value="([^"]*)">', text))

            def sent(path: str, shown: str, **more: str) -> str:
                reply = client.post(path, data=fields(shown) | more)
                assert reply.status_code == 303, reply.text
                return reply.headers["Location"].partition("?")[0]

            def begun(words: str) -> str:
                asked = {"so": self.world.people[role], "loi": "Báo sổ thiếu tháng đóng", "thu-tuc": "report_mistake"}
                draft = sent(home, client.get(home).text, viec="bat-dau", **asked)
                part = f"{draft}/noi-dung"
                sent(part, client.get(part).text, **{"q-group": "social_insurance", "q-words": words})
                return draft

            first, second = begun("Sổ thiếu tháng 3/2025."), begun("Sổ thiếu tháng 4/2025.")
            check = f"{second}/kiem-tra"
            filed = sent(check, client.get(check).text, **{"vi-sao": "cannot_use"})
            third = begun("Sổ thiếu tháng 5/2025.")
            unwanted = sent(f"{third}/kiem-tra", client.get(f"{third}/kiem-tra").text, **{"vi-sao": "no_account"}).rpartition("/")[2]
            self._post(role, f"/me/counter-filings/{unwanted}/refusal", {})
            return {"typed": first.rpartition("/")[2], "handed": filed.rpartition("/")[2]}

    def file_report(self, role: str, officer: str) -> str:
        """Code of a report of this person's, to which an officer asks for two papers."""
        code = str(self._post(role, "/me/mistakes", {"group": "social_insurance", "words": "Thiếu tháng 3/2025."})["code"])
        with ThreadPoolExecutor(1) as elsewhere:
            version = elsewhere.submit(_gathered, code).result()
        defects = [
            {
                "vi": "Hợp đồng lao động năm 2025, trang có chữ ký",
                "en": "The labour contract of 2025, the signed page",
                "component": "proof",
            },
            {"vi": "Bảng lương tháng 3/2025", "en": "The pay slip of March 2025"},
        ]
        self._post(officer, f"/office/dossiers/{code}/supplement-requests", {"defects": defects, "row_version": version})
        return code

    def old_books(self) -> dict[str, str]:
        """Codes of three dossiers with a paper book: one that is being typed, one on which the two entries differ, one whose pages one officer
        compared and a second one still has to certify. A scan of the first one's, and a paper at the desk that was just scanned."""
        from bhxh.dossiers.queries import get_dossier
        from bhxh.warehouse.models import Upload
        from sandbox.papers import as_file
        from tests.component.conversion.conftest import photo
        from tests.doors.test_conversions import CONVERTER, opened, put_forward, scanned
        from tests.doors.test_office_pages import supplied
        from tests.doors.test_transcripts import LINE, book_begun, book_differing, book_filed, typed
        from tests.unit.conversion.pdfs import SHEET

        def plant(world: World) -> dict[str, str]:
            small = photo(dots_per_inch=28)  # WHY: what people send is theirs, and no part of what a page of ours may weigh
            begun, differing = book_begun(world, page=small), book_differing(world, "Thiếu hai năm ở xưởng may.", page=small)
            typed(
                world,
                begun,
                "/saves",
                {"rows": [LINE, {**LINE, "from_month": "01/2006", "to_month": "13/2006", "wage": "1.200.000"}]},
                CONVERTER,
            )
            leaf = SHEET.resize((SHEET.width // 5, SHEET.height // 5))
            scan = supplied(get_dossier(begun).dossier_id, as_file(leaf, "PDF", leaf))
            case_id = opened(world, pages=2)
            scanned(world, case_id, as_file(leaf, "PDF", leaf))
            upload = Upload.objects.latest("upload_id").upload_id
            compared, put = book_filed(world, "Thiếu thời gian học nghề.", page=small), opened(world, "paper_book")
            assert put_forward(world, put, scanned(world, put)).json()["state"] == "PROPOSED"
            return {"book": begun, "differing": differing, "compared": compared, "scan": scan, "case": f"{case_id}?tep={upload}"}

        return self._planted(plant)

    def paper_desk(self) -> dict[str, str]:
        """Of the desk for paper: a paper that was scanned there and waits for being compared, a book that is set for the printer."""
        from tests.component.conversion.conftest import photo
        from tests.doors.test_conversions import opened, printed, scanned

        def plant(world: World) -> dict[str, str]:
            paper = opened(world)
            scanned(world, paper, photo(dots_per_inch=28))
            return {"paper": paper, "print": str(printed(world).json()["print_id"])}

        return self._planted(plant)

    def withdrawn_book(self, role: str) -> dict[str, str]:
        """Of a book that two officers withdrew for a time: what its code held, and its digest."""
        from tests.doors.test_credentials import suspend
        from tests.doors.test_filing import person_of

        text = self.issue(role)

        def plant(world: World) -> dict[str, str]:
            from bhxh.book.models import Version

            digest = Version.objects.filter(person_id=person_of(world, role)).latest("n").digest
            suspend(world, world.people[role])
            return {"withdrawn": bytes(digest).hex(), "withdrawn_code": text}

        return self._planted(plant)

    def share(self, role: str) -> str:
        """The secret of what this person shares for some minutes."""
        wanted = {"kind": "BOOK_SUMMARY", "parts": ["MONTHS"], "minutes": 10}
        return str(self._post(role, "/me/credentials/shares", wanted)["address"]).rpartition("/")[2]

    def _planted(self, plant: Callable[[World], dict[str, str]]) -> dict[str, str]:
        """WHY elsewhere: a browser that is driven from here counts as an event loop."""
        with ThreadPoolExecutor(1) as elsewhere:
            planted: dict[str, str] = elsewhere.submit(_then_close, plant, self.world).result()
        return planted

    def _post(self, role: str, path: str, content: dict[str, Any], *, key: str = "live") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.world.token(role)}", "Idempotency-Key": key}
        reply = httpx.post(f"{self.address}/api/v1{path}", json=content, headers=headers, trust_env=False, timeout=60)
        assert reply.status_code in {200, 201, 202}, reply.text
        shown: dict[str, Any] = reply.json()
        return shown


def _keep_papers(world: World, *, role: str) -> dict[str, str]:
    """One paper that is kept, one that was refused, one that waits; and one that a dossier was filed with. Ids of the first and the last."""
    from tests.component.warehouse.test_uploads import JPEG, LOCKED, PDF, PNG
    from tests.doors.test_warehouse import MISTAKE, examined, send

    own = examined(world, send(world, JPEG, role, kind="medical"), role)["item_id"]
    examined(world, send(world, LOCKED, role, kind="decision"), role)
    assert send(world, PDF, role, kind="contract").status_code == 202
    held = examined(world, send(world, PNG, role, kind="contract"), role)["item_id"]
    filed = world.post("/me/mistakes", {**MISTAKE, "papers": [{"item_id": held, "component": "proof"}]}, role)
    assert filed.status_code == 201, filed.content
    return {"own_paper": own, "held_paper": held}


def _then_close(act: Callable[[World], Any], world: World) -> Any:
    from django.db import connection

    try:
        return act(world)
    finally:
        connection.close()


def _gathered(code: str) -> int:
    from django.db import connection

    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    tasks.gather(dossier_id=str(get_dossier(code).dossier_id))
    version = get_dossier(code).row_version
    connection.close()
    return version


def _posting(client: httpx.Client, csrf: str) -> Callable[[str, Mapping[str, Any]], Any]:
    def post(path: str, content: Mapping[str, Any]) -> Any:
        reply = client.post(f"/api/v1{path}", json=dict(content), headers={"X-CSRF-Token": csrf})
        assert reply.status_code in {200, 201}, reply.text
        return reply.json()

    return post


@contextmanager
def running(world: World, source: str) -> Iterator[Live]:
    """Serve a copy of `world` from threads of this process until the end. Nobody else may be connected to `source`."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from django.db.backends.signals import connection_created

    from bhxh.doors.partners import partners
    from bhxh.wiring.composition import bind
    from tests.conftest import _admin_url

    def as_app(connection: Any, **_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE bhxh_app")

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    before = connection.settings_dict["NAME"]
    connection.close()
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        drop_database(admin, _DATABASE)
        admin.execute(f"CREATE DATABASE {_DATABASE} TEMPLATE {source} OWNER bhxh_owner")
    connection.settings_dict["NAME"] = _DATABASE
    connection_created.connect(as_app, weak=False)
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    address = f"http://localhost:{server.server_port}"
    try:
        with bindings():
            bind(world.settings.model_copy(update={"public_url": address}))
            server.set_app(get_wsgi_application())
            homes = (address, world.settings.public_url)
            world.sandbox.register_client(
                client_id=world.settings.eid_client_id,
                redirect_uris=[f"{home}/dang-nhap/ve" for home in homes],
                post_logout_redirect_uris=[f"{home}/dang-xuat/xong" for home in homes],
                jwks=orjson.loads(partners().signing_in.client_keys()),
            )
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            yield Live(world, address)
            server.shutdown()
            thread.join()
    finally:
        server.server_close()
        connection_created.disconnect(as_app)
        connection.close()
        connection.settings_dict["NAME"] = before
        with psycopg.connect(_admin_url(), autocommit=True) as admin:
            drop_database(admin, _DATABASE)
