"""QR codes drawn inside the page: no picture is fetched, and they stay sharp on paper."""

from dataclasses import dataclass

import segno


@dataclass(frozen=True, slots=True)
class Qr:
    """A code as one path."""

    side: int
    """With its white rim of four modules."""
    path: str


def qr_of(text: str) -> Qr:
    """Correction level M: it is read from a screen in the sun and from a print at 150 dpi.

    WHY one mask: trying all eight takes 7 ms, half of a page; what stands in our codes is a digest, which looks alike under each.
    """
    rows = segno.make(text, error="m", micro=False, mask=3).matrix
    runs: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            end = x
            while end < len(row) and row[end]:
                end += 1
            runs.append(f"M{x + 4} {y + 4}h{end - x}v1h-{end - x}z")
            x = end
    return Qr(len(rows) + 8, "".join(runs))
