"""Draws papers of before the computer as a scanner or a phone would show them: for demonstrations, tests and measurements. Nobody on them exists."""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageDraw, ImageFilter, ImageFont

_SPEC = find_spec("bhxh")
assert _SPEC is not None and _SPEC.submodule_search_locations, "the fonts of documents lie in the package"
_FONTS: Final = Path(_SPEC.submodule_search_locations[0]) / "book" / "fonts"
_A5_INCHES: Final = (5.83, 8.27)
_INK: Final = (28, 34, 62)
_PAPER: Final = (238, 231, 208)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPage:
    """What is written on one page of an old paper book."""

    title: str
    lines: Sequence[str]
    table: Sequence[Sequence[str]] = ()


def an_old_book(*, name: str, number: str, unit: str) -> tuple[BookPage, BookPage]:
    """Cover and first leaf."""
    months = [
        (f"{month:02d}/{year}", unit, "Công nhân", f"{2 + year - 2009}.{month:02d}0.000")
        for year in (2010, 2011)
        for month in (1, 4, 7, 10)
    ]
    return (
        BookPage(
            title="SỔ BẢO HIỂM XÃ HỘI",
            lines=(f"Họ và tên: {name}", f"Số sổ: {number}", "Ngày cấp: 15/03/2010", "Giám đốc (đã ký, đóng dấu)"),
        ),
        BookPage(
            title="QUÁ TRÌNH ĐÓNG BẢO HIỂM XÃ HỘI",
            lines=(f"Họ và tên: {name}    Số sổ: {number}",),
            table=(("Từ tháng", "Đơn vị", "Chức danh", "Tiền lương"), *months),
        ),
    )


def draw(page: BookPage, *, dots_per_inch: int = 200, ink: tuple[int, int, int] = _INK) -> Image.Image:
    """The sheet itself, A5, as a good scanner sees it."""
    width, height = (round(side * dots_per_inch) for side in _A5_INCHES)
    sheet = Image.new("RGB", (width, height), _PAPER)
    pen = ImageDraw.Draw(sheet)

    def write(x: float, y: float, text: str, points: float, *, is_bold: bool = False) -> None:
        face = _FONTS / ("BeVietnamPro-SemiBold.ttf" if is_bold else "BeVietnamPro-Regular.ttf")
        pen.text((x, y), text, fill=ink, font=ImageFont.truetype(str(face), points * dots_per_inch / 72))

    left, at, line = width * 0.09, height * 0.08, dots_per_inch * 0.24
    if page.title:
        pen.rectangle((width * 0.05, height * 0.04, width * 0.95, height * 0.96), outline=(150, 40, 30), width=max(1, dots_per_inch // 80))
    write(left, at, page.title, 15, is_bold=True)
    at += line * 2
    for text in page.lines:
        write(left, at, text, 10)
        at += line
    column = (width * 0.84) / 4
    for row in page.table:
        at += line
        for index, cell in enumerate(row):
            write(left + index * column, at, cell[:16], 8, is_bold=row is page.table[0])
        pen.line((left, at + line * 0.9, width * 0.92, at + line * 0.9), fill=(150, 150, 160), width=1)
    return sheet


def photograph(sheet: Image.Image, *, out_of_focus: float = 0.0, grain: int = 6, seed: int = 164) -> Image.Image:
    """The sheet on a table under a lamp from one side, a little askew, with the camera's grain. `out_of_focus` in hundredths of the width."""
    chance = random.Random(seed)  # a drawing
    width, height = sheet.size
    rim = width // 40
    table = Image.new("RGB", (width + 2 * rim, height + 2 * rim), (92, 70, 52))
    table.paste(sheet, (rim, rim))
    lean = chance.uniform(0.4, 0.9)
    seen = table.rotate(lean, resample=Image.Resampling.BICUBIC, fillcolor=(92, 70, 52))
    light = Image.linear_gradient("L").rotate(90).resize(seen.size).point(lambda level: 190 + level // 4)
    seen = Image.composite(seen, Image.new("RGB", seen.size, (20, 18, 16)), light)
    if out_of_focus:
        seen = seen.filter(ImageFilter.GaussianBlur(width * out_of_focus / 100))
    if grain:
        noise = Image.effect_noise(seen.size, grain).convert("RGB")
        seen = Image.blend(seen, Image.composite(seen, noise, Image.new("L", seen.size, 128)), 0.35)
    return seen


def as_file(picture: Image.Image, kind: Literal["JPEG", "PNG", "PDF"] = "JPEG", *more: Image.Image, quality: int = 85) -> bytes:
    """As a phone or a scanner hands it over; a PDF may have more pages."""
    out = io.BytesIO()
    if kind == "PDF":
        picture.save(out, kind, save_all=True, append_images=list(more), quality=quality)
    else:
        picture.save(out, kind, quality=quality)
    return out.getvalue()
