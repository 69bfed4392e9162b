"""What must hold: always, and once everything is at rest. Asked in SQL and of the partners' own files, not of the code that is tested."""

import email
import email.policy
import json
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from bhxh.signing.seals import Seal, as_flattened
from tests.crash.installation import Installation
from tests.crash.traffic import Traffic

_NEVER = {
    "a dossier's lines do not add up": """
        SELECT d.code FROM dossiers_dossier d JOIN LATERAL (SELECT count(*) AS all_lines, count(*) FILTER (WHERE state = 'pending') AS pending,
          count(*) FILTER (WHERE state = 'clean') AS clean, count(*) FILTER (WHERE state = 'officer') AS officer,
          count(*) FILTER (WHERE state = 'refused') AS refused FROM dossiers_line l WHERE l.dossier_id = d.dossier_id) n ON true
        WHERE (d.lines_total, d.lines_pending, d.lines_clean, d.lines_officer, d.lines_refused)
           <> (n.all_lines, n.pending, n.clean, n.officer, n.refused)""",
    "state and history disagree": """
        SELECT d.code FROM dossiers_dossier d LEFT JOIN LATERAL (SELECT count(*) AS steps, max(n) AS last FROM dossiers_transition t
          WHERE t.dossier_id = d.dossier_id) h ON true
        LEFT JOIN dossiers_transition t ON t.dossier_id = d.dossier_id AND t.n = h.last
        WHERE d.history_length <> h.steps OR h.steps <> h.last OR t.to_state <> d.state""",
    "history goes back in time": """
        SELECT dossier_id FROM (SELECT dossier_id, at, lag(at) OVER (PARTITION BY dossier_id ORDER BY n) AS before FROM dossiers_transition) s
        WHERE at < before""",
    "a received dossier without receipt or letter": """
        SELECT code FROM dossiers_dossier d WHERE receipt_sha256 = '' OR length(receipt) = 0
           OR (SELECT count(*) FROM notices_message m WHERE m.dossier_id = d.dossier_id AND m.kind = 'receipt') <> 1""",
    "serial numbers with a gap or twice": """
        SELECT s.day FROM dossiers_serial s LEFT JOIN (SELECT (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, count(*) AS filed,
          count(DISTINCT code) AS codes FROM dossiers_dossier GROUP BY 1) d USING (day) WHERE (s.last, s.last) <> (d.filed, d.codes)""",
    "a month counted twice": """
        SELECT person_id, month FROM ledger_contribution_line GROUP BY 1, 2 HAVING sum(sign) NOT IN (0, 1)""",
    "a line carried out twice": """
        SELECT dossier_id, person_id, month, sign FROM ledger_contribution_line WHERE dossier_id IS NOT NULL AND sign <> 0
        GROUP BY 1, 2, 3, 4 HAVING count(*) > 1""",
    "a decided line in no decision or in two": """
        SELECT l.dossier_id, l.number FROM dossiers_line l WHERE state IN ('clean', 'refused') AND (SELECT count(*) FROM dossiers_decision d
          WHERE d.dossier_id = l.dossier_id AND (d.granted_lines::jsonb @> to_jsonb(l.number) OR d.refused_lines::jsonb @> to_jsonb(l.number)))
          <> 1""",
    "evidence with a gap": """
        SELECT d.code FROM dossiers_dossier d WHERE evidence_count <> (SELECT coalesce(max(n), 0) FROM dossiers_evidence e
          WHERE e.dossier_id = d.dossier_id) OR evidence_count <> (SELECT count(*) FROM dossiers_evidence e WHERE e.dossier_id = d.dossier_id)""",
    "a paper of the warehouse that was examined and is no item, or is one without that": """
        SELECT upload_id FROM warehouse_upload u WHERE (state = 'usable') <> EXISTS (SELECT FROM warehouse_item i
          WHERE (i.owner_id, i.owner_kind, i.item_id, i.sha256) = (u.owner_id, u.owner_kind, u.item_id, u.sha256))""",
    "the same paper twice": """
        SELECT owner_id, sha256 FROM warehouse_item WHERE kind ~ '^own_' GROUP BY 1, 2 HAVING count(*) > 1""",
    "a book's versions with a gap, or not the chain they say": """
        SELECT person_id, n FROM (SELECT person_id, n, previous_digest, lag(n, 1, 0) OVER w AS n_before, lag(digest) OVER w AS digest_before
          FROM book_version WINDOW w AS (PARTITION BY person_id ORDER BY n)) v
        WHERE n <> n_before + 1 OR (n > 1 AND previous_digest IS DISTINCT FROM digest_before)""",
}
"""What -> rows that must not exist, whenever one looks."""

