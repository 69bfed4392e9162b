"""Asks clamd over its INSTREAM command: length-prefixed pieces, then one line of answer.

Whatever is not exactly "OK" or "FOUND" is not an answer: a daemon that is full, restarts, or is sent more than its StreamMaxLength just hangs
up, and that never means clean.
"""

import socket
from collections.abc import Iterable
from typing import Final

from bhxh.kernel.errors import Unavailable
from bhxh.warehouse.errors import WAR_NO_SCANNER

_LONGEST_ANSWER: Final = 4096  # LIMIT: the name of what was found, on one line


class ClamdScanner:
    """The port `FileScanner`. `address`: `unix:<path>` or `tcp:<host>:<port>`; each step has `timeout_s`."""

    def __init__(self, address: str, *, timeout_s: float) -> None:
        self._address, self._timeout_s = address, timeout_s

    def finds(self, content: Iterable[bytes]) -> bool:
        """Whether clamd found something in it. Raises Unavailable WAR-030."""
        try:
            with self._connected() as daemon:
                daemon.sendall(b"zINSTREAM\0")
                for piece in content:
                    if piece:  # WHY: an empty piece ends the stream
                        daemon.sendall(len(piece).to_bytes(4, "big") + piece)
                daemon.sendall(bytes(4))
                answer = self._answer(daemon)
        except OSError as error:
            raise Unavailable(WAR_NO_SCANNER, reason=type(error).__name__) from None
        if answer == b"stream: OK":
            return False
        if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
            return True
        raise Unavailable(WAR_NO_SCANNER, reason="no answer" if not answer else "another answer")

    def _connected(self) -> socket.socket:
        kind, _, place = self._address.partition(":")
        if kind == "tcp":
            host, _, port = place.rpartition(":")
            return socket.create_connection((host.strip("[]"), int(port)), timeout=self._timeout_s)
        daemon = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        daemon.settimeout(self._timeout_s)
        try:
            daemon.connect(place)
        except BaseException:
            daemon.close()
            raise
        return daemon

    @staticmethod
    def _answer(daemon: socket.socket) -> bytes:
        answer = b""
        while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
            part = daemon.recv(_LONGEST_ANSWER)
            if not part:
                return b""  # WHY: what is cut off before its end is no answer
            answer += part
        return answer.partition(b"\0")[0].strip()
