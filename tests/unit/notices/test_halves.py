"""A letter as a page shows it: one language's half, without what only mail needs, and nothing that somebody typed comes alive."""

from bhxh.notices.layout import Facts, Item, Items, Link, Note, Page, Paragraph, as_html, half_of


def _letter(text: str) -> str:
    pages = [
        Page(
            language=language,
            sender="BHXH",
            heading=heading,
            blocks=(
                Paragraph(text),
                Facts((("Mã", text),)),
                Items("Gồm", (Item(text, text),)),
                Note(text),
                Link("Xem", "https://bhxh.example/a"),
            ),
            footer="Hết",
        )
        for language, heading in (("vi", "Đã nhận & ký"), ("en", "Received"))
    ]
    return as_html(pages, title="x")


def test_each_half_stands_by_itself() -> None:
    for language, heading in (("vi", "Đã nhận & ký"), ("en", "Received")):
        found, body = half_of(_letter("Lời"), language)
        assert found == heading
        assert body.count("Lời") == 5 and "style" not in body and "<h1" not in body and "bhxh.example" not in body
        assert body.endswith("<p>Hết</p>")


def test_what_was_typed_stays_text() -> None:
    _, body = half_of(_letter('<b style="x">" style="y'), "vi")
    assert "<b>" not in body and "<b " not in body and body.count("&lt;b style=&quot;x&quot;&gt;&quot; style=&quot;y") == 5


def test_a_letter_without_such_a_half_gives_nothing() -> None:
    assert half_of(_letter("Lời"), "ko") == half_of("", "vi") == ("", "")
