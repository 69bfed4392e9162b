"""One page in one state."""

from dataclasses import dataclass

AT_WORK = " at work"
"""After an officer's role: signed in as officer, with the security key shown."""


@dataclass(frozen=True)
class Seen:
    """`path` may name `{code}`, a dossier of the demonstration's employer, and `{own}`, one that the citizen filed; `{asked}`, a bank's
    request that waits for the citizen, and `{consent}`, one that was granted; `{letter}`, one that was sent to them; `{own_paper}`, what they keep, `{held_paper}`, what a dossier was filed with; `{draft}` and `{change}`, what the
    citizen began and did not file, `{sought}`, such a one with a commune and a clinic looked for; `{lacking}`, a report that officers ask to be supplied;
    `{withdrawn}`, a book withdrawn for a time; `{shared}`, what is shared by a link; `{paper}`, `{print}` and
    `{case}`, just scanned, of the desk for paper; `{scan}`, what was sent along with `{book}`, which is being typed; `{differing}`, typed by two who do
    not agree, and `{compared}`, still to be certified; `{typed}`, what an officer types for somebody
    at the counter, and `{handed}`, what was filed there."""

    name: str
    """Of its pictures in `out/screens/`; no two pages share one."""
    path: str
    role: str = ""
    """Who is signed in, as in `world._cast`."""
    status: int = 200
