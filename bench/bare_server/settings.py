"""The product's own settings, without its addresses and middleware."""

from bhxh.wiring.settings import *  # noqa: F403  # everything the product runs with

ROOT_URLCONF = "bench.bare_server.urls"
MIDDLEWARE = []
