"""Ways in that show nobody's data, and why. Every other one is read by `test_every_way.py`, and must leave a look with the person it shows."""

from typing import Final

_API = "/api/v1"

_ROUTES: Final = {
    "descriptions, published keys and lists of ours": (
        *(f"* /{name}" for name in ("", "errors", "tiep-can", "quyen-rieng-tu", "ngoai-tuyen", "he-thong-giao-dien")),
        *(
            f"* /{name}"
            for name in (
                "tra-cuu-ho-so",
                "tra-cuu",
                "tinh-trang",
                "tro-giup",
                "tinh/{digest}/{name}",
                "sw.js",
                "tt/{number}",
                "dang-nhap/khoa.json",
            )
        ),
        *(f"GET {_API}/", f"GET {_API}/openapi.json"),
        *(f"GET {_API}/open/{name}" for name in ("keys", "keys/signed", "procedures", "data-catalogue")),
        *("* /thu-tuc", "* /thu-tuc/{slug}"),
        f"GET {_API}/office/reading-purposes",
    ),
    "how well the installation is": (
        *(f"GET /health/{name}" for name in ("", "live", "mail", "promise", "ready", "seals")),
        *(f"* /van-hanh{name}" for name in ("", "/csv/phieu-tiep-nhan", "/csv/hang-doi")),
        *(f"* /van-hanh/{name}" for name in ("phieu-cham", "thu-tra-lai", "ho-so-dung", "cho-lau", "thu-cho", "ho-so")),
    ),
    "whoever has the document's or dossier's number is told how it stands, and not whose it is": (
        *("* /ho-so/{code}", "* /xac-minh/{sha256}"),
        *(f"GET {_API}/open/{name}" for name in ("completion/{code}", "consents/{consent_id}", "verification/{sha256}")),
        f"POST {_API}/open/verifications/file",
    ),
    "one's own sign-in: when, in which browser, in which roles; nothing of what the State holds": (
        *(
            "* /dang-nhap",
            "* /dang-nhap/ve",
            "* /dang-nhap/vai-tro",
            "* /dang-nhap/tiep",
            "* /dang-xuat",
            "* /dang-xuat/e-id",
            "* /dang-xuat/xong",
        ),
        *("* /dang-nhap/phien", "* /dang-nhap/xong"),
        *(f"GET {_API}/session{name}" for name in ("", "/all")),
        *(f"POST {_API}/session/{name}" for name in ("role", "all/ending", "{session_id}/ending")),
    ),
    "officers by login, and their keys; who an officer is otherwise is not told": (
        "* /can-bo/khoa",
        *(f"GET {_API}/officers{name}" for name in ("", "/keys", "/session")),
        *(f"POST {_API}/officers/{name}" for name in ("keys", "keys/challenge", "keys/endings", "session", "session/challenge")),
        f"POST {_API}/officers/{{login}}/key-codes",
    ),
    "programs, their keys and tokens": (
        *("* /don-vi/quyen/phan-mem/moi", "* /don-vi/quyen/phan-mem/{client_id}"),
        *(f"GET {_API}/programs", f"POST {_API}/programs", f"POST {_API}/oauth/token"),
        *(f"POST {_API}/programs/{{client_id}}/{name}" for name in ("keys", "keys/{kid}/retirement", "retirement")),
    ),
    "an organisation's sums and counts, and where its dossiers stand": (
        *(f"* /don-vi{name}" for name in ("", "/ho-so", "/ho-so/{code}/rut", "/ho-so/{code}/bo-sung", "/ho-so/{code}/da-nop")),
    ),
    "what the unit itself wrote, prepared to be signed, and the empty form of it": (
        *(f"* /don-vi/khai-bao{name}" for name in ("", "/mau.xlsx", "/tep-da-ky", "/{check_id}/xac-nhan", "/{check_id}/ky")),
        *(f"* /don-vi/ky/{{draft_id}}{name}" for name in ("", "/noi-dung", "/tai-lieu", "/cho")),
    ),
    "what an act did: a number, a state, a day": (
        *(f"* {home}/nhap/{{draft_id}}/{name}" for home in ("/ho-so", "/can-bo/tai-quay") for name in ("bo-tep", "{part}/tep")),
        *(f"* /ho-so/{{code}}/bo-sung/{name}" for name in ("tep", "bo-tep")),
        *(f"POST {_API}/dossiers/{{code}}/{name}" for name in ("mail-address", "supplement", "supplement/items", "withdrawal")),
        *(f"POST {_API}/me/counter-filings/{{code}}/{name}" for name in ("confirmation", "refusal")),
        *(
            f"POST {_API}/office/dossiers/{{code}}/{name}"
            for name in ("appraisals", "approvals", "signature-refusals", "supplement-requests")
        ),
        *(
            f"POST {_API}/me/consent-requests/{{request_id}}/refusal",
            f"POST {_API}/data-requests",
            f"POST {_API}/warehouse/uploads",
            f"POST {_API}/warehouse/items/{{item_id}}/removal",
            f"POST {_API}/data-requests/{{request_id}}",
        ),
    ),
    "one's own short-lived link, shown once, and how many codes were taken back; what a link opens is read in test_every_way.py": (
        *(f"POST {_API}/me/credentials/{name}" for name in ("shares", "shares/ending", "withdrawal")),
    ),
    "what officers propose about a book, by the book's number": (
        "* /can-bo/so",
        *(f"{method} {_API}/office/book-states" for method in ("GET", "POST")),
        *(f"POST {_API}/office/book-states/{{proposal_id}}/{name}" for name in ("approval", "refusal")),
    ),
    "dossiers and documents by code, state, day and digest": (
        *(
            "* /can-bo/viec",
            "* /can-bo/viec/tiep",
            "* /can-bo/viec/hang-loat",
            "* /can-bo/bao-sai",
            "* /can-bo/tai-quay/tu-choi",
            "* /can-bo/so-hoa",
            "* /can-bo/nhap-so",
        ),
        *(f"GET {_API}/office/{name}" for name in ("queue", "overdue", "signatures", "counter-filings/refused")),
        f"GET {_API}/office/dossiers/{{code}}/documents",
        *(f"GET {_API}/office/{name}" for name in ("conversions", "transcripts")),
    ),
    "a requester's own question and the yes or no to it; whether anybody has the number is not told": (
        *(f"POST {_API}/sharing/requests", f"GET {_API}/sharing/requests/{{request_id}}"),
        f"POST {_API}/sharing/requests/{{request_id}}/cancellation",
    ),
    "what the unit itself wrote; the receipt of a unit's list names the unit": (
        *(
            f"POST {_API}/register-employees/{name}"
            for name in ("preparations", "remote-preparations", "confirmation-preparations", "filings")
        ),
        f"POST {_API}/register-employees/drafts/{{draft_id}}/filing",
        f"POST {_API}/signing/{{draft_id}}/question",
    ),
    "digests and counts of the log; columns of its entries only where they name nobody": (
        *(f"GET {_API}/log/entries/{{entry_id}}/proof", f"GET {_API}/log/entries/{{entry_id}}/proof-file"),
        *(f"GET {_API}/log/looks/{{look_id}}/proof", f"GET {_API}/log/look-counts"),
        *(f"GET {_API}/open/log/{name}" for name in ("head", "heads/{size}", "growth/{first_size}/{size}", "stamps", "stamps/{size}")),
    ),
}