UNREST = {
    "dossiers not returned": "SELECT code, state, next_step_at FROM dossiers_dossier WHERE state <> 'RETURNED' LIMIT 5",
    "receipts not noted as sent": "SELECT code FROM dossiers_dossier WHERE receipt_sent_at IS NULL LIMIT 5",
    # WHY not those whose attempts are used up: what they were for is asked for by the sweepers, and must be there all the same.
    "jobs": "SELECT task_name, status, attempts, scheduled_at FROM procrastinate_jobs WHERE status <> 'failed' OR attempts < 12 LIMIT 5",
    "uploads waiting": "SELECT upload_id, state FROM warehouse_upload WHERE state = 'received' LIMIT 5",
    "letters waiting": "SELECT kind, attempts, lease_until, next_attempt_at FROM notices_message WHERE state <> 'sent' LIMIT 5",
    "books not published": "SELECT person_id FROM book_state s WHERE NOT EXISTS"
    " (SELECT FROM book_publication p WHERE p.person_id = s.person_id AND p.n = s.latest_n) LIMIT 5",
}
"""What -> rows there are until everything is at rest."""

_NEVER_AT_REST = {
    "a granted change of wage not in the ledger": """
        SELECT l.dossier_id, l.number FROM dossiers_line l WHERE l.state = 'clean' AND l.content->>'change_code' IN ('DC', 'TM')
        AND (SELECT count(*) FROM ledger_contribution_line p WHERE p.dossier_id = l.dossier_id AND p.person_id = l.person_id AND p.sign >= 0
             AND p.reverses_n IS NULL) <> 1""",
    "a touched person without a letter's worth of result": """
        SELECT d.code FROM dossiers_dossier d WHERE result_sha256 = ''
           OR (SELECT count(*) FROM warehouse_item i WHERE i.dossier_id = d.dossier_id AND i.sha256 = d.result_sha256) <> 1""",
}


@dataclass
class Letters:
    """What the mail server holds: each Message-ID's digest and when its copies came. Read on from where it was."""

    box: Path
    digests: dict[str, str] = field(default_factory=dict)
    copies: dict[str, list[float]] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)

    def read_on(self) -> None:
        """The same Message-ID has the same bytes."""
        for file in sorted(self.box.glob("*.eml")):
            if file.name in self._read:
                continue
            self._read.add(file.name)
            sent = file.read_bytes()
            while sent.startswith(b"X-Sandbox-"):  # lines in which the relay keeps the envelope
                sent = sent.partition(b"\r\n")[2]
            name = str(email.message_from_bytes(sent[:4096], policy=email.policy.default)["Message-ID"])
            digest = sha256(sent).hexdigest()
            assert self.digests.setdefault(name, digest) == digest, f"letter {name} was sent with other content"
            self.copies.setdefault(name, []).append(file.stat().st_mtime)

    def repeated(self) -> dict[str, list[float]]:
        """Letters that came more than once."""
        return {name: at for name, at in self.copies.items() if len(at) > 1}


def check_always(installation: Installation, traffic: Traffic, letters: Letters) -> None:
    """What holds also while everything moves."""
    assert not traffic.failure, traffic.failure
    acknowledged = {filing.code: filing.receipt for filing in traffic.filings}
    for what, query in _NEVER.items():
        found = installation.query(query)
        assert not found, f"{what}: {found[:5]}"
    kept = {code: b64encode(receipt).decode() for code, receipt in installation.query("SELECT code, receipt FROM dossiers_dossier")}
    for code, receipt in acknowledged.items():
        assert kept.get(code) == receipt, f"{code} was acknowledged with another receipt than is kept"
    taken = {str(upload_id): digest for upload_id, digest in installation.query("SELECT upload_id, sha256 FROM warehouse_upload")}
    for upload_id, digest in list(traffic.uploads.items()):
        assert taken.get(upload_id) == digest, f"upload {upload_id} was acknowledged and is not there"
    letters.read_on()


