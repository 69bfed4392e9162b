"""Lists of workers in every state that an organisation's pages show, planted in a running application."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import orjson

from tests.doors.live import Live
from tests.doors.test_programs import KEY, public


def plant_lists(live: Live) -> dict[str, str]:
    """What the paths of the organisation's pages may name besides `{code}`."""
    world = live.world
    assert world.signer is not None
    clerk = Clerk(live)
    checked = clerk.upload(world.workbook, "danh-sach-thang-11.xlsx")
    run_check(checked)
    waits = clerk.upload(world.workbook, "danh-sach-dang-cho.xlsx", batch="12")
    tokens = clerk.prepare(checked, "token", world.signer.certificate)
    asked = clerk.prepare(checked, "dich-vu")
    clerk.post(f"/don-vi/ky/{asked}", {"viec": "hoi"})
    confirmed = clerk.prepare(checked, "dinh-danh")
    return {
        "check": checked,
        "waiting_check": waits,
        "token_draft": tokens,
        "asked_draft": asked,
        "eid_draft": confirmed,
        "worker": clerk.worker(),
        "mandate": clerk.first("/don-vi/quyen", "/don-vi/quyen/0"),
        "program": clerk.register("nhan-su-may-mac"),
    }


class Clerk:
    """Somebody who works for the demonstration's employer, without scripts."""

    def __init__(self, live: Live) -> None:
        org_id = live.world.population.employers[0].tax_code
        cookies = {"bhxh-session": live.cookie("clerk", org_id=org_id)}
        self.live = live
        self.client = httpx.Client(base_url=live.address, cookies=cookies, trust_env=False, timeout=60)
        self.csrf = str(self.client.get("/api/v1/session").json()["csrf"])

    def post(self, path: str, fields: dict[str, str], files: Any = None) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf, **fields}, files=files)

    def upload(self, content: bytes, name: str, *, batch: str = "11") -> str:
        """The number of the check."""
        reply = self.post("/don-vi/khai-bao", {"ky": self.live.world.period, "dot": batch, "lan": name}, {"tep": (name, content)})
        return reply.headers.get("Location", "").rpartition("/")[2]

    def prepare(self, check: str, way: str, certificate: bytes = b"") -> str:
        """The draft."""
        files = {"chung-thu": ("c.der", certificate)} if certificate else None
        reply = self.post(f"/don-vi/khai-bao/{check}/ky", {"cach": way, "lan": way}, files)
        assert reply.status_code == 303, reply.text
        return reply.headers["Location"].rpartition("/")[2]

    def worker(self) -> str:
        """How the pages name the first worker of the list."""
        return self.first("/don-vi/lao-dong", "/don-vi/lao-dong/")

    def first(self, page: str, beginning: str) -> str:
        """The last part of the first link on a page that begins so."""
        found = re.search(rf'href="({re.escape(beginning)}[^"]+)"', self.client.get(page).text)
        assert found is not None, page
        return found[1].rpartition("/")[2]

    def register(self, client_id: str) -> str:
        """A program by its public key."""
        fields = {"ten": "Phần mềm nhân sự", "ma": client_id, "khoa": orjson.dumps(public(KEY)).decode()}
        assert self.post("/don-vi/quyen/phan-mem/moi", fields).status_code == 303
        return client_id


def run_check(check: str) -> None:
    """What a worker process does. WHY elsewhere: a browser that is driven from this thread counts as an event loop."""
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(_check_and_close, check).result()


def _check_and_close(check: str) -> None:
    from django.db import connection

    from bhxh.doors.jobs import tasks

    try:
        tasks.check_list(check_id=check)
    finally:
        connection.close()