_SUBCOMMANDS: Final = {
    "reads files it is given; opens no database": ("verify", *(f"archive {name}" for name in ("make", "renew", "check"))),
    "keys of our seals": tuple(f"keys {name}" for name in ("show", "list", "signed", "root", "new-root", "rotate", "request", "certify")),
    "what an act did: a number, a state": (
        *("sign ask", "sign collect", "sign renew"),
        *("dossier withdraw", "dossier ask", "dossier answer", "mandate grant", "mandate revoke"),
        *("consent status", "consent withdraw", "appoint"),
    ),
    "what officers propose about a book, by the book's number": tuple(
        f"book-state {name}" for name in ("list", "suspend", "resume", "approve", "refuse")
    ),
    "dossiers by code and state, counts, sums": ("conservation", "equality", "bounces", "generate", "audit head", "audit verify"),
    "a table of offices: it names no person": ("offices check", "offices load"),
    "digests of the log, and rows of what the installation did that name nobody": ("audit stamp", "audit prove"),
    "who may ask, by name of the organisation; programs and their keys": (
        *("consent requester", "consent requesters", "consent end", "consent scope", "program"),
    ),
    "which authorities are believed": ("trust show", "trust seal"),
    "officers by login, and their keys": tuple(f"officer {name}" for name in ("list", "invite", "keys", "end-key", "dismiss")),
    "whether an account is shut out": ("account shut-out", "account let-in"),
    "the database as a whole, unread": ("migrate", "work", "backup", "restore"),
    "files at rest, unread, and the number of a key": ("warehouse prove", "warehouse seal-old", "warehouse new-key"),
    "what waits at the desk, by number and kind of paper": ("convert waiting",),
}


def _turned(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    listed = [name for names in table.values() for name in names]
    assert len(listed) == len(set(listed)), "named once"
    return {name: why for why, names in table.items() for name in names}


ROUTES_OF_NOBODY: Final = _turned(_ROUTES)
"""Address with method -> why it shows nobody's data."""
SUBCOMMANDS_OF_NOBODY: Final = _turned(_SUBCOMMANDS)
"""Subcommand, with what it does where it does several things -> why."""
