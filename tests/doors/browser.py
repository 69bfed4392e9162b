"""A browser in the door tests: it keeps cookies, leaves for the e-ID, comes back, and sends what a page would."""

from typing import Any
from urllib.parse import urlsplit

import orjson

from sandbox.security_key import show
from tests.doors.world import World


class Browser:
    """One person's browser at the real application."""

    def __init__(self, world: World, **headers: str) -> None:
        from django.test import Client

        self.world = world
        self.client = Client(raise_request_exception=False, headers={"Host": "localhost", **headers})

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, **options)

    def leave(self, query: str = "") -> str:
        """The address of the e-ID to which `/dang-nhap` leads."""
        reply = self.get(f"/dang-nhap{query}")
        assert reply.status_code == 303, reply.content.decode()
        return str(reply["Location"])

    def choose(self, address: str, role: str = "citizen", *, flaw: str = "", level: int = 2, org_id: str = "") -> str:
        """What the person does there. The path and query on which they come back."""
        back = self.world.sandbox.choose_identity(address, pin=self.world.people[role], flaw=flaw, assurance_level=level, org_id=org_id)
        parts = urlsplit(back)
        return f"{parts.path}?{parts.query}"

    def sign_in(self, role: str = "citizen", *, query: str = "", **more: Any) -> Any:
        """All of it; the answer to coming back."""
        return self.get(self.choose(self.leave(query), role, **more))

    def go_to_work(self, role: str, *, has_shown: bool = True) -> "Browser":
        """An officer signs in, goes on in that role, and shows the security key."""
        self.sign_in(role)
        self._done("/session/role", {"acting_as": "OFFICER"})
        if has_shown:
            show(self._done, self.world.keys[role], origin=self.world.settings.public_url)
        return self

    def _done(self, path: str, content: Any) -> Any:
        reply = self.post(f"/api/v1{path}", content)
        assert reply.status_code in {200, 201, 204}, reply.content
        return reply.json() if reply.content else None

    @property
    def csrf(self) -> str:
        """From the session's state, as a page's script would."""
        return str(self.get("/api/v1/session").json()["csrf"])

    def post(self, path: str, content: Any = None, *, csrf: str | None = None, **headers: str) -> Any:
        token = {"X-CSRF-Token": self.csrf if csrf is None else csrf}
        return self.client.post(path, orjson.dumps(content or {}), content_type="application/json", headers={**token, **headers})

    def submit(self, path: str, **fields: str) -> Any:
        """A form of a page."""
        return self.client.post(path, fields)

    @property
    def cookie(self) -> str:
        return self.client.cookies["bhxh-session"].value
