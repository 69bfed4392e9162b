"""The e-ID system: issues tokens to sandbox identities and shows people the insurance books handed to it.

Claim names and level values are placeholders; the real ones are not public.
"""

import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from sandbox.client_proof import ClientProof
from sandbox.holdings import Holdings, account_subject, load_holdings
from sandbox.serving import (
    MAXIMUM_REQUEST_BYTES,
    Partner,
    add_population_arguments,
    answer,
    arguments_of,
    client_keys_of,
    json_of,
    own_key,
    public_set,
    published_keys,
    run,
)

ISSUER = "https://eid.sandbox.example"
AUDIENCE = "bhxh"
_JWS = jws.JWSRegistry(algorithms=["ES256"])
_JWS.max_payload_length = MAXIMUM_REQUEST_BYTES
_FLAWS = ("", "wrong_key", "alg_none")


class EidSystem(Partner):
    """POST /token, GET /.well-known/jwks.json, POST /accounts, PUT and GET /books/<subject>.

    Shape:  /token {"pin", "account_type": CITIZEN|FOREIGNER|ORG, "assurance_level": 1|2, "org_id": tax code of an ORG,
            "audience", "lifetime_s", "flaw": wrong_key|alg_none}. The last three exist to make bad tokens for tests.
    """

    name = "eid"

    def __init__(self, folder: Path, *, holdings: Holdings, client_keys: Path, book_keys: Path) -> None:
        super().__init__(folder)
        self._holdings = holdings
        self._keys = [own_key(folder, "token-1")]
        self._proof = ClientProof(partner=self.name, keys_file=client_keys)
        self._book_keys = book_keys
        self._shelf = folder / "books"
        self._shelf.mkdir(exist_ok=True)
        self._lock = threading.Lock()

    def rules(self) -> list[Rule]:
        return [
            Rule("/.well-known/jwks.json", endpoint=self._show_keys, methods=["GET"]),
            Rule("/token", endpoint=self._issue, methods=["POST"]),
            Rule("/books/<string(length=32):subject>", endpoint=self._take_book, methods=["PUT"]),
            Rule("/books/<string(length=32):subject>", endpoint=self._show_book, methods=["GET"]),
            Rule("/accounts", endpoint=self._find_accounts, methods=["POST"]),
            Rule("/sandbox/rotate", endpoint=self._rotate, methods=["POST"]),
        ]

    def _show_keys(self, request: Request) -> Response:
        return answer(public_set(*self._keys))

    def _rotate(self, request: Request) -> Response:
        self._keys = [own_key(self.folder, f"token-{len(self._keys) + 1}"), *self._keys]
        return answer({"kid": self._keys[0].kid})

    def _find_accounts(self, request: Request) -> Response:
        """Opaque account names of the persons who have one; asked in the body, by an installation we know."""
        if self._proof.find_client(request) is None:
            return answer({"ma": "KHONG_XAC_THUC"}, 401)
        asked = json_of(request).get("danhSach")
        pins = [pin for pin in asked if isinstance(pin, str) and pin in self._holdings.identities] if isinstance(asked, list) else []
        return answer({"taiKhoan": {pin: account_subject(pin) for pin in pins}})

    def _issue(self, request: Request) -> Response:
        wanted = json_of(request)
        pin, kind, org_id = str(wanted.get("pin", "")), wanted.get("account_type", "CITIZEN"), str(wanted.get("org_id", ""))
        person = self._holdings.identities.get(pin)
        is_known_org = org_id in self._holdings.companies if kind == "ORG" else not org_id
        flaw = wanted.get("flaw", "")
        if person is None or kind not in {"CITIZEN", "FOREIGNER", "ORG"} or not is_known_org or flaw not in _FLAWS:
            return answer({"error": "invalid_request"}, 400)
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": account_subject(org_id, pin) if org_id else account_subject(pin),
            "aud": wanted.get("audience", AUDIENCE),
            "iat": now,
            "exp": now + int(wanted.get("lifetime_s", 900)),
            "jti": secrets.token_hex(16),
            "pin": pin,
            "full_name": person.full_name,
            "birth_date": person.birth_on,
            "account_type": kind,
            "assurance_level": wanted.get("assurance_level", 2),
            **({"org_id": org_id, "acting_pin": pin} if org_id else {}),
        }
        return answer({"access_token": self._signed(claims, flaw), "token_type": "Bearer", "expires_in": claims["exp"] - now})

    def _signed(self, claims: dict[str, Any], flaw: str) -> str:
        header = {"alg": "ES256", "kid": self._keys[0].kid}
        if flaw == "alg_none":
            parts = ({**header, "alg": "none"}, claims)
            return ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."
        return jwt.encode(header, claims, ECKey.generate_key("P-256") if flaw == "wrong_key" else self._keys[0], algorithms=["ES256"])

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
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        rules = jwt.JWTClaimsRegistry(exp={"essential": True}, sub={"essential": True, "value": subject})
        try:
            owner = jwt.decode(token, KeySet([*self._keys]), algorithms=["ES256"])
            rules.validate(owner.claims)
        except (JoseError, ValueError):
            return answer({"ma": "KHONG_XAC_THUC"}, 401)
        if owner.claims.get("assurance_level") != 2:
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


def main() -> None:
    """Run it."""
    parser = arguments_of("eid", "stand-in for the e-ID system", 8713)
    add_population_arguments(parser)
    parser.add_argument(
        "--book-keys", type=Path, help="published keys of book seals (JWKS); default: book-keys.json in the folder's parent"
    )
    options = parser.parse_args()
    holdings = load_holdings(seed=options.seed, citizens=options.citizens, employers=options.employers)
    book_keys = options.book_keys or options.folder.parent / "book-keys.json"
    system = EidSystem(options.folder, holdings=holdings, client_keys=client_keys_of(options), book_keys=book_keys)
    run(system, port=options.port)


if __name__ == "__main__":
    main()
