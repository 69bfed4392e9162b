"""What the population connector makes of answers a register should not give. The partner is a real local HTTP server."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bhxh.connectors.http_client.client import PartnerClient
from bhxh.connectors.population.client import PopulationClient
from bhxh.dossiers.ports import Answer, AnswerKind, IdentityQuery

PIN = "001190000001"
GOOD = {
    "soDinhDanh": PIN,
    "ketQua": "CO",
    "hoTen": "TRẦN  THỊ MẪU",
    "ngaySinh": "03/02/1990",
    "gioiTinh": "2",
    "noiThuongTru": "Hà Nội",
    "daChet": False,
}


class _Register:
    answer: Any = None

    def ask(self, answer: Any) -> Answer:
        self.answer = answer
        client = PartnerClient(partner="population", base_url=self.url, timeout_s=5, clock=lambda: datetime(2026, 11, 21, tzinfo=UTC))
        try:
            (told,) = PopulationClient(client).look_up([IdentityQuery(pin=PIN)])
        finally:
            client.close()
        return told

    url = ""


@pytest.fixture(scope="module")
def register() -> Iterator[_Register]:
    register = _Register()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(register.answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    register.url = f"http://127.0.0.1:{server.server_port}"
    yield register
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_good_answer_is_tidied(register: _Register) -> None:
    told = register.ask({"danhSach": [GOOD]})
    assert told.kind is AnswerKind.ANSWERED
    assert (told.content["full_name"], told.content["birth_on"], told.content["sex"]) == ("TRẦN THỊ MẪU", "1990-02-03", "FEMALE")


@pytest.mark.parametrize(("said", "birth_on"), [("1990", "1990"), ("02/1990", "1990-02")])
def test_birth_may_be_known_in_part(register: _Register, said: str, birth_on: str) -> None:
    assert register.ask({"danhSach": [{**GOOD, "ngaySinh": said}]}).content["birth_on"] == birth_on


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"danhSach": None},
        {"danhSach": []},
        {"danhSach": ["x"]},
        {"danhSach": [{**GOOD, "soDinhDanh": "001190000002"}]},
        {"danhSach": [{**GOOD, "soDinhDanh": 1190000001}]},
        {"danhSach": [{**GOOD, "ketQua": "MAYBE"}]},
        {"danhSach": [{**GOOD, "gioiTinh": "9"}]},
        {"danhSach": [{**GOOD, "gioiTinh": 2}]},
        {"danhSach": [{**GOOD, "ngaySinh": "1990-02-03"}]},
        {"danhSach": [{**GOOD, "ngaySinh": "30/02/1990"}]},
        {"danhSach": [{**GOOD, "ngaySinh": "13/1990"}]},
        {"danhSach": [{**GOOD, "hoTen": ""}]},
        {"danhSach": [{**GOOD, "daChet": "no"}]},
    ],
)
def test_what_breaks_the_agreement_is_nonsense_and_never_a_fact(register: _Register, answer: Any) -> None:
    told = register.ask(answer)
    assert (told.kind, told.content) == (AnswerKind.NONSENSE, {})
