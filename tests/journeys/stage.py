"""Where the journeys happen: a whole installation as its own processes, people of the sandbox, and a browser.

Nothing is reached past the pages but what a person would reach elsewhere: their mailbox, their signing device, the e-ID.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser
from playwright.sync_api import TimeoutError as TooLateError

from bhxh.registry.synthetic import Population, SyntheticCitizen, generate
from samples.make_d02_workbook import demo_lines, demo_period, make
from tests.doors.chromium import Window, window
from tools.demo.consenting import Bank, let_in_bank
from tools.people import Clerk, Client, list_outsiders, wait_for
from tools.stack import CITIZENS, EMPLOYERS, SEED, Stack, free_base_port

WAIT_S = 180
_SEEN_WITHIN_S = 120


@dataclass(frozen=True)
class Way:
    """How somebody comes: how wide their screen is, and whether their browser runs scripts."""

    width: int
    has_scripts: bool

    def __str__(self) -> str:
        return f"{self.width}{'' if self.has_scripts else '-without-scripts'}"


ALL_WAYS = tuple(Way(width, has_scripts) for width in (320, 390, 1280) for has_scripts in (True, False))
SCRIPTED_WAYS = tuple(way for way in ALL_WAYS if way.has_scripts)
PHONE = Way(390, has_scripts=True)
OLD_PHONE = Way(320, has_scripts=False)
DESK = Way(1280, has_scripts=True)


@dataclass
class Visit:
    """One person's visit in a window of their own."""

    stage: "Stage"
    window: Window
    way: Way

    @property
    def page(self) -> Any:
        """The page that is open."""
        return self.window.page

    def go(self, path: str, status: int = 200) -> None:
        """Open an address of ours."""
        reply = self.window.go(path)
        assert reply.status == status, (path, reply.status, self.words[:400])

    def press(self, words: str, *, role: str = "button") -> None:
        """Press the one thing that says so and leads on, and wait until the next page stands."""
        found = self.page.locator("main").get_by_role(role, name=words, exact=True).first
        try:
            found.wait_for()
        except TooLateError:
            raise AssertionError((words, self.words[:600])) from None
        self.window.press(found)

    def follow(self, words: str) -> None:
        """Follow the one link that says so."""
        self.press(words, role="link")

    def choose(self, selector: str) -> None:
        """Follow the first link there, whatever it says."""
        self.window.press(self.page.locator(selector).first)

    def fill(self, label: str, value: str) -> None:
        """Type into the field with this label."""
        self.page.locator("main").get_by_label(label).first.fill(value)

    def file(self, words: str) -> None:
        """Press the last button of a dossier, as soon as what was sent with it is examined; until then the page asks to be loaded again."""
        button = self.page.locator("main").get_by_role("button", name=words, exact=True)

        def stands() -> bool:
            if button.count():
                return True
            self.page.reload()
            return False

        self._wait_for(words, stands)
        self.press(words)

    def send(self, file: Path) -> None:
        """Choose the file for the first question that asks for one, and wait until it has arrived: while it is under way nobody goes on."""
        self.page.locator("input[type=file]").first.set_input_files(file)
        if not self.way.has_scripts:
            self.press("Tải lên")
        self.page.locator(".uploads__file", has_text=file.name).locator(".uploads__state").first.wait_for()

    @property
    def words(self) -> str:
        """All that stands on the page."""
        return str(self.page.locator("main").inner_text())

    @property
    def head(self) -> str:
        """The page's heading."""
        return str(self.page.locator("h1").inner_text())

    def reads(self, words: str) -> None:
        """This stands there."""
        assert words in self.words, (words, self.words[:1500])

    def awaits(self, words: str, *, is_live: bool = True) -> None:
        """This comes to stand there; without scripts, and where the page does not ask by itself, somebody loads it again."""

        def stands() -> bool:
            if words in self.words:
                return True
            if not (self.way.has_scripts and is_live):
                self.page.reload()
            return False

        self._wait_for(words, stands)

    def _wait_for(self, words: str, stands: Callable[[], bool]) -> None:
        try:
            wait_for(words, stands, timeout_s=_SEEN_WITHIN_S, pause_s=0.3)
        except RuntimeError:
            raise AssertionError((words, self.words[:1500])) from None

    def is_sound(self) -> None:
        """Nothing sticks out, strays, is forbidden by the policy or stands in somebody's way."""
        self.window.stands()
        assert self.window.too_wide() == [], (self.page.url, self.way)
        assert self.window.strayed == [] and self.window.complaints == [], (self.page.url, self.window.strayed, self.window.complaints)
        if self.way.has_scripts:
            assert self.window.barriers() == [], self.page.url

    def sign_in(self, pin: str, *, org_id: str = "", role: str = "") -> None:
        """Come back from the e-ID as this person."""
        self.sign_in_as(Client.sign_in(self.stage.grounds.stack, pin, org_id=org_id, role=role))

    def sign_in_as(self, client: Client) -> None:
        """Go on as somebody who signed in, an officer with their key shown."""
        self.page.context.add_cookies(self.stage.cookies(client))

    def sign_in_by_hand(self, pin: str) -> None:
        """Say who one is on the e-ID's own page, which stands open, and come back."""
        self.page.locator("input[name=pin]").fill(pin)
        self.page.locator("button[value=approve]").click()
        self.page.wait_for_url(f"{self.stage.grounds.stack.address}/**")
        # WHY forgotten: up to here the page was somebody else's.
        self.window.strayed.clear()
        self.window.complaints.clear()


