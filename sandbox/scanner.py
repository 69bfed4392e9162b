"""A stand-in for the virus scanner clamd: speaks INSTREAM on a socket, finds the industry's harmless test file, and has bad days on request.

`python -m sandbox.scanner 8717` runs it; the installation asks it where `BHXH_SCANNER=tcp:127.0.0.1:8717` is set.
"""

import socketserver
import sys
import threading
from types import TracebackType
from typing import Self

HARMFUL = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""In two parts, so that this file is not itself found."""
_LONGEST_STREAM = 64 * 1024 * 1024
_COMMAND = b"zINSTREAM\0"


class _Conversation(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        mode = self.server.mode
        if self.rfile.read(len(_COMMAND)) != _COMMAND:
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        seen, tail, found = 0, b"", False
        while size := int.from_bytes(self.rfile.read(4), "big"):
            if mode == "hang up":
                return
            piece = self.rfile.read(size)
            seen += len(piece)
            if seen > _LONGEST_STREAM:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
            found = found or HARMFUL in tail + piece
            tail = (tail + piece)[-len(HARMFUL) :]
        answer = {"cut off": b"stream: O", "error": b"INSTREAM error. ERROR\0", "nonsense": b"OK\0"}.get(mode)
        self.wfile.write(answer or (b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0"))


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mode = "ok"


class Scanner:
    """The stand-in on a port of this machine, while the block lasts. `mode`: ok, hang up, cut off, error, nonsense."""

    def __init__(self, port: int = 0) -> None:
        self._server = _Server(("127.0.0.1", port), _Conversation)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def address(self) -> str:
        """As `BHXH_SCANNER` names it."""
        return f"tcp:127.0.0.1:{self._server.server_address[1]}"

    def set_fault(self, mode: str) -> None:
        """Until another is set."""
        self._server.mode = mode

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


if __name__ == "__main__":
    with _Server(("127.0.0.1", int(sys.argv[1])), _Conversation) as server:
        server.serve_forever()
