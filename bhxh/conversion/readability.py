"""Can what is on a page still be read? Measured, not guessed: dots to the inch, sharpness of what is written, how far ink stands off the paper. Pure.

Every page is first brought to 150 dots an inch, so that a phone's twelve million dots and an office scanner's two are judged alike.
What the thresholds are set by is measured on drawn papers (`tests/unit/conversion/test_readability.py`): sharp, out of focus, moved, pale, tiny.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageFilter, ImageStat

from bhxh.conversion.errors import CNV_BLURRED, CNV_TOO_COARSE, CNV_TOO_PALE
from bhxh.conversion.originals import Paper
from bhxh.kernel.errors import Sentence

_JUDGED_AT: Final = 150
"""Dots an inch. WHY no more: the smallest print of forms is six points, whose strokes are then two dots wide; more dots are the camera's noise."""
_TILE: Final = 64
_RIM: Final = 12
"""The part of each side that is left aside."""
_INKED: Final = 25
"""Contrast (of 255) from which on something is written on a tile; the camera's grain has 15."""
_EDGE_SCALE: Final = 4
_LAPLACE: Final = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=_EDGE_SCALE, offset=128)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableFrom:
    """From where on a page counts as readable. Set by an operator; these are what drawn papers gave."""

    least_dots_per_inch: int = 150
    """WHY: below it the marks of Vietnamese letters in eight-point print run together."""
    least_sharpness: int = 35
    """In hundredths: how much of the contrast lies between neighbouring dots. Measured: sharp print 150 to 200; out of focus and still easy to
    read 40; marks of small letters guessed 25; unreadable 15. The camera's grain changes it little."""
    least_contrast: int = 40
    """Of 255: between the paper and what is written. Measured: print 200, photographed under one lamp 140, light grey 55; barely seen 35."""
    most_pages: int = 40
    """LIMIT: pages of one paper; each takes some 0.1 s of a core to judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """What was measured on one page."""

    number: int
    width: int
    height: int
    dots_per_inch: int
    sharpness: int
    contrast: int

    def shortcoming(self, limits: ReadableFrom) -> tuple[Sentence, dict[str, int]] | None:
        """Why it is not readable; None where it is."""
        measured: tuple[tuple[Sentence, int, int], ...] = (
            (CNV_TOO_COARSE, self.dots_per_inch, limits.least_dots_per_inch),
            (CNV_TOO_PALE, self.contrast, 1),
            (CNV_BLURRED, self.sharpness, limits.least_sharpness),
            (CNV_TOO_PALE, self.contrast, limits.least_contrast),
        )
        # WHY the first only: what is too coarse or blurred is pale too, and one sentence says what to do.
        for sentence, found, least in measured:
            if found < least:
                return sentence, {"page": self.number, "found": found, "least": least}
        return None


def read_page(picture: Image.Image, *, number: int, paper: Paper) -> PageReading:
    """Measure a page. `paper` says how large the sheet is: what a file says of its own resolution counts for nothing."""
    width, height = picture.size
    dots = round(max(width, height) / paper.long_inches)
    sharpness, contrast = _sharpness_and_contrast(_at_judging_size(picture.convert("L"), dots))
    return PageReading(number=number, width=width, height=height, dots_per_inch=dots, sharpness=sharpness, contrast=contrast)


def _at_judging_size(grey: Image.Image, dots: int) -> Image.Image:
    if dots <= _JUDGED_AT:
        return grey
    size = (max(1, grey.width * _JUDGED_AT // dots), max(1, grey.height * _JUDGED_AT // dots))
    return grey.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def _sharpness_and_contrast(grey: Image.Image) -> tuple[int, int]:
    """Hundredths of contrast between neighbours, median of the tiles that are written on; and how far the darkest stands off, of 255.

    WHY the ratio: it is the same for pale and for black ink. WHY less the noise: a camera's grain on the blank tiles looks like sharpness.
    """
    edges = grey.filter(_LAPLACE)
    blank, inked = list[float](), list[tuple[float, float, int]]()
    for box in _tiles(grey.width, grey.height):
        tile = grey.crop(box)
        edge, contrast = _EDGE_SCALE * ImageStat.Stat(edges.crop(box)).stddev[0], _contrast(tile)
        if contrast >= _INKED:
            inked.append((edge, ImageStat.Stat(tile).stddev[0], contrast))
        else:
            blank.append(edge)
    if not inked:
        return 0, 0
    noise = _middle(blank) if blank else 0.0
    ratios = (max(0.0, edge**2 - noise**2) ** 0.5 / spread for edge, spread, _ in inked)
    return round(100 * _middle(ratios)), round(_middle(contrast for _, _, contrast in inked))


def _middle(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _contrast(tile: Image.Image) -> int:
    """Between the paper and what is darkest on it, a few dots of dust left aside."""
    counts, dots = tile.histogram(), tile.width * tile.height
    return _reached(range(255, -1, -1), counts, dots // 20) - _reached(range(256), counts, dots // 200)


def _reached(levels: range, counts: list[int], wanted: int) -> int:
    seen = 0
    for level in levels:
        seen += counts[level]
        if seen > wanted:
            return level
    return levels[-1]


def _tiles(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """WHY not the rim: a photograph has the table there, a form its frame."""
    for top in range(height // _RIM, height - height // _RIM - _TILE + 1, _TILE):
        for left in range(width // _RIM, width - width // _RIM - _TILE + 1, _TILE):
            yield left, top, left + _TILE, top + _TILE
