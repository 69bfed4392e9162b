"""The e-ID system: the OpenID provider, account names for installations we know, and the insurance books handed to it."""

import json
import threading
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from sandbox.client_proof import ClientProof
from sandbox.eid import AUDIENCE
from sandbox.eid.clients import RelyingParties
from sandbox.eid.identities import PEOPLE, find_identity
from sandbox.eid.provider import TOKEN_S, Provider
from sandbox.eid.tokens import OF_SIGNATURES, KeyRing
from sandbox.holdings import Holdings, account_subject
from sandbox.serving import MAXIMUM_REQUEST_BYTES, Partner, answer, json_of, published_keys

_JWS = jws.JWSRegistry(algorithms=["ES256"])
_JWS.max_payload_length = MAXIMUM_REQUEST_BYTES


class EidSystem(Partner):
    """The provider's addresses (`provider.py`), POST /accounts, PUT and GET /books/<subject>.

    Shape:  POST /sandbox/token {"pin", "account_type": CITIZEN|FOREIGNER|ORG, "assurance_level": 1|2, "org_id": tax code of an ORG,
            "auth_age_s": seconds since the sign-in or null for a token that does not say, "sid", "audience", "lifetime_s",
            "flaw": tokens.OF_SIGNATURES}: an access token without any sign-in, good or bad, for tests.
    """

    name = "eid"

    def __init__(self, folder: Path, *, holdings: Holdings, client_keys: Path, book_keys: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._holdings = holdings
        self._keys = KeyRing(folder)
        self._provider = Provider(holdings=holdings, keys=self._keys, clients=RelyingParties(folder), people_file=folder / PEOPLE)
        super().__init__(folder)
        self._proof = ClientProof(partner=self.name, keys_file=client_keys)
        self._book_keys = book_keys
        self._shelf = folder / "books"
        self._shelf.mkdir(exist_ok=True)
        self._lock = threading.Lock()

    def rules(self) -> list[Rule]:
        return [
            *self._provider.rules(),
            Rule("/.well-known/jwks.json", endpoint=self._show_keys, methods=["GET"]),
            Rule("/books/<string(length=32):subject>", endpoint=self._take_book, methods=["PUT"]),
            Rule("/books/<string(length=32):subject>", endpoint=self._show_book, methods=["GET"]),
            Rule("/accounts", endpoint=self._find_accounts, methods=["POST"]),
            Rule("/sandbox/token", endpoint=self._issue, methods=["POST"]),
            Rule("/sandbox/rotate", endpoint=self._rotate, methods=["POST"]),
        ]

    def _show_keys(self, request: Request) -> Response:
        return answer(self._keys.published())

    def _rotate(self, request: Request) -> Response:
        return answer({"kid": self._keys.rotate()})

    def _issue(self, request: Request) -> Response:
        wanted = json_of(request)
        kind, org_id = str(wanted.get("account_type", "")), str(wanted.get("org_id", ""))
        identity = find_identity(self._holdings, pin=str(wanted.get("pin", "")), account_type=kind, org_id=org_id)
        flaw, age_s, sid = str(wanted.get("flaw", "")), wanted.get("auth_age_s", 0), wanted.get("sid")
        if identity is None or flaw not in {"", *OF_SIGNATURES}:
            return answer({"error": "invalid_request"}, 400)
        lifetime_s = int(wanted.get("lifetime_s", TOKEN_S))
        token = self._provider.access_token(
            identity,
            level=wanted.get("assurance_level", 2),
            lifetime_s=lifetime_s,
            audience=str(wanted.get("audience", AUDIENCE)),
            more={**({} if age_s is None else {"auth_time": int(time.time()) - int(age_s)}), **({"sid": str(sid)} if sid else {})},
            flaw=flaw,
        )
        return answer({"access_token": token, "token_type": "Bearer", "expires_in": lifetime_s})

    def _find_accounts(self, request: Request) -> Response:
        """Opaque account names of the persons who have one; asked in the body, by an installation we know."""
        if self._proof.find_client(request) is None:
            return answer({"ma": "KHONG_XAC_THUC"}, 401)
        asked = json_of(request).get("danhSach")
        pins = [pin for pin in asked if isinstance(pin, str) and pin in self._holdings.identities] if isinstance(asked, list) else []
        return answer({"taiKhoan": {pin: account_subject(pin) for pin in pins}})

    def _take_book(self, request: Request, subject: str) -> Response:
        if self._proof.find_client(request) is None:
            return answer({"ma": "KHONG_XAC_THUC"}, 401)
        sealed = request.get_data()
        version = request.headers.get("X-Book-Version", type=int)
        if version is None or version < 1 or not self._has_good_seal(sealed):
            return answer({"ma": "SO_KHONG_HOP_LE"}, 422)
        file = self._shelf / f"{subject}.json"
        with self._lock:
            kept = _kept(file)
            is_older = version < kept["version"]
            is_other = version == kept["version"] and kept["sha256"] != sha256(sealed).hexdigest()
            if is_older or is_other:
                return answer({"ma": "PHIEN_BAN_CU" if is_older else "PHIEN_BAN_KHAC"}, 409)
            half_written = file.with_suffix(".new")
            half_written.write_text(json.dumps({"version": version, "sha256": sha256(sealed).hexdigest(), "sealed": sealed.decode()}))
            half_written.replace(file)
        return answer({"version": version})

    def _has_good_seal(self, sealed: bytes) -> bool:
        try:
            book = json.loads(sealed)
            if not isinstance(book, dict):
                return False
            if self._book_keys.exists():
                jws.deserialize_json(book, published_keys(self._book_keys), registry=_JWS)  # type: ignore[call-overload]
        except (JoseError, ValueError):
            return False
        return True

    def _show_book(self, request: Request, subject: str) -> Response:
        try:
            owner = self._keys.verify(request.headers.get("Authorization", "").removeprefix("Bearer "))
        except (JoseError, ValueError):
            owner = {}
        if owner.get("sub") != subject or owner.get("exp", 0) <= time.time():
            return answer({"ma": "KHONG_XAC_THUC"}, 401)
        if owner.get("assurance_level") != 2:
            return answer({"ma": "CAN_MUC_2"}, 403)
        kept = _kept(self._shelf / f"{subject}.json")
        if not kept["version"]:
            return answer({"ma": "CHUA_CO_SO"}, 404)
        return Response(kept["sealed"], mimetype="application/jose+json", headers={"X-Book-Version": str(kept["version"])})


def _kept(file: Path) -> Mapping[str, Any]:
    if not file.exists():
        return {"version": 0, "sha256": "", "sealed": ""}
    content: Mapping[str, Any] = json.loads(file.read_text())
    return content
