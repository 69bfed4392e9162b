"""A credential's text as a picture."""

import io

import segno


def draw_svg(text: str) -> str:
    """QR at error level M, dark on white with the quiet zone that readers want."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, dark="#000000", light="#ffffff", xmldecl=False, svgns=True)
    return out.getvalue().decode()


def draw_png(text: str, *, scale: int = 6) -> bytes:
    """The same in pixels; `scale` is those of one module."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", border=4, scale=scale)
    return out.getvalue()
