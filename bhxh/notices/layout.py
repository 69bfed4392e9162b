"""How a letter looks: a list of blocks in each language, written once as text and once as one-column HTML.

Both forms come from the same blocks, so they cannot say different things. Styles stand in the elements, because mail
readers drop style sheets; there is no image, no script and nothing is loaded from anywhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape
from textwrap import wrap
from typing import Final

_TEXT_WIDTH = 76
_COUNT_LENGTH = 6
_OTHERS_BELOW = "English below"
_STYLE: Final = re.compile(r' style="[^"]*"')
_LINK: Final = re.compile(r'<p><a href="[^"]*">[^<]*</a></p><p>[^<]*</p>')
_HALF: Final = re.compile(r"<h1>(?P<heading>[^<]*)</h1>\n(?P<body>.*)", re.DOTALL)


UNDER_EVERY_LETTER: Final = (
    "Thư này do hệ thống tự động gửi, không cần trả lời. Cơ quan bảo hiểm xã hội không bao giờ hỏi mật khẩu hoặc mã xác thực qua thư.",
    (
        "This message was sent automatically; there is no need to answer it. "
        "The social insurance office never asks for a password or a one-time code by mail."
    ),
)
"""Vietnamese, English."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, such as `Mã hồ sơ`: `G12...`."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; what lawyers and officers look for stands small below it."""

    text: str
    fine: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A titled list."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Where to go next. The address is printed too: a reader should see where a button leads."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be seen first: a deadline, a thing still open."""

    text: str


@dataclass(frozen=True, slots=True)
class Fine:
    """What few readers need and some must have, such as the reference of a seal: small, below the rest."""

    text: str


Block = Paragraph | Facts | Items | Link | Note | Fine


@dataclass(frozen=True, slots=True)
class Page:
    """One language's half of a letter."""

    language: str
    sender: str
    heading: str
    blocks: tuple[Block, ...]
    footer: str


def as_text(pages: Sequence[Page]) -> str:
    """The letter as plain text, languages one below the other."""
    rule = "\n" + "=" * 40 + "\n\n"
    head = f"({_OTHERS_BELOW})\n\n" if _has_english_below(pages) else ""
    return head + rule.join(_page_text(page) for page in pages)


def as_html(pages: Sequence[Page], *, title: str) -> str:
    """The letter as HTML: one column, readable on a phone and without style support."""
    divider = '<hr style="border:0;border-top:1px solid #c9d6d9;margin:32px 0">'
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(pages[0].language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light">\n'
        f"<title>{escape(title)}</title>\n</head>\n"
        f'<body style="margin:0;padding:0;background:#f3f8f8;color:#0b1f24;{_FONT}">\n'
        f'<div style="background:#00303d;color:#ffffff;padding:16px">'
        f'<div style="max-width:600px;margin:0 auto;font-size:16px;font-weight:bold">{escape(pages[0].sender)}{_others_below(pages)}</div></div>\n'
        '<div style="background:#ffffff;max-width:600px;margin:0 auto;padding:24px 16px">\n'
        + divider.join(_page_html(page) for page in pages)
        + "</div>\n</body>\n</html>\n"
    )


def half_of(letter_html: str, language: str) -> tuple[str, str]:
    """(heading, HTML below it) of one language's half of a letter that `as_html` made, without the styles that mail needs.

    Nothing in it was typed by anybody: texts were escaped when the letter was made. Links are left out: whoever reads it here has signed in.
    Two empty texts where the letter has no such half.
    """
    _, _, after = letter_html.partition(f'<div lang="{language}">\n')
    found = _HALF.match(_LINK.sub("", _STYLE.sub("", after.partition("\n</div>\n")[0])))
    return (unescape(found["heading"]), found["body"]) if found else ("", "")


def _has_english_below(pages: Sequence[Page]) -> bool:
    """Whether to tell who does not read the first language that theirs follows."""
    return any(page.language == "en" for page in pages[1:])


def _others_below(pages: Sequence[Page]) -> str:
    if not _has_english_below(pages):
        return ""
    return f'<p lang="en" style="margin:0;font-size:14px;font-weight:normal;color:#d5e8ec">{_OTHERS_BELOW}</p>'


