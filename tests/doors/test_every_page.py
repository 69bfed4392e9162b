"""Acceptance over pages as they lead to each other: whoever is named was told of the look, what is one's own is nobody else's, and no junk breaks one.

Nothing is declared but where each kind of somebody begins: links and forms are taken from the pages themselves, so a new page is walked too.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.doors import test_conversions as conversions
from tests.doors import test_counter_pages as counter_pages
from tests.doors import test_transcripts as transcripts
from tests.doors.browser import Browser
from tests.doors.test_consents import asked, register_bank
from tests.doors.test_employer_declaring import checked
from tests.doors.test_employer_pages import worker_reference
from tests.doors.test_every_look import _looked_at
from tests.doors.test_filing_pages import Filer, asked_to_supply
from tests.doors.test_mandates import grant
from tests.doors.world import World

_NOT_WALKED = ("/dang-xuat", "/dang-nhap", "/api/", "/tinh/", "/can-bo/khoa", "http", "mailto:", "tel:", "#")
_OF_A_KIND, _MOST = 2, 70
"""Pages that differ only in whose or which they are; pages of one person."""
_OURS = re.compile(r"[0-9a-f]{24,}|[0-9a-f-]{36}|G12[^/?]*")
_NUMBER = re.compile(r"(?<!\d)\d{10,12}(?!\d)")
_JUNK = ("x\x00\u202e\u0007", "9" * 5_000, "\u00b3", "-1", "<b>'\"%s{}" * 2_000)
_ASKED = (
    "trang",
    "tu",
    "tim",
    "viec",
    "xong",
    "ma",
    "sau",
    "dong",
    "truoc",
    "xem",
    "tinh-trang",
    "han",
    "loai",
    "tinh",
    "ten",
    "ky",
    "thu-tuc",
    "ho-so",
    "tep",
    "ve",
)


class _Read(HTMLParser):
    """Links and forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        """(method, address, what it sends when nothing is typed)."""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self.forms.append((given.get("method", "get").lower(), given.get("action", ""), {}))
        if tag in {"input", "select", "textarea", "button"} and given.get("name") and self.forms:
            self.forms[-1][2].setdefault(given["name"], given.get("value", "1"))


@dataclass
class Walk:
    """What one person opened."""

    browser: Any
    pages: dict[str, Any] = field(default_factory=dict)

    def go(self, *starts: str) -> "Walk":
        waiting, kinds = list(starts), Counter[str]()
        while waiting and len(self.pages) < _MOST:
            path = waiting.pop(0).partition("#")[0]
            kind = _OURS.sub("*", path.partition("?")[0])
            if (
                not path.startswith("/")
                or path in self.pages
                or path.startswith(_NOT_WALKED)
                or kinds[kind] >= _OF_A_KIND
                or "lang=" in path
            ):
                continue
            kinds[kind] += 1
            reply = self.pages[path] = self.browser.get(path)
            if "Location" in reply:
                waiting.append(reply["Location"])
            waiting += self.read(path).links
        return self

    def text(self, path: str) -> str:
        reply = self.pages[path]
        return str(reply.content.decode()) if reply.get("Content-Type", "").startswith("text/html") else ""

    def read(self, path: str) -> _Read:
        return _Read(self.text(path))


@pytest.fixture
def walks(api: World) -> dict[str, Walk]:
    """Everybody's pages, with something of everything to see."""
    book, differing = transcripts.book_begun(api), transcripts.book_differing(api, "Thiếu hai năm ở xưởng may.")
    case_id = conversions.opened(api, "paper_book")
    assert conversions.put_forward(api, case_id, conversions.scanned(api, case_id)).status_code == 200
    register_bank(api)
    mandate_id = grant(api).json()["mandate_id"]
    me, clerk, desk = Filer(api), Browser(api), Filer(api)
    me.sign_in()
    desk.go_to_work(counter_pages.DESK)
    clerk.sign_in("clerk", org_id=api.population.demo_employer.tax_code)
    slugs = ("report_mistake", "confirmation_extract", "change_personal_data", "correct_contribution_history")
    begun, code, check = [me.begin(slug) for slug in slugs], asked_to_supply(api, me), checked(clerk, api.workbook)
    own = (
        "/so",
        "/the/trinh",
        f"/chia-se/yeu-cau/{asked(api)}",
        *begun,
        f"/ho-so/{code}/bo-sung",
        f"/ho-so/{code}/rut",
        "/toi",
        "/dai-dien",
    )
    unit = (
        "/don-vi",
        f"/don-vi/lao-dong/{worker_reference(api)}",
        check,
        f"{check}/ky",
        f"/don-vi/ho-so/{api.code}",
        f"/don-vi/quyen/{mandate_id}",
    )
    paper = (f"/can-bo/so-hoa/{case_id}", f"/can-bo/nhap-so/{book}/nhap", f"/can-bo/nhap-so/{differing}/so-sanh")
    return {
        "citizen": Walk(me).go(*own),
        "clerk": Walk(clerk).go(*unit),
        "officer": Walk(Browser(api).go_to_work("officer")).go(
            f"/can-bo/ho-so/{api.code}", f"/can-bo/ho-so/{book}", "/can-bo/so", "/can-bo/tra-cuu"
        ),
        "converter": Walk(Browser(api).go_to_work(conversions.CONVERTER)).go(*paper),
        "receptionist": Walk(desk).go(counter_pages.COUNTER, counter_pages.answered(desk, api)),
        "operator": Walk(Browser(api).go_to_work("operator")).go("/van-hanh"),
    }


