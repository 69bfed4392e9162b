"""What the API gives of letters, and takes about where they go."""

from collections.abc import Iterable
from datetime import datetime

from ninja import Schema
from pydantic import Field

from bhxh.doors.api.shapes import DossierOut
from bhxh.dossiers.facts import DossierView
from bhxh.notices.outcomes import explain
from bhxh.notices.queries import MessageSeen


class LetterOut(Schema):
    """One letter to the filer and what became of it; the same words stay on the dossier's page and in the warehouse."""

    kind: str
    recipient: str = Field(description="the filer's own address, as the dossier had it")
    state: str = Field(description="waiting, sent, delivery_failed")
    code: str = Field(description="of the sentence; docs/errors.md lists them all")
    vi: str = Field(description="what happened, why, and what the filer can do")
    en: str
    written_at: datetime
    sent_at: datetime | None = Field(description="when our mail server took it")
    returned_at: datetime | None = Field(description="when it came back")

    @classmethod
    def of(cls, letter: MessageSeen) -> "LetterOut":
        """From the outbox."""
        sentence = explain(letter)
        return cls(
            kind=letter.kind,
            recipient=letter.recipient,
            state=letter.state,
            code=sentence.code,
            vi=sentence.vi,
            en=sentence.en,
            written_at=letter.created_at,
            sent_at=letter.sent_at,
            returned_at=letter.bounced_at,
        )


class DossierWithLettersOut(DossierOut):
    """Where a dossier stands, and whether its letters arrived."""

    letters: list[LetterOut]

    @classmethod
    def with_letters(cls, view: DossierView, letters: Iterable[MessageSeen]) -> "DossierWithLettersOut":
        """From the engine's view and the outbox."""
        return cls(**DossierOut.of(view).model_dump(), letters=[LetterOut.of(letter) for letter in letters])


class MailAddressIn(Schema):
    """Where letters about a dossier go from now on."""

    email: str = Field(min_length=3, max_length=254, pattern=r"^[^\x00]*$")


class SentAgainOut(Schema):
    """How many letters that had failed were sent to the new address."""

    letters_again: int