@dataclass
class Grounds:
    """A running installation with its people."""

    stack: Stack
    code: str = ""
    """Of the dossier that was filed before the first journey."""
    _logins: set[str] = field(default_factory=set)

    @cached_property
    def population(self) -> Population:
        """Everybody there is."""
        return generate(SEED, citizens=CITIZENS, employers=EMPLOYERS)

    @cached_property
    def workers(self) -> list[SyntheticCitizen]:
        """Those of the demonstration's list whose books are sealed."""
        by_pin = self.population.by_pin()
        listed = [by_pin.get(str(line["si_code"])) for line in demo_lines(self.population)]
        return [one for one in listed if one is not None and one.is_registered and one.managed_by == "mof"]

    @cached_property
    def others(self) -> list[SyntheticCitizen]:
        """Insured people who are nobody's officer here and on nobody's list."""
        return list_outsiders(self.population, [self.population.demo_employer])[10:]

    @cached_property
    def _bank(self) -> Bank:
        return let_in_bank(self.stack)

    def sign_in_bank(self) -> Client:
        """A bank's program that may ask people for their data, for the next few minutes."""
        return self._bank.sign_in()

    def clerk(self) -> Clerk:
        """Who files for the demonstration's employer."""
        employer = self.population.demo_employer
        return Clerk.of(self.stack, tax_code=employer.tax_code, name=employer.name, pin=employer.legal_representative_pin)

    def officer(self, login: str, number: int, roles: str = "APPRAISER,APPROVER") -> Client:
        """An officer who showed a security key; the `number`-th of those who have nothing to do with the employer."""
        pin = list_outsiders(self.population, [self.population.demo_employer])[number].pin
        if login not in self._logins:
            self.stack.run("appoint", login, "--pin", "-", "--roles", roles, stdin=pin)
            self._logins.add(login)
        return Client.sign_in_officer(self.stack, login=login, pin=pin)

    def begin(self) -> None:
        """The demonstration's list is filed and decided, so that its workers have sealed books."""
        clerk = self.clerk()
        workbook = make(self.stack.state_folder / "d02.xlsx", demo_lines(self.population)).read_bytes()
        for draft_id, to_sign, _ in clerk.prepare_all(workbook, period=demo_period(self.population).shown):
            self.code = clerk.file(draft_id, to_sign, draft_id)["code"]
        wait_for("a sealed book", lambda: self._has_book(self.workers[-1]), timeout_s=WAIT_S)

    def _has_book(self, worker: SyntheticCitizen) -> bool:
        return Client.with_token(self.stack, worker.pin).request("GET", "/me/book").status_code == HTTPStatus.OK


@dataclass
class Stage:
    """The grounds with a browser."""

    grounds: Grounds
    browser: Browser

    @contextmanager
    def visit(self, way: Way, **more: Any) -> Iterator[Visit]:
        """A fresh window."""
        with window(self.browser, self.grounds.stack.address, has_scripts=way.has_scripts, width=way.width, **more) as opened:
            yield Visit(self, opened, way)

    def cookies(self, client: Client) -> list[Any]:
        """What the browser of somebody signed in keeps."""
        pairs = (part.split("=", 1) for part in client.headers["Cookie"].split("; "))
        return [{"name": name, "value": value, "url": self.grounds.stack.address} for name, value in pairs]


@contextmanager
def running(folder: Path, database: str) -> Iterator[Grounds]:
    """Start everything, let the demonstration's employer file, and end everything."""
    stack = Stack(folder, database=database, base_port=free_base_port(), host="localhost")
    stack.forget_state()
    try:
        stack.make_database()
        stack.start_partners()
        stack.start_server(workers=2)
        stack.start_worker()
        made = Grounds(stack)
        made.begin()
        yield made
    finally:
        stack.stop()