def _people() -> tuple[dict[str, int], dict[str, set[int]]]:
    """Number -> whose; name -> who bears it."""
    from django.db import connection

    numbers: dict[str, int] = {}
    names: dict[str, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, pin, si_code, full_name FROM registry_person")
        for person_id, pin, si_code, full_name in cursor.fetchall():
            numbers.update({number: person_id for number in (pin, si_code) if number})
            names[full_name].add(person_id)
    return numbers, names


def _named(text: str, numbers: dict[str, int], names: dict[str, set[int]]) -> Iterator[set[int]]:
    said = unescape(re.sub(r"<[^>]+>", "\n", text))
    joined = re.sub(r"(?<=\d)[ .](?=\d{3}(?!\d))", "", said)  # as numbers are written in groups
    yield from ({numbers[one]} for one in set(_NUMBER.findall(joined)) if one in numbers)
    yield from (names[line] for line in {line.strip() for line in said.splitlines()} & names.keys())


def test_whoever_a_page_names_was_told_and_no_address_or_title_names_anybody(walks: dict[str, Walk]) -> None:
    numbers, names = _people()
    wrong, shown = [], 0
    for who, walk in walks.items():
        assert len(walk.pages) > 15, who
        for path, reply in walk.pages.items():
            text = walk.text(path)
            if reply.status_code != 200 or not text:
                continue
            looked_at = _looked_at(reply["X-Request-Id"])
            for persons in _named(text, numbers, names):
                shown += 1
                if not persons & looked_at:
                    wrong.append(f"{who} {path}: somebody is shown and has no look")
            title = unescape(text.partition("<title>")[2].partition("</title>")[0])
            addresses = " ".join([path, *walk.read(path).links, *(address for _, address, _ in walk.read(path).forms)])
            if any(name in title for name in names) or any(one in numbers for one in _NUMBER.findall(f"{title} {addresses}")):
                wrong.append(f"{who} {path}: an address or the title names somebody")
    assert not wrong, "\n".join(wrong)
    assert shown > 100


def test_what_is_ones_own_is_not_there_for_another(api: World, walks: dict[str, Walk]) -> None:
    """Neither opened nor done, with the other's own protection token."""
    from bhxh.audit.models import Entry

    other, unit = Browser(api), Browser(api)
    other.sign_in("other citizen")
    unit.sign_in("other clerk", org_id=api.population.employers[1].tax_code)
    assert other.get("/so").status_code == unit.get("/don-vi").status_code == 200
    before, tried, wrong = Entry.objects.count(), 0, []
    for who in ("citizen", "clerk"):
        for path, shown in walks[who].pages.items():
            # WHY not /ho-so/<code> alone: it tells whoever has the code how far the dossier is, and nothing else.
            if shown.status_code != 200 or not _OURS.search(path) or re.fullmatch(r"/ho-so/G12[^/]*", path):
                continue
            for browser in (other, unit, *(walk.browser for name, walk in walks.items() if name in {"citizen", "clerk"} - {who})):
                tried += 2
                opened = browser.get(path).status_code
                done = browser.submit(path, csrf=browser.csrf, viec="tat-ca").status_code
                if opened not in {403, 404} or done not in {403, 404, 405}:
                    wrong.append(f"{who}'s {path}: {opened}, {done}")
    assert not wrong and tried > 60, "\n".join(wrong)
    assert Entry.objects.count() == before


def test_no_junk_breaks_a_page(walks: dict[str, Walk]) -> None:
    from django.db import transaction

    broken = []
    for who, walk in walks.items():
        sent: set[tuple[str, ...]] = set()
        for path in list(walk.pages):
            for method, action, fields in walk.read(path).forms:
                address = (action or path).partition("#")[0]
                kind = (_OURS.sub("*", address.partition("?")[0]), fields.get("viec", ""), *sorted(fields))
                if address.startswith(_NOT_WALKED) or kind in sent:
                    continue
                sent.add(kind)
                for junk in _JUNK:
                    filled = {name: value if name in {"csrf", "viec", "cua"} else junk for name, value in fields.items()}
                    with transaction.atomic():
                        send = walk.browser.client.post if method == "post" else walk.browser.client.get
                        reply = send(address, filled)
                        transaction.set_rollback(True)
                    broken += [f"{who} {method} {address} {junk[:9]!r}"] * (reply.status_code >= 500)
            kind = (_OURS.sub("*", path.partition("?")[0]),)
            if kind in sent:
                continue
            sent.add(kind)
            for junk in _JUNK[:4]:
                query = urlencode([(name, junk[:200]) for name in _ASKED])
                broken += [f"{who} get {path} {junk[:9]!r}"] * (walk.browser.get(f"{path.partition('?')[0]}?{query}").status_code >= 500)
    assert not broken, "\n".join(broken)
