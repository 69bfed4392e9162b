"""What every stand-in partner shares: a small web server, switchable bad days, keys, and the check of who calls."""

import argparse
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, KeySet
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

MAXIMUM_REQUEST_BYTES = 16 * 1024 * 1024
_MODES = ("ok", "down", "slow", "nonsense", "refuse", "error", "endless")
Handler = Callable[..., Response]


class Faults:
    """How the partner behaves now. Set over the socket, so that tests make bad days and not mocks."""

    def __init__(self, modes: Iterable[str] = _MODES) -> None:
        self.modes = tuple(modes)
        self._lock = threading.Lock()
        self._mode, self._seconds, self._left = "ok", 3.0, -1

    def set(self, *, mode: str, seconds: float = 3.0, count: int = -1) -> None:
        """From now on, or for the next `count` requests."""
        with self._lock:
            self._mode, self._seconds, self._left = mode, seconds, count

    @property
    def mode(self) -> str:
        """The behaviour the next request would see."""
        with self._lock:
            return "ok" if self._left == 0 else self._mode

    @property
    def seconds(self) -> float:
        """How long, where the behaviour takes time."""
        return self._seconds

    def next(self) -> tuple[str, float]:
        """The behaviour of one request."""
        with self._lock:
            if self._left == 0:
                self._mode = "ok"
            if self._left > 0:
                self._left -= 1
            return self._mode, self._seconds


class Partner:
    """One partner as a WSGI application.

    Shape:  a subclass lists its routes; `/health` and `/sandbox/faults` are always there and never faulty.
    """

    name = "partner"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.faults = Faults()
        self._routes = Map(
            [
                Rule("/health", endpoint=self._health, methods=["GET"]),
                Rule("/sandbox/faults", endpoint=self._set_faults, methods=["POST"]),
                *self.rules(),
            ]
        )

    def rules(self) -> list[Rule]:
        """The partner's own addresses."""
        return []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = MAXIMUM_REQUEST_BYTES
        try:
            endpoint, arguments = self._routes.bind_to_environ(environ).match()
            response = None if request.path.startswith(("/health", "/sandbox/")) else self._misbehave(request)
            if response is None:
                response = endpoint(request, **arguments)
        except HTTPException as error:
            response = answer({"ma": error.name.upper().replace(" ", "_")}, error.code or 500)
        return response(environ, start_response)

    def _misbehave(self, request: Request) -> Response | None:
        mode, seconds = self.faults.next()
        match mode:
            case "down":
                request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
                raise ConnectionAbortedError
            case "slow":
                time.sleep(seconds)
            case "nonsense":
                return Response("<html><body>Bảo trì hệ thống</body></html>", mimetype="text/html")
            case "refuse":
                return answer({"ma": "KHONG_CO_QUYEN"}, 403)
            case "error":
                return answer({"ma": "LOI_HE_THONG"}, 500)
            case "endless":
                return Response((b" " * 65536 for _ in range(4096)), mimetype="application/json")
        return None

    def _health(self, request: Request) -> Response:
        return answer({"partner": self.name})

    def _set_faults(self, request: Request) -> Response:
        wanted = json_of(request)
        if wanted.get("mode") not in self.faults.modes:
            return answer({"modes": list(self.faults.modes)}, 422)
        self.faults.set(mode=wanted["mode"], seconds=float(wanted.get("seconds", 3.0)), count=int(wanted.get("count", -1)))
        return answer({"mode": wanted["mode"]})


def answer(content: Any, status: int = 200) -> Response:
    """JSON out."""
    return Response(json.dumps(content, ensure_ascii=False), status=status, mimetype="application/json")


def json_of(request: Request) -> dict[str, Any]:
    """JSON in; an empty object where it is none."""
    try:
        content = json.loads(request.get_data())
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def own_key(folder: Path, name: str) -> ECKey:
    """A P-256 key of the partner's own, made on first use, 0600."""
    file = folder / f"{name}.jwk.json"
    if not file.exists():
        key = ECKey.generate_key("P-256", auto_kid=True)
        half_written = file.with_suffix(".new")
        half_written.touch(mode=0o600)
        half_written.write_text(json.dumps(key.as_dict(private=True)))
        half_written.replace(file)
    return ECKey.import_key(json.loads(file.read_text()))


def public_set(*keys: ECKey) -> dict[str, Any]:
    """What `/.well-known/jwks.json` shows."""
    return {"keys": [{**key.as_dict(private=False), "kid": key.kid, "use": "sig", "alg": "ES256"} for key in keys]}


def published_keys(file: Path) -> KeySet:
    """The keys another party published in a file; read anew each time, none where the file is not there."""
    try:
        listed = json.loads(file.read_text())["keys"]
    except (OSError, ValueError, KeyError):
        return KeySet([])
    return KeySet([ECKey.import_key(key) for key in listed if key.get("kty") == "EC"])


class _Silent(WSGIRequestHandler):
    """No access log: paths and bodies of partners belong in nobody's log."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        if type == "error":
            sys.stderr.write("sandbox: a request failed\n")


def arguments_of(name: str, description: str, default_port: int) -> argparse.ArgumentParser:
    """The options all partners have."""
    parser = argparse.ArgumentParser(prog=f"python -m sandbox.{name}", description=description)
    parser.add_argument("--folder", type=Path, required=True, help="state and keys")
    parser.add_argument("--port", type=int, default=default_port)
    parser.add_argument(
        "--client-keys", type=Path, help="public keys of the installation (JWKS); default: client-keys.json in the folder's parent"
    )
    return parser


def add_population_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of partners that know the synthetic population."""
    parser.add_argument("--seed", type=int, default=164)
    parser.add_argument("--citizens", type=int, default=1000)
    parser.add_argument("--employers", type=int, default=60)


def client_keys_of(options: argparse.Namespace) -> Path:
    """Where the installation publishes its keys for this partner."""
    given: Path | None = options.client_keys
    return given or options.folder.parent / "client-keys.json"


def run(application: Partner, *, port: int) -> None:
    """Serve on loopback until killed."""
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=_Silent)
    server.daemon_threads = True  # type: ignore[attr-defined]
    print(f"{application.name} ready on 127.0.0.1:{port}", flush=True)
    server.serve_forever()