_FONT = "font-family:'Be Vietnam Pro','Segoe UI',Roboto,'Noto Sans',Arial,sans-serif;font-size:16px;line-height:1.5"
_BREAKABLE = "overflow-wrap:anywhere;word-break:break-word"


def _page_text(page: Page) -> str:
    parts = [f"{page.sender}\n\n{page.heading.upper()}", *(_block_text(block) for block in page.blocks), _wrapped(page.footer)]
    return "\n\n".join(parts) + "\n"


def _block_text(block: Block) -> str:
    match block:
        case Paragraph(text) | Fine(text):
            return _wrapped(text)
        case Note(text):
            return "\n".join(f"! {line}" for line in wrap(text, _TEXT_WIDTH - 2))
        case Facts(rows):
            return "\n".join(f"{label}:\n    {value}" for label, value in rows)
        case Items(title, items):
            return "\n".join([title, *(line for item in items for line in _item_lines(item))])
        case Link(label, address):
            return f"{label}:\n{address}"


def _item_lines(item: Item) -> list[str]:
    fine = wrap(item.fine, _TEXT_WIDTH, initial_indent="  ", subsequent_indent="  ")
    return [*wrap(f"- {item.text}", _TEXT_WIDTH, subsequent_indent="  "), *fine]


def _wrapped(text: str) -> str:
    return "\n".join(wrap(text, _TEXT_WIDTH, break_long_words=False, break_on_hyphens=False))


def _page_html(page: Page) -> str:
    body = "\n".join(_block_html(block) for block in page.blocks)
    return (
        f'<div lang="{escape(page.language)}">\n<h1 style="font-size:24px;line-height:1.3;margin:0 0 16px">{escape(page.heading)}</h1>\n'
        f'{body}\n<p style="margin:24px 0 0;color:#41565c;font-size:14px">{escape(page.footer)}</p>\n</div>\n'
    )


def _block_html(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f'<p style="margin:0 0 16px;{_BREAKABLE}">{escape(text)}</p>'
        case Note(text):
            return f'<p style="margin:0 0 16px;padding:12px 16px;background:#fff1d0;border-left:4px solid #f6b73c;color:#0b1f24">{escape(text)}</p>'
        case Facts(rows):
            listed = "".join(_fact_html(label, value) for label, value in rows)
            return f'<dl style="margin:0 0 16px;padding:16px 16px 4px;background:#eaf4f5">{listed}</dl>'
        case Fine(text):
            return f'<p style="margin:0 0 16px;font-size:13px;line-height:1.4;color:#41565c;{_BREAKABLE}">{escape(text)}</p>'
        case Items(title, items):
            listed = "".join(f'<li style="margin:0 0 8px;{_BREAKABLE}">{_item_html(item)}</li>' for item in items)
            return (
                f'<h2 style="font-size:18px;line-height:1.3;margin:0 0 8px">{escape(title)}</h2>'
                f'<ul style="margin:0 0 16px;padding-left:20px">{listed}</ul>'
            )
        case Link(label, address):
            button = "display:inline-block;background:#005a70;color:#ffffff;padding:12px 20px;border-radius:8px;text-decoration:none;font-weight:bold"
            return (
                f'<p style="margin:8px 0 4px"><a href="{escape(address)}" style="{button}">{escape(label)}</a></p>'
                f'<p style="margin:0 0 16px;font-size:14px;color:#41565c;{_BREAKABLE}">{escape(address)}</p>'
            )


def _item_html(item: Item) -> str:
    fine = f'<br><span style="font-size:14px;color:#41565c">{escape(item.fine)}</span>' if item.fine else ""
    return escape(item.text) + fine


def _fact_html(label: str, value: str) -> str:
    """A label above its value; a count stands beside its label, so that five counts are five lines."""
    if len(value) <= _COUNT_LENGTH:
        return (
            f'<div style="margin:0 0 8px"><dt style="display:inline;color:#41565c;font-size:14px">{escape(label)}:</dt> '
            f'<dd style="display:inline;margin:0;font-weight:bold">{escape(value)}</dd></div>'
        )
    return (
        f'<dt style="margin:0;color:#41565c;font-size:14px">{escape(label)}</dt>'
        f'<dd style="margin:0 0 12px;font-weight:bold;{_BREAKABLE}">{escape(value)}</dd>'
    )