def check_at_rest(installation: Installation, traffic: Traffic, letters: Letters, strikes: list[tuple[float, str]]) -> int:
    """Nothing is missing, nothing is there twice, books equal the database, the log verifies. Returns how many letters came twice."""
    check_always(installation, traffic, letters)
    for what, query in _NEVER_AT_REST.items():
        found = installation.query(query)
        assert not found, f"{what}: {found[:5]}"
    filed = {code for (code,) in installation.query("SELECT code FROM dossiers_dossier")}
    assert filed == {filing.code for filing in traffic.filings}, "exactly what was acknowledged was filed"
    conservation, equality = installation.command("conservation"), installation.command("equality")
    assert conservation["holds"] and conservation["filed"] == len(filed), conservation
    assert equality["holds"] and equality["books"] > 0, equality
    installation.command("audit", "head")
    log = installation.command("audit", "verify")
    assert log["holds"] and log["size"] > 0, log
    _check_publications(installation)
    _check_portal(installation)
    _check_warehouse(installation)
    return _check_letters(installation, letters, strikes)


def _check_publications(installation: Installation) -> None:
    """The e-ID point holds each person's latest book, the very bytes that are sealed here."""
    shelf = installation.stack.sandbox.folder / "eid" / "books"
    published = {(kept["version"], kept["sha256"]) for kept in (json.loads(file.read_text()) for file in shelf.glob("*.json"))}
    sealed = {
        (n, sha256(as_flattened(bytes(payload), Seal(protected=protected, signature=signature, kid=kid))).hexdigest())
        for n, payload, protected, signature, kid in installation.query(
            "SELECT v.n, v.payload, v.protected, v.signature, v.kid FROM book_state s JOIN book_version v ON (v.person_id, v.n) = (s.person_id, s.latest_n)"
        )
    }
    assert published == sealed, (
        f"{len(published - sealed)} books at the e-ID point are not ours, {len(sealed - published)} are missing there"
    )


def _check_portal(installation: Installation) -> None:
    """The portal was told each step of its dossiers, and no other."""
    told: dict[str, set[int]] = {}
    kept = installation.stack.sandbox.folder / "npsp" / "dossiers.jsonl"
    for line in kept.read_text().splitlines() if kept.exists() else ():
        entry = json.loads(line)
        if "trangThai" in entry:
            told.setdefault(entry["maHoSoCong"], set()).add(entry["trangThai"])
    filed = {reference for (reference,) in installation.query("SELECT portal_reference FROM dossiers_dossier WHERE portal_reference <> ''")}
    assert set(told) == filed and len({frozenset(steps) for steps in told.values()}) <= 1, f"the portal was told {told}"


def _check_warehouse(installation: Installation) -> None:
    """Every paper that was sent in is usable, and its file opens; none waits in quarantine that a row names no more but those that deaths left."""
    states = dict(installation.query("SELECT state, count(*) FROM warehouse_upload GROUP BY 1"))
    assert set(states) <= {"usable"}, f"papers that nobody refused: {states}"
    folder = installation.stack.state_folder / "warehouse" / "sealed"
    kept = {file.name for file in folder.rglob("*") if file.is_file() and not file.name.startswith(".")}
    named = {digest for (digest,) in installation.query("SELECT sha256 FROM warehouse_item")}
    assert named <= kept, f"{len(named - kept)} items without a file"
    proven = installation.command("warehouse", "prove")
    assert proven["holds"] and proven["files"] >= len(named), proven


def _check_letters(installation: Installation, letters: Letters, strikes: list[tuple[float, str]]) -> int:
    rows = installation.query("SELECT smtp_message_id, dedupe_key FROM notices_message WHERE state = 'sent'")
    assert len({name for name, _ in rows}) == len({key for _, key in rows}) == len(rows)
    assert set(letters.copies) == {name for name, _ in rows}, "each letter arrived under its one Message-ID, and no other"
    # WHY these three: only who dies between the relay's having it and our having noted that makes SMTP send again.
    deaths = [at for at, victim in strikes if victim in ("worker", "database", "mail")]
    for name, came in letters.repeated().items():
        for first, second in pairwise(came):
            assert any(first - 1 < at < second for at in deaths), f"letter {name} came twice though nobody died between"
    return sum(len(came) - 1 for came in letters.repeated().values())
