"""Whom a partner's certificate must come from."""

import ssl
from functools import cache

import httpx


@cache
def trusted_authorities() -> ssl.SSLContext:
    """The same for all clients of this process.

    WHY shared: reading the list of authorities costs 30 ms of a core, and a process has five clients.
    """
    return httpx.create_ssl_context(trust_env=False)
