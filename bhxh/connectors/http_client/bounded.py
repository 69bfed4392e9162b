"""For libraries that bring an HTTP client of their own: answers no later, no larger and from nowhere else than agreed."""

import time

import httpx

_CONNECTIONS = 16


class BoundedTransport(httpx.BaseTransport):
    """A pool of connections whose every answer is read to its end here, within a time and a size.

    WHY not the client's own time-out: that is per read, and a trickle would last for ever.
    """

    def __init__(self, *, timeout_s: float, maximum_bytes: int) -> None:
        self._timeout_s, self._maximum_bytes = timeout_s, maximum_bytes
        self._inner = httpx.HTTPTransport(limits=httpx.Limits(max_connections=_CONNECTIONS), retries=0, trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.TransportError."""
        deadline = time.monotonic() + self._timeout_s
        request.headers["Accept-Encoding"] = "identity"
        request.extensions = {**request.extensions, "timeout": httpx.Timeout(self._timeout_s).as_dict()}
        response = self._inner.handle_request(request)
        received = bytearray()
        try:
            assert isinstance(response.stream, httpx.SyncByteStream)
            for chunk in response.stream:
                received += chunk
                if len(received) > self._maximum_bytes or "content-encoding" in response.headers:
                    raise httpx.DecodingError("too large", request=request)
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("budget spent", request=request)
        finally:
            response.close()
        headers = {"Content-Type": response.headers.get("content-type", "")}
        return httpx.Response(response.status_code, headers=headers, content=bytes(received), request=request)

    def close(self) -> None:
        """Give the sockets back."""
        self._inner.close()
