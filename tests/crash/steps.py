"""The named steps of the main job, in whose process each is passed, and the points at which somebody may be struck there."""

from dataclasses import dataclass

ARMED, STRUCK, CLOCK = "armed.json", "struck.json", "clock-offset"
"""Files by which the driver tells the agents which point is armed and how wrong the clock is, and hears that it was passed."""

COMMANDS = {
    "bhxh.dossiers.drafts.keep_draft": "receive",
    "bhxh.dossiers.commands.file": "file",
    "bhxh.dossiers.line_commands.record_evidence": "gather",
    "bhxh.dossiers.commands.begin": "gather",
    "bhxh.dossiers.line_commands.record_verdicts": "decide",
    "bhxh.dossiers.line_commands.appraise": "appraise",
    "bhxh.dossiers.line_commands.decide_by_officers": "decide",
    "bhxh.registry.history_commands.record_participations": "carry out",
    "bhxh.ledger.commands.reverse_months": "carry out",
    "bhxh.ledger.commands.post_lines": "carry out",
    "bhxh.book.commands.seal_books": "seal",
    "bhxh.book.commands.record_publication": "publish",
    "bhxh.notices.commands.mark_sent": "notify",
    "bhxh.dossiers.delivery_commands.deliver_documents": "deliver",
    "bhxh.dossiers.delivery_commands.deliver_references": "deliver",
    "bhxh.dossiers.delivery_commands.mark_returned": "deliver",
    "bhxh.dossiers.commands.mark_receipt_sent": "notify",
    "bhxh.warehouse.upload_commands.record_upload": "keep",
    "bhxh.warehouse.upload_commands.accept_upload": "examine",
}
"""Command -> the step it belongs to."""

ASKED_FOR = {"population": "gather", "business": "gather", "eid": "publish", "npsp": "report", "mail": "notify", "pki": "receive"}
"""Partner -> the step in which it is asked."""

_IN_COMMAND = ("begun", "statement", "before commit", "committed")
_IN_CALL = ("asking", "answered")
_PASSED = {
    "server": {
        "receive": ("request", *_IN_COMMAND, *_IN_CALL, "half stored", "stored"),
        "file": (*_IN_COMMAND, "answering"),
        "keep": ("request", *_IN_COMMAND, "half stored", "stored", "answering"),
        "appraise": (*_IN_COMMAND, "answering"),
        "decide": (*_IN_COMMAND, "answering"),
        "carry out": ("begun", "statement", "before commit"),
    },
    "worker": {
        "gather": (*_IN_COMMAND, *_IN_CALL),
        "decide": _IN_COMMAND,
        "carry out": ("begun", "statement", "before commit"),
        "seal": _IN_COMMAND,
        "publish": (*_IN_COMMAND, *_IN_CALL),
        "notify": (*_IN_COMMAND, *_IN_CALL),
        "deliver": (*_IN_COMMAND, "half stored", "stored"),
        "report": _IN_CALL,
        "examine": (*_IN_COMMAND, "stored"),
        "job": ("before outcome", "outcome written"),
        "log": ("begun", "statement", "done"),
    },
}
"""Process -> step -> the moments of it that the agent sees."""

_PARTNER_MOMENTS = ("asked", "answering")


@dataclass(frozen=True, order=True)
class Point:
    """Whom to strike, and at which passing: in which process, at which step and moment of it."""

    victim: str
    process: str
    step: str
    moment: str

    def __str__(self) -> str:
        return f"{self.victim} struck when {self.process} passes {self.step}: {self.moment}"


def all_points() -> tuple[Point, ...]:
    """Server and worker at each moment of their steps; the database at each moment between two of a process; each partner while asked."""
    own = [Point(p, p, step, moment) for p, steps in _PASSED.items() for step, moments in steps.items() for moment in moments]
    of_database = [
        Point("database", point.process, point.step, point.moment) for point in own if point.moment not in ("request", "half stored")
    ]
    of_partner = [Point(partner, partner, step, moment) for partner, step in ASKED_FOR.items() for moment in _PARTNER_MOMENTS]
    return (*own, *of_database, *of_partner)


def pair(point: Point) -> tuple[str, str]:
    """(victim, step): each such pair must be struck in every walk."""
    return point.victim, point.step
