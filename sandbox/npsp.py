"""The national public service portal: hands us signed dossiers and keeps the statuses we send back.

Its field names are placeholders; the ten status numbers are those of the portal's guide as far as known.
"""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from joserfc import jws
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from bhxh.kernel.clock import VIETNAM
from sandbox.client_proof import ClientProof
from sandbox.holdings import Holdings, account_subject, load_holdings
from sandbox.serving import (
    Partner,
    add_population_arguments,
    answer,
    arguments_of,
    client_keys_of,
    json_of,
    own_key,
    public_set,
    run,
)

_DELIVERY_TIMEOUT_S = 30


class NationalPortal(Partner):
    """POST /sandbox/intakes makes (and delivers) a dossier; POST /status takes ours; GET /dossiers/<reference> shows it all.

    Shape:  /sandbox/intakes {"procedure", "pin", "form": {}, "audience", "reference", "email", "assurance_level", "deliver_to"};
            answers {"reference", "message": compact JWS, "delivery": {"status", "body"} where an address was given}.
    """

    name = "npsp"

    def __init__(self, folder: Path, *, holdings: Holdings, client_keys: Path) -> None:
        super().__init__(folder)
        self._persons = holdings.identities
        self._proof = ClientProof(partner=self.name, keys_file=client_keys)
        self._key = own_key(folder, "intake")
        self._file = folder / "dossiers.jsonl"
        self._lock = threading.Lock()
        self._statuses: dict[str, dict[int, Mapping[str, Any]]] = {}
        self._confirmed_at: dict[str, str] = {}
        """A dossier that is handed over once more was confirmed once."""
        for line in self._file.read_text().splitlines() if self._file.exists() else ():
            self._remember(json.loads(line))

    def rules(self) -> list[Rule]:
        return [
            Rule("/.well-known/jwks.json", endpoint=self._show_keys, methods=["GET"]),
            Rule("/sandbox/intakes", endpoint=self._make_intake, methods=["POST"]),
            Rule("/status", endpoint=self._take_status, methods=["POST"]),
            Rule("/dossiers/<reference>", endpoint=self._show_dossier, methods=["GET"]),
        ]

    def _show_keys(self, request: Request) -> Response:
        return answer(public_set(self._key))

    def _make_intake(self, request: Request) -> Response:
        wanted = json_of(request)
        person = self._persons.get(str(wanted.get("pin", "")))
        if person is None or not wanted.get("procedure") or not isinstance(wanted.get("form"), dict):
            return answer({"ma": "SAI_DINH_DANG"}, 422)
        now = datetime.now(VIETNAM)
        with self._lock:
            reference = str(wanted.get("reference") or f"DVCQG-{now:%y%m%d}-{len(self._statuses) + 1:06d}")
            confirmed_at = self._confirmed_at.get(reference, now.isoformat())
            self._write({"maHoSoCong": reference, "thoiDiem": confirmed_at})
        content = {
            "noiNhan": wanted.get("audience", "bhxh"),
            "maHoSoCong": reference,
            "maThuTuc": wanted["procedure"],
            "nguoiNop": {
                "soDinhDanh": person.pin,
                "hoTen": person.full_name,
                "taiKhoan": account_subject(person.pin),
                "mucDo": wanted.get("assurance_level", 2),
                "thuDienTu": str(wanted.get("email", "")),
            },
            "noiDung": wanted["form"],
            "xacNhan": {"hinhThuc": "XAC_NHAN_CONG", "thoiDiem": confirmed_at},
            "guiLuc": now.isoformat(),
        }
        header = {"alg": "ES256", "kid": self._key.kid, "typ": "npsp-intake+jws"}
        message = jws.serialize_compact(header, json.dumps(content, ensure_ascii=False).encode(), self._key, algorithms=["ES256"])
        return answer({"reference": reference, "message": message, **_delivered(message, wanted.get("deliver_to"))})

    def _take_status(self, request: Request) -> Response:
        if self._proof.find_client(request) is None:
            return answer({"ma": "KHONG_XAC_THUC"}, 401)
        sent = json_of(request)
        reference, number = sent.get("maHoSoCong"), sent.get("trangThai")
        if not isinstance(reference, str) or not isinstance(number, int) or not 1 <= number <= 10:
            return answer({"ma": "SAI_DINH_DANG"}, 422)
        with self._lock:
            if reference not in self._statuses:
                return answer({"ma": "KHONG_CO_HO_SO"}, 404)
            kept = self._statuses[reference].get(number)
            if kept is None:
                self._write(sent)
            elif any(kept.get(name) != sent.get(name) for name in ("maHoSo", "ketQuaSha256")):
                return answer({"ma": "TRANG_THAI_KHAC"}, 409)
        return answer({"daCo": kept is not None})

    def _show_dossier(self, request: Request, reference: str) -> Response:
        with self._lock:
            statuses = self._statuses.get(reference)
        if statuses is None:
            return answer({"ma": "KHONG_CO_HO_SO"}, 404)
        return answer({"maHoSoCong": reference, "trangThai": list(statuses.values())})

    def _write(self, entry: Mapping[str, Any]) -> None:
        with self._file.open("a") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._remember(entry)

    def _remember(self, entry: Mapping[str, Any]) -> None:
        statuses = self._statuses.setdefault(entry["maHoSoCong"], {})
        if "trangThai" in entry:
            statuses[entry["trangThai"]] = entry
        elif "thoiDiem" in entry:
            self._confirmed_at[entry["maHoSoCong"]] = entry["thoiDiem"]


def _delivered(message: str, address: object) -> dict[str, Any]:
    if not isinstance(address, str):
        return {}
    try:
        reply = httpx.post(
            address, content=message, headers={"Content-Type": "application/jose"}, timeout=_DELIVERY_TIMEOUT_S, trust_env=False
        )
    except httpx.HTTPError as error:
        return {"delivery": {"status": 0, "body": type(error).__name__}}
    return {"delivery": {"status": reply.status_code, "body": reply.text}}


def main() -> None:
    """Run it."""
    parser = arguments_of("npsp", "stand-in for the national public service portal", 8714)
    add_population_arguments(parser)
    options = parser.parse_args()
    holdings = load_holdings(seed=options.seed, citizens=options.citizens, employers=options.employers)
    portal = NationalPortal(options.folder, holdings=holdings, client_keys=client_keys_of(options))
    run(portal, port=options.port)


if __name__ == "__main__":
    main()
