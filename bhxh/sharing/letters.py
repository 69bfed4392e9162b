"""What a person is written about others and their data: somebody asks, what was granted, what was withdrawn.

A letter names the requester and what it asks for in our words; never what the requester typed, never a number of the person.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from bhxh.access.consents import PURPOSE_WORDS, ConsentRequestView, ConsentView
from bhxh.access.data_catalogue import FIELDS, in_words
from bhxh.kernel.clock import day_in_vietnam
from bhxh.notices.commands import Notice
from bhxh.notices.layout import UNDER_EVERY_LETTER, Block, Facts, Item, Items, Link, Note, Page, Paragraph, as_html, as_text

_SOON: Final = timedelta(hours=2)
_FREE_TO_SAY_NO: Final = (
    "Không đồng ý cũng không ảnh hưởng đến quyền lợi bảo hiểm của bạn.",
    "Saying no does not affect your insurance in any way.",
)


def asked(request: ConsentRequestView, *, sender: str, address: str, recipient: str) -> Notice:
    """Somebody wants to see a person's data. One letter a day for each requester, however often it asks."""
    pages, blocks = [], list[Block]()
    for language in ("vi", "en"):
        say = _Say(language)
        blocks = [
            Paragraph(
                say(
                    "Có nơi xin xem dữ liệu bảo hiểm của bạn. Chưa có gì được cho xem. Bạn đồng ý, đồng ý một phần hoặc từ chối; "
                    "nếu bạn không trả lời thì coi như không đồng ý.",
                    "Somebody asks to see your insurance data. Nothing has been shown. You may agree, agree to a part, or refuse; "
                    "without your answer it counts as no.",
                )
            ),
            Facts(
                (
                    (say("Nơi xin xem", "Who asks"), request.requester.name),
                    (say("Để làm gì", "What for"), say(*PURPOSE_WORDS[request.purpose])),
                    (say("Được xem đến hết ngày", "They could look until the end of"), say.day(_last(request.until_on))),
                )
            ),
            say.listed(say("Những gì họ xin xem", "What they ask to see"), request.fields),
            *say.money(request.fields),
            Note(
                say(
                    f"Trả lời trước ngày {say.day(day_in_vietnam(request.lapses_at))}.",
                    f"Answer before {say.day(day_in_vietnam(request.lapses_at))}.",
                )
            ),
            Link(say("Đăng nhập để trả lời", "Sign in to answer"), address),
        ]
        pages.append(say.page(sender, say("Có nơi xin xem dữ liệu của bạn", "Somebody asks to see your data"), blocks))
    key = f"consent_asked:{request.requester.requester_id}:{request.person_id}:{day_in_vietnam(request.asked_at).isoformat()}"
    return _notice("consent_asked", key, pages, recipient, request.asked_at, person_id=request.person_id)


def granted(consent: ConsentView, *, sender: str, address: str, recipient: str) -> Notice:
    """What the person granted, as the receipt says it, and how to end it."""
    pages, blocks = [], list[Block]()
    for language in ("vi", "en"):
        say = _Say(language)
        blocks = [
            Paragraph(
                say(
                    "Bạn đã đồng ý cho nơi dưới đây xem những dữ liệu này. Mỗi lần họ xem, bạn đều thấy. Bạn rút lại được bất cứ lúc nào, "
                    "có hiệu lực ngay.",
                    "You let the one named below see these data. You will see each look. You may withdraw at any time, with effect at once.",
                )
            ),
            Facts(
                (
                    (say("Nơi được xem", "Who may look"), consent.requester.name),
                    (say("Để làm gì", "What for"), say(*PURPOSE_WORDS[consent.purpose])),
                    (say("Đến hết ngày", "Until the end of"), say.day(_last(consent.until_on))),
                    (say("Số phiếu đồng ý", "Receipt number"), str(consent.consent_id)),
                )
            ),
            say.listed(say("Những gì được xem", "What they may see"), consent.fields),
            Link(say("Xem phiếu hoặc rút lại", "See the receipt or withdraw"), address),
        ]
        pages.append(say.page(sender, say("Bạn đã đồng ý cho xem dữ liệu", "You agreed to show data"), blocks))
    return _notice(
        "consent_granted", f"consent_granted:{consent.consent_id}", pages, recipient, consent.granted_at, person_id=consent.person_id
    )


def withdrawn(consent: ConsentView, *, sender: str, recipient: str, at: datetime) -> Notice:
    """That a consent ended at the person's word."""
    pages, blocks = [], list[Block]()
    for language in ("vi", "en"):
        say = _Say(language)
        blocks = [
            Paragraph(
                say(
                    "Bạn đã rút lại sự đồng ý dưới đây. Từ giờ nơi này không xem được dữ liệu của bạn nữa. Những gì họ đã xem trước đó thì họ đã biết; "
                    "bạn có quyền yêu cầu họ xóa.",
                    "You withdrew the consent below. From now on they cannot see your data. What they saw before, they know; "
                    "you may ask them to delete it.",
                )
            ),
            Facts(
                (
                    (say("Nơi đã được xem", "Who could look"), consent.requester.name),
                    (say("Liên hệ của họ", "How to reach them"), consent.requester.contact),
                    (say("Số phiếu đồng ý", "Receipt number"), str(consent.consent_id)),
                )
            ),
        ]
        pages.append(say.page(sender, say("Bạn đã rút lại sự đồng ý", "You withdrew your consent"), blocks))
    return _notice("consent_withdrawn", f"consent_withdrawn:{consent.consent_id}", pages, recipient, at, person_id=consent.person_id)


class _Say:
    """Picks the language of one half of a letter."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, vi: str, en: str) -> str:
        return en if self._language == "en" else vi

    def day(self, on: date) -> str:
        return self(f"{on:%d/%m/%Y}", f"{on.day} {on:%B %Y}")

    def listed(self, title: str, fields: Sequence[str]) -> Items:
        return Items(title, tuple(Item(line) for line in in_words(fields, self._language)))

    def money(self, fields: Sequence[str]) -> list[Block]:
        if any(FIELDS[name].tells_money for name in fields):
            return [Note(self("Trong đó có số tiền: lương đóng hoặc chế độ đã hưởng.", "It includes amounts of money: wages or benefits."))]
        return [Paragraph(self("Không có số tiền nào trong đó.", "It includes no amounts of money."))]

    def page(self, sender: str, heading: str, blocks: Sequence[Block]) -> Page:
        return Page(
            language=self._language,
            sender=sender,
            heading=heading,
            blocks=tuple(blocks),
            footer=f"{self(*_FREE_TO_SAY_NO)} {self(*UNDER_EVERY_LETTER)}",
        )


def _notice(kind: str, key: str, pages: Sequence[Page], recipient: str, at: datetime, *, person_id: int | None) -> Notice:
    return Notice(
        kind=kind,
        dedupe_key=key,
        dossier_id=None,
        recipient=recipient,
        subject=pages[0].heading,
        text=as_text(pages),
        html=as_html(pages, title=pages[0].heading),
        due_at=at + _SOON,
        person_id=person_id,
    )


def _last(until_on: date) -> date:
    return until_on - timedelta(days=1)
